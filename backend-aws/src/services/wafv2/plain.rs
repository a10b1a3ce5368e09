//! Rules in one spelling of several that mean the same: the case of headers, the order of
//! countries, what is so by default.

use infra_core::aws::wafv2::{
    AggregateKeyArgs, BotInspectionLevel, ConditionArgs, FieldToMatchArgs, MatchPatternArgs,
    RateKeyArgs, RuleArgs, StatementArgs,
};

/// A rule to be held against another one.
pub(super) fn plain(mut rule: RuleArgs) -> RuleArgs {
    match &mut rule.statement {
        StatementArgs::ManagedRuleGroup(group) => {
            if let Some(bots) = &mut group.bot_control {
                // Without targets there is nothing to learn.
                let learns = bots.enable_machine_learning.unwrap_or(true);
                let is_targeted = bots.inspection_level == BotInspectionLevel::Targeted;
                bots.enable_machine_learning = is_targeted.then_some(learns);
            }
            group.rule_action_overrides.sort_by(|one, other| one.name.cmp(&other.name));
            if let Some(condition) = &mut group.scope_down_statement {
                smooth(condition);
            }
        }
        StatementArgs::RateBased(rate) => {
            if let AggregateKeyArgs::CustomKeys(keys) = &mut rate.aggregate_key {
                keys.iter_mut().for_each(smooth_key);
            }
            if let Some(condition) = &mut rate.scope_down_statement {
                smooth(condition);
            }
        }
        StatementArgs::When(condition) => smooth(condition),
    }
    rule
}

/// Names of headers and arguments, but not those of cookies.
fn smooth_key(key: &mut RateKeyArgs) {
    if let RateKeyArgs::Header(it) | RateKeyArgs::QueryArgument(it) = key {
        it.name.make_ascii_lowercase();
    }
}

fn smooth(condition: &mut ConditionArgs) {
    match condition {
        ConditionArgs::ByteMatch(it) => smooth_field(&mut it.field_to_match),
        ConditionArgs::RegexMatch(it) => smooth_field(&mut it.field_to_match),
        ConditionArgs::SizeConstraint(it) => smooth_field(&mut it.field_to_match),
        ConditionArgs::SqliMatch(it) => smooth_field(&mut it.field_to_match),
        ConditionArgs::XssMatch(it) => smooth_field(&mut it.field_to_match),
        ConditionArgs::GeoMatch(it) => it.country_codes.sort(),
        ConditionArgs::IpSetReference(_) | ConditionArgs::LabelMatch(_) => {}
        ConditionArgs::And(all) | ConditionArgs::Or(all) => {
            all.iter_mut().for_each(|condition| smooth(condition));
        }
        ConditionArgs::Not(condition) => smooth(condition),
    }
}

fn smooth_field(field: &mut FieldToMatchArgs) {
    match field {
        FieldToMatchArgs::SingleHeader(it) => it.name.make_ascii_lowercase(),
        FieldToMatchArgs::SingleQueryArgument(it) => it.name.make_ascii_lowercase(),
        FieldToMatchArgs::Headers(pairs) => match &mut pairs.match_pattern {
            MatchPatternArgs::Included(names) | MatchPatternArgs::Excluded(names) => {
                names.iter_mut().for_each(|name| name.make_ascii_lowercase());
                names.sort();
            }
            MatchPatternArgs::All(_) => {}
        },
        _ => {}
    }
}
