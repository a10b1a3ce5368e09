//! Which objects of a bucket are copied to other buckets, as S3 takes and tells it.

use aws_sdk_s3::types as sdk;
use infra_core::{
    aws::{
        BucketArn, KmsKeyArn, RoleArn,
        s3::{
            AccessControlTranslationArgs, DeleteMarkerReplicationArgs, ReplicaEncryptionArgs,
            ReplicaOwner, ReplicationConfigurationArgs, ReplicationDestinationArgs,
            ReplicationFilterAndArgs, ReplicationFilterArgs, ReplicationMetricsArgs,
            ReplicationRuleArgs, ReplicationTimeArgs, ReplicationTimeValueArgs, SelectedArgs,
            SourceSelectionCriteriaArgs, StorageClass, TagFilterArgs,
        },
    },
    types::Minutes,
};

use super::{count, matched, prefix, sdk_tag, status, tag_filters};
use crate::{plain::int, seen::word};

/// What the builders of the SDK ask for.
const THERE: &str = "what must be said is said";

/// As S3 takes it.
pub(super) fn to_sdk(wanted: &ReplicationConfigurationArgs) -> sdk::ReplicationConfiguration {
    let rules = wanted.rules.iter().map(rule).collect();
    let all = sdk::ReplicationConfiguration::builder().role(wanted.role.as_str());
    all.set_rules(Some(rules)).build().expect(THERE)
}

fn minutes(time: &ReplicationTimeValueArgs) -> sdk::ReplicationTimeValue {
    sdk::ReplicationTimeValue::builder().minutes(int(time.minutes.0)).build()
}

fn destination(to: &ReplicationDestinationArgs) -> sdk::Destination {
    let encryption = to.encryption_configuration.as_ref().map(|it| {
        let key = it.replica_kms_key_id.as_str();
        sdk::EncryptionConfiguration::builder().replica_kms_key_id(key).build()
    });
    let owner = to.access_control_translation.as_ref().map(|it| {
        let owner = it.owner.as_str().into();
        sdk::AccessControlTranslation::builder().owner(owner).build().expect(THERE)
    });
    let metrics = to.metrics.as_ref().map(|it| {
        sdk::Metrics::builder()
            .status(it.status.as_str().into())
            .set_event_threshold(it.event_threshold.as_ref().map(minutes))
            .build()
            .expect(THERE)
    });
    let time = to.replication_time.as_ref().map(|it| {
        let time = sdk::ReplicationTime::builder().status(it.status.as_str().into());
        time.time(minutes(&it.time)).build().expect(THERE)
    });
    sdk::Destination::builder()
        .bucket(to.bucket.as_str())
        .set_account(to.account.clone())
        .set_storage_class(to.storage_class.map(|class| class.as_str().into()))
        .set_encryption_configuration(encryption)
        .set_access_control_translation(owner)
        .set_metrics(metrics)
        .set_replication_time(time)
        .build()
        .expect(THERE)
}

fn filter(filter: &ReplicationFilterArgs) -> sdk::ReplicationRuleFilter {
    let and = filter.and.as_ref().map(|and| {
        let tags: Vec<_> = and.tag_filters.iter().map(sdk_tag).collect();
        sdk::ReplicationRuleAndOperator::builder()
            .set_prefix(and.prefix.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .build()
    });
    sdk::ReplicationRuleFilter::builder()
        .set_prefix(filter.prefix.clone())
        .set_tag(filter.tag_filter.as_ref().map(sdk_tag))
        .set_and(and)
        .build()
}

fn rule(rule: &ReplicationRuleArgs) -> sdk::ReplicationRule {
    let deletions = rule.delete_marker_replication.as_ref().map(|it| {
        let status = it.status.map(|status| status.as_str().into());
        sdk::DeleteMarkerReplication::builder().set_status(status).build()
    });
    let selected = rule.source_selection_criteria.as_ref().map(|it| {
        let changes = it.replica_modifications.as_ref().map(|it| {
            let changes = sdk::ReplicaModifications::builder();
            changes.status(it.status.as_str().into()).build().expect(THERE)
        });
        let encrypted = it.sse_kms_encrypted_objects.as_ref().map(|it| {
            let encrypted = sdk::SseKmsEncryptedObjects::builder();
            encrypted.status(it.status.as_str().into()).build().expect(THERE)
        });
        sdk::SourceSelectionCriteria::builder()
            .set_replica_modifications(changes)
            .set_sse_kms_encrypted_objects(encrypted)
            .build()
    });
    sdk::ReplicationRule::builder()
        .status(rule.status.as_str().into())
        .destination(destination(&rule.destination))
        .set_id(rule.id.clone())
        .set_priority(rule.priority.map(int))
        .set_filter(rule.filter.as_ref().map(filter))
        .set_delete_marker_replication(deletions)
        .set_source_selection_criteria(selected)
        .build()
        .expect(THERE)
}

/// As S3 tells it; `None` if it can't be said here.
pub(super) fn from_sdk(
    told: &sdk::ReplicationConfiguration,
    recorded: Option<&ReplicationConfigurationArgs>,
) -> Option<ReplicationConfigurationArgs> {
    let recorded = recorded.map(|recorded| &*recorded.rules).unwrap_or_default();
    let rules = matched(told.rules(), recorded, told_rule);
    Some(ReplicationConfigurationArgs { role: RoleArn::parse(told.role()).ok()?, rules })
}

fn told_minutes(told: &sdk::ReplicationTimeValue) -> Option<ReplicationTimeValueArgs> {
    Some(ReplicationTimeValueArgs { minutes: Minutes(count(told.minutes())?) })
}

fn told_destination(told: &sdk::Destination) -> Option<ReplicationDestinationArgs> {
    let class = told.storage_class().map(sdk::StorageClass::as_str);
    let key = told.encryption_configuration().and_then(|it| it.replica_kms_key_id());
    let owner = told.access_control_translation().map(|it| it.owner().as_str());
    let owner = owner.and_then(word::<ReplicaOwner>);
    Some(ReplicationDestinationArgs {
        bucket: BucketArn::parse(told.bucket()).ok()?,
        account: told.account().map(str::to_owned),
        storage_class: class.and_then(word::<StorageClass>),
        encryption_configuration: key
            .and_then(|key| KmsKeyArn::parse(key).ok())
            .map(|replica_kms_key_id| ReplicaEncryptionArgs { replica_kms_key_id }),
        access_control_translation: owner.map(|owner| AccessControlTranslationArgs { owner }),
        metrics: told.metrics().map(|it| ReplicationMetricsArgs {
            status: status(it.status().as_str()),
            event_threshold: it.event_threshold().and_then(told_minutes),
        }),
        replication_time: told.replication_time().and_then(|it| {
            let status = status(it.status().as_str());
            Some(ReplicationTimeArgs { status, time: told_minutes(it.time()?)? })
        }),
    })
}

fn told_filter(
    told: &sdk::ReplicationRuleFilter,
    recorded: Option<&ReplicationFilterArgs>,
) -> ReplicationFilterArgs {
    let known = recorded.and_then(|recorded| recorded.and.as_ref());
    ReplicationFilterArgs {
        prefix: prefix(told.prefix(), recorded.and_then(|recorded| recorded.prefix.as_deref())),
        tag_filter: told
            .tag()
            .map(|tag| TagFilterArgs { key: tag.key().to_owned(), value: tag.value().to_owned() }),
        and: told.and().map(|and| ReplicationFilterAndArgs {
            prefix: prefix(and.prefix(), known.and_then(|known| known.prefix.as_deref())),
            tag_filters: tag_filters(and.tags(), known.map(|known| &*known.tag_filters)),
        }),
    }
}

fn told_rule(
    rule: &sdk::ReplicationRule,
    recorded: Option<&ReplicationRuleArgs>,
) -> Option<ReplicationRuleArgs> {
    // S3 makes a name up.
    let is_named = recorded.is_none_or(|recorded| recorded.id.is_some());
    let known = recorded.and_then(|recorded| recorded.filter.as_ref());
    let is_ranked = recorded.is_none_or(|recorded| recorded.priority.is_some());
    Some(ReplicationRuleArgs {
        status: status(rule.status().as_str()),
        destination: told_destination(rule.destination()?)?,
        id: rule.id().filter(|_| is_named).map(str::to_owned),
        priority: count(rule.priority()).filter(|_| is_ranked),
        filter: rule.filter().map(|filter| told_filter(filter, known)),
        delete_marker_replication: rule.delete_marker_replication().map(|it| {
            let status = it.status().map(|told| status(told.as_str()));
            DeleteMarkerReplicationArgs { status }
        }),
        source_selection_criteria: rule.source_selection_criteria().map(|it| {
            let changes = it.replica_modifications().map(|it| it.status().as_str());
            let encrypted = it.sse_kms_encrypted_objects().map(|it| it.status().as_str());
            let selected = |told: &str| SelectedArgs { status: status(told) };
            SourceSelectionCriteriaArgs {
                replica_modifications: changes.map(selected),
                sse_kms_encrypted_objects: encrypted.map(selected),
            }
        }),
    })
}

#[cfg(test)]
mod tests {
    use infra_core::aws::s3::Status;

    use super::*;

    fn destination() -> ReplicationDestinationArgs {
        ReplicationDestinationArgs {
            bucket: BucketArn::parse("arn:aws:s3:::copies").unwrap(),
            account: Some("123456789012".to_owned()),
            storage_class: Some(StorageClass::GlacierIr),
            encryption_configuration: None,
            access_control_translation: Some(AccessControlTranslationArgs {
                owner: ReplicaOwner::Destination,
            }),
            metrics: Some(ReplicationMetricsArgs {
                status: Status::Enabled,
                event_threshold: Some(ReplicationTimeValueArgs { minutes: Minutes(15) }),
            }),
            replication_time: Some(ReplicationTimeArgs {
                status: Status::Enabled,
                time: ReplicationTimeValueArgs { minutes: Minutes(15) },
            }),
        }
    }

    fn rule(priority: u32, filter: ReplicationFilterArgs) -> ReplicationRuleArgs {
        ReplicationRuleArgs {
            status: Status::Disabled,
            destination: destination(),
            id: None,
            priority: Some(priority),
            filter: Some(filter),
            delete_marker_replication: Some(DeleteMarkerReplicationArgs {
                status: Some(Status::Disabled),
            }),
            source_selection_criteria: Some(SourceSelectionCriteriaArgs {
                replica_modifications: Some(SelectedArgs { status: Status::Enabled }),
                sse_kms_encrypted_objects: None,
            }),
        }
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        let tag = |key: &str| TagFilterArgs { key: key.to_owned(), value: "x".to_owned() };
        let none = ReplicationFilterArgs { prefix: None, tag_filter: None, and: None };
        let and = ReplicationFilterAndArgs {
            prefix: Some("a/".to_owned()),
            tag_filters: vec![tag("a"), tag("b")],
        };
        let all = ReplicationConfigurationArgs {
            role: RoleArn::parse("arn:aws:iam::123456789012:role/replication").unwrap(),
            rules: vec![
                rule(1, ReplicationFilterArgs { prefix: Some(String::new()), ..none.clone() }),
                rule(2, ReplicationFilterArgs { tag_filter: Some(tag("a")), ..none.clone() }),
                rule(3, ReplicationFilterArgs { and: Some(and), ..none }),
            ],
        };
        let mut told = to_sdk(&all);
        for rule in &mut told.rules {
            rule.id = Some("made-up".to_owned());
        }
        told.rules.reverse();
        assert_eq!(from_sdk(&told, Some(&all)), Some(all));
    }
}
