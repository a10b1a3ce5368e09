//! [`LifecycleConfiguration`]: when objects of a bucket move to cheaper storage or go.

use super::Status;
use crate::{prelude::*, props};

/// When objects move to cheaper storage or go.
///
/// ```
/// use infra_core::{aws::s3::{LifecycleConfiguration, LifecycleRule}, prelude::*};
///
/// let tidy = LifecycleRule::enabled()
///     .prefix("logs/")
///     .expiration_in_days(Days(90))
///     .abort_incomplete_after(Days(7));
/// let lifecycle = LifecycleConfiguration::new([tidy]);
/// # let _ = lifecycle;
/// ```
#[props]
pub struct LifecycleConfiguration {
    /// The rules, up to 1000. AWS: `Rules`.
    pub rules: Vec<LifecycleRule>,
}

/// When some objects move to cheaper storage or go. At least one thing must happen.
#[props]
pub struct LifecycleRule {
    /// Whether it is in force. AWS: `Status`.
    pub status: Status,
    /// A name, unique in the bucket. Default: AWS makes one up. AWS: `Id`.
    pub id: Option<String>,
    /// Which objects, by how their names begin. Default: all. AWS: `Prefix`.
    pub prefix: Option<String>,
    /// Which objects, by tags that they all must have. Default: all. AWS: `TagFilters`.
    #[prop(default)]
    pub tag_filters: Vec<TagFilter>,
    /// Which objects, by more than so many bytes. Default: all. AWS: `ObjectSizeGreaterThan`.
    pub object_size_greater_than: Option<i64>,
    /// Which objects, by fewer than so many bytes. Default: all. AWS: `ObjectSizeLessThan`.
    pub object_size_less_than: Option<i64>,
    /// When objects go, counted from their creation. Default: never. AWS: `ExpirationInDays`.
    pub expiration_in_days: Option<Days>,
    /// Whether the mark of a deletion goes when no version is left. Default: false. AWS:
    /// `ExpiredObjectDeleteMarker`.
    pub expired_object_delete_marker: Option<bool>,
    /// When objects move, counted from their creation. Default: never. AWS: `Transitions`.
    #[prop(default)]
    pub transitions: Vec<LifecycleTransition>,
    /// When older versions go. Default: never. AWS: `NoncurrentVersionExpiration`.
    pub noncurrent_version_expiration: Option<NoncurrentVersionExpiration>,
    /// When older versions move. Default: never. AWS: `NoncurrentVersionTransitions`.
    #[prop(default)]
    pub noncurrent_version_transitions: Vec<NoncurrentVersionTransition>,
    /// When the parts of uploads go that were never finished. Default: never. AWS:
    /// `AbortIncompleteMultipartUpload`.
    pub abort_incomplete_multipart_upload: Option<AbortIncompleteMultipartUpload>,
}

impl LifecycleRule {
    /// A rule in force.
    pub fn enabled() -> Self {
        Self::new(Status::Enabled)
    }

    /// The parts of uploads that were never finished go after so long.
    pub fn abort_incomplete_after(self, age: Days) -> Self {
        self.abort_incomplete_multipart_upload(AbortIncompleteMultipartUpload::new(age))
    }
}

/// A tag that objects must have.
#[props]
pub struct TagFilter {
    /// Its key. AWS: `Key`.
    pub key: String,
    /// Its value. AWS: `Value`.
    pub value: String,
}

/// A move to cheaper storage.
#[props]
pub struct LifecycleTransition {
    /// Where to. AWS: `StorageClass`.
    pub storage_class: TransitionStorageClass,
    /// After how long; 30 days at least to infrequent access. AWS: `TransitionInDays`.
    pub transition_in_days: Option<Days>,
}

/// Storage that objects can move to.
#[props(words = "UPPER")]
pub enum TransitionStorageClass {
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

/// When older versions go.
#[props]
pub struct NoncurrentVersionExpiration {
    /// After how long as an older version. AWS: `NoncurrentDays`.
    pub noncurrent_days: Days,
    /// How many of them stay all the same, 1 to 100. Default: none. AWS:
    /// `NewerNoncurrentVersions`.
    pub newer_noncurrent_versions: Option<u32>,
}

/// A move of older versions to cheaper storage.
#[props]
pub struct NoncurrentVersionTransition {
    /// Where to. AWS: `StorageClass`.
    pub storage_class: TransitionStorageClass,
    /// After how long as an older version. AWS: `TransitionInDays`.
    pub transition_in_days: Days,
    /// How many of them stay all the same, 1 to 100. Default: none. AWS:
    /// `NewerNoncurrentVersions`.
    pub newer_noncurrent_versions: Option<u32>,
}

/// When the parts of unfinished uploads go.
#[props]
pub struct AbortIncompleteMultipartUpload {
    /// After how long. AWS: `DaysAfterInitiation`.
    pub days_after_initiation: Days,
}
