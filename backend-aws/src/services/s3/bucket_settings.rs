//! What a bucket is told by calls of their own.

use aws_sdk_s3::types as sdk;
use infra_core::{
    aws::s3::{self, ObjectLockConfigurationArgs, ObjectOwnership, VersioningConfigurationArgs},
    handler::{Problem, TypedRequest},
};

use super::{bucket_lifecycle, bucket_notification, bucket_replication};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    plain::int,
};

type Asked<'a> = TypedRequest<'a, s3::Bucket>;

/// What the builders of the SDK ask for.
const THERE: &str = "what must be said is said";

/// Says what some properties are to be. Replication ends before versions do, and locks and
/// replication begin after them.
pub(super) async fn apply(aws: &Aws, request: &Asked<'_>, due: &[&str]) -> Answer<()> {
    let args = &request.args;
    let is_due = |name: &str| due.contains(&name);
    let replicates = args.replication_configuration.is_some();
    if is_due("replication_configuration") && !replicates {
        aws.s3().delete_bucket_replication().bucket(&*request.id).send().await?;
    }
    if is_due("versioning_configuration") {
        set_versioning(aws, request).await?;
    }
    if is_due("object_lock_enabled") || is_due("object_lock_configuration") {
        set_lock(aws, request).await?;
    }
    if is_due("replication_configuration") && replicates {
        set_replication(aws, request).await?;
    }
    if is_due("bucket_encryption") {
        set_encryption(aws, request).await?;
    }
    if is_due("public_access_block_configuration") {
        set_public_access(aws, request).await?;
    }
    if is_due("ownership_controls") {
        set_ownership(aws, request).await?;
    }
    if is_due("lifecycle_configuration") {
        set_lifecycle(aws, request).await?;
    }
    if is_due("logging_configuration") {
        set_logging(aws, request).await?;
    }
    if is_due("notification_configuration") {
        set_notification(aws, request).await?;
    }
    if is_due("cors_configuration") {
        set_cors(aws, request).await?;
    }
    Ok(())
}

async fn set_versioning(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let Some(VersioningConfigurationArgs { status }) = &request.args.versioning_configuration
    else {
        let property = Some("versioning_configuration".to_owned());
        let message = "versions can't be taken back from a bucket; suspend them";
        let problem = Problem::Invalid { property };
        return Err(Error::refused(problem, "s3", "PutBucketVersioning", message));
    };
    let versioning = sdk::VersioningConfiguration::builder().status(status.as_str().into());
    let put = aws.s3().put_bucket_versioning().bucket(&*request.id);
    put.versioning_configuration(versioning.build()).send().await?;
    Ok(())
}

fn lock_rule(lock: &ObjectLockConfigurationArgs) -> Option<sdk::ObjectLockRule> {
    let rule = lock.rule.as_ref()?;
    let retention = rule.default_retention.as_ref().map(|it| {
        sdk::DefaultRetention::builder()
            .set_mode(it.mode.map(|mode| mode.as_str().into()))
            .set_days(it.days.map(|days| int(days.0)))
            .set_years(it.years.map(int))
            .build()
    });
    Some(sdk::ObjectLockRule::builder().set_default_retention(retention).build())
}

/// Says both that objects may be locked, which is never taken back, and for how long.
async fn set_lock(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    if !request.args.object_lock_enabled {
        let property = Some("object_lock_enabled".to_owned());
        let message = "locks can't be taken back from a bucket";
        let problem = Problem::Invalid { property };
        return Err(Error::refused(problem, "s3", "PutObjectLockConfiguration", message));
    }
    let lock = sdk::ObjectLockConfiguration::builder()
        .object_lock_enabled(sdk::ObjectLockEnabled::Enabled)
        .set_rule(request.args.object_lock_configuration.as_ref().and_then(lock_rule));
    let put = aws.s3().put_object_lock_configuration().bucket(&*request.id);
    put.object_lock_configuration(lock.build()).send().await?;
    Ok(())
}

async fn set_replication(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let wanted = request.args.replication_configuration.as_ref().map(bucket_replication::to_sdk);
    let put = aws.s3().put_bucket_replication().bucket(&*request.id);
    put.set_replication_configuration(wanted).send().await?;
    Ok(())
}

async fn set_encryption(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let bucket = &*request.id;
    let Some(encryption) = &request.args.bucket_encryption else {
        aws.s3().delete_bucket_encryption().bucket(bucket).send().await?;
        return Ok(());
    };
    let rules = encryption.server_side_encryption_configuration.iter().map(|rule| {
        let by_default = rule.server_side_encryption_by_default.as_ref().map(|it| {
            sdk::ServerSideEncryptionByDefault::builder()
                .sse_algorithm(it.sse_algorithm.as_str().into())
                .set_kms_master_key_id(it.kms_master_key_id.as_ref().map(ToString::to_string))
                .build()
                .expect(THERE)
        });
        sdk::ServerSideEncryptionRule::builder()
            .set_apply_server_side_encryption_by_default(by_default)
            .bucket_key_enabled(rule.bucket_key_enabled)
            .build()
    });
    let all = sdk::ServerSideEncryptionConfiguration::builder().set_rules(Some(rules.collect()));
    let put = aws.s3().put_bucket_encryption().bucket(bucket);
    put.server_side_encryption_configuration(all.build().expect(THERE)).send().await?;
    Ok(())
}

async fn set_public_access(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let wanted = &request.args.public_access_block_configuration;
    let block = sdk::PublicAccessBlockConfiguration::builder()
        .block_public_acls(wanted.block_public_acls)
        .block_public_policy(wanted.block_public_policy)
        .ignore_public_acls(wanted.ignore_public_acls)
        .restrict_public_buckets(wanted.restrict_public_buckets);
    let put = aws.s3().put_public_access_block().bucket(&*request.id);
    put.public_access_block_configuration(block.build()).send().await?;
    Ok(())
}

/// A bucket without controls would leave objects to those who put them, as before 2023: what a new
/// bucket has is said.
async fn set_ownership(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let wanted = request.args.ownership_controls.as_ref().map(|wanted| &*wanted.rules);
    let words = wanted.map(|rules| rules.iter().filter_map(|rule| rule.object_ownership).collect());
    let words = words.unwrap_or_else(|| vec![ObjectOwnership::BucketOwnerEnforced]);
    let rules = words.iter().map(|word| {
        let rule = sdk::OwnershipControlsRule::builder().object_ownership(word.as_str().into());
        rule.build().expect(THERE)
    });
    let all = sdk::OwnershipControls::builder().set_rules(Some(rules.collect()));
    let put = aws.s3().put_bucket_ownership_controls().bucket(&*request.id);
    put.ownership_controls(all.build().expect(THERE)).send().await?;
    Ok(())
}

async fn set_lifecycle(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let bucket = &*request.id;
    match &request.args.lifecycle_configuration {
        Some(wanted) => {
            let wanted = bucket_lifecycle::to_sdk(wanted);
            let put = aws.s3().put_bucket_lifecycle_configuration().bucket(bucket);
            put.lifecycle_configuration(wanted).send().await?;
        }
        None => {
            aws.s3().delete_bucket_lifecycle().bucket(bucket).send().await?;
        }
    }
    Ok(())
}

async fn set_logging(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let bucket = &*request.id;
    let logging = request.args.logging_configuration.as_ref().map(|wanted| {
        let target = wanted.destination_bucket_name.as_ref().map_or(bucket, |name| name.as_str());
        let logging = sdk::LoggingEnabled::builder().target_bucket(target);
        let prefix = wanted.log_file_prefix.clone().unwrap_or_default();
        logging.target_prefix(prefix).build().expect(THERE)
    });
    let status = sdk::BucketLoggingStatus::builder().set_logging_enabled(logging).build();
    let put = aws.s3().put_bucket_logging().bucket(bucket);
    put.bucket_logging_status(status).send().await?;
    Ok(())
}

async fn set_notification(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let wanted = request.args.notification_configuration.as_ref();
    let put = aws.s3().put_bucket_notification_configuration().bucket(&*request.id);
    put.notification_configuration(bucket_notification::to_sdk(wanted)).send().await?;
    Ok(())
}

async fn set_cors(aws: &Aws, request: &Asked<'_>) -> Answer<()> {
    let bucket = &*request.id;
    let Some(cors) = &request.args.cors_configuration else {
        aws.s3().delete_bucket_cors().bucket(bucket).send().await?;
        return Ok(());
    };
    let given = |texts: &[String]| (!texts.is_empty()).then(|| texts.to_vec());
    let rules = cors.cors_rules.iter().map(|rule| {
        let methods = rule.allowed_methods.iter().map(|method| method.as_str().to_owned());
        sdk::CorsRule::builder()
            .set_id(rule.id.clone())
            .set_allowed_methods(Some(methods.collect()))
            .set_allowed_origins(Some(rule.allowed_origins.clone()))
            .set_allowed_headers(given(&rule.allowed_headers))
            .set_expose_headers(given(&rule.exposed_headers))
            .set_max_age_seconds(rule.max_age.map(|seconds| int(seconds.0)))
            .build()
            .expect(THERE)
    });
    let all = sdk::CorsConfiguration::builder().set_cors_rules(Some(rules.collect()));
    let put = aws.s3().put_bucket_cors().bucket(bucket);
    put.cors_configuration(all.build().expect(THERE)).send().await?;
    Ok(())
}
