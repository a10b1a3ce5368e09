//! `aws:ec2:RouteTableAssociation`.

use aws_sdk_ec2::types as sdk;
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::filter;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, Needs, READ, of_ec2},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RouteTableAssociation;

fn seen(association: &sdk::RouteTableAssociation) -> Seen {
    type Type = ec2::RouteTableAssociation;
    let id = association.route_table_association_id();
    let state = association.association_state().and_then(|state| state.state());
    Seen::new(id.unwrap_or_default())
        .text(Type::SUBNET_ID, association.subnet_id())
        .text(Type::ROUTE_TABLE_ID, association.route_table_id())
        .text(Type::ASSOCIATION_ID, id)
        .state(
            Some(state.map_or("associated", |state| state.as_str())),
            &["associated"],
            &["disassociating", "disassociated"],
            &["failed"],
        )
}

/// The one that something is true of.
async fn one(aws: &Aws, name: &str, value: &str) -> Answer<Option<Seen>> {
    let tables = aws.ec2().describe_route_tables().filters(filter(name, value)).send().await?;
    let mut all = tables.route_tables().iter().flat_map(|table| table.associations());
    let of_it =
        all.find(|it| [it.route_table_association_id(), it.subnet_id()].contains(&Some(value)));
    Ok(of_it.map(seen))
}

impl Resource for RouteTableAssociation {
    type Type = ec2::RouteTableAssociation;

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
        Ok(Seen::new(id).text(ec2::RouteTableAssociation::ASSOCIATION_ID, Some(id)))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, ec2::RouteTableAssociation>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        one(aws, "association.route-table-association-id", &request.id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().disassociate_route_table().association_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// A subnet has one.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let subnet = request.inputs.get(ec2::RouteTableAssociation::SUBNET_ID.slot);
        one(aws, "association.subnet-id", subnet.as_str().unwrap_or_default()).await
    }
}
