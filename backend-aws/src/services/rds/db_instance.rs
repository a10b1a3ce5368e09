//! `aws:rds:DbInstance`.

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds,
    handler::{Deletion, Problem, Request, TypedRequest},
    types::Seconds,
};

use super::{days, int, new_tags, number, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, linked, passed, sealed},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct DbInstance;

type Type = rds::DbInstance;

const READY: &[&str] = &["available", "storage-optimization"];
const DELETING: &str = "deleting";
const FAILED: &[&str] = &[
    "failed",
    "inaccessible-encryption-credentials",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
];
const INSIGHTS: &[&str] = &["enable_performance_insights", "performance_insights_retention_period"];
const MONITORING: &[&str] = &["monitoring_interval", "monitoring_role_arn"];
/// Everything else that a call changes.
const PLAIN: &[&str] = &[
    "auto_minor_version_upgrade",
    "ca_certificate_identifier",
    "db_instance_class",
    "db_parameter_group_name",
    "preferred_maintenance_window",
    "promotion_tier",
    "publicly_accessible",
];

/// Its state. AWS says for a moment that an instance is available which it is about to change.
fn state(instance: &sdk::DbInstance) -> Option<&str> {
    let pending = instance.pending_modified_values().is_some_and(|pending| {
        pending.ca_certificate_identifier().is_some() || pending.db_instance_class().is_some()
    });
    let status = instance.db_instance_status();
    if pending && status == Some(READY[0]) { Some("about to change") } else { status }
}

fn seen(instance: &sdk::DbInstance) -> Seen {
    let id = instance.db_instance_identifier();
    let group = instance.db_parameter_groups().first();
    let insights = instance.performance_insights_enabled().unwrap_or_default();
    let key = instance.performance_insights_kms_key_id().filter(|_| insights);
    let kept = days(instance.performance_insights_retention_period()).filter(|_| insights);
    let interval = number(instance.monitoring_interval()).unwrap_or_default();
    let host = instance.endpoint().and_then(|endpoint| endpoint.address());
    Seen::new(id.unwrap_or_default())
        .text(Type::DB_CLUSTER_IDENTIFIER, instance.db_cluster_identifier())
        .text(Type::DB_INSTANCE_CLASS, instance.db_instance_class())
        .text(Type::DB_INSTANCE_IDENTIFIER, id)
        .text(Type::ENGINE, instance.engine())
        .text(Type::AVAILABILITY_ZONE, instance.availability_zone())
        .text(
            Type::DB_PARAMETER_GROUP_NAME,
            group.and_then(|group| group.db_parameter_group_name()),
        )
        .set(Type::PROMOTION_TIER, number(instance.promotion_tier()))
        .set(Type::PUBLICLY_ACCESSIBLE, instance.publicly_accessible())
        .set(Type::AUTO_MINOR_VERSION_UPGRADE, instance.auto_minor_version_upgrade())
        .text(Type::PREFERRED_MAINTENANCE_WINDOW, instance.preferred_maintenance_window())
        .set(Type::MONITORING_INTERVAL, Seconds(interval))
        .text(Type::MONITORING_ROLE_ARN, instance.monitoring_role_arn())
        .set(Type::ENABLE_PERFORMANCE_INSIGHTS, insights)
        .text(Type::PERFORMANCE_INSIGHTS_KMS_KEY_ID, key)
        .set(Type::PERFORMANCE_INSIGHTS_RETENTION_PERIOD, kept)
        .text(Type::CA_CERTIFICATE_IDENTIFIER, instance.ca_certificate_identifier())
        .text(Type::DB_INSTANCE_ARN, instance.db_instance_arn())
        .text(Type::DBI_RESOURCE_ID, instance.dbi_resource_id())
        .text(Type::ENDPOINT, host)
        .tags(tags(instance.tag_list()))
        .state(state(instance), READY, &[DELETING], FAILED)
}

async fn modify(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let is = |name: &str| changed(request, &[name]);
    let (monitored, insights) = (changed(request, MONITORING), changed(request, INSIGHTS));
    let group = args.db_parameter_group_name.as_ref().map(ToString::to_string);
    let window = args.preferred_maintenance_window.map(|window| window.to_string());
    let role = args.monitoring_role_arn.as_ref().map(ToString::to_string);
    let authority = args.ca_certificate_identifier.clone();
    let kept = args.performance_insights_retention_period.map(|days| int(days.0));
    let key = args.performance_insights_kms_key_id.as_ref().map(ToString::to_string);
    let kept_at_all = insights && args.enable_performance_insights != Some(false);
    let upgrades = args.auto_minor_version_upgrade;
    let call = aws.rds().modify_db_instance().db_instance_identifier(&*request.id);
    call.apply_immediately(true)
        .set_db_instance_class(is("db_instance_class").then(|| args.db_instance_class.clone()))
        .set_db_parameter_group_name(group.filter(|_| is("db_parameter_group_name")))
        .set_promotion_tier(is("promotion_tier").then_some(int(args.promotion_tier)))
        .set_publicly_accessible(is("publicly_accessible").then_some(args.publicly_accessible))
        .set_auto_minor_version_upgrade(is("auto_minor_version_upgrade").then_some(upgrades))
        .set_preferred_maintenance_window(window.filter(|_| is("preferred_maintenance_window")))
        .set_monitoring_interval(monitored.then_some(int(args.monitoring_interval.0)))
        .set_monitoring_role_arn(role.filter(|_| monitored))
        .set_enable_performance_insights(args.enable_performance_insights.filter(|_| insights))
        .set_performance_insights_kms_key_id(key.filter(|_| kept_at_all))
        .set_performance_insights_retention_period(kept.filter(|_| kept_at_all))
        .set_ca_certificate_identifier(authority.filter(|_| is("ca_certificate_identifier")))
        .send()
        .await?;
    Ok(())
}

async fn describe(aws: &Aws, id: &str) -> Answer<Option<sdk::DbInstance>> {
    let asked = aws.rds().describe_db_instances().db_instance_identifier(id);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.db_instances().first().cloned()))
}

impl Resource for DbInstance {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateDBInstance").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster:*"),
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:subgrp:*"),
        ]),
        UPDATE.needs("rds:ModifyDBInstance").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:subgrp:*"),
        ]),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeDBInstances").on(OWN),
        DELETE.needs("rds:DeleteDBInstance").on(OWN),
        linked!(CREATE, "rds.amazonaws.com"),
        passed!(CREATE.and(UPDATE), "monitoring.rds.amazonaws.com"),
        sealed!(CREATE.and(UPDATE), "kms:CreateGrant", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:DescribeKey", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "rds"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let group = args.db_parameter_group_name.as_ref().map(ToString::to_string);
        let window = args.preferred_maintenance_window.map(|window| window.to_string());
        let role = args.monitoring_role_arn.as_ref().map(ToString::to_string);
        let key = args.performance_insights_kms_key_id.as_ref().map(ToString::to_string);
        let kept = args.performance_insights_retention_period.map(|days| int(days.0));
        let made = aws
            .rds()
            .create_db_instance()
            .set_db_instance_identifier(request.name().map(str::to_owned))
            .db_cluster_identifier(args.db_cluster_identifier.as_str())
            .db_instance_class(&args.db_instance_class)
            .engine(args.engine.as_str())
            .set_availability_zone(args.availability_zone.clone())
            .set_db_parameter_group_name(group)
            .promotion_tier(int(args.promotion_tier))
            .publicly_accessible(args.publicly_accessible)
            .auto_minor_version_upgrade(args.auto_minor_version_upgrade)
            .set_preferred_maintenance_window(window)
            .monitoring_interval(int(args.monitoring_interval.0))
            .set_monitoring_role_arn(role)
            .set_enable_performance_insights(args.enable_performance_insights)
            .set_performance_insights_kms_key_id(key)
            .set_performance_insights_retention_period(kept)
            .set_ca_certificate_identifier(args.ca_certificate_identifier.clone())
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("rds", "CreateDBInstance", "DBInstance");
        Ok(seen(made.db_instance().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if [PLAIN, INSIGHTS, MONITORING].into_iter().any(|names| changed(request, names)) {
            modify(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(describe(aws, &request.id).await?.as_ref().map(seen))
    }

    /// An instance of a cluster has no data of its own: there is no last snapshot of it.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let delete = aws.rds().delete_db_instance().db_instance_identifier(id);
        let deleted = delete.skip_final_snapshot(true).send().await.map_err(Error::from);
        match deleted {
            Ok(_) => Ok(Deletion::Started),
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                let told = describe(aws, id).await?;
                let goes = told.is_some_and(|it| it.db_instance_status() == Some(DELETING));
                if goes { Ok(Deletion::Started) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_db_instances().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(seen).collect())
    }
}
