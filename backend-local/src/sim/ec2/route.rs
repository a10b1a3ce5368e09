//! What is special about a route: it has one target, in the network of its table.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, types::Ipv4Net};

use crate::sim::{
    network::vpc_of,
    refusal::Refusal,
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Route];

struct Route;

/// AWS: "Routes per route table", adjustable.
const PER_TABLE: usize = 500;

/// The properties that hold a target.
const TARGETS: [&str; 7] = [
    "gateway_id",
    "nat_gateway_id",
    "vpc_endpoint_id",
    "transit_gateway_id",
    "vpc_peering_connection_id",
    "network_interface_id",
    "instance_id",
];

impl Special for Route {
    fn ty(&self) -> &'static TypeDef {
        ec2::Route::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let target = only_target(asked)?;
        let Some(table) = asked.referenced(ec2::Route::ROUTE_TABLE_ID) else { return Ok(()) };
        check_network(asked, target, table.text("vpc_id"))?;
        check_destination(asked, target, table.text("vpc_id"))?;
        let all = asked.world.all(asked.ty.name, asked.scope);
        let there = all.filter(|other| other.text("route_table_id") == &*table.id).count();
        if asked.old.is_none() && there >= PER_TABLE {
            return Err(Refusal::quota("routes of a route table", PER_TABLE));
        }
        Ok(())
    }
}

/// The property that holds the target; there must be exactly one.
fn only_target(asked: &Asked<'_>) -> Result<&'static str, Refusal> {
    let given = TARGETS
        .into_iter()
        .filter(|name| asked.ty.slot(name).is_some_and(|slot| !asked.inputs.get(slot).is_null()));
    match given.collect::<Vec<_>>()[..] {
        [target] => Ok(target),
        [] => {
            let message = format!("a route needs a target: one of `{}`", TARGETS.join("`, `"));
            Err(Refusal::invalid("gateway_id", "MissingParameter", message))
        }
        [first, second, ..] => {
            let message =
                format!("a route has one target: both `{first}` and `{second}` are given");
            Err(Refusal::invalid(second, "InvalidParameterCombination", message))
        }
    }
}

/// The target lies in the VPC of the table, where that can be told.
fn check_network(asked: &Asked<'_>, target: &str, vpc: &str) -> Result<(), Refusal> {
    let (id, network) = match target {
        "gateway_id" => {
            let Some(gateway) = asked.referenced(ec2::Route::GATEWAY_ID) else { return Ok(()) };
            (&gateway.id, Some(gateway.text("vpc_id")))
        }
        "nat_gateway_id" => {
            let Some(nat) = asked.referenced(ec2::Route::NAT_GATEWAY_ID) else { return Ok(()) };
            (&nat.id, vpc_of(asked.world, asked.scope, nat.text("subnet_id")))
        }
        "vpc_endpoint_id" => {
            let Some(endpoint) = asked.referenced(ec2::Route::VPC_ENDPOINT_ID) else {
                return Ok(());
            };
            let ty = of(endpoint, ec2::VpcEndpoint::VPC_ENDPOINT_TYPE);
            if ty != Some(ec2::VpcEndpointType::GatewayLoadBalancer) {
                let message = format!(
                    "`vpc_endpoint_id` {} is no endpoint of a Gateway Load Balancer; the routes of \
                     a gateway endpoint come with its `route_table_ids`",
                    endpoint.id
                );
                return Err(Refusal::invalid(target, "InvalidParameterValue", message));
            }
            (&endpoint.id, Some(endpoint.text("vpc_id")))
        }
        "network_interface_id" => {
            let Some(interface) = asked.referenced(ec2::Route::NETWORK_INTERFACE_ID) else {
                return Ok(());
            };
            (&interface.id, Some(interface.text("vpc_id")))
        }
        "instance_id" => {
            let Some(instance) = asked.referenced(ec2::Route::INSTANCE_ID) else { return Ok(()) };
            let interfaces = of(instance, ec2::Instance::NETWORK_INTERFACES).unwrap_or_default();
            if interfaces.len() > 1 {
                let message = format!(
                    "`instance_id` {} has several network interfaces; name the one that passes \
                     packets on with `network_interface_id`",
                    instance.id
                );
                return Err(Refusal::invalid(target, "InvalidInstanceID", message));
            }
            (&instance.id, Some(instance.text("vpc_id")))
        }
        // What a program can't make is only checked for its form.
        _ => return Ok(()),
    };
    if network == Some(vpc) {
        return Ok(());
    }
    let table = asked.value(ec2::Route::ROUTE_TABLE_ID.slot).as_str().unwrap_or_default();
    let message = format!(
        "`{target}`: route table {table} and {id} belong to different networks; it must be one of \
         {vpc}"
    );
    Err(Refusal::invalid(target, "InvalidParameterValue", message))
}

/// Within the VPC packets go their way; only a whole subnet can be led through a machine.
fn check_destination(asked: &Asked<'_>, target: &str, vpc: &str) -> Result<(), Refusal> {
    let refused =
        |message| Err(Refusal::invalid("destination_cidr_block", "InvalidParameterValue", message));
    let vpc_object = asked.world.get(ec2::Vpc::definition().name, vpc, asked.scope);
    let whole = vpc_object.and_then(|vpc| of(vpc, ec2::Vpc::CIDR_BLOCK));
    let destination = asked.get(ec2::Route::DESTINATION_CIDR_BLOCK);
    let (Some(whole), Some(destination)) = (whole, destination) else { return Ok(()) };
    if !whole.contains(&destination) {
        return Ok(());
    }
    if destination == whole {
        return refused(format!(
            "`destination_cidr_block` {destination} is the range of {vpc}, which every table leads \
             to already"
        ));
    }
    if matches!(target, "gateway_id" | "transit_gateway_id" | "vpc_peering_connection_id") {
        return refused(format!(
            "`destination_cidr_block` {destination} lies within {whole} of {vpc}, where `{target}` \
             can't be the target"
        ));
    }
    if !is_subnet(asked, vpc, destination) {
        return refused(format!(
            "`destination_cidr_block` {destination} lies within {whole} of {vpc}, and is the range \
             of none of its subnets"
        ));
    }
    Ok(())
}

fn is_subnet(asked: &Asked<'_>, vpc: &str, range: Ipv4Net) -> bool {
    asked.world.all(ec2::Subnet::definition().name, asked.scope).any(|subnet| {
        subnet.text("vpc_id") == vpc && of(subnet, ec2::Subnet::CIDR_BLOCK) == Some(range)
    })
}
