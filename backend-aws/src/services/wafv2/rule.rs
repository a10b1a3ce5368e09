//! Rules of an ACL, as WAF takes and tells them.

use aws_sdk_wafv2::types as sdk;
use infra_core::{
    aws::wafv2::{OverrideAction, Rule, RuleArgs, StatementArgs, VisibilityConfigArgs},
    types::{IntoValue, PropertyType},
    value::Value,
};

use super::{
    action::{rule_action, rule_action_args},
    condition::{self, condition_args},
    managed_rule_group::{managed_rule_group, managed_rule_group_args},
    plain::plain,
    rate_based::{rate_based, rate_based_args},
};

pub(super) fn visibility(args: &VisibilityConfigArgs) -> sdk::VisibilityConfig {
    sdk::VisibilityConfig::builder()
        .metric_name(&args.metric_name)
        .cloud_watch_metrics_enabled(args.cloud_watch_metrics_enabled)
        .sampled_requests_enabled(args.sampled_requests_enabled)
        .build()
        .expect("it has a name")
}

pub(super) fn visibility_args(told: &sdk::VisibilityConfig) -> VisibilityConfigArgs {
    VisibilityConfigArgs {
        metric_name: told.metric_name().to_owned(),
        cloud_watch_metrics_enabled: told.cloud_watch_metrics_enabled(),
        sampled_requests_enabled: told.sampled_requests_enabled(),
    }
}

fn statement(args: &StatementArgs) -> sdk::Statement {
    let it = sdk::Statement::builder();
    match args {
        StatementArgs::ManagedRuleGroup(group) => {
            it.managed_rule_group_statement(managed_rule_group(group)).build()
        }
        StatementArgs::RateBased(rate) => it.rate_based_statement(rate_based(rate)).build(),
        StatementArgs::When(condition) => condition::statement(condition),
    }
}

pub(super) fn rule(args: &RuleArgs) -> sdk::Rule {
    let override_action = args.override_action.map(|action| {
        let it = sdk::OverrideAction::builder();
        match action {
            OverrideAction::None => it.none(sdk::NoneAction::builder().build()).build(),
            OverrideAction::Count => it.count(sdk::CountAction::builder().build()).build(),
        }
    });
    let labels = args.rule_labels.iter().map(|name| {
        let label = sdk::Label::builder().name(name).build();
        label.expect("it has a name")
    });
    sdk::Rule::builder()
        .name(&args.name)
        .priority(crate::plain::int(args.priority))
        .statement(statement(&args.statement))
        .visibility_config(visibility(&args.visibility_config))
        .set_action(args.action.as_ref().map(rule_action))
        .set_override_action(override_action)
        .set_rule_labels((!args.rule_labels.is_empty()).then(|| labels.collect()))
        .build()
        .expect("it has a name and a priority")
}

fn statement_args(told: &sdk::Statement) -> Option<StatementArgs> {
    if let Some(group) = told.managed_rule_group_statement() {
        return managed_rule_group_args(group).map(StatementArgs::ManagedRuleGroup);
    }
    if let Some(rate) = told.rate_based_statement() {
        return rate_based_args(rate).map(StatementArgs::RateBased);
    }
    condition_args(told).map(StatementArgs::When)
}

/// `None` if it is none that a program could say.
fn rule_args(told: &sdk::Rule) -> Option<RuleArgs> {
    let action = match told.action() {
        Some(action) => Some(rule_action_args(action)?),
        None => None,
    };
    let counts = |action: &sdk::OverrideAction| match action.count() {
        Some(_) => OverrideAction::Count,
        None => OverrideAction::None,
    };
    Some(RuleArgs {
        name: told.name().to_owned(),
        priority: told.priority().try_into().ok()?,
        statement: statement_args(told.statement()?)?,
        visibility_config: visibility_args(told.visibility_config()?),
        action,
        override_action: told.override_action().map(counts),
        rule_labels: told.rule_labels().iter().map(|label| label.name().to_owned()).collect(),
    })
}

/// Rules as the engine keeps them: what was recorded of each, if AWS tells the same in other words,
/// in the order of the program, since WAF goes by the priorities.
pub(super) fn rules_value(told: &[sdk::Rule], recorded: &Value) -> Value {
    let told: Option<Vec<RuleArgs>> = told.iter().map(rule_args).collect();
    let Some(told) = told else { return Value::from("rules that this program can't say") };
    let recorded = Vec::<Rule>::decode(recorded).unwrap_or_default();
    let place = |name: &str| recorded.iter().position(|rule| rule.name == name);
    let mut rules: Vec<(usize, RuleArgs)> = told
        .into_iter()
        .map(|rule| {
            let place = place(&rule.name);
            let known = place.map(|place| &recorded[place]);
            let known = known.filter(|known| plain((*known).clone()) == plain(rule.clone()));
            (place.unwrap_or(usize::MAX), known.cloned().unwrap_or(rule))
        })
        .collect();
    rules.sort_by_key(|(place, _)| *place);
    rules.into_iter().map(|(_, rule)| rule).collect::<Vec<_>>().into_value()
}
