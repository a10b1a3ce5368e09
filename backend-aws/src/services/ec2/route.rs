//! `aws:ec2:Route`.

use aws_sdk_ec2::types::{self as sdk, RouteOrigin};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, of_ec2},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Route;

/// The table and the destination, of which the id is made.
fn parts(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or((id, ""))
}

/// The route and its target, for calls that have them in common and are of different types.
macro_rules! with_target {
    ($call:expr, $request:expr) => {{
        let args = &$request.args;
        $call
            .route_table_id(args.route_table_id.as_str())
            .destination_cidr_block(args.destination_cidr_block.to_string())
            .set_gateway_id(args.gateway_id.as_ref().map(ToString::to_string))
            .set_nat_gateway_id(args.nat_gateway_id.as_ref().map(ToString::to_string))
            .set_vpc_endpoint_id(args.vpc_endpoint_id.as_ref().map(ToString::to_string))
            .set_transit_gateway_id(args.transit_gateway_id.as_ref().map(ToString::to_string))
            .set_vpc_peering_connection_id(
                args.vpc_peering_connection_id.as_ref().map(ToString::to_string),
            )
            .set_network_interface_id(args.network_interface_id.as_ref().map(ToString::to_string))
            .set_instance_id(args.instance_id.as_ref().map(ToString::to_string))
    }};
}

fn seen(route: &sdk::Route, request: &Request) -> Seen {
    type Type = ec2::Route;
    let (table, destination) = parts(&request.id);
    // Endpoints are told among gateways.
    let is_endpoint = |id: &&str| id.starts_with("vpce-");
    let endpoint = route.gateway_id().filter(is_endpoint);
    let gateway = route.gateway_id().filter(|id| !is_endpoint(id));
    // An instance and its network interface are told together, whichever was named.
    let by_interface = !request.inputs.get(Type::NETWORK_INTERFACE_ID.slot).is_null();
    let interface = route.network_interface_id();
    let instance = route.instance_id().filter(|_| !by_interface || interface.is_none());
    Seen::new(&*request.id)
        .text(Type::ROUTE_TABLE_ID, Some(table))
        .text(Type::DESTINATION_CIDR_BLOCK, Some(destination))
        .text(Type::GATEWAY_ID, gateway)
        .text(Type::NAT_GATEWAY_ID, route.nat_gateway_id())
        .text(Type::VPC_ENDPOINT_ID, endpoint)
        .text(Type::TRANSIT_GATEWAY_ID, route.transit_gateway_id())
        .text(Type::VPC_PEERING_CONNECTION_ID, route.vpc_peering_connection_id())
        .text(Type::NETWORK_INTERFACE_ID, interface.filter(|_| instance.is_none()))
        .text(Type::INSTANCE_ID, instance)
}

const PARTS: &[On] = &[of_ec2::ROUTE_TABLE];

impl Resource for Route {
    type Type = ec2::Route;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateRoute").on(PARTS),
        UPDATE.needs("ec2:ReplaceRoute").on(PARTS),
        READ.needs("ec2:DescribeRouteTables"),
        DELETE.needs("ec2:DeleteRoute").on(PARTS),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::Route>) -> Answer<Seen> {
        with_target!(aws.ec2().create_route(), request).send().await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Route>) -> Answer<()> {
        with_target!(aws.ec2().replace_route(), request).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (table, destination) = parts(&request.id);
        let asked = aws.ec2().describe_route_tables().route_table_ids(table);
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        // The way within the VPC, and what a gateway tells of, are nobody's routes.
        let is_it = |route: &&sdk::Route| {
            let made = route.origin().is_none_or(|origin| *origin == RouteOrigin::CreateRoute);
            made && route.destination_cidr_block() == Some(destination)
        };
        let route = told.route_tables().iter().flat_map(|table| table.routes()).find(is_it);
        Ok(route.map(|route| seen(route, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (table, destination) = parts(&request.id);
        let delete = aws.ec2().delete_route().route_table_id(table);
        delete.destination_cidr_block(destination).send().await?;
        Ok(Deletion::Gone)
    }
}
