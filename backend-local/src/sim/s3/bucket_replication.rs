//! What may be copied where.

use std::collections::BTreeSet;

use infra_core::{
    aws::s3::{self, ReplicationConfigurationArgs, ReplicationRuleArgs},
    dsl::ResourceType,
    types::Minutes,
};

use super::bucket::{INVALID, MALFORMED, keeps_versions};
use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special},
};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// Whether S3 takes a replication.
pub(super) fn check(
    asked: &Asked<'_>,
    replication: &ReplicationConfigurationArgs,
) -> Result<(), Refusal> {
    let refused =
        |code, message: String| Err(Refusal::invalid("replication_configuration", code, message));
    if !asked.old.is_some_and(keeps_versions) {
        let message = "`replication_configuration` needs `versioning_configuration` enabled";
        return refused("InvalidRequest", message.to_owned());
    }
    let count = replication.rules.len();
    if !(1..=1000).contains(&count) {
        let message = format!("`replication_configuration.rules` has {count} rules, not 1 to 1000");
        return refused(MALFORMED, message);
    }
    let mut seen = BTreeSet::new();
    for (place, rule) in replication.rules.iter().enumerate() {
        let path = format!("replication_configuration.rules[{place}]");
        if let Some(priority) = rule.priority.filter(|priority| !seen.insert(*priority)) {
            let message = format!("`{path}.priority` {priority} is that of another rule");
            return refused(INVALID, message);
        }
        if let Some(message) = wrong(rule) {
            return refused(INVALID, format!("`{path}{message}"));
        }
        let bucket = rule.destination.bucket.as_str();
        let there = asked.world.get(s3::Bucket::definition().name, bucket, asked.scope);
        if there.is_some_and(|there| !keeps_versions(there)) {
            let message = format!("`{path}.destination.bucket` {bucket} keeps no versions");
            return refused("InvalidRequest", message);
        }
    }
    Ok(())
}

/// What is wrong with a rule: the rest of its path, the closing quote, and why.
fn wrong(rule: &ReplicationRuleArgs) -> Option<String> {
    if rule.filter.is_some() && rule.delete_marker_replication.is_none() {
        return Some(".delete_marker_replication` must be given beside `filter`".to_owned());
    }
    if rule.filter.is_some() && rule.priority.is_none() {
        return Some(".priority` must be given beside `filter`".to_owned());
    }
    if let Some(filter) = &rule.filter {
        let given = [filter.prefix.is_some(), filter.tag_filter.is_some(), filter.and.is_some()];
        if given.into_iter().filter(|given| *given).count() > 1 {
            return Some(
                ".filter` takes one of `prefix`, `tag_filter` and `and`; `and` joins the others"
                    .to_owned(),
            );
        }
    }
    let time = rule.destination.replication_time.as_ref().map(|time| time.time.minutes);
    if let Some(minutes) = time.filter(|minutes| *minutes != Minutes(15)) {
        return Some(format!(
            ".destination.replication_time` {minutes}: 15 minutes is the only time there is"
        ));
    }
    if time.is_some() && rule.destination.metrics.is_none() {
        return Some(".destination.metrics` must be given beside `replication_time`".to_owned());
    }
    None
}
