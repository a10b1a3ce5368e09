//! What is special about who is told of mail: how many, what they are called, and which topics.

use infra_core::{
    aws::{
        EventBusArn, TopicArn,
        ses::{self, DimensionConfigurationArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::email_identity::{BAD, CODES};
use crate::sim::{
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&EventDestination];

type D = ses::EventDestination;

/// AWS: "Event destinations per configuration set" and dimensions of each.
const MOST: usize = 10;

struct EventDestination;

impl Special for EventDestination {
    fn ty(&self) -> &'static TypeDef {
        D::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let name = asked.get(D::EVENT_DESTINATION_NAME).unwrap_or_default();
        if !is_word(&name, 64, "_-") {
            let what = format!("{name:?} must have 1 to 64 letters, digits, `_` and `-`");
            return refused("event_destination_name", what);
        }
        if asked.get(D::MATCHING_EVENT_TYPES).unwrap_or_default().is_empty() {
            return refused("matching_event_types", "is empty; it says what is told");
        }
        if let Some(sns) = asked.get(D::SNS_DESTINATION) {
            check_topic(asked, &sns.topic_arn)?;
        }
        if let Some(metrics) = asked.get(D::CLOUD_WATCH_DESTINATION) {
            check_dimensions(&metrics.dimension_configurations)?;
        }
        if let Some(events) = asked.get(D::EVENT_BRIDGE_DESTINATION) {
            check_bus(asked, &events.event_bus_arn)?;
        }
        check_count(asked)
    }
}

fn refused(property: &str, what: impl std::fmt::Display) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, BAD, format!("`{property}` {what}")))
}

fn check_topic(asked: &Asked<'_>, topic: &TopicArn) -> Result<(), Refusal> {
    const PROPERTY: &str = "sns_destination.topic_arn";
    let region = topic.as_str().split(':').nth(3).unwrap_or_default();
    if region != asked.region() {
        return refused(PROPERTY, format!("{topic} is of another region than {}", asked.region()));
    }
    if topic.as_str().ends_with(".fifo") {
        return refused(PROPERTY, format!("{topic} keeps an order, which SES can't tell"));
    }
    Ok(())
}

fn check_dimensions(dimensions: &[DimensionConfigurationArgs]) -> Result<(), Refusal> {
    const PROPERTY: &str = "cloud_watch_destination.dimension_configurations";
    if !(1..=MOST).contains(&dimensions.len()) {
        let what = format!("has {} dimensions; 1 to {MOST} are allowed", dimensions.len());
        return refused(PROPERTY, what);
    }
    for (place, dimension) in dimensions.iter().enumerate() {
        let path = |field: &str| format!("{PROPERTY}[{place}].{field}");
        if !is_word(&dimension.dimension_name, 256, "_-:") {
            let what = format!(
                "{:?} must have 1 to 256 letters, digits and `_-:`",
                dimension.dimension_name
            );
            return refused(&path("dimension_name"), what);
        }
        if !is_word(&dimension.default_dimension_value, 256, "_-") {
            let what = format!(
                "{:?} must have 1 to 256 letters, digits and `_-`",
                dimension.default_dimension_value
            );
            return refused(&path("default_dimension_value"), what);
        }
    }
    Ok(())
}

fn check_bus(asked: &Asked<'_>, bus: &EventBusArn) -> Result<(), Refusal> {
    let (region, account) = (asked.region(), asked.account());
    let default = format!("arn:aws:events:{region}:{account}:event-bus/default");
    if bus.as_str() == default {
        return Ok(());
    }
    refused(
        "event_bridge_destination.event_bus_arn",
        format!("{bus} is not the default bus, {default}; SES tells no other"),
    )
}

fn check_count(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.old.is_some() || asked.beside(&[D::CONFIGURATION_SET_NAME.slot]) < MOST {
        return Ok(());
    }
    Err(Refusal::quota("EventDestinations of a configuration set", MOST).in_words_of(Some(&CODES)))
}
