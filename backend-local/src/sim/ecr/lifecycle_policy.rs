//! Which images may go by themselves.

use std::collections::BTreeSet;

use infra_core::{
    aws::ecr::{ImageLimitArgs, LifecyclePolicyArgs, LifecyclePolicyRuleArgs, TagStatus},
    types::Days,
};

use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: "Rules per lifecycle policy".
const RULES: usize = 50;
const PROPERTY: &str = "lifecycle_policy";

/// Whether ECR takes a policy.
pub(super) fn check(policy: &LifecyclePolicyArgs) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::invalid(PROPERTY, super::repository::INVALID, message));
    let rules = &policy.rules;
    if !(1..=RULES).contains(&rules.len()) {
        return refused(format!("`{PROPERTY}.rules` has {} rules, not 1 to {RULES}", rules.len()));
    }
    let mut seen = BTreeSet::new();
    let last = rules.iter().map(|rule| rule.rule_priority).max();
    for (place, rule) in rules.iter().enumerate() {
        let path = format!("{PROPERTY}.rules[{place}]");
        if rule.rule_priority == 0 || !seen.insert(rule.rule_priority) {
            let priority = rule.rule_priority;
            return refused(format!(
                "`{path}.rule_priority` {priority} must be 1 or more, and that of no other rule"
            ));
        }
        if rule.tag_status == TagStatus::Any && Some(rule.rule_priority) != last {
            return refused(format!(
                "`{path}` is about any image and must come last: give it the largest \
                 `rule_priority`"
            ));
        }
        if let Some(message) = wrong(rule) {
            return refused(format!("`{path}{message}"));
        }
    }
    Ok(())
}

/// What is wrong with a rule: the rest of its path, the closing quote, and why.
fn wrong(rule: &LifecyclePolicyRuleArgs) -> Option<String> {
    let (patterns, prefixes) = (&rule.tag_pattern_list, &rule.tag_prefix_list);
    match (rule.tag_status, patterns, prefixes) {
        (TagStatus::Tagged, Some(_), Some(_)) => {
            return Some(
                "`: `tag_pattern_list` and `tag_prefix_list` exclude each other".to_owned(),
            );
        }
        (TagStatus::Tagged, None, None) => {
            return Some(
                ".tag_pattern_list` or `tag_prefix_list` is needed to say which tags".to_owned(),
            );
        }
        (TagStatus::Untagged | TagStatus::Any, None, None) | (TagStatus::Tagged, ..) => {}
        (status, ..) => {
            return Some(format!(".tag_status` {status}: patterns and prefixes go with tagged"));
        }
    }
    let all = patterns.iter().chain(prefixes).flatten();
    if let Some(bad) = all.clone().find(|tag| tag.matches('*').count() > 4 || tag.is_empty()) {
        return Some(format!(".tag_pattern_list` {bad:?} has no character, or more than four `*`"));
    }
    let number = match rule.limit {
        ImageLimitArgs::ImageCountMoreThan(number) => number,
        ImageLimitArgs::SinceImagePushed(Days(days)) => days,
    };
    (number == 0).then(|| ".limit` must be 1 at least".to_owned())
}
