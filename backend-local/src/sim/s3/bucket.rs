//! What is special about a bucket: its name, what goes with versions, and what is in it.

use infra_core::{
    aws::s3::{
        self, BucketEncryptionArgs, CorsConfigurationArgs, DefaultRetentionArgs, SseAlgorithm,
        VersioningStatus,
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::{bucket_lifecycle, bucket_notification, bucket_replication};
use crate::sim::{
    object::Object,
    refusal::{Codes, Refusal},
    sns::topic::check_publisher,
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Bucket];

const CODES: Codes = Codes {
    not_found: "NoSuchBucket",
    not_ready: "OperationAborted",
    exists: "BucketAlreadyExists",
    in_use: "BucketNotEmpty",
    quota: "TooManyBuckets",
};
/// What S3 says of arguments that do not fit.
pub(super) const INVALID: &str = "InvalidArgument";
/// What S3 says of documents that it can't take.
pub(super) const MALFORMED: &str = "MalformedXML";
/// What S3 says of what the bucket's state does not allow.
pub(super) const STATE: &str = "InvalidBucketState";

/// Beginnings and ends that AWS keeps for itself.
const RESERVED: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS: [&str; 4] = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"];

struct Bucket;

impl Special for Bucket {
    fn ty(&self) -> &'static TypeDef {
        s3::Bucket::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "General purpose buckets" of an account, adjustable; here of each of its regions.
        Some(10_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.id)?;
        check_versions_and_locks(asked)?;
        if let Some(encryption) = asked.get(s3::Bucket::BUCKET_ENCRYPTION) {
            check_encryption(asked, &encryption)?;
        }
        if let Some(ownership) = asked.get(s3::Bucket::OWNERSHIP_CONTROLS)
            && ownership.rules.len() != 1
        {
            let count = ownership.rules.len();
            let message = format!("`ownership_controls.rules` has {count} rules; it takes one");
            return Err(Refusal::invalid("ownership_controls", MALFORMED, message));
        }
        if let Some(cors) = asked.get(s3::Bucket::CORS_CONFIGURATION) {
            check_cors(&cors)?;
        }
        if let Some(lifecycle) = asked.get(s3::Bucket::LIFECYCLE_CONFIGURATION) {
            bucket_lifecycle::check(&lifecycle)?;
        }
        if let Some(notification) = asked.get(s3::Bucket::NOTIFICATION_CONFIGURATION) {
            bucket_notification::check(&notification)?;
            for told in &notification.topic_configurations {
                let property = "notification_configuration";
                check_publisher(asked, property, &told.topic, "s3.amazonaws.com")?;
            }
        }
        check_logging(asked)?;
        if let Some(replication) = asked.get(s3::Bucket::REPLICATION_CONFIGURATION) {
            bucket_replication::check(asked, &replication)?;
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let (name, region) = (asked.id, asked.region());
        tell(outputs, s3::Bucket::DOMAIN_NAME, format!("{name}.s3.amazonaws.com"));
        let regional = format!("{name}.s3.{region}.amazonaws.com");
        tell(outputs, s3::Bucket::REGIONAL_DOMAIN_NAME, regional);
        let dual_stack = format!("{name}.s3.dualstack.{region}.amazonaws.com");
        tell(outputs, s3::Bucket::DUAL_STACK_DOMAIN_NAME, dual_stack);
    }

    fn takes_along(&self, object: &Object) -> Option<&'static str> {
        let may = of(object, s3::Bucket::FORCE_DESTROY).unwrap_or_default();
        may.then(|| s3::Object::definition().name)
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let refused =
        |message: String| Err(Refusal::invalid("bucket_name", "InvalidBucketName", message));
    if name.len() < 3 {
        return refused(format!("`bucket_name` {name:?} must have 3 characters at least"));
    }
    let begins = RESERVED.into_iter().find(|reserved| name.starts_with(reserved));
    let ends = RESERVED_ENDS.into_iter().find(|reserved| name.ends_with(reserved));
    if let Some(reserved) = begins.or(ends) {
        return refused(format!("`bucket_name` {name:?}: AWS keeps {reserved:?} for itself"));
    }
    Ok(())
}

/// The status of versioning, whoever asks.
fn versioning(bucket: &Object) -> Option<VersioningStatus> {
    of(bucket, s3::Bucket::VERSIONING_CONFIGURATION).map(|versioning| versioning.status)
}

/// Whether a bucket keeps versions: because it was told to, or because locks need them.
pub(super) fn keeps_versions(bucket: &Object) -> bool {
    versioning(bucket) == Some(VersioningStatus::Enabled)
        || of(bucket, s3::Bucket::OBJECT_LOCK_ENABLED).unwrap_or_default()
}

fn check_versions_and_locks(asked: &Asked<'_>) -> Result<(), Refusal> {
    let locks = asked.get(s3::Bucket::OBJECT_LOCK_ENABLED).unwrap_or_default();
    let status = asked.get(s3::Bucket::VERSIONING_CONFIGURATION).map(|wanted| wanted.status);
    if let Some(old) = asked.old {
        if !locks && of(old, s3::Bucket::OBJECT_LOCK_ENABLED).unwrap_or_default() {
            let message = "`object_lock_enabled` can't be taken back";
            return Err(Refusal::invalid("object_lock_enabled", STATE, message));
        }
        if versioning(old).is_some() && status.is_none() {
            let message = "`versioning_configuration` can't be taken back, only suspended";
            return Err(Refusal::invalid("versioning_configuration", STATE, message));
        }
    }
    let replicates = !asked.value(s3::Bucket::REPLICATION_CONFIGURATION.slot).is_null();
    if status == Some(VersioningStatus::Suspended) && (locks || replicates) {
        let message = "`versioning_configuration` can't be suspended where objects are locked or \
                       replicated";
        return Err(Refusal::invalid("versioning_configuration", STATE, message));
    }
    let Some(configuration) = asked.get(s3::Bucket::OBJECT_LOCK_CONFIGURATION) else {
        return Ok(());
    };
    if !locks {
        let message = "`object_lock_configuration` needs `object_lock_enabled`";
        return Err(Refusal::invalid("object_lock_configuration", STATE, message));
    }
    match configuration.rule.and_then(|rule| rule.default_retention) {
        Some(retention) => check_retention(&retention),
        None => Ok(()),
    }
}

fn check_retention(retention: &DefaultRetentionArgs) -> Result<(), Refusal> {
    if retention.mode.is_some() && retention.days.is_some() != retention.years.is_some() {
        return Ok(());
    }
    let message = "`object_lock_configuration.rule.default_retention` needs `mode` and either \
                   `days` or `years`";
    Err(Refusal::invalid("object_lock_configuration", MALFORMED, message))
}

fn check_encryption(asked: &Asked<'_>, encryption: &BucketEncryptionArgs) -> Result<(), Refusal> {
    let path = "bucket_encryption.server_side_encryption_configuration";
    let refused = |message: String| Err(Refusal::invalid("bucket_encryption", INVALID, message));
    let [rule] = &encryption.server_side_encryption_configuration[..] else {
        let count = encryption.server_side_encryption_configuration.len();
        return refused(format!("`{path}` has {count} rules; it takes one"));
    };
    let Some(by_default) = &rule.server_side_encryption_by_default else { return Ok(()) };
    let Some(key) = &by_default.kms_master_key_id else { return Ok(()) };
    if by_default.sse_algorithm == SseAlgorithm::Aes256 {
        return refused(format!("`{path}` has a key, which AES256 does not use; use aws:kms"));
    }
    asked.check_key_at("bucket_encryption", key.as_str(), INVALID)
}

fn check_cors(cors: &CorsConfigurationArgs) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::invalid("cors_configuration", MALFORMED, message));
    let count = cors.cors_rules.len();
    if !(1..=100).contains(&count) {
        return refused(format!("`cors_configuration.cors_rules` has {count} rules, not 1 to 100"));
    }
    for (place, rule) in cors.cors_rules.iter().enumerate() {
        let path = format!("cors_configuration.cors_rules[{place}]");
        if rule.allowed_methods.is_empty() || rule.allowed_origins.is_empty() {
            return refused(format!("`{path}` needs a method and an origin"));
        }
        let many = |origin: &&String| origin.matches('*').count() > 1;
        if let Some(origin) = rule.allowed_origins.iter().find(many) {
            return refused(format!(
                "`{path}.allowed_origins` {origin:?} has more than one wildcard"
            ));
        }
    }
    Ok(())
}

fn check_logging(asked: &Asked<'_>) -> Result<(), Refusal> {
    let logging = asked.get(s3::Bucket::LOGGING_CONFIGURATION);
    let Some(target) = logging.and_then(|logging| logging.destination_bucket_name) else {
        return Ok(());
    };
    let target = asked.world.get(asked.ty.name, target.as_str(), asked.scope);
    if let Some(target) = target.filter(|target| *target.scope != *asked.scope) {
        let message = format!(
            "`logging_configuration.destination_bucket_name` {} is in {}; logs stay in the account \
             and region of the bucket, {}",
            target.id, target.scope, asked.scope
        );
        let code = "CrossLocationLoggingProhibited";
        return Err(Refusal::invalid("logging_configuration", code, message));
    }
    Ok(())
}
