//! AWS: sesv2 CreateConfigurationSetEventDestination, UpdateConfigurationSetEventDestination,
//! GetConfigurationSetEventDestinations, DeleteConfigurationSetEventDestination.

use crate::{
    aws::{ConfigurationSetName, EventBusArn, TopicArn},
    props, resource,
};

/// Who is told what became of mail that was sent by the rules of a
/// [`ConfigurationSet`](super::ConfigurationSet).
#[resource(
    "aws:ses:EventDestination",
    key(configuration_set_name, event_destination_name),
    one_of(sns_destination, cloud_watch_destination, event_bridge_destination),
    create = "1s",
    update = "1s",
    delete = "1s"
)]
pub struct EventDestination {
    /// The rules. Changing it replaces the destination. AWS: `ConfigurationSetName`.
    #[prop(replace, owner)]
    pub configuration_set_name: ConfigurationSetName,
    /// The name, up to 64 letters, digits, `_` and `-`, unique among those of the set. Changing it
    /// replaces the destination. AWS: `EventDestinationName`.
    #[prop(replace)]
    pub event_destination_name: String,
    /// Whether it is told. Default: true. Changes in place. AWS: `Enabled`.
    #[prop(default = true)]
    pub enabled: bool,
    /// What it is told. Changes in place. AWS: `MatchingEventTypes`.
    #[prop(set)]
    pub matching_event_types: Vec<EventType>,
    /// A topic. Changes in place. AWS: `SnsDestination`.
    pub sns_destination: Option<SnsDestination>,
    /// Metrics. Changes in place. AWS: `CloudWatchDestination`.
    pub cloud_watch_destination: Option<CloudWatchDestination>,
    /// The default bus of events. Changes in place. AWS: `EventBridgeDestination`.
    pub event_bridge_destination: Option<EventBridgeDestination>,
}

/// What became of mail.
#[props(words = "UPPER")]
pub enum EventType {
    /// It was handed to AWS.
    Send,
    /// It had a virus and was not sent.
    Reject,
    /// There is no such address.
    Bounce,
    /// Somebody called it unwanted.
    Complaint,
    /// The other server took it.
    Delivery,
    /// It was opened.
    Open,
    /// A link in it was followed.
    Click,
    /// Its template could not be filled in.
    RenderingFailure,
    /// The other server does not take it at the moment.
    DeliveryDelay,
    /// Somebody chose what to get.
    Subscription,
}

/// A topic that is told.
#[props]
pub struct SnsDestination {
    /// The topic, of the same region and no FIFO one. AWS: `TopicArn`.
    pub topic_arn: TopicArn,
}

/// Metrics that count.
#[props]
pub struct CloudWatchDestination {
    /// By what they count, 1 to 10. AWS: `DimensionConfigurations`.
    pub dimension_configurations: Vec<DimensionConfiguration>,
}

/// By what a metric counts.
#[props]
pub struct DimensionConfiguration {
    /// The name, up to 256 letters, digits and `_-:`. AWS: `DimensionName`.
    pub dimension_name: String,
    /// Where its value stands. AWS: `DimensionValueSource`.
    pub dimension_value_source: DimensionValueSource,
    /// Its value where none stands there, up to 256 letters, digits and `_-`. AWS:
    /// `DefaultDimensionValue`.
    pub default_dimension_value: String,
}

/// Where the value of a dimension stands.
#[props(words = "UPPER")]
pub enum DimensionValueSource {
    /// In a tag that the sender gave.
    MessageTag,
    /// In a header of the mail.
    EmailHeader,
    /// In a tag of a link.
    LinkTag,
}

/// The bus of events that is told.
#[props]
pub struct EventBridgeDestination {
    /// The default bus of the account and region; AWS takes no other. AWS: `EventBusArn`.
    pub event_bus_arn: EventBusArn,
}
