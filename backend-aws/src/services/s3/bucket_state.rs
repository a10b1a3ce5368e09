//! What a bucket tells by calls of their own.

use aws_sdk_s3::types as sdk;
use infra_core::{
    aws::{
        BucketName, KmsKeyArn,
        s3::{
            self, BucketEncryptionArgs, CorsConfigurationArgs, CorsMethod, CorsRuleArgs,
            DefaultRetentionArgs, LifecycleConfiguration, LoggingConfiguration,
            LoggingConfigurationArgs, NotificationConfiguration, ObjectLockConfigurationArgs,
            ObjectLockRuleArgs, ObjectOwnership, OwnershipControlsArgs, OwnershipControlsRuleArgs,
            PublicAccessBlockConfigurationArgs, ReplicationConfiguration, RetentionMode,
            ServerSideEncryptionByDefaultArgs, ServerSideEncryptionRuleArgs, SseAlgorithm,
            VersioningConfigurationArgs, VersioningStatus,
        },
    },
    dsl::Prop,
    handler::Request,
    types::{IntoValue, PropertyType, Seconds},
};

use super::{bucket_lifecycle, bucket_notification, bucket_replication, count, days};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    seen::{Seen, word},
};

type Type = s3::Bucket;

/// Whether the program said nothing of a property.
fn is_unsaid<T: PropertyType>(request: &Request, prop: Prop<Type, T>) -> bool {
    request.inputs.get(prop.slot).is_null()
}

/// What is recorded of a structure.
fn recorded<P: PropertyType, T: PropertyType>(
    request: &Request,
    prop: Prop<Type, T>,
) -> Option<P::Resolved> {
    P::decode(request.inputs.get(prop.slot)).ok()
}

/// All that a bucket tells, tags included.
pub(super) async fn read(aws: &Aws, request: &Request, seen: Seen) -> Answer<Seen> {
    let seen = versions_and_locks(aws, request, seen).await?;
    let seen = seen
        .structured(Type::BUCKET_ENCRYPTION, request, encryption(aws, request).await?.into_value())
        .set(Type::PUBLIC_ACCESS_BLOCK_CONFIGURATION, public_access(aws, request).await?)
        .structured(Type::OWNERSHIP_CONTROLS, request, ownership(aws, request).await?.into_value())
        .structured(Type::LOGGING_CONFIGURATION, request, logging(aws, request).await?.into_value())
        .structured(Type::CORS_CONFIGURATION, request, cors(aws, request).await?.into_value());
    rules(aws, request, seen).await
}

async fn rules(aws: &Aws, request: &Request, seen: Seen) -> Answer<Seen> {
    let (s3, bucket) = (aws.s3(), &*request.id);
    let known = recorded::<LifecycleConfiguration, _>(request, Type::LIFECYCLE_CONFIGURATION);
    let told = s3.get_bucket_lifecycle_configuration().bucket(bucket).send().await.if_found()?;
    let told = told.filter(|told| !told.rules().is_empty());
    let lifecycle = told.map(|told| bucket_lifecycle::from_sdk(told.rules(), known.as_ref()));
    let known = recorded::<NotificationConfiguration, _>(request, Type::NOTIFICATION_CONFIGURATION);
    let told = s3.get_bucket_notification_configuration().bucket(bucket).send().await?;
    let notification = bucket_notification::from_sdk(&told, known.as_ref());
    let known = recorded::<ReplicationConfiguration, _>(request, Type::REPLICATION_CONFIGURATION);
    let told = s3.get_bucket_replication().bucket(bucket).send().await.if_found()?;
    let told = told.and_then(|told| told.replication_configuration);
    let replication = told.and_then(|it| bucket_replication::from_sdk(&it, known.as_ref()));
    Ok(seen
        .structured(Type::LIFECYCLE_CONFIGURATION, request, lifecycle.into_value())
        .structured(Type::NOTIFICATION_CONFIGURATION, request, notification.into_value())
        .structured(Type::REPLICATION_CONFIGURATION, request, replication.into_value())
        .tags(tags(aws, bucket).await?))
}

/// The tags of a bucket; it may have none.
pub(super) async fn tags(aws: &Aws, bucket: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.s3().get_bucket_tagging().bucket(bucket).send().await.if_found()?;
    let tags = told.map(|told| told.tag_set).unwrap_or_default();
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn retention(told: &sdk::DefaultRetention) -> DefaultRetentionArgs {
    let mode = told.mode().map(sdk::ObjectLockRetentionMode::as_str);
    DefaultRetentionArgs {
        mode: mode.and_then(word::<RetentionMode>),
        // One of both is said; the other one may be told as none.
        days: days(told.days()).filter(|days| days.0 > 0),
        years: count(told.years()).filter(|years| *years > 0),
    }
}

async fn versions_and_locks(aws: &Aws, request: &Request, seen: Seen) -> Answer<Seen> {
    let (s3, bucket) = (aws.s3(), &*request.id);
    let told = s3.get_object_lock_configuration().bucket(bucket).send().await.if_found()?;
    let lock = told.and_then(|told| told.object_lock_configuration);
    let locks = lock.as_ref().is_some_and(|lock| lock.object_lock_enabled().is_some());
    let rule = lock.as_ref().and_then(|lock| lock.rule());
    let rule = rule.map(|rule| ObjectLockRuleArgs {
        default_retention: rule.default_retention().map(retention),
    });
    let told = s3.get_bucket_versioning().bucket(bucket).send().await?;
    // Locks turn versions on by themselves.
    let implied = locks && is_unsaid(request, Type::VERSIONING_CONFIGURATION);
    let status = told.status().filter(|_| !implied).map(sdk::BucketVersioningStatus::as_str);
    let status = status.and_then(word::<VersioningStatus>);
    Ok(seen
        .set(Type::OBJECT_LOCK_ENABLED, locks)
        .set(
            Type::OBJECT_LOCK_CONFIGURATION,
            rule.map(|rule| ObjectLockConfigurationArgs { rule: Some(rule) }),
        )
        .set(
            Type::VERSIONING_CONFIGURATION,
            status.map(|status| VersioningConfigurationArgs { status }),
        ))
}

fn by_default(
    told: &sdk::ServerSideEncryptionByDefault,
) -> Option<ServerSideEncryptionByDefaultArgs> {
    let algorithm = told.sse_algorithm().as_str();
    Some(ServerSideEncryptionByDefaultArgs {
        sse_algorithm: word::<SseAlgorithm>(algorithm)?,
        kms_master_key_id: told.kms_master_key_id().and_then(|key| KmsKeyArn::parse(key).ok()),
    })
}

/// Every bucket encrypts: what it does by itself is nothing that the program said.
async fn encryption(aws: &Aws, request: &Request) -> Answer<Option<BucketEncryptionArgs>> {
    let told = aws.s3().get_bucket_encryption().bucket(&*request.id).send().await.if_found()?;
    let told = told.and_then(|told| told.server_side_encryption_configuration);
    let rules = told.iter().flat_map(|told| told.rules()).map(|rule| {
        let told = rule.apply_server_side_encryption_by_default();
        ServerSideEncryptionRuleArgs {
            server_side_encryption_by_default: told.and_then(by_default),
            bucket_key_enabled: rule.bucket_key_enabled().unwrap_or_default(),
        }
    });
    let rules: Vec<_> = rules.collect();
    let with_own_keys = |rule: &ServerSideEncryptionRuleArgs| {
        let by_default = rule.server_side_encryption_by_default.as_ref();
        by_default.is_some_and(|it| it.sse_algorithm == SseAlgorithm::Aes256)
    };
    let by_itself = is_unsaid(request, Type::BUCKET_ENCRYPTION) && rules.iter().all(with_own_keys);
    Ok((!rules.is_empty() && !by_itself)
        .then_some(BucketEncryptionArgs { server_side_encryption_configuration: rules }))
}

/// A bucket without a block shuts nothing.
async fn public_access(aws: &Aws, request: &Request) -> Answer<PublicAccessBlockConfigurationArgs> {
    let told = aws.s3().get_public_access_block().bucket(&*request.id).send().await.if_found()?;
    let told = told.and_then(|told| told.public_access_block_configuration);
    let shuts = |is: fn(&sdk::PublicAccessBlockConfiguration) -> Option<bool>| {
        told.as_ref().and_then(is).unwrap_or_default()
    };
    Ok(PublicAccessBlockConfigurationArgs {
        block_public_acls: shuts(sdk::PublicAccessBlockConfiguration::block_public_acls),
        block_public_policy: shuts(sdk::PublicAccessBlockConfiguration::block_public_policy),
        ignore_public_acls: shuts(sdk::PublicAccessBlockConfiguration::ignore_public_acls),
        restrict_public_buckets: shuts(
            sdk::PublicAccessBlockConfiguration::restrict_public_buckets,
        ),
    })
}

/// What a new bucket has is nothing that the program said.
async fn ownership(aws: &Aws, request: &Request) -> Answer<Option<OwnershipControlsArgs>> {
    let told = aws.s3().get_bucket_ownership_controls().bucket(&*request.id).send().await;
    let told = told.if_found()?.and_then(|told| told.ownership_controls);
    let rules = told.iter().flat_map(|told| told.rules()).map(|rule| {
        let told = rule.object_ownership().as_str();
        let object_ownership = word::<ObjectOwnership>(told);
        OwnershipControlsRuleArgs { object_ownership }
    });
    let rules: Vec<_> = rules.collect();
    let usual = Some(ObjectOwnership::BucketOwnerEnforced);
    let by_itself = is_unsaid(request, Type::OWNERSHIP_CONTROLS)
        && rules.iter().all(|rule| rule.object_ownership == usual);
    Ok((!rules.is_empty() && !by_itself).then_some(OwnershipControlsArgs { rules }))
}

async fn logging(aws: &Aws, request: &Request) -> Answer<Option<LoggingConfigurationArgs>> {
    let bucket = &*request.id;
    let told = aws.s3().get_bucket_logging().bucket(bucket).send().await?;
    let known = recorded::<LoggingConfiguration, _>(request, Type::LOGGING_CONFIGURATION);
    let known = known.as_ref();
    let itself = known.is_some_and(|known| known.destination_bucket_name.is_none());
    let empty = known.and_then(|known| known.log_file_prefix.as_deref());
    Ok(told.logging_enabled.map(|told| {
        let target = Some(told.target_bucket()).filter(|target| !itself || *target != bucket);
        LoggingConfigurationArgs {
            destination_bucket_name: target.and_then(|name| BucketName::parse(name).ok()),
            log_file_prefix: super::prefix(Some(told.target_prefix()), empty),
        }
    }))
}

fn cors_rule(rule: &sdk::CorsRule) -> Option<CorsRuleArgs> {
    let methods = rule.allowed_methods().iter();
    let methods = methods.map(|told| word::<CorsMethod>(told.as_str()));
    Some(CorsRuleArgs {
        allowed_methods: methods.collect::<Option<_>>()?,
        allowed_origins: rule.allowed_origins().to_vec(),
        allowed_headers: rule.allowed_headers().to_vec(),
        exposed_headers: rule.expose_headers().to_vec(),
        id: rule.id().map(str::to_owned),
        max_age: count(rule.max_age_seconds()).map(Seconds),
    })
}

async fn cors(aws: &Aws, request: &Request) -> Answer<Option<CorsConfigurationArgs>> {
    let told = aws.s3().get_bucket_cors().bucket(&*request.id).send().await.if_found()?;
    let told = told.filter(|told| !told.cors_rules().is_empty());
    Ok(told.map(|told| CorsConfigurationArgs {
        cors_rules: told.cors_rules().iter().filter_map(cors_rule).collect(),
    }))
}
