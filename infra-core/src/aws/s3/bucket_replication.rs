//! [`ReplicationConfiguration`]: which objects of a bucket are copied to other buckets.

use super::{Status, TagFilter};
use crate::{
    aws::{BucketArn, KmsKeyArn, RoleArn},
    prelude::*,
    props,
};

/// Which objects are copied to other buckets.
///
/// ```
/// use infra_core::{aws::s3::*, prelude::*};
///
/// let all = ReplicationRule::to("arn:aws:s3:::campus-backups-elsewhere", 1);
/// let role = "arn:aws:iam::123456789012:role/replication";
/// let replication = ReplicationConfiguration::new(role, [all]);
/// # let _ = replication;
/// ```
#[props]
pub struct ReplicationConfiguration {
    /// The role that S3 takes on for it. AWS: `Role`.
    pub role: RoleArn,
    /// The rules, up to 1000. AWS: `Rules`.
    pub rules: Vec<ReplicationRule>,
}

/// Which objects are copied where.
#[props]
pub struct ReplicationRule {
    /// Whether it is in force. AWS: `Status`.
    pub status: Status,
    /// Where to. AWS: `Destination`.
    pub destination: ReplicationDestination,
    /// A name, unique in the bucket. Default: AWS makes one up. AWS: `Id`.
    pub id: Option<String>,
    /// Which rule counts where several to one destination fit: the highest. No two are the same.
    /// Default: none, where there is one rule. AWS: `Priority`.
    pub priority: Option<u32>,
    /// Which objects. Default: all. AWS: `Filter`.
    pub filter: Option<ReplicationFilter>,
    /// Whether deletions are copied. Must be given beside `filter`. Default: none. AWS:
    /// `DeleteMarkerReplication`.
    pub delete_marker_replication: Option<DeleteMarkerReplication>,
    /// Which objects that are left out otherwise. Default: none. AWS: `SourceSelectionCriteria`.
    pub source_selection_criteria: Option<SourceSelectionCriteria>,
}

impl ReplicationRule {
    /// All objects, deletions aside, to a bucket.
    pub fn to(bucket: impl IntoInput<BucketArn>, priority: u32) -> Self {
        Self::new(Status::Enabled, ReplicationDestination::new(bucket))
            .priority(priority)
            .filter(ReplicationFilter::new().prefix(""))
            .delete_marker_replication(DeleteMarkerReplication::new().status(Status::Disabled))
    }
}

/// Where objects are copied to.
#[props]
pub struct ReplicationDestination {
    /// The bucket, which must keep versions. AWS: `Bucket`.
    #[prop(weak, needs = configured)]
    pub bucket: BucketArn,
    /// The account that it must belong to, if it is another one. Default: not checked. AWS:
    /// `Account`.
    pub account: Option<String>,
    /// Where they are stored there. Default: as here. AWS: `StorageClass`.
    pub storage_class: Option<StorageClass>,
    /// With which key they are encrypted there; needed for objects that KMS encrypts here. Default:
    /// none. AWS: `EncryptionConfiguration`.
    pub encryption_configuration: Option<ReplicaEncryption>,
    /// Whose the copies are. Default: theirs who own the objects. AWS:
    /// `AccessControlTranslation`.
    pub access_control_translation: Option<AccessControlTranslation>,
    /// Whether copies are measured. Needed with `replication_time`. Default: they are not. AWS:
    /// `Metrics`.
    pub metrics: Option<ReplicationMetrics>,
    /// Whether AWS promises a time. Default: it does not. AWS: `ReplicationTime`.
    pub replication_time: Option<ReplicationTime>,
}

/// Where objects are stored.
#[props(words = "UPPER")]
pub enum StorageClass {
    /// For what is read often.
    Standard,
    /// For what can be made again; AWS advises against it.
    ReducedRedundancy,
    /// For what is read rarely.
    StandardIa,
    /// For what is read rarely, in one zone.
    OnezoneIa,
    /// It moves by itself, by how often it is read.
    IntelligentTiering,
    /// For what is hardly ever read, and then at once.
    GlacierIr,
    /// For what is hardly ever read, and may take hours.
    Glacier,
    /// The cheapest; reading takes half a day.
    DeepArchive,
}

/// With which key copies are encrypted.
#[props]
pub struct ReplicaEncryption {
    /// The key, of the destination's region. AWS: `ReplicaKmsKeyID`.
    pub replica_kms_key_id: KmsKeyArn,
}

/// Whose copies are.
#[props]
pub struct AccessControlTranslation {
    /// Whose. AWS: `Owner`.
    pub owner: ReplicaOwner,
}

/// Whose copies are.
#[props]
pub enum ReplicaOwner {
    /// The owner's of the destination.
    Destination,
}

/// Whether copies are measured.
#[props]
pub struct ReplicationMetrics {
    /// Whether they are. AWS: `Status`.
    pub status: Status,
    /// When an event tells that a copy is late; 15 minutes is the only time there is. Default:
    /// never. AWS: `EventThreshold`.
    pub event_threshold: Option<ReplicationTimeValue>,
}

/// Whether AWS promises a time.
#[props]
pub struct ReplicationTime {
    /// Whether it does. AWS: `Status`.
    pub status: Status,
    /// The time; 15 minutes is the only one there is. AWS: `Time`.
    pub time: ReplicationTimeValue,
}

/// A time.
#[props]
pub struct ReplicationTimeValue {
    /// 15 minutes is the only one there is. AWS: `Minutes`.
    pub minutes: Minutes,
}

/// Which objects: one of the three.
#[props]
pub struct ReplicationFilter {
    /// By how their names begin. Default: none. AWS: `Prefix`.
    pub prefix: Option<String>,
    /// By a tag. Default: none. AWS: `TagFilter`.
    pub tag_filter: Option<TagFilter>,
    /// By both, or by several tags. Default: none. AWS: `And`.
    pub and: Option<ReplicationFilterAnd>,
}

/// Which objects, by all of these.
#[props]
pub struct ReplicationFilterAnd {
    /// By how their names begin. Default: any. AWS: `Prefix`.
    pub prefix: Option<String>,
    /// By tags. Default: none. AWS: `TagFilters`.
    #[prop(default)]
    pub tag_filters: Vec<TagFilter>,
}

/// Whether deletions are copied.
#[props]
pub struct DeleteMarkerReplication {
    /// Whether they are. AWS: `Status`.
    pub status: Option<Status>,
}

/// Which objects that are left out otherwise.
#[props]
pub struct SourceSelectionCriteria {
    /// What changes of copies. Default: left out. AWS: `ReplicaModifications`.
    pub replica_modifications: Option<Selected>,
    /// What KMS encrypts. Default: left out. AWS: `SseKmsEncryptedObjects`.
    pub sse_kms_encrypted_objects: Option<Selected>,
}

/// Whether something is copied.
#[props]
pub struct Selected {
    /// Whether it is. AWS: `Status`.
    pub status: Status,
}
