//! When objects may move and go.

use std::collections::BTreeSet;

use infra_core::{
    aws::s3::{LifecycleConfigurationArgs, LifecycleRuleArgs, TransitionStorageClass},
    types::Days,
};

use super::bucket::{INVALID, MALFORMED};
use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// Whether S3 takes a lifecycle.
pub(super) fn check(lifecycle: &LifecycleConfigurationArgs) -> Result<(), Refusal> {
    let count = lifecycle.rules.len();
    if !(1..=1000).contains(&count) {
        let message = format!("`lifecycle_configuration.rules` has {count} rules, not 1 to 1000");
        return Err(Refusal::invalid("lifecycle_configuration", MALFORMED, message));
    }
    let mut seen = BTreeSet::new();
    for (place, rule) in lifecycle.rules.iter().enumerate() {
        let twice = rule.id.as_ref().filter(|id| !seen.insert(*id));
        let message = twice.map(|id| format!(".id` {id:?} is that of another rule"));
        if let Some(message) = message.or_else(|| wrong(rule)) {
            let message = format!("`lifecycle_configuration.rules[{place}]{message}");
            return Err(Refusal::invalid("lifecycle_configuration", INVALID, message));
        }
    }
    Ok(())
}

/// What is wrong with a rule: the rest of its path, the closing quote, and why.
fn wrong(rule: &LifecycleRuleArgs) -> Option<String> {
    let does_something = rule.expiration_in_days.is_some()
        || rule.expired_object_delete_marker.is_some()
        || rule.noncurrent_version_expiration.is_some()
        || rule.abort_incomplete_multipart_upload.is_some()
        || !(rule.transitions.is_empty() && rule.noncurrent_version_transitions.is_empty());
    if !does_something {
        return Some("` says nothing that is to happen".to_owned());
    }
    if rule.expiration_in_days.is_some() && rule.expired_object_delete_marker.is_some() {
        return Some(".expired_object_delete_marker` excludes `expiration_in_days`".to_owned());
    }
    if rule.expiration_in_days == Some(Days(0)) {
        return Some(".expiration_in_days` 0 must be 1 at least".to_owned());
    }
    let sizes = (rule.object_size_greater_than, rule.object_size_less_than);
    if let (Some(greater), Some(less)) = sizes
        && greater >= less
    {
        return Some(format!(".object_size_greater_than` {greater} must be less than {less}"));
    }
    for transition in &rule.transitions {
        let Some(days) = transition.transition_in_days else {
            return Some(".transitions` need `transition_in_days`".to_owned());
        };
        let class = transition.storage_class;
        let infrequent =
            matches!(class, TransitionStorageClass::StandardIa | TransitionStorageClass::OnezoneIa);
        if infrequent && days < Days(30) {
            return Some(format!(".transitions` to {class} after {days}; 30 d is the least"));
        }
        if let Some(end) = rule.expiration_in_days.filter(|end| *end <= days) {
            return Some(format!(
                ".expiration_in_days` {end} must be more than {days}, when objects move to {class}"
            ));
        }
    }
    let kept = rule
        .noncurrent_version_expiration
        .as_ref()
        .and_then(|expiration| expiration.newer_noncurrent_versions);
    let kept = kept.filter(|kept| !(1..=100).contains(kept))?;
    Some(format!(
        ".noncurrent_version_expiration.newer_noncurrent_versions` {kept} must be between 1 and 100"
    ))
}
