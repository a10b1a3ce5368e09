//! `aws:ec2:RouteTableAssociation`.

use aws_sdk_ec2::types as sdk;
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::any_of;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    gather::together,
    needs::{CREATE, DELETE, Needs, READ, of_ec2},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RouteTableAssociation;

fn seen(association: &sdk::RouteTableAssociation) -> Seen {
    type Type = ec2::RouteTableAssociation;
    let id = association.route_table_association_id();
    let seen = Seen::new(id.unwrap_or_default())
        .text(Type::SUBNET_ID, association.subnet_id())
        .text(Type::ROUTE_TABLE_ID, association.route_table_id())
        .text(Type::ASSOCIATION_ID, id);
    in_state(seen, association.association_state())
}

fn in_state(seen: Seen, state: Option<&sdk::RouteTableAssociationState>) -> Seen {
    let state = state.and_then(|state| state.state());
    seen.state(
        Some(state.map_or("associated", |state| state.as_str())),
        &["associated"],
        &["disassociating", "disassociated"],
        &["failed"],
    )
}

/// Those that something is true of: they are told with their tables.
async fn those(
    aws: &Aws,
    name: &str,
    values: Vec<String>,
) -> Answer<Vec<sdk::RouteTableAssociation>> {
    let tables = aws.ec2().describe_route_tables().set_filters(any_of(name, values));
    let tables = tables.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(tables.into_iter().flat_map(|table| table.associations.unwrap_or_default()).collect())
}

impl Resource for RouteTableAssociation {
    type Type = ec2::RouteTableAssociation;

    const TOLD_WHEN_MADE: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:AssociateRouteTable").on(&[
            of_ec2::ROUTE_TABLE,
            of_ec2::INTERNET_GATEWAY,
            of_ec2::SUBNET,
        ]),
        READ.needs("ec2:DescribeRouteTables"),
        DELETE.needs("ec2:DisassociateRouteTable").on(&[
            of_ec2::INTERNET_GATEWAY,
            of_ec2::ROUTE_TABLE,
            of_ec2::SUBNET,
        ]),
    ];

    async fn create(
        aws: &Aws,
        request: &TypedRequest<'_, ec2::RouteTableAssociation>,
    ) -> Answer<Seen> {
        let ec2::RouteTableAssociationArgs { subnet_id, route_table_id } = &request.args;
        let associate = aws.ec2().associate_route_table().subnet_id(subnet_id.as_str());
        let made = associate.route_table_id(route_table_id.as_str()).send().await?;
        let incomplete = || Error::incomplete("ec2", "AssociateRouteTable", "AssociationId");
        let id = made.association_id().ok_or_else(incomplete)?;
        let told = Seen::new(id).text(ec2::RouteTableAssociation::ASSOCIATION_ID, Some(id));
        Ok(in_state(told, made.association_state()))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, ec2::RouteTableAssociation>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = async |ids| {
            let told = those(aws, "association.route-table-association-id", ids).await?;
            Ok(told.iter().map(seen).collect())
        };
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().disassociate_route_table().association_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// A subnet has one.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let subnet = request.inputs.get(ec2::RouteTableAssociation::SUBNET_ID.slot);
        let by_subnet = async |subnets| {
            let told = those(aws, "association.subnet-id", subnets).await?;
            let of_subnet =
                |it: &sdk::RouteTableAssociation| Some((it.subnet_id()?.to_owned(), seen(it)));
            Ok(told.iter().filter_map(of_subnet).collect())
        };
        let gather = aws.gather("association of a subnet");
        gather.ask(subnet.as_str().unwrap_or_default(), by_subnet).await
    }
}
