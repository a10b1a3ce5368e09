//! `aws:ec2:RouteTable`.

use aws_sdk_ec2::types::{self as sdk, Filter, ResourceType};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{any_of, new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    gather::together,
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RouteTable;

fn seen(table: &sdk::RouteTable) -> Seen {
    Seen::new(table.route_table_id().unwrap_or_default())
        .text(ec2::RouteTable::VPC_ID, table.vpc_id())
        .text(ec2::RouteTable::ROUTE_TABLE_ID, table.route_table_id())
        .tags(tags(table.tags()))
}

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<Seen>> {
    let all = aws.ec2().describe_route_tables().set_filters(filters).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.iter().map(seen).collect())
}

impl Resource for RouteTable {
    type Type = ec2::RouteTable;

    const LISTS_ALL: bool = true;
    const STATELESS: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateRouteTable").on(&[On::Own, of_ec2::VPC]),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeRouteTables"),
        DELETE.needs("ec2:DeleteRouteTable").on(OWN).ours(),
        tagged!("CreateRouteTable"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::RouteTable>) -> Answer<Seen> {
        let made = aws
            .ec2()
            .create_route_table()
            .vpc_id(request.args.vpc_id.as_str())
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::RouteTable, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateRouteTable", "RouteTable");
        Ok(seen(made.route_table().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::RouteTable>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = |ids| those(aws, any_of("route-table-id", ids));
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_route_table().route_table_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        those(aws, of_stack(stack)).await
    }
}
