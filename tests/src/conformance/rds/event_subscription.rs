//! The case of `aws:rds:EventSubscription`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        DbClusterIdentifier,
        rds::{EventCategory, EventSource, EventSubscription},
    },
    prelude::*,
};

use super::aurora::cluster;
use crate::conformance::sns::topic::{far_topic, topic, topics};

/// Of all clusters.
fn clusters() -> EventSource {
    EventSource::db_clusters(Vec::<DbClusterIdentifier>::new())
}

fn refused_category(stack: &Stack, category: EventCategory) {
    EventSubscription::named("subject")
        .sns_topic_arn(&topic(stack, "topic"))
        .source(clusters())
        .event_categories([category])
        .create(stack);
}

const SOURCE: &str = "a part of `source`, which is one of several kinds here";

pub(crate) const CASES: &[Case] = &[Case {
    ty: EventSubscription::definition,
    build: |stack, v| {
        let own = cluster(stack, "own").create(stack);
        let [topic, other] = topics(stack);
        EventSubscription::named("subject")
            .sns_topic_arn(v.pick("sns_topic_arn", &topic, &other))
            .source(v.pick("source", EventSource::db_clusters([&own]), clusters()))
            .event_categories(v.pick(
                "event_categories",
                vec![EventCategory::Failover],
                vec![EventCategory::Failover, EventCategory::Failure],
            ))
            .enabled(v.pick("enabled", true, false))
            .subscription_name(v.pick("subscription_name", "failover", "failovers"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "event_categories",
            build: |stack| refused_category(stack, EventCategory::LowStorage),
            says: "low storage: a db-cluster has configuration change, creation",
        },
        Refused {
            property: "event_categories",
            build: |stack| {
                EventSubscription::named("subject")
                    .sns_topic_arn(&topic(stack, "topic"))
                    .event_categories([EventCategory::Failover])
                    .create(stack);
            },
            says: "need a `source`",
        },
        Refused {
            property: "source",
            build: |stack| {
                EventSubscription::named("subject")
                    .sns_topic_arn(&topic(stack, "topic"))
                    .source(EventSource::db_instances(["campus-a"]))
                    .create(stack);
            },
            says: "the DbInstance `campus-a` does not exist",
        },
        Refused {
            property: "sns_topic_arn",
            build: |stack| {
                EventSubscription::named("subject").sns_topic_arn(&far_topic(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "subscription_name",
            build: |stack| {
                EventSubscription::named("subject")
                    .sns_topic_arn(&topic(stack, "topic"))
                    .subscription_name("8-failover")
                    .create(stack);
            },
            says: "must begin with a letter",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::RDS::EventSubscription",
        differs: &[
            ("SnsTopicArn", "changes in place, by ModifyEventSubscription"),
            ("SourceIds", SOURCE),
            ("SourceType", SOURCE),
            ("event_subscription_arn", "told by the API, not by CloudFormation"),
            ("source", "in place of a kind and the names of that kind"),
        ],
        renamed: &[],
    },
}];
