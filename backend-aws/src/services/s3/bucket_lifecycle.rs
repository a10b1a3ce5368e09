//! When objects of a bucket move or go, as S3 takes and tells it.

use aws_sdk_s3::types as sdk;
use infra_core::aws::s3::{
    AbortIncompleteMultipartUploadArgs, LifecycleConfigurationArgs, LifecycleRuleArgs,
    LifecycleTransitionArgs, NoncurrentVersionExpirationArgs, NoncurrentVersionTransitionArgs,
    TransitionStorageClass,
};

use super::{count, days, matched, prefix, sdk_tag, status, tag_filters};
use crate::{plain::int, seen::word};

/// As S3 takes it.
pub(super) fn to_sdk(lifecycle: &LifecycleConfigurationArgs) -> sdk::BucketLifecycleConfiguration {
    let rules = lifecycle.rules.iter().map(rule).collect();
    let lifecycle = sdk::BucketLifecycleConfiguration::builder().set_rules(Some(rules));
    lifecycle.build().expect("the rules are there")
}

/// What says more than one thing stands under `And`.
fn filter(rule: &LifecycleRuleArgs) -> sdk::LifecycleRuleFilter {
    let (greater, less) = (rule.object_size_greater_than, rule.object_size_less_than);
    let mut tags: Vec<_> = rule.tag_filters.iter().map(sdk_tag).collect();
    let given = [rule.prefix.is_some(), greater.is_some(), less.is_some()];
    let said = given.into_iter().filter(|given| *given).count() + tags.len();
    if said > 1 {
        let and = sdk::LifecycleRuleAndOperator::builder()
            .set_prefix(rule.prefix.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_object_size_greater_than(greater)
            .set_object_size_less_than(less)
            .build();
        return sdk::LifecycleRuleFilter::builder().and(and).build();
    }
    // All objects are those whose names begin with nothing.
    let all = (said == 0).then(String::new);
    sdk::LifecycleRuleFilter::builder()
        .set_prefix(rule.prefix.clone().or(all))
        .set_tag(tags.pop())
        .set_object_size_greater_than(greater)
        .set_object_size_less_than(less)
        .build()
}

fn rule(rule: &LifecycleRuleArgs) -> sdk::LifecycleRule {
    let marker = rule.expired_object_delete_marker;
    let expires = rule.expiration_in_days.is_some() || marker.is_some();
    let expiration = sdk::LifecycleExpiration::builder()
        .set_days(rule.expiration_in_days.map(|days| int(days.0)))
        .set_expired_object_delete_marker(marker)
        .build();
    let transitions = rule.transitions.iter().map(|it| {
        sdk::Transition::builder()
            .set_days(it.transition_in_days.map(|days| int(days.0)))
            .storage_class(it.storage_class.as_str().into())
            .build()
    });
    let older = rule.noncurrent_version_transitions.iter().map(|it| {
        sdk::NoncurrentVersionTransition::builder()
            .noncurrent_days(int(it.transition_in_days.0))
            .storage_class(it.storage_class.as_str().into())
            .set_newer_noncurrent_versions(it.newer_noncurrent_versions.map(int))
            .build()
    });
    let older_go = rule.noncurrent_version_expiration.as_ref().map(|it| {
        sdk::NoncurrentVersionExpiration::builder()
            .noncurrent_days(int(it.noncurrent_days.0))
            .set_newer_noncurrent_versions(it.newer_noncurrent_versions.map(int))
            .build()
    });
    let uploads = rule.abort_incomplete_multipart_upload.as_ref().map(|it| {
        sdk::AbortIncompleteMultipartUpload::builder()
            .days_after_initiation(int(it.days_after_initiation.0))
            .build()
    });
    let (transitions, older): (Vec<_>, Vec<_>) = (transitions.collect(), older.collect());
    sdk::LifecycleRule::builder()
        .status(rule.status.as_str().into())
        .set_id(rule.id.clone())
        .filter(filter(rule))
        .set_expiration(expires.then_some(expiration))
        .set_transitions((!transitions.is_empty()).then_some(transitions))
        .set_noncurrent_version_transitions((!older.is_empty()).then_some(older))
        .set_noncurrent_version_expiration(older_go)
        .set_abort_incomplete_multipart_upload(uploads)
        .build()
        .expect("the status is there")
}

/// As S3 tells it.
pub(super) fn from_sdk(
    told: &[sdk::LifecycleRule],
    recorded: Option<&LifecycleConfigurationArgs>,
) -> LifecycleConfigurationArgs {
    let recorded = recorded.map(|recorded| &*recorded.rules).unwrap_or_default();
    LifecycleConfigurationArgs { rules: matched(told, recorded, told_rule) }
}

/// Of which objects a rule says something.
struct Which<'a> {
    prefix: Option<&'a str>,
    tags: Vec<sdk::Tag>,
    greater: Option<i64>,
    less: Option<i64>,
}

fn told_filter(rule: &sdk::LifecycleRule) -> Which<'_> {
    let filter = rule.filter();
    if let Some(and) = filter.and_then(|filter| filter.and()) {
        return Which {
            prefix: and.prefix(),
            tags: and.tags().to_vec(),
            greater: and.object_size_greater_than(),
            less: and.object_size_less_than(),
        };
    }
    #[expect(deprecated, reason = "rules that others made may still have their prefix there")]
    let older = rule.prefix();
    Which {
        prefix: filter.and_then(|filter| filter.prefix()).or(older),
        tags: filter.and_then(|filter| filter.tag()).into_iter().cloned().collect(),
        greater: filter.and_then(|filter| filter.object_size_greater_than()),
        less: filter.and_then(|filter| filter.object_size_less_than()),
    }
}

fn class(told: Option<&sdk::TransitionStorageClass>) -> Option<TransitionStorageClass> {
    word::<TransitionStorageClass>(told?.as_str())
}

fn told_rule(
    rule: &sdk::LifecycleRule,
    recorded: Option<&LifecycleRuleArgs>,
) -> Option<LifecycleRuleArgs> {
    let which = told_filter(rule);
    // S3 makes a name up.
    let is_named = recorded.is_none_or(|recorded| recorded.id.is_some());
    let expiration = rule.expiration();
    let marker = expiration.and_then(|expiration| expiration.expired_object_delete_marker());
    let said = recorded.and_then(|recorded| recorded.expired_object_delete_marker);
    let transitions = rule.transitions().iter().map(|it| {
        let storage_class = class(it.storage_class())?;
        Some(LifecycleTransitionArgs { storage_class, transition_in_days: days(it.days()) })
    });
    let older = rule.noncurrent_version_transitions().iter().map(|it| {
        Some(NoncurrentVersionTransitionArgs {
            storage_class: class(it.storage_class())?,
            transition_in_days: days(it.noncurrent_days())?,
            newer_noncurrent_versions: count(it.newer_noncurrent_versions()),
        })
    });
    let older_go = rule.noncurrent_version_expiration().and_then(|it| {
        Some(NoncurrentVersionExpirationArgs {
            noncurrent_days: days(it.noncurrent_days())?,
            newer_noncurrent_versions: count(it.newer_noncurrent_versions()),
        })
    });
    let uploads = rule.abort_incomplete_multipart_upload().and_then(|it| {
        let days_after_initiation = days(it.days_after_initiation())?;
        Some(AbortIncompleteMultipartUploadArgs { days_after_initiation })
    });
    Some(LifecycleRuleArgs {
        status: status(rule.status().as_str()),
        id: rule.id().filter(|_| is_named).map(str::to_owned),
        prefix: prefix(which.prefix, recorded.and_then(|recorded| recorded.prefix.as_deref())),
        tag_filters: tag_filters(&which.tags, recorded.map(|recorded| &*recorded.tag_filters)),
        object_size_greater_than: which.greater,
        object_size_less_than: which.less,
        expiration_in_days: days(expiration.and_then(|expiration| expiration.days())),
        expired_object_delete_marker: marker.filter(|marker| *marker).or(said.and(marker)),
        transitions: transitions.collect::<Option<_>>()?,
        noncurrent_version_expiration: older_go,
        noncurrent_version_transitions: older.collect::<Option<_>>()?,
        abort_incomplete_multipart_upload: uploads,
    })
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::s3::{Status, TagFilterArgs},
        types::Days,
    };

    use super::*;

    fn rule() -> LifecycleRuleArgs {
        LifecycleRuleArgs {
            status: Status::Enabled,
            id: None,
            prefix: None,
            tag_filters: vec![],
            object_size_greater_than: None,
            object_size_less_than: None,
            expiration_in_days: Some(Days(90)),
            expired_object_delete_marker: None,
            transitions: vec![],
            noncurrent_version_expiration: None,
            noncurrent_version_transitions: vec![],
            abort_incomplete_multipart_upload: None,
        }
    }

    fn tag(key: &str) -> TagFilterArgs {
        TagFilterArgs { key: key.to_owned(), value: "x".to_owned() }
    }

    /// What S3 tells when it was told so, with names for all rules and rules the other way round.
    fn told(lifecycle: &LifecycleConfigurationArgs) -> Vec<sdk::LifecycleRule> {
        let mut rules = to_sdk(lifecycle).rules;
        for rule in &mut rules {
            rule.id.get_or_insert_with(|| "made-up".to_owned());
        }
        rules.reverse();
        rules
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        let rules = vec![
            rule(),
            LifecycleRuleArgs { id: Some("a".to_owned()), prefix: Some("a/".to_owned()), ..rule() },
            LifecycleRuleArgs { prefix: Some(String::new()), ..rule() },
            LifecycleRuleArgs { tag_filters: vec![tag("a")], ..rule() },
            LifecycleRuleArgs { tag_filters: vec![tag("a"), tag("b")], ..rule() },
            LifecycleRuleArgs {
                object_size_greater_than: Some(1),
                object_size_less_than: Some(9),
                expired_object_delete_marker: Some(false),
                ..rule()
            },
        ];
        let lifecycle = LifecycleConfigurationArgs { rules };
        assert_eq!(from_sdk(&told(&lifecycle), Some(&lifecycle)), lifecycle);
    }

    #[test]
    fn what_others_made_is_told_by_name() {
        let one = LifecycleConfigurationArgs { rules: vec![rule()] };
        let named = LifecycleRuleArgs { id: Some("made-up".to_owned()), ..rule() };
        assert_eq!(from_sdk(&told(&one), None).rules, [named]);
    }
}
