//! `aws:rds:DbCluster`.

mod create;
mod modify;
mod told;

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::retag;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, linked, sealed},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct DbCluster;

type Type = rds::DbCluster;

async fn describe(aws: &Aws, id: &str) -> Answer<Option<sdk::DbCluster>> {
    let asked = aws.rds().describe_db_clusters().db_cluster_identifier(id);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.db_clusters().first().cloned()))
}

/// What a refusal to delete comes to: it is on its way already, or instances are in the way.
async fn not_deleted(aws: &Aws, id: &str, error: Error) -> Answer<Deletion> {
    if !matches!(error.0.problem, Problem::InUse { .. }) {
        return Err(error);
    }
    match describe(aws, id).await? {
        Some(cluster) if told::is_deleting(&cluster) => Ok(Deletion::Started),
        Some(cluster) => {
            let members = cluster.db_cluster_members().iter();
            let members = members.filter_map(|member| member.db_instance_identifier());
            Err(error.in_use(members.map(str::to_owned).collect()))
        }
        None => Ok(Deletion::Gone),
    }
}

const BOTH: &[On] = &[On::Own, On::Arn("arn:aws:rds:{region}:{account}:cluster-snapshot:*")];
const PASSWORD: &[On] = &[On::Arn("arn:aws:secretsmanager:{region}:{account}:secret:rds!*")];

impl Resource for DbCluster {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateDBCluster").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster-pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:subgrp:*"),
        ]),
        CREATE.and(UPDATE).needs("rds:ModifyDBCluster").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster-pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:pg:*"),
        ]),
        CREATE.needs("rds:RestoreDBClusterFromSnapshot").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster-pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:subgrp:*"),
            On::Arn("arn:aws:rds:{region}:{account}:cluster-snapshot:*"),
            On::Arn("arn:aws:rds:{region}:{account}:snapshot:*"),
        ]),
        CREATE.needs("rds:RestoreDBClusterToPointInTime").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster-pg:*"),
            On::Arn("arn:aws:rds:{region}:{account}:og:*"),
            On::Arn("arn:aws:rds:{region}:{account}:subgrp:*"),
            On::Arn("arn:aws:rds:{region}:{account}:cluster-auto-backup:*"),
        ]),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeDBClusters").on(OWN),
        DELETE.needs("rds:DeleteDBCluster").on(BOTH),
        linked!(CREATE, "rds.amazonaws.com"),
        sealed!(CREATE.and(UPDATE), "kms:CreateGrant", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:DescribeKey", "rds"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "rds"),
        CREATE
            .and(UPDATE)
            .needs("secretsmanager:CreateSecret")
            .on(PASSWORD)
            .given("manage_master_user_password"),
        CREATE
            .and(UPDATE)
            .needs("secretsmanager:TagResource")
            .on(PASSWORD)
            .given("manage_master_user_password"),
        CREATE
            .and(UPDATE)
            .needs("secretsmanager:RotateSecret")
            .on(PASSWORD)
            .given("manage_master_user_password"),
        sealed!(CREATE.and(UPDATE), "kms:CreateGrant", "secretsmanager"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "secretsmanager"),
        sealed!(CREATE.and(UPDATE), "kms:DescribeKey", "secretsmanager"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "secretsmanager"),
        DELETE.needs("rds:CreateDBClusterSnapshot").on(BOTH),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = create::create(aws, request).await?;
        Ok(told::seen(&made, request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        modify::configure(aws, request).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        modify::update(aws, request).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = describe(aws, &request.id).await?;
        Ok(told.map(|cluster| told::seen(&cluster, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let inputs = &request.inputs;
        let last = inputs.get(Type::FINAL_SNAPSHOT_IDENTIFIER.slot).as_str().map(str::to_owned);
        let backups = inputs.get(Type::DELETE_AUTOMATED_BACKUPS.slot).as_bool();
        let delete = aws.rds().delete_db_cluster().db_cluster_identifier(&*request.id);
        let deleted = delete
            .skip_final_snapshot(last.is_none())
            .set_final_db_snapshot_identifier(last)
            .set_delete_automated_backups(backups)
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(Deletion::Started),
            Err(error) => not_deleted(aws, &request.id, error.into()).await,
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_db_clusters().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(told::listed).collect())
    }
}
