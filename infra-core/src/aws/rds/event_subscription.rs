//! AWS: rds CreateEventSubscription, ModifyEventSubscription,
//! AddSourceIdentifierToSubscription, RemoveSourceIdentifierFromSubscription, AddTagsToResource,
//! DescribeEventSubscriptions, DeleteEventSubscription.

use crate::{
    aws::{
        DbClusterIdentifier, DbClusterSnapshotIdentifier, DbInstanceIdentifier,
        DbParameterGroupName, EventSubscriptionName, TopicArn,
    },
    prelude::*,
    props, resource,
};

/// Who is told when something happens to databases: a failover, a failed backup, a patch that is
/// due.
///
/// AWS tells as well as it can, and promises nothing; an alarm on figures is what to rely on.
///
/// ```
/// use infra_core::{
///     aws::{TopicArn, rds::{EventCategory, EventSource, EventSubscription}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let topic = TopicArn::parse("arn:aws:sns:eu-central-1:123456789012:operators").unwrap();
/// EventSubscription::named("failover")
///     .sns_topic_arn(topic)
///     .source(EventSource::db_clusters(["campus"]))
///     .event_categories([EventCategory::Failover, EventCategory::Failure])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:EventSubscription", create = "2s", update = "2s", delete = "2s")]
pub struct EventSubscription {
    /// The topic that is told, in the same region; its policy must let RDS publish. Changes in
    /// place. AWS: `SnsTopicArn`.
    pub sns_topic_arn: TopicArn,
    /// Of what it is told. Default: of everything. Changes in place. AWS: `SourceType` and
    /// `SourceIds`.
    pub source: Option<EventSource>,
    /// What kinds of events are told, where a kind of source is named; each kind has its own.
    /// Default: all. Change in place. AWS: `EventCategories`.
    #[prop(default, set)]
    pub event_categories: Vec<EventCategory>,
    /// Whether anything is told. Default: true. Changes in place. AWS: `Enabled`.
    #[prop(default = true)]
    pub enabled: bool,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the subscription. AWS: `SubscriptionName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub subscription_name: Option<EventSubscriptionName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `EventSubscriptionArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:es:{id}", at = exists)]
    pub event_subscription_arn: String,
}

/// Of what is told: of all things of a kind where none is named.
#[props]
pub enum EventSource {
    /// Of instances. AWS: `db-instance`.
    DbInstances(Vec<DbInstanceIdentifier>),
    /// Of clusters. AWS: `db-cluster`.
    DbClusters(Vec<DbClusterIdentifier>),
    /// Of snapshots of clusters. AWS: `db-cluster-snapshot`.
    DbClusterSnapshots(Vec<DbClusterSnapshotIdentifier>),
    /// Of parameter groups. AWS: `db-parameter-group`.
    DbParameterGroups(Vec<DbParameterGroupName>),
}

/// A kind of event.
#[props]
pub enum EventCategory {
    /// It stopped, started or restarts.
    #[prop("availability")]
    Availability,
    /// A copy begins, or is there.
    #[prop("backup")]
    Backup,
    /// It is changed.
    #[prop("configuration change")]
    ConfigurationChange,
    /// It is made.
    #[prop("creation")]
    Creation,
    /// It is deleted.
    #[prop("deletion")]
    Deletion,
    /// Another instance takes over.
    #[prop("failover")]
    Failover,
    /// Something does not work.
    #[prop("failure")]
    Failure,
    /// Its disk fills.
    #[prop("low storage")]
    LowStorage,
    /// AWS works on it.
    #[prop("maintenance")]
    Maintenance,
    /// It is brought over from elsewhere.
    #[prop("migration")]
    Migration,
    /// Something is worth knowing.
    #[prop("notification")]
    Notification,
    /// Replication stopped or goes on.
    #[prop("read replica")]
    ReadReplica,
    /// It is being repaired.
    #[prop("recovery")]
    Recovery,
    /// It is made of a copy.
    #[prop("restoration")]
    Restoration,
    /// A patch of its system is due.
    #[prop("security patching")]
    SecurityPatching,
    /// Serverless capacity changes.
    #[prop("serverless")]
    Serverless,
}
