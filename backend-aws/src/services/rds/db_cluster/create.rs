//! The three ways in which a cluster is made: new, of a snapshot, of another cluster.

use aws_sdk_rds::{
    primitives::{DateTime, DateTimeFormat},
    types as sdk,
};
use infra_core::{
    aws::rds,
    handler::{Problem, TypedRequest},
};

use super::Type;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    services::rds::{int, new_tags},
};

/// What all three calls take. Their builders have no type in common.
macro_rules! common {
    ($call:expr, $request:expr) => {{
        let args = &$request.args;
        let insights = args.performance_insights_enabled;
        let kept = insights.then(|| int(args.performance_insights_retention_period.0));
        let key = args.performance_insights_kms_key_id.as_ref().map(ToString::to_string);
        $call
            .set_db_cluster_identifier($request.name().map(str::to_owned))
            .db_subnet_group_name(args.db_subnet_group_name.as_str())
            .set_vpc_security_group_ids(Some(groups(args)))
            .set_port(args.port.map(i32::from))
            .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
            .enable_iam_database_authentication(args.enable_iam_database_authentication)
            .set_db_cluster_parameter_group_name(
                args.db_cluster_parameter_group_name.as_ref().map(ToString::to_string),
            )
            // What AWS chooses by itself it does not name either.
            .set_storage_type(
                (args.storage_type != rds::StorageType::Aurora)
                    .then(|| args.storage_type.as_str().to_owned()),
            )
            .backup_retention_period(int(args.backup_retention_period.0))
            .set_preferred_backup_window(
                args.preferred_backup_window.map(|window| window.to_string()),
            )
            .backtrack_window(args.backtrack_window.0.into())
            .copy_tags_to_snapshot(args.copy_tags_to_snapshot)
            .set_enable_cloudwatch_logs_exports(Some(logs(args)))
            .set_serverless_v2_scaling_configuration(scaling(args))
            .enable_performance_insights(insights)
            .set_performance_insights_kms_key_id(key)
            .set_performance_insights_retention_period(kept)
            .deletion_protection(args.deletion_protection)
            .set_tags(Some(new_tags($request)))
    }};
}

pub(super) fn groups(args: &rds::DbClusterArgs) -> Vec<String> {
    args.vpc_security_group_ids.iter().map(ToString::to_string).collect()
}

pub(super) fn logs(args: &rds::DbClusterArgs) -> Vec<String> {
    args.enable_cloudwatch_logs_exports.iter().map(|log| log.as_str().to_owned()).collect()
}

pub(super) fn scaling(args: &rds::DbClusterArgs) -> Option<sdk::ServerlessV2ScalingConfiguration> {
    let scaling = args.serverless_v2_scaling_configuration.as_ref()?;
    let pause = scaling.seconds_until_auto_pause.map(|seconds| int(seconds.0));
    let made = sdk::ServerlessV2ScalingConfiguration::builder()
        .min_capacity(scaling.min_capacity)
        .max_capacity(scaling.max_capacity)
        .set_seconds_until_auto_pause(pause);
    Some(made.build())
}

pub(super) fn password(args: &rds::DbClusterArgs) -> Option<String> {
    args.master_user_password.as_ref().map(|password| password.expose().expose().to_owned())
}

pub(super) async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<sdk::DbCluster> {
    let args = &request.args;
    if args.snapshot_identifier.is_some() {
        of_snapshot(aws, request).await
    } else if args.source_db_cluster_identifier.is_some() {
        of_cluster(aws, request).await
    } else {
        new(aws, request).await
    }
}

async fn new(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<sdk::DbCluster> {
    let args = &request.args;
    let advanced = args.database_insights_mode == rds::DatabaseInsightsMode::Advanced;
    let insights = advanced.then_some(sdk::DatabaseInsightsMode::Advanced);
    let managed = args.manage_master_user_password;
    let secret_key = args.master_user_secret_kms_key_id.as_ref().map(ToString::to_string);
    let window = args.preferred_maintenance_window.map(|window| window.to_string());
    let made = common!(aws.rds().create_db_cluster(), request)
        .engine(args.engine.as_str())
        .set_engine_version(args.engine_version.clone())
        .set_database_name(args.database_name.clone())
        .set_master_username(args.master_username.clone())
        .set_manage_master_user_password(managed.then_some(true))
        .set_master_user_secret_kms_key_id(secret_key)
        .set_master_user_password(password(args))
        .storage_encrypted(args.storage_encrypted)
        .set_preferred_maintenance_window(window)
        .set_database_insights_mode(insights)
        .enable_local_write_forwarding(args.enable_local_write_forwarding)
        .send()
        .await?;
    made.db_cluster.ok_or_else(|| Error::incomplete("rds", "CreateDBCluster", "DBCluster"))
}

/// Whether it is encrypted, and with what, follows from the snapshot where no key is given.
async fn of_snapshot(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<sdk::DbCluster> {
    let args = &request.args;
    let snapshot = args.snapshot_identifier.as_ref().map(ToString::to_string);
    let made = common!(aws.rds().restore_db_cluster_from_snapshot(), request)
        .set_snapshot_identifier(snapshot)
        .engine(args.engine.as_str())
        .set_engine_version(args.engine_version.clone())
        .set_database_name(args.database_name.clone())
        .send()
        .await?;
    let incomplete = || Error::incomplete("rds", "RestoreDBClusterFromSnapshot", "DBCluster");
    made.db_cluster.ok_or_else(incomplete)
}

async fn of_cluster(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<sdk::DbCluster> {
    const CALL: &str = "RestoreDBClusterToPointInTime";
    let args = &request.args;
    let time = args.restore_to_time.as_ref().map(|time| {
        DateTime::from_str(time, DateTimeFormat::DateTime).map_err(|error| {
            let problem = Problem::Invalid { property: Some("restore_to_time".to_owned()) };
            Error::refused(problem, "rds", CALL, error.to_string())
        })
    });
    let latest = args.use_latest_restorable_time;
    let source = args.source_db_cluster_identifier.as_ref().map(ToString::to_string);
    let made = common!(aws.rds().restore_db_cluster_to_point_in_time(), request)
        .set_source_db_cluster_identifier(source)
        .set_restore_to_time(time.transpose()?)
        .set_use_latest_restorable_time(latest.then_some(true))
        .set_restore_type(args.restore_type.map(|kind| kind.as_str().to_owned()))
        .send()
        .await?;
    made.db_cluster.ok_or_else(|| Error::incomplete("rds", CALL, "DBCluster"))
}
