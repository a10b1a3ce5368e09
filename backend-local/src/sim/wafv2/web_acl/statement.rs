//! What AWS refuses of the statements of a rule.

use infra_core::aws::wafv2::{
    AggregateKeyArgs, ConditionArgs, FieldToMatchArgs, ManagedRuleGroup, MatchPatternArgs,
    RateBasedStatementArgs, StatementArgs,
};
use infra_core::types::Seconds;

use crate::sim::names::is_word;

/// The longest text that is looked for, in bytes.
const SEARCH: usize = 200;
/// AWS: "Maximum number of text transformations per statement".
const TRANSFORMATIONS: usize = 10;
/// AWS: rate-based statements of an ACL, and keys of one.
const KEYS: usize = 5;
/// 20 GiB.
const SIZE: i64 = 21_474_836_480;

/// What is wrong with a statement, as the end of a sentence about it.
pub(super) fn wrong(statement: &StatementArgs) -> Option<String> {
    match statement {
        StatementArgs::ManagedRuleGroup(group) => {
            let is_bots = group.name == ManagedRuleGroup::BotControl;
            match (&group.bot_control, is_bots) {
                (None, true) => return Some("needs `bot_control`".to_owned()),
                (Some(_), false) => {
                    return Some(format!("has `bot_control`, which {} does not take", group.name));
                }
                _ => {}
            }
            if group.rule_action_overrides.len() > 100 {
                return Some("overrides more than 100 rules".to_owned());
            }
            let mut seen = std::collections::BTreeSet::new();
            let mut all = group.rule_action_overrides.iter();
            if let Some(twice) = all.find(|it| !seen.insert(&it.name)) {
                return Some(format!("overrides the rule {} twice", twice.name));
            }
            group.scope_down_statement.as_ref().and_then(wrong_condition)
        }
        StatementArgs::RateBased(rate) => wrong_rate(rate),
        StatementArgs::When(condition) => wrong_condition(condition),
    }
}

fn wrong_rate(rate: &RateBasedStatementArgs) -> Option<String> {
    if !(10..=2_000_000_000).contains(&rate.limit) {
        return Some(format!("has a `limit` of {}; 10 to 2000000000 are allowed", rate.limit));
    }
    let Seconds(window) = rate.evaluation_window;
    if ![60, 120, 300, 600].contains(&window) {
        return Some(format!(
            "has an `evaluation_window` of {window} s, not 60, 120, 300 or 600 s"
        ));
    }
    match &rate.aggregate_key {
        AggregateKeyArgs::Constant(_) if rate.scope_down_statement.is_none() => {
            return Some("counts all together, and needs a `scope_down_statement`".to_owned());
        }
        AggregateKeyArgs::CustomKeys(keys) if keys.is_empty() || keys.len() > KEYS => {
            return Some(format!("has {} keys; 1 to {KEYS} are allowed", keys.len()));
        }
        _ => {}
    }
    rate.scope_down_statement.as_ref().and_then(wrong_condition)
}

fn wrong_condition(condition: &ConditionArgs) -> Option<String> {
    use ConditionArgs as C;
    match condition {
        C::ByteMatch(it) => {
            let length = it.search_string.len();
            if !(1..=SEARCH).contains(&length) {
                return Some(format!(
                    "looks for a text of {length} bytes; 1 to {SEARCH} are allowed"
                ));
            }
            wrong_part(&it.field_to_match, it.text_transformations.len())
        }
        C::RegexMatch(it) => {
            let length = it.regex_string.chars().count();
            if !(1..=512).contains(&length) {
                return Some(format!(
                    "has an expression of {length} characters; 1 to 512 are allowed"
                ));
            }
            wrong_part(&it.field_to_match, it.text_transformations.len())
        }
        C::SizeConstraint(it) => {
            if !(0..=SIZE).contains(&it.size) {
                return Some(format!("has a `size` of {}; 0 to {SIZE} are allowed", it.size));
            }
            wrong_part(&it.field_to_match, it.text_transformations.len())
        }
        C::SqliMatch(it) => wrong_part(&it.field_to_match, it.text_transformations.len()),
        C::XssMatch(it) => wrong_part(&it.field_to_match, it.text_transformations.len()),
        C::GeoMatch(it) => {
            let sound =
                |code: &String| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
            if it.country_codes.is_empty() {
                return Some("names no country".to_owned());
            }
            let wrong = it.country_codes.iter().find(|code| !sound(code))?;
            Some(format!("names the country {wrong}; write two capitals, such as DE"))
        }
        C::LabelMatch(it) => {
            let good = is_word(&it.key, 1024, "_:-");
            (!good).then(|| format!("asks for the label {:?}: letters, digits and `_:-`", it.key))
        }
        C::IpSetReference(_) => None,
        C::And(all) | C::Or(all) => {
            if all.len() < 2 {
                return Some(format!("joins {} condition; two at least are needed", all.len()));
            }
            all.iter().find_map(|inner| wrong_condition(inner))
        }
        C::Not(inner) => wrong_condition(inner),
    }
}

/// What is wrong with the part of a request that is looked at.
fn wrong_part(field: &FieldToMatchArgs, transformations: usize) -> Option<String> {
    if transformations > TRANSFORMATIONS {
        return Some(format!(
            "has {transformations} `text_transformations`; {TRANSFORMATIONS} are allowed"
        ));
    }
    let name = match field {
        FieldToMatchArgs::SingleHeader(header) => &header.name,
        FieldToMatchArgs::SingleQueryArgument(argument) => &argument.name,
        FieldToMatchArgs::Headers(pairs) | FieldToMatchArgs::Cookies(pairs) => {
            return match &pairs.match_pattern {
                MatchPatternArgs::All(_) => None,
                MatchPatternArgs::Included(names) | MatchPatternArgs::Excluded(names) => {
                    let count = names.len();
                    (!(1..=199).contains(&count))
                        .then(|| format!("names {count} headers or cookies; 1 to 199 are allowed"))
                }
            };
        }
        _ => return None,
    };
    let length = name.chars().count();
    (!(1..=64).contains(&length))
        .then(|| format!("looks at something whose name has {length} characters, not 1 to 64"))
}

/// The sets that a statement asks about.
pub(super) fn ip_sets(statement: &StatementArgs) -> Vec<&str> {
    let condition = match statement {
        StatementArgs::ManagedRuleGroup(group) => group.scope_down_statement.as_ref(),
        StatementArgs::RateBased(rate) => rate.scope_down_statement.as_ref(),
        StatementArgs::When(condition) => Some(condition),
    };
    let mut found = vec![];
    if let Some(condition) = condition {
        sets_of(condition, &mut found);
    }
    found
}

fn sets_of<'a>(condition: &'a ConditionArgs, found: &mut Vec<&'a str>) {
    match condition {
        ConditionArgs::IpSetReference(set) => found.push(set.arn.as_str()),
        ConditionArgs::And(all) | ConditionArgs::Or(all) => {
            all.iter().for_each(|inner| sets_of(inner, found));
        }
        ConditionArgs::Not(inner) => sets_of(inner, found),
        _ => {}
    }
}
