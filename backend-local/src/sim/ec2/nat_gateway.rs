//! What is special about a NAT gateway: a public one needs an address of its own and an attached
//! internet gateway.

use infra_core::{
    aws::{AllocationId, NetworkInterfaceId, ec2},
    dsl::ResourceType,
    schema::TypeDef,
    types::Ipv4Addr,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    network::{attached_gateway, chosen_address, is_usable, zone_of},
    object::Object,
    refusal::Refusal,
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&NatGateway];

struct NatGateway;

/// AWS: "NAT gateways per Availability Zone", adjustable.
const PER_ZONE: usize = 5;
/// AWS: "Elastic IP addresses per public NAT gateway", adjustable up to eight.
const ADDRESSES: usize = 2;

impl Special for NatGateway {
    fn ty(&self) -> &'static TypeDef {
        ec2::NatGateway::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        match asked.get(ec2::NatGateway::CONNECTIVITY_TYPE) {
            Some(ec2::ConnectivityType::Private) => check_private(asked)?,
            _ => check_public(asked)?,
        }
        check_own_address(asked)?;
        check_zone(asked)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let interface = format!("eni-0{}", digits(asked.scope, asked.number, 16));
        let interface = NetworkInterfaceId::parse(&interface).expect("it was made in AWS's format");
        tell(outputs, ec2::NatGateway::NETWORK_INTERFACE_ID, interface);
        let subnet = asked.referenced(ec2::NatGateway::SUBNET_ID);
        let range = subnet.and_then(|subnet| of(subnet, ec2::Subnet::CIDR_BLOCK));
        if let Some(range) = range {
            let own = asked.get(ec2::NatGateway::PRIVATE_IP_ADDRESS);
            let own = own.unwrap_or_else(|| chosen_address(range, asked.number));
            tell(outputs, ec2::NatGateway::PRIVATE_IP_ADDRESS, own);
        }
        let address = asked.referenced(ec2::NatGateway::ALLOCATION_ID);
        let public: Option<Ipv4Addr> =
            address.and_then(|address| of(address, ec2::ElasticIp::PUBLIC_IP));
        if let Some(public) = public {
            tell(outputs, ec2::NatGateway::PUBLIC_IP, public);
        }
    }
}

fn check_private(asked: &Asked<'_>) -> Result<(), Refusal> {
    let given = [
        ("allocation_id", asked.get(ec2::NatGateway::ALLOCATION_ID)),
        ("secondary_allocation_ids", secondary(asked).into_iter().next()),
    ];
    let Some((name, address)) =
        given.into_iter().find_map(|(name, address)| Some((name, address?)))
    else {
        return Ok(());
    };
    let message = format!(
        "`{name}` {address}: a private NAT gateway has no public address; leave it out, or set \
         `connectivity_type` to public"
    );
    Err(Refusal::invalid(name, "InvalidParameter", message))
}

fn check_public(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(primary) = asked.get(ec2::NatGateway::ALLOCATION_ID) else {
        let message = "`allocation_id` is required: a public NAT gateway needs an Elastic IP \
                       address";
        return Err(Refusal::invalid("allocation_id", "MissingParameter", message));
    };
    // AWS makes the gateway, which then fails with this code instead of becoming available.
    if let Some(subnet) = asked.referenced(ec2::NatGateway::SUBNET_ID)
        && attached_gateway(asked.world, asked.scope, subnet.text("vpc_id")).is_none()
    {
        let (id, vpc) = (&subnet.id, subnet.text("vpc_id"));
        let message = format!("`subnet_id` {id}: network {vpc} has no internet gateway attached");
        return Err(Refusal::invalid("subnet_id", "Gateway.NotAttached", message));
    }
    let further = secondary(asked);
    if further.len() + 1 > ADDRESSES {
        return Err(Refusal::quota("addresses of a NAT gateway", ADDRESSES));
    }
    check_free(asked, "allocation_id", &primary)?;
    for (place, address) in further.iter().enumerate() {
        if *address == primary || further[..place].contains(address) {
            let message = format!("`secondary_allocation_ids` {address} is named twice");
            return Err(taken("secondary_allocation_ids", message));
        }
        check_free(asked, "secondary_allocation_ids", address)?;
    }
    Ok(())
}

fn taken(property: &str, message: String) -> Refusal {
    Refusal::invalid(property, "Resource.AlreadyAssociated", message)
}

fn secondary(asked: &Asked<'_>) -> Vec<AllocationId> {
    asked.get(ec2::NatGateway::SECONDARY_ALLOCATION_IDS).unwrap_or_default()
}

/// The other NAT gateways of the region.
fn others<'a>(asked: &Asked<'a>) -> impl Iterator<Item = &'a Object> {
    let id = asked.id.to_owned();
    asked.world.all(asked.ty.name, asked.scope).filter(move |other| *other.id != *id)
}

/// An address belongs to one gateway.
fn check_free(asked: &Asked<'_>, property: &str, address: &AllocationId) -> Result<(), Refusal> {
    let holder = others(asked).find(|other| {
        let further = of(other, ec2::NatGateway::SECONDARY_ALLOCATION_IDS).unwrap_or_default();
        of(other, ec2::NatGateway::ALLOCATION_ID).as_ref() == Some(address)
            || further.contains(address)
    });
    match holder {
        Some(other) => Err(taken(
            property,
            format!(
                "`{property}` {address} is associated with {} already; take another address, or \
                 delete that gateway first",
                other.id
            ),
        )),
        None => Ok(()),
    }
}

fn check_own_address(asked: &Asked<'_>) -> Result<(), Refusal> {
    let subnet = asked.referenced(ec2::NatGateway::SUBNET_ID);
    let range = subnet.and_then(|subnet| of(subnet, ec2::Subnet::CIDR_BLOCK));
    let own = asked.get(ec2::NatGateway::PRIVATE_IP_ADDRESS);
    let (Some(range), Some(own)) = (range, own) else { return Ok(()) };
    if !is_usable(range, own) {
        let message = format!(
            "`private_ip_address` {own} is no usable address of {range}: the first four and the \
             last belong to AWS"
        );
        return Err(Refusal::invalid("private_ip_address", "InvalidParameterValue", message));
    }
    let taken =
        others(asked).find(|other| of(other, ec2::NatGateway::PRIVATE_IP_ADDRESS) == Some(own));
    let same_subnet =
        |other: &&Object| subnet.is_some_and(|subnet| other.text("subnet_id") == &*subnet.id);
    if let Some(other) = taken.filter(same_subnet) {
        let message = format!("`private_ip_address` {own} is in use by {}", other.id);
        return Err(Refusal::invalid("private_ip_address", "InvalidIPAddress.InUse", message));
    }
    Ok(())
}

fn check_zone(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(subnet) = asked.referenced(ec2::NatGateway::SUBNET_ID) else { return Ok(()) };
    let zone = Some(subnet.text("availability_zone"));
    let there = others(asked)
        .filter(|other| zone_of(asked.world, asked.scope, other.text("subnet_id")) == zone);
    if asked.old.is_none() && there.count() >= PER_ZONE {
        return Err(Refusal::quota("NAT gateways of a zone", PER_ZONE));
    }
    Ok(())
}
