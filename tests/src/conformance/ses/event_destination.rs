//! The cases of `aws:ses:EventDestination`: a topic, metrics, and the bus of events.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ses::{
            CloudWatchDestination, ConfigurationSet, DimensionConfiguration, DimensionValueSource,
            EventBridgeDestination, EventDestination, EventType, SnsDestination,
        },
        sns::Topic,
    },
    prelude::*,
};

use crate::conformance::sns::topic::{far_topic, topic, topics};

const BUS: &str = "arn:aws:events:eu-central-1:123456789012:event-bus/default";

fn set(stack: &Stack, name: &str) -> ConfigurationSet {
    ConfigurationSet::named(name).create(stack)
}

fn to_topic(stack: &Stack, topic: &Topic) {
    EventDestination::named("subject")
        .configuration_set_name(set(stack, "set").name())
        .event_destination_name("bounces")
        .matching_event_types([EventType::Bounce])
        .sns_destination(SnsDestination::new(topic))
        .create(stack);
}

fn by(name: &str, value: &str) -> CloudWatchDestination {
    let source = DimensionValueSource::MessageTag;
    CloudWatchDestination::new([DimensionConfiguration::new(name, source, value)])
}

fn to_metrics(stack: &Stack, metrics: CloudWatchDestination) {
    EventDestination::named("subject")
        .configuration_set_name(set(stack, "set").name())
        .event_destination_name("bounces")
        .matching_event_types([EventType::Bounce])
        .cloud_watch_destination(metrics)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[TO_TOPIC, TO_METRICS, TO_BUS];

const TO_TOPIC: Case = Case {
    ty: EventDestination::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| set(stack, name).name());
        let [topic, other_topic] = topics(stack);
        EventDestination::named("subject")
            .configuration_set_name(v.pick("configuration_set_name", one, other))
            .event_destination_name(v.pick("event_destination_name", "bounces", "all_bounces"))
            .enabled(v.pick("enabled", true, false))
            .matching_event_types(v.pick(
                "matching_event_types",
                vec![EventType::Bounce],
                vec![EventType::Bounce, EventType::RenderingFailure],
            ))
            .sns_destination(v.pick(
                "sns_destination",
                SnsDestination::new(&topic),
                SnsDestination::new(&other_topic),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "event_destination_name",
            build: |stack| {
                EventDestination::named("subject")
                    .configuration_set_name(set(stack, "set").name())
                    .event_destination_name("all bounces")
                    .matching_event_types([EventType::Bounce])
                    .sns_destination(SnsDestination::new(&topic(stack, "topic")))
                    .create(stack);
            },
            says: "1 to 64 letters, digits, `_` and `-`",
        },
        Refused {
            property: "matching_event_types",
            build: |stack| {
                EventDestination::named("subject")
                    .configuration_set_name(set(stack, "set").name())
                    .event_destination_name("nothing")
                    .matching_event_types(Vec::<EventType>::new())
                    .sns_destination(SnsDestination::new(&topic(stack, "topic")))
                    .create(stack);
            },
            says: "is empty",
        },
        Refused {
            property: "sns_destination.topic_arn",
            build: |stack| to_topic(stack, &far_topic(stack)),
            says: "another region than eu-central-1",
        },
        Refused {
            property: "sns_destination.topic_arn",
            build: |stack| {
                let ordered = Topic::named("ordered")
                    .topic_name("bounces.fifo")
                    .fifo_topic(true)
                    .create(stack);
                to_topic(stack, &ordered);
            },
            says: "keeps an order",
        },
        Refused {
            property: "",
            build: |stack| {
                let set = set(stack, "set").name();
                let topic = topic(stack, "topic");
                for place in 0..11 {
                    EventDestination::named(format!("subject-{place}"))
                        .configuration_set_name(&set)
                        .event_destination_name(format!("bounces-{place}").as_str())
                        .matching_event_types([EventType::Bounce])
                        .sns_destination(SnsDestination::new(&topic))
                        .create(stack);
                }
            },
            says: "the quota of 10 EventDestinations of a configuration set is exhausted",
        },
    ],
    fixed: &[
        ("cloud_watch_destination", "the second case has it"),
        ("event_bridge_destination", "the third case has it"),
    ],
    cfn: Cfn {
        name: "AWS::SES::ConfigurationSetEventDestination",
        differs: &[
            (
                "EventDestination.CloudWatchDestination.DimensionConfigurations",
                "required here, as AWS wants it",
            ),
            (
                "EventDestination.CloudWatchDestination.DimensionConfigurations.\
                 DimensionValueSource",
                "the words of the API; the other ones mean the same",
            ),
            ("EventDestination.KinesisFirehoseDestination", "left out: streams are not used"),
            ("EventDestination.Name", "required here, and a part of the id"),
            ("Id", "CloudFormation's own name for it"),
        ],
        renamed: &[("EventDestination", "*"), ("EventDestination.Name", "event_destination_name")],
    },
};

const TO_METRICS: Case = Case {
    ty: EventDestination::definition,
    build: |stack, v| {
        EventDestination::named("subject")
            .configuration_set_name(set(stack, "set").name())
            .event_destination_name("metrics")
            .matching_event_types([EventType::Send])
            .cloud_watch_destination(v.pick(
                "cloud_watch_destination",
                by("site", "campus"),
                by("ses:source-ip", "none"),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "cloud_watch_destination.dimension_configurations",
            build: |stack| {
                let none = Vec::<DimensionConfiguration>::new();
                to_metrics(stack, CloudWatchDestination::new(none));
            },
            says: "has 0 dimensions; 1 to 10 are allowed",
        },
        Refused {
            property: "cloud_watch_destination.dimension_configurations[0].dimension_name",
            build: |stack| to_metrics(stack, by("the site", "campus")),
            says: "letters, digits and `_-:`",
        },
        Refused {
            property: "cloud_watch_destination.dimension_configurations[0].default_dimension_value",
            build: |stack| to_metrics(stack, by("site", "a b")),
            says: "letters, digits and `_-`",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const TO_BUS: Case = Case {
    ty: EventDestination::definition,
    build: |stack, _| {
        EventDestination::named("subject")
            .configuration_set_name(set(stack, "set").name())
            .event_destination_name("events")
            .matching_event_types([EventType::Complaint])
            .event_bridge_destination(EventBridgeDestination::new(BUS))
            .create(stack);
    },
    refused: &[Refused {
        property: "event_bridge_destination.event_bus_arn",
        build: |stack| {
            let other = "arn:aws:events:eu-central-1:123456789012:event-bus/mail";
            EventDestination::named("subject")
                .configuration_set_name(set(stack, "set").name())
                .event_destination_name("events")
                .matching_event_types([EventType::Complaint])
                .event_bridge_destination(EventBridgeDestination::new(other))
                .create(stack);
        },
        says: "is not the default bus",
    }],
    fixed: &[("*", "the first case has second values of them; there is one bus")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
