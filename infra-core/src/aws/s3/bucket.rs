//! AWS: s3 CreateBucket, PutBucketVersioning, PutBucketEncryption, PutPublicAccessBlock,
//! PutBucketOwnershipControls, PutBucketLifecycleConfiguration, PutBucketLogging,
//! PutBucketNotificationConfiguration, PutBucketCors, PutObjectLockConfiguration,
//! PutBucketReplication, PutBucketTagging, HeadBucket, DeleteBucket.

use super::{LifecycleConfiguration, NotificationConfiguration, ReplicationConfiguration};
use crate::{
    aws::{BucketArn, BucketName, KmsKeyArn},
    prelude::*,
    props, resource,
};

/// A bucket: objects under names.
///
/// AWS deletes no bucket that has anything in it. Objects of the program go before their bucket;
/// what others have put there makes deletion fail, unless `force_destroy` says that it may go.
///
/// ```
/// use infra_core::{aws::s3::{Bucket, BucketEncryption, VersioningConfiguration}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let backups = Bucket::named("backups")
///     .versioning_configuration(VersioningConfiguration::enabled())
///     .bucket_encryption(BucketEncryption::aes256())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:s3:Bucket", create = "1s", holds_data)]
pub struct Bucket {
    /// The name: 3 to 63 small letters, digits and hyphens, unique in all of AWS. Default: made up
    /// from project, stack and name. Changing it replaces the bucket. AWS: `BucketName`.
    #[prop(id, replace, name(63, lower_hyphens))]
    pub bucket_name: Option<BucketName>,
    /// Whether deletion empties the bucket first, versions included. Default: false. Changes in
    /// place, without a call: only deletion uses it.
    #[prop(default = false, write_only)]
    pub force_destroy: bool,
    /// Whether objects may be locked against deletion. Default: false. Changes in place to true,
    /// and never back. AWS: `ObjectLockEnabled`.
    #[prop(default = false)]
    pub object_lock_enabled: bool,
    /// Whether older versions of objects are kept. Default: they are not. Changes in place; from
    /// enabled to suspended, never back to none. AWS: PutBucketVersioning,
    /// `VersioningConfiguration`.
    #[prop(separate)]
    pub versioning_configuration: Option<VersioningConfiguration>,
    /// How new objects are encrypted. Default: AES-256 with keys of S3. Changes in place. AWS:
    /// PutBucketEncryption, `BucketEncryption`.
    #[prop(separate)]
    pub bucket_encryption: Option<BucketEncryption>,
    /// Which ways of making something public are shut. Default: all. Changes in place. AWS:
    /// PutPublicAccessBlock, `PublicAccessBlockConfiguration`.
    #[prop(default = PublicAccessBlockConfiguration::new(), separate)]
    pub public_access_block_configuration: PublicAccessBlockConfiguration,
    /// Whose objects are that others put in. Default: the bucket owner's, without lists of rights.
    /// Changes in place. AWS: PutBucketOwnershipControls, `OwnershipControls`.
    #[prop(separate)]
    pub ownership_controls: Option<OwnershipControls>,
    /// When objects move to cheaper storage or go. Default: never. Changes in place. AWS:
    /// PutBucketLifecycleConfiguration, `LifecycleConfiguration`.
    #[prop(separate)]
    pub lifecycle_configuration: Option<LifecycleConfiguration>,
    /// Where access is logged. Default: nowhere. Changes in place. AWS: PutBucketLogging,
    /// `LoggingConfiguration`.
    #[prop(separate)]
    pub logging_configuration: Option<LoggingConfiguration>,
    /// Who is told of what happens to objects. Default: nobody. Changes in place. AWS:
    /// PutBucketNotificationConfiguration, `NotificationConfiguration`.
    #[prop(separate)]
    pub notification_configuration: Option<NotificationConfiguration>,
    /// Which web pages may read and write with scripts. Default: none. Changes in place. AWS:
    /// PutBucketCors, `CorsConfiguration`.
    #[prop(separate)]
    pub cors_configuration: Option<CorsConfiguration>,
    /// How long new objects are locked. Default: not at all. Changes in place. AWS:
    /// PutObjectLockConfiguration, `ObjectLockConfiguration`.
    #[prop(separate)]
    pub object_lock_configuration: Option<ObjectLockConfiguration>,
    /// Which objects are copied to other buckets, mostly in other regions. Needs versioning here
    /// and there. Default: none. Changes in place, for new objects. AWS: PutBucketReplication,
    /// `ReplicationConfiguration`.
    #[prop(separate)]
    pub replication_configuration: Option<ReplicationConfiguration>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:s3:::{id}", at = exists)]
    pub arn: BucketArn,
    /// The name in DNS. AWS: `DomainName`.
    #[output(at = exists)]
    pub domain_name: String,
    /// The name in DNS within its region: the one to use as origin of a distribution. AWS:
    /// `RegionalDomainName`.
    #[output(at = exists)]
    pub regional_domain_name: String,
    /// The name in DNS that has IPv6 addresses too. AWS: `DualStackDomainName`.
    #[output(at = exists)]
    pub dual_stack_domain_name: String,
}

/// Whether older versions of objects are kept.
#[props]
pub struct VersioningConfiguration {
    /// Whether they are. AWS: `Status`.
    pub status: VersioningStatus,
}

impl VersioningConfiguration {
    /// They are kept.
    pub fn enabled() -> Self {
        Self::new(VersioningStatus::Enabled)
    }

    /// Those that exist are kept, and no new ones.
    pub fn suspended() -> Self {
        Self::new(VersioningStatus::Suspended)
    }
}

/// Whether older versions are kept.
#[props]
pub enum VersioningStatus {
    /// They are.
    Enabled,
    /// No new ones.
    Suspended,
}

/// On or off.
#[props]
pub enum Status {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// How new objects are encrypted.
#[props]
pub struct BucketEncryption {
    /// One rule. AWS: `ServerSideEncryptionConfiguration`.
    pub server_side_encryption_configuration: Vec<ServerSideEncryptionRule>,
}

impl BucketEncryption {
    /// With keys of S3.
    pub fn aes256() -> Self {
        let by_default = ServerSideEncryptionByDefault::new(SseAlgorithm::Aes256);
        Self::new([ServerSideEncryptionRule::new().server_side_encryption_by_default(by_default)])
    }

    /// With a key of KMS, asked for once a while and not for each object.
    pub fn kms(key: impl IntoInput<KmsKeyArn>) -> Self {
        let by_default =
            ServerSideEncryptionByDefault::new(SseAlgorithm::Kms).kms_master_key_id(key);
        let rule = ServerSideEncryptionRule::new().server_side_encryption_by_default(by_default);
        Self::new([rule.bucket_key_enabled(true)])
    }
}

/// How new objects are encrypted.
#[props]
pub struct ServerSideEncryptionRule {
    /// What is used when the one who puts the object says nothing. AWS:
    /// `ServerSideEncryptionByDefault`.
    pub server_side_encryption_by_default: Option<ServerSideEncryptionByDefault>,
    /// Whether KMS is asked once a while and not for each object, which costs far less. Default:
    /// false. AWS: `BucketKeyEnabled`.
    #[prop(default = false)]
    pub bucket_key_enabled: bool,
}

/// Algorithm and key.
#[props]
pub struct ServerSideEncryptionByDefault {
    /// The algorithm. AWS: `SSEAlgorithm`.
    pub sse_algorithm: SseAlgorithm,
    /// The key, with KMS alone. Default: `aws/s3`, which other accounts can't use. AWS:
    /// `KMSMasterKeyID`.
    pub kms_master_key_id: Option<KmsKeyArn>,
}

/// How objects are encrypted.
#[props]
pub enum SseAlgorithm {
    /// With keys of S3.
    #[prop("AES256")]
    Aes256,
    /// With a key of KMS.
    #[prop("aws:kms")]
    Kms,
    /// With a key of KMS, twice.
    #[prop("aws:kms:dsse")]
    KmsDsse,
}

/// Which ways of making something public are shut.
#[props]
pub struct PublicAccessBlockConfiguration {
    /// Whether lists of rights that make public are refused. Default: true. AWS:
    /// `BlockPublicAcls`.
    #[prop(default = true)]
    pub block_public_acls: bool,
    /// Whether policies that make public are refused. Default: true. AWS: `BlockPublicPolicy`.
    #[prop(default = true)]
    pub block_public_policy: bool,
    /// Whether lists of rights that make public mean nothing. Default: true. AWS:
    /// `IgnorePublicAcls`.
    #[prop(default = true)]
    pub ignore_public_acls: bool,
    /// Whether a policy that makes public lets in the account and AWS's services alone. Default:
    /// true. AWS: `RestrictPublicBuckets`.
    #[prop(default = true)]
    pub restrict_public_buckets: bool,
}

/// Whose objects are that others put in.
#[props]
pub struct OwnershipControls {
    /// One rule. AWS: `Rules`.
    pub rules: Vec<OwnershipControlsRule>,
}

impl OwnershipControls {
    /// A certain one.
    pub fn of(ownership: ObjectOwnership) -> Self {
        Self::new([OwnershipControlsRule::new().object_ownership(ownership)])
    }
}

/// Whose objects are that others put in.
#[props]
pub struct OwnershipControlsRule {
    /// Whose. AWS: `ObjectOwnership`.
    pub object_ownership: Option<ObjectOwnership>,
}

/// Whose objects are that others put in.
#[props]
pub enum ObjectOwnership {
    /// The bucket owner's; lists of rights mean nothing.
    BucketOwnerEnforced,
    /// The bucket owner's, if the one who puts them says so. CloudFront's older logs need it.
    BucketOwnerPreferred,
    /// Theirs who put them.
    ObjectWriter,
}

/// Where access is logged.
#[props]
pub struct LoggingConfiguration {
    /// The bucket that gets the logs, of the same region and account. Default: this one, whose logs
    /// are then logged too. AWS: `DestinationBucketName`.
    #[prop(weak)]
    pub destination_bucket_name: Option<BucketName>,
    /// What the names of logs begin with. Default: nothing. AWS: `LogFilePrefix`.
    pub log_file_prefix: Option<String>,
}

/// Which web pages may read and write with scripts.
#[props]
pub struct CorsConfiguration {
    /// The rules, up to 100; the first that fits counts. AWS: `CorsRules`.
    pub cors_rules: Vec<CorsRule>,
}

/// What some web pages may do with scripts.
#[props]
pub struct CorsRule {
    /// What they may do. AWS: `AllowedMethods`.
    pub allowed_methods: Vec<CorsMethod>,
    /// Which pages: schemes and hosts, one `*` in each. AWS: `AllowedOrigins`.
    pub allowed_origins: Vec<String>,
    /// Which headers they may send. Default: none. AWS: `AllowedHeaders`.
    #[prop(default)]
    pub allowed_headers: Vec<String>,
    /// Which headers of the answer they see. Default: none. AWS: `ExposedHeaders`.
    #[prop(default)]
    pub exposed_headers: Vec<String>,
    /// A name. Default: none. AWS: `Id`.
    pub id: Option<String>,
    /// How long browsers remember this, in seconds. Default: they ask each time. AWS: `MaxAge`.
    pub max_age: Option<Seconds>,
}

/// A method of HTTP.
#[props(words = "UPPER")]
pub enum CorsMethod {
    /// Reading.
    Get,
    /// Reading what is known of an object.
    Head,
    /// Writing.
    Put,
    /// Writing by a form.
    Post,
    /// Deleting.
    Delete,
}

/// How long new objects are locked.
#[props]
pub struct ObjectLockConfiguration {
    /// For how long. Default: not at all. AWS: `Rule`.
    pub rule: Option<ObjectLockRule>,
}

/// For how long objects are locked.
#[props]
pub struct ObjectLockRule {
    /// For how long, and how hard. AWS: `DefaultRetention`.
    pub default_retention: Option<DefaultRetention>,
}

/// For how long objects are locked: in days or in years.
#[props]
pub struct DefaultRetention {
    /// How hard. AWS: `Mode`.
    pub mode: Option<RetentionMode>,
    /// Days. Default: none; then years. AWS: `Days`.
    pub days: Option<Days>,
    /// Years. Default: none; then days. AWS: `Years`.
    pub years: Option<u32>,
}

/// How hard objects are locked.
#[props(words = "UPPER")]
pub enum RetentionMode {
    /// Nobody can delete them, the account's owner included.
    Compliance,
    /// Who has a certain permission can.
    Governance,
}
