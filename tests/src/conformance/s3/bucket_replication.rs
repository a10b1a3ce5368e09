//! Replications that are refused.

use crate::conformance::{Case, Refused};
use infra_core::{
    aws::iam::Role,
    aws::s3::{
        Bucket, ReplicationConfiguration, ReplicationDestination, ReplicationFilter,
        ReplicationMetrics, ReplicationRule, ReplicationTime, ReplicationTimeValue, Status,
        TagFilter, VersioningConfiguration,
    },
    prelude::*,
};

use crate::conformance::iam::role::trust;

/// Structures alone: no type of its own.
pub(crate) const CASES: &[Case] = &[];

fn copies(stack: &Stack) -> Bucket {
    Bucket::named("copies")
        .versioning_configuration(VersioningConfiguration::enabled())
        .create(stack)
}

fn refused(stack: &Stack, rules: Vec<ReplicationRule>) {
    let role = Role::named("role").assume_role_policy_document(trust("s3.amazonaws.com"));
    let role = role.create(stack);
    Bucket::named("subject")
        .versioning_configuration(VersioningConfiguration::enabled())
        .replication_configuration(ReplicationConfiguration::new(role.arn(), rules))
        .create(stack);
}

pub(super) const NO_VERSIONS: Refused = Refused {
    property: "replication_configuration",
    build: |stack| {
        let role = Role::named("role").assume_role_policy_document(trust("s3.amazonaws.com"));
        let role = role.create(stack);
        let rule = ReplicationRule::to(copies(stack).arn(), 1);
        Bucket::named("subject")
            .replication_configuration(ReplicationConfiguration::new(role.arn(), [rule]))
            .create(stack);
    },
    says: "needs `versioning_configuration` enabled",
};

pub(super) const NO_VERSIONS_THERE: Refused = Refused {
    property: "replication_configuration.rules[0].destination.bucket",
    build: |stack| {
        let copies = Bucket::named("copies").create(stack);
        refused(stack, vec![ReplicationRule::to(copies.arn(), 1)]);
    },
    says: "keeps no versions",
};

pub(super) const SAME_PRIORITY: Refused = Refused {
    property: "replication_configuration.rules[1].priority",
    build: |stack| {
        let copies = copies(stack).arn();
        let rule = |copies: &Output<_>| ReplicationRule::to(copies, 1);
        refused(stack, vec![rule(&copies), rule(&copies)]);
    },
    says: "1 is that of another rule",
};

pub(super) const TWO_FILTERS: Refused = Refused {
    property: "replication_configuration.rules[0].filter",
    build: |stack| {
        let filter = ReplicationFilter::new().prefix("a/").tag_filter(TagFilter::new("a", "b"));
        refused(stack, vec![ReplicationRule::to(copies(stack).arn(), 1).filter(filter)]);
    },
    says: "takes one of",
};

pub(super) const OTHER_TIME: Refused = Refused {
    property: "replication_configuration.rules[0].destination.replication_time",
    build: |stack| {
        let bucket = copies(stack).arn();
        let time = ReplicationTime::new(Status::Enabled, ReplicationTimeValue::new(Minutes(5)));
        let destination = ReplicationDestination::new(bucket)
            .replication_time(time)
            .metrics(ReplicationMetrics::new(Status::Enabled));
        refused(stack, vec![ReplicationRule::new(Status::Enabled, destination)]);
    },
    says: "15 minutes is the only time",
};
