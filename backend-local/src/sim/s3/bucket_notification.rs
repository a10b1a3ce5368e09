//! Of what somebody may be told.

use std::collections::BTreeSet;

use infra_core::aws::s3::{NotificationConfigurationArgs, NotificationFilterArgs};

use super::bucket::INVALID;
use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// What can happen to objects, before the last colon.
const EVENTS: [&str; 10] = [
    "s3:IntelligentTiering",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleTransition",
    "s3:ObjectAcl:Put",
    "s3:ObjectCreated:*",
    "s3:ObjectRemoved:*",
    "s3:ObjectRestore:*",
    "s3:ObjectTagging:*",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:*",
];

/// Whether S3 takes a notification.
pub(super) fn check(notification: &NotificationConfigurationArgs) -> Result<(), Refusal> {
    let refused =
        |message: String| Err(Refusal::invalid("notification_configuration", INVALID, message));
    for (path, event, filter) in all(notification) {
        if !is_event(event) {
            return refused(format!(
                "`notification_configuration.{path}.event` {event:?} is no event; there are {} and \
                 their kinds",
                EVENTS.join(", ")
            ));
        }
        let rules = filter.iter().flat_map(|filter| &filter.s3_key.rules);
        let mut seen = BTreeSet::new();
        if let Some(rule) = rules.into_iter().find(|rule| !seen.insert(rule.name)) {
            return refused(format!(
                "`notification_configuration.{path}.filter` has two rules for the {}; a name has \
                 one beginning and one end",
                rule.name
            ));
        }
    }
    Ok(())
}

type Told<'a> = (String, &'a str, &'a Option<NotificationFilterArgs>);

/// Everybody who is told: the path, of what, and of which objects.
fn all(notification: &NotificationConfigurationArgs) -> impl Iterator<Item = Told<'_>> {
    let NotificationConfigurationArgs {
        lambda_configurations,
        queue_configurations,
        topic_configurations,
        ..
    } = notification;
    let functions = (0..).zip(lambda_configurations).map(|(place, told)| {
        (format!("lambda_configurations[{place}]"), told.event.as_str(), &told.filter)
    });
    let queues = (0..).zip(queue_configurations).map(|(place, told)| {
        (format!("queue_configurations[{place}]"), told.event.as_str(), &told.filter)
    });
    let topics = (0..).zip(topic_configurations).map(|(place, told)| {
        (format!("topic_configurations[{place}]"), told.event.as_str(), &told.filter)
    });
    functions.chain(queues).chain(topics)
}

fn is_event(event: &str) -> bool {
    EVENTS.iter().any(|known| match known.strip_suffix('*') {
        Some(family) => event.strip_prefix(family).is_some_and(|kind| !kind.is_empty()),
        None => event == *known,
    })
}
