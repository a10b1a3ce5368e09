//! `aws:rds:DbClusterSnapshot`.

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds,
    dsl::ResourceType,
    handler::{Deletion, Request, TypedRequest},
};

use super::{new_tags, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct DbClusterSnapshot;

type Type = rds::DbClusterSnapshot;

fn seen(snapshot: &sdk::DbClusterSnapshot) -> Seen {
    let name = snapshot.db_cluster_snapshot_identifier();
    Seen::new(name.unwrap_or_default())
        .text(Type::DB_CLUSTER_IDENTIFIER, snapshot.db_cluster_identifier())
        .text(Type::DB_CLUSTER_SNAPSHOT_IDENTIFIER, name)
        .text(Type::DB_CLUSTER_SNAPSHOT_ARN, snapshot.db_cluster_snapshot_arn())
        .tags(tags(snapshot.tag_list()))
        .state(snapshot.status(), &["available"], &["deleting"], &["failed"])
}

impl Resource for DbClusterSnapshot {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateDBClusterSnapshot").on(&[
            On::Own,
            On::Arn("arn:aws:rds:{region}:{account}:cluster:{db_cluster_identifier}"),
        ]),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeDBClusterSnapshots").on(OWN),
        DELETE.needs("rds:DeleteDBClusterSnapshot").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = aws
            .rds()
            .create_db_cluster_snapshot()
            .set_db_cluster_snapshot_identifier(request.name().map(str::to_owned))
            .db_cluster_identifier(request.args.db_cluster_identifier.as_str())
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("rds", "CreateDBClusterSnapshot", "DBClusterSnapshot");
        Ok(seen(made.db_cluster_snapshot().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.rds().describe_db_cluster_snapshots();
        let asked = asked.db_cluster_snapshot_identifier(&*request.id);
        let told = asked.send().await.if_found()?;
        Ok(told.and_then(|told| told.db_cluster_snapshots().first().map(seen)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.rds().delete_db_cluster_snapshot();
        delete.db_cluster_snapshot_identifier(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    /// The last snapshots of clusters, and those that AWS takes by itself, have the tags of their
    /// cluster: whose they are these do not say.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_db_cluster_snapshots().snapshot_type("manual");
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let own = |seen: &Seen| {
            seen.owner().is_none_or(|owner| owner.urn.ty() == Type::definition().name)
        };
        Ok(all.iter().map(seen).filter(own).collect())
    }
}
