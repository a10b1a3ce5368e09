//! What is special about a subscription to events: which kinds of events each kind of source has.

use infra_core::{
    aws::rds::{self, EventCategory as Is, EventSourceArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::aurora::{self, COMBINATION, INVALID};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&EventSubscription];

const CODES: Codes = Codes {
    not_found: "SubscriptionNotFound",
    not_ready: "InvalidEventSubscriptionState",
    exists: "SubscriptionAlreadyExist",
    in_use: "InvalidEventSubscriptionState",
    quota: "EventSubscriptionQuotaExceeded",
};

struct EventSubscription;

impl Special for EventSubscription {
    fn ty(&self) -> &'static TypeDef {
        rds::EventSubscription::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Event subscriptions", adjustable.
        Some(20)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("subscription_name", asked.id)?;
        check_categories(asked)?;
        let Some(topic) = asked.get(rds::EventSubscription::SNS_TOPIC_ARN) else { return Ok(()) };
        asked.check_region("sns_topic_arn", "topic", topic.as_str(), "SNSInvalidTopic")
    }
}

fn check_categories(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "event_categories";
    let asked_for = asked.get(rds::EventSubscription::EVENT_CATEGORIES).unwrap_or_default();
    if asked_for.is_empty() {
        return Ok(());
    }
    let Some(source) = asked.get(rds::EventSubscription::SOURCE) else {
        let message = format!("`{PROPERTY}` need a `source`: each kind has its own categories");
        return Err(Refusal::invalid(PROPERTY, COMBINATION, message));
    };
    let (kind, known) = categories(&source);
    match asked_for.iter().find(|category| !known.contains(category)) {
        Some(category) => {
            let known: Vec<&str> = known.iter().map(|known| known.as_str()).collect();
            let message = format!("`{PROPERTY}` {category}: a {kind} has {}", known.join(", "));
            Err(Refusal::invalid(PROPERTY, INVALID, message))
        }
        None => Ok(()),
    }
}

/// What AWS calls a kind of source, and the kinds of events that it has.
fn categories(source: &EventSourceArgs) -> (&'static str, &'static [Is]) {
    match source {
        EventSourceArgs::DbInstances(_) => (
            "db-instance",
            &[
                Is::Availability,
                Is::Backup,
                Is::ConfigurationChange,
                Is::Creation,
                Is::Deletion,
                Is::Failover,
                Is::Failure,
                Is::LowStorage,
                Is::Maintenance,
                Is::Notification,
                Is::ReadReplica,
                Is::Recovery,
                Is::Restoration,
                Is::SecurityPatching,
            ],
        ),
        EventSourceArgs::DbClusters(_) => (
            "db-cluster",
            &[
                Is::ConfigurationChange,
                Is::Creation,
                Is::Deletion,
                Is::Failover,
                Is::Failure,
                Is::Maintenance,
                Is::Migration,
                Is::Notification,
                Is::Serverless,
            ],
        ),
        EventSourceArgs::DbClusterSnapshots(_) => {
            ("db-cluster-snapshot", &[Is::Backup, Is::Notification])
        }
        EventSourceArgs::DbParameterGroups(_) => ("db-parameter-group", &[Is::ConfigurationChange]),
    }
}
