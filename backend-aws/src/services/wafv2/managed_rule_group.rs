//! Groups of rules that AWS keeps, as WAF takes and tells them.

use aws_sdk_wafv2::types as sdk;
use infra_core::aws::wafv2::{
    BotControlArgs, BotInspectionLevel, ManagedRuleGroup, ManagedRuleGroupStatementArgs,
    RuleActionOverrideArgs,
};

use super::{
    action::{rule_action, rule_action_args},
    condition::{condition_args, statement},
};
use crate::seen::word;

const VENDOR: &str = "AWS";

pub(super) fn managed_rule_group(
    args: &ManagedRuleGroupStatementArgs,
) -> sdk::ManagedRuleGroupStatement {
    let overrides = args.rule_action_overrides.iter().map(|it| {
        sdk::RuleActionOverride::builder()
            .name(&it.name)
            .action_to_use(rule_action(&it.action_to_use))
            .build()
            .expect("it has a name")
    });
    let bots = args.bot_control.as_ref().map(|bots| {
        let set = sdk::AwsManagedRulesBotControlRuleSet::builder()
            .inspection_level(bots.inspection_level.as_str().into())
            .set_enable_machine_learning(bots.enable_machine_learning)
            .build()
            .expect("it has a level");
        let config = sdk::ManagedRuleGroupConfig::builder();
        vec![config.aws_managed_rules_bot_control_rule_set(set).build()]
    });
    sdk::ManagedRuleGroupStatement::builder()
        .vendor_name(VENDOR)
        .name(args.name.as_str())
        .set_version(args.version.clone())
        // WAF takes no empty list.
        .set_rule_action_overrides(
            (!args.rule_action_overrides.is_empty()).then(|| overrides.collect()),
        )
        .set_scope_down_statement(args.scope_down_statement.as_ref().map(statement).map(Box::new))
        .set_managed_rule_group_configs(bots)
        .build()
        .expect("it has a vendor and a name")
}

/// `None` if it is none that a program could say.
pub(super) fn managed_rule_group_args(
    told: &sdk::ManagedRuleGroupStatement,
) -> Option<ManagedRuleGroupStatementArgs> {
    if told.vendor_name() != VENDOR || !told.excluded_rules().is_empty() {
        return None;
    }
    let overrides = told.rule_action_overrides().iter().map(|it| {
        let action_to_use = rule_action_args(it.action_to_use()?)?;
        Some(RuleActionOverrideArgs { name: it.name().to_owned(), action_to_use })
    });
    let scope_down_statement = match told.scope_down_statement() {
        Some(statement) => Some(condition_args(statement)?),
        None => None,
    };
    let mut configs = told.managed_rule_group_configs().iter();
    let bots = configs.find_map(|config| config.aws_managed_rules_bot_control_rule_set());
    let bot_control = match bots {
        Some(bots) => Some(BotControlArgs {
            inspection_level: word::<BotInspectionLevel>(bots.inspection_level().as_str())?,
            enable_machine_learning: Some(bots.enable_machine_learning()),
        }),
        None => None,
    };
    Some(ManagedRuleGroupStatementArgs {
        name: word::<ManagedRuleGroup>(told.name())?,
        version: told.version().map(str::to_owned),
        rule_action_overrides: overrides.collect::<Option<_>>()?,
        scope_down_statement,
        bot_control,
    })
}
