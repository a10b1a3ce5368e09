//! What AWS tells of a cluster, as a program says it.

use aws_sdk_rds::types::{self as sdk, LocalWriteForwardingStatus as Forwarding};
use infra_core::{
    aws::rds::{DatabaseInsightsMode, ServerlessV2ScalingConfigurationArgs, StorageType},
    dsl::Prop,
    handler::Request,
    types::{PropertyType, Seconds},
    value::Value,
};

use super::Type;
use crate::{
    seen::Seen,
    services::rds::{days, number, tags},
};

/// How long idle instances wait before they pause, where the program does not say.
const PAUSE: Seconds = Seconds(300);

const DELETING: &str = "deleting";
const FAILED: &[&str] =
    &["cloning-failed", "failed", "inaccessible-encryption-credentials", "migration-failed"];

pub(super) fn is_deleting(cluster: &sdk::DbCluster) -> bool {
    cluster.status() == Some(DELETING)
}

/// Its state. AWS says for a moment that a cluster is available which it is about to change.
fn state(cluster: &sdk::DbCluster) -> Option<&str> {
    let pending = cluster.pending_modified_values().is_some_and(|pending| {
        pending.backup_retention_period().is_some()
            || pending.engine_version().is_some()
            || pending.iam_database_authentication_enabled().is_some()
            || pending.master_user_password().is_some()
            || pending.pending_cloudwatch_logs_exports().is_some()
            || pending.storage_type().is_some()
    });
    let status = cluster.status();
    if pending && status == Some("available") { Some("about to change") } else { status }
}

/// It as one of many.
pub(super) fn listed(cluster: &sdk::DbCluster) -> Seen {
    Seen::new(cluster.db_cluster_identifier().unwrap_or_default())
        .text(Type::DB_CLUSTER_IDENTIFIER, cluster.db_cluster_identifier())
        .tags(tags(cluster.tag_list()))
        .state(state(cluster), &["available"], &[DELETING], FAILED)
}

/// All that is told of it.
pub(super) fn seen(cluster: &sdk::DbCluster, request: &Request) -> Seen {
    let groups = cluster.vpc_security_groups().iter();
    let groups = groups.filter(|group| group.status() != Some("removing"));
    let groups = groups.filter_map(|group| group.vpc_security_group_id());
    let port = cluster.port().and_then(|port| u16::try_from(port).ok());
    let forwards = cluster.local_write_forwarding_status().is_some_and(|status| {
        matches!(status, Forwarding::Enabled | Forwarding::Enabling | Forwarding::Requested)
    });
    let back = cluster.backtrack_window().and_then(|seconds| u32::try_from(seconds).ok());
    let seen = listed(cluster)
        .text(Type::DB_SUBNET_GROUP_NAME, cluster.db_subnet_group())
        .texts(Type::VPC_SECURITY_GROUP_IDS, groups)
        .text(Type::ENGINE, cluster.engine())
        .text(Type::ENGINE_VERSION, cluster.engine_version())
        .text(Type::DATABASE_NAME, cluster.database_name())
        .text(Type::DB_CLUSTER_PARAMETER_GROUP_NAME, cluster.db_cluster_parameter_group())
        .set(Type::PORT, port)
        .set(Type::STORAGE_ENCRYPTED, cluster.storage_encrypted())
        .text(Type::KMS_KEY_ID, cluster.kms_key_id().filter(|key| !key.is_empty()))
        // What is paid by size and use AWS does not name.
        .text(
            Type::STORAGE_TYPE,
            Some(cluster.storage_type().unwrap_or(StorageType::Aurora.as_str())),
        )
        .set(Type::BACKUP_RETENTION_PERIOD, days(cluster.backup_retention_period()))
        .text(Type::PREFERRED_BACKUP_WINDOW, cluster.preferred_backup_window())
        .text(Type::PREFERRED_MAINTENANCE_WINDOW, cluster.preferred_maintenance_window())
        .set(Type::BACKTRACK_WINDOW, Seconds(back.unwrap_or_default()))
        .set(Type::COPY_TAGS_TO_SNAPSHOT, cluster.copy_tags_to_snapshot())
        .texts(Type::ENABLE_CLOUDWATCH_LOGS_EXPORTS, cluster.enabled_cloudwatch_logs_exports())
        .set(Type::SERVERLESS_V2_SCALING_CONFIGURATION, scaling(cluster, request))
        .set(
            Type::ENABLE_IAM_DATABASE_AUTHENTICATION,
            cluster.iam_database_authentication_enabled().unwrap_or_default(),
        )
        .set(Type::ENABLE_LOCAL_WRITE_FORWARDING, forwards)
        .set(Type::DELETION_PROTECTION, cluster.deletion_protection());
    outputs(first_user(insights(seen, cluster, request), cluster, request), cluster)
}

/// A value that AWS chooses where the program says nothing: then the program has none.
fn unless_chosen<'a, T: PropertyType>(
    request: &Request,
    prop: Prop<Type, T>,
    told: Option<&'a str>,
) -> Option<&'a str> {
    told.filter(|told| !told.is_empty() && request.inputs.has(prop.slot))
}

/// The first user. One that came with a snapshot or another cluster the program does not name.
fn first_user(seen: Seen, cluster: &sdk::DbCluster, request: &Request) -> Seen {
    let secret = cluster.master_user_secret();
    let name = unless_chosen(request, Type::MASTER_USERNAME, cluster.master_username());
    let key = secret.and_then(|secret| secret.kms_key_id());
    let key = unless_chosen(request, Type::MASTER_USER_SECRET_KMS_KEY_ID, key);
    let arn = secret.and_then(|secret| secret.secret_arn());
    seen.text(Type::MASTER_USERNAME, name)
        .set(Type::MANAGE_MASTER_USER_PASSWORD, secret.is_some())
        .text(Type::MASTER_USER_SECRET_KMS_KEY_ID, key)
        .text(Type::MASTER_USER_SECRET_ARN, arn)
}

/// What is kept of load. For how long AWS tells where something is kept alone.
fn insights(seen: Seen, cluster: &sdk::DbCluster, request: &Request) -> Seen {
    let mode = cluster.database_insights_mode().map(sdk::DatabaseInsightsMode::as_str);
    let enabled = cluster.performance_insights_enabled().unwrap_or_default();
    let key = cluster.performance_insights_kms_key_id();
    let key = unless_chosen(request, Type::PERFORMANCE_INSIGHTS_KMS_KEY_ID, key);
    let kept = Type::PERFORMANCE_INSIGHTS_RETENTION_PERIOD;
    let told = number(cluster.performance_insights_retention_period()).filter(|_| enabled);
    let recorded = request.inputs.get(kept.slot);
    let told = told.map_or_else(|| recorded.clone(), |days| Value::Int(days.into()));
    seen.text(
        Type::DATABASE_INSIGHTS_MODE,
        Some(mode.unwrap_or(DatabaseInsightsMode::Standard.as_str())),
    )
    .set(Type::PERFORMANCE_INSIGHTS_ENABLED, enabled)
    .text(Type::PERFORMANCE_INSIGHTS_KMS_KEY_ID, key)
    .value(kept, told)
}

fn scaling(
    cluster: &sdk::DbCluster,
    request: &Request,
) -> Option<ServerlessV2ScalingConfigurationArgs> {
    let told = cluster.serverless_v2_scaling_configuration()?;
    let slot = Type::SERVERLESS_V2_SCALING_CONFIGURATION.slot;
    let given = request.inputs.get(slot).field("seconds_until_auto_pause").is_some();
    let pause = number(told.seconds_until_auto_pause()).map(Seconds);
    Some(ServerlessV2ScalingConfigurationArgs {
        min_capacity: told.min_capacity()?,
        max_capacity: told.max_capacity()?,
        seconds_until_auto_pause: pause.filter(|pause| given || *pause != PAUSE),
    })
}

fn outputs(seen: Seen, cluster: &sdk::DbCluster) -> Seen {
    let mut zones = cluster.availability_zones().to_vec();
    zones.sort_unstable();
    seen.text(Type::DB_CLUSTER_ARN, cluster.db_cluster_arn())
        .text(Type::DB_CLUSTER_RESOURCE_ID, cluster.db_cluster_resource_id())
        .text(Type::ENDPOINT, cluster.endpoint())
        .text(Type::READER_ENDPOINT, cluster.reader_endpoint())
        .texts(Type::AVAILABILITY_ZONES, zones)
}
