//! What a call changes of a cluster that is there.

use aws_sdk_rds::types::CloudwatchLogsExportConfiguration;
use infra_core::{aws::rds::DatabaseInsightsMode, handler::TypedRequest};

use super::{
    Type,
    create::{groups, logs, password, scaling},
    describe,
};
use crate::{aws::Aws, error::Answer, resource::changed, services::rds::int};

/// What a cluster that is made of another one, or of a snapshot, has of that one, or of nobody,
/// until it is told otherwise: the calls that make it do not take these.
const LEFT_BY_RESTORE: &[&str] = &[
    "database_insights_mode",
    "enable_local_write_forwarding",
    "manage_master_user_password",
    "master_user_password",
    "preferred_maintenance_window",
];
const INSIGHTS: &[&str] = &[
    "database_insights_mode",
    "performance_insights_enabled",
    "performance_insights_retention_period",
];
const PASSWORD: &[&str] = &["manage_master_user_password", "master_user_password"];
const SECRET: &[&str] = &["manage_master_user_password", "master_user_secret_kms_key_id"];
/// Everything else that a call changes.
const PLAIN: &[&str] = &[
    "backtrack_window",
    "backup_retention_period",
    "copy_tags_to_snapshot",
    "db_cluster_parameter_group_name",
    "deletion_protection",
    "enable_cloudwatch_logs_exports",
    "enable_iam_database_authentication",
    "enable_local_write_forwarding",
    "engine_version",
    "port",
    "preferred_backup_window",
    "preferred_maintenance_window",
    "serverless_v2_scaling_configuration",
    "storage_type",
    "vpc_security_group_ids",
];

/// Says what a restore could not.
pub(super) async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    if args.snapshot_identifier.is_none() && args.source_db_cluster_identifier.is_none() {
        return Ok(());
    }
    let said = |name: &str| match name {
        "database_insights_mode" => args.database_insights_mode == DatabaseInsightsMode::Advanced,
        "enable_local_write_forwarding" => args.enable_local_write_forwarding,
        "manage_master_user_password" => args.manage_master_user_password,
        "master_user_password" => args.master_user_password.is_some(),
        "preferred_maintenance_window" => args.preferred_maintenance_window.is_some(),
        _ => false,
    };
    if !LEFT_BY_RESTORE.iter().any(|name| said(name)) {
        return Ok(());
    }
    modify(aws, request, |names| names.iter().any(|name| said(name))).await
}

/// Says what changed.
pub(super) async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let has = |names: &[&str]| changed(request, names);
    if ![PLAIN, INSIGHTS, PASSWORD, SECRET].into_iter().any(has) {
        return Ok(());
    }
    modify(aws, request, has).await
}

/// Which logs go to CloudWatch from now on, and which no more: AWS wants the difference.
async fn exports(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
) -> Answer<CloudwatchLogsExportConfiguration> {
    let wanted = logs(&request.args);
    let cluster = describe(aws, &request.id).await?;
    let had = cluster.map(|cluster| cluster.enabled_cloudwatch_logs_exports().to_vec());
    let had = had.unwrap_or_default();
    let new = wanted.iter().filter(|log| !had.contains(log)).cloned().collect::<Vec<_>>();
    let gone = had.iter().filter(|log| !wanted.contains(log)).cloned().collect::<Vec<_>>();
    let made = CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types((!new.is_empty()).then_some(new))
        .set_disable_log_types((!gone.is_empty()).then_some(gone));
    Ok(made.build())
}

async fn modify(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    has: impl Fn(&[&str]) -> bool,
) -> Answer<()> {
    let args = &request.args;
    let is = |name: &str| has(&[name]);
    let call = aws.rds().modify_db_cluster().db_cluster_identifier(&*request.id);
    let mut call = call.apply_immediately(true);
    if is("vpc_security_group_ids") {
        call = call.set_vpc_security_group_ids(Some(groups(args)));
    }
    if is("engine_version") {
        call = call
            .set_engine_version(args.engine_version.clone())
            .allow_major_version_upgrade(args.allow_major_version_upgrade);
    }
    if is("db_cluster_parameter_group_name") {
        let name = args.db_cluster_parameter_group_name.as_ref().map(ToString::to_string);
        call = call.set_db_cluster_parameter_group_name(name);
    }
    if has(PASSWORD) && !args.manage_master_user_password {
        let managed = is("manage_master_user_password").then_some(false);
        call = call.set_manage_master_user_password(managed);
        call = call.set_master_user_password(password(args));
    }
    if has(SECRET) && args.manage_master_user_password {
        let key = args.master_user_secret_kms_key_id.as_ref().map(ToString::to_string);
        call = call.manage_master_user_password(true).set_master_user_secret_kms_key_id(key);
    }
    if has(INSIGHTS) {
        let enabled = args.performance_insights_enabled;
        let kept = enabled.then(|| int(args.performance_insights_retention_period.0));
        let key = args.performance_insights_kms_key_id.as_ref().map(ToString::to_string);
        let mode = args.database_insights_mode.as_str().into();
        call = call
            .database_insights_mode(mode)
            .enable_performance_insights(enabled)
            .set_performance_insights_kms_key_id(key.filter(|_| enabled))
            .set_performance_insights_retention_period(kept);
    }
    if is("enable_cloudwatch_logs_exports") {
        call = call.cloudwatch_logs_export_configuration(exports(aws, request).await?);
    }
    if is("serverless_v2_scaling_configuration") {
        call = call.set_serverless_v2_scaling_configuration(scaling(args));
    }
    let window = |name: &str, text: Option<String>| text.filter(|_| is(name));
    let backup = args.preferred_backup_window.map(|it| it.to_string());
    let work = args.preferred_maintenance_window.map(|it| it.to_string());
    let retention = int(args.backup_retention_period.0);
    call.set_port(args.port.map(i32::from).filter(|_| is("port")))
        .set_enable_iam_database_authentication(
            is("enable_iam_database_authentication")
                .then_some(args.enable_iam_database_authentication),
        )
        .set_storage_type(is("storage_type").then(|| args.storage_type.as_str().to_owned()))
        .set_backup_retention_period(is("backup_retention_period").then_some(retention))
        .set_preferred_backup_window(window("preferred_backup_window", backup))
        .set_preferred_maintenance_window(window("preferred_maintenance_window", work))
        .set_backtrack_window(is("backtrack_window").then(|| args.backtrack_window.0.into()))
        .set_copy_tags_to_snapshot(
            is("copy_tags_to_snapshot").then_some(args.copy_tags_to_snapshot),
        )
        .set_enable_local_write_forwarding(
            is("enable_local_write_forwarding").then_some(args.enable_local_write_forwarding),
        )
        .set_deletion_protection(is("deletion_protection").then_some(args.deletion_protection))
        .send()
        .await?;
    Ok(())
}
