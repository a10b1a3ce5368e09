//! What is special about a VPC endpoint: each kind has properties of its own, and outputs.

use infra_core::{
    aws::{
        NetworkInterfaceId, SecurityGroupId, SubnetId,
        ec2::{self, DnsEntryArgs, VpcEndpointType as Kind},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Json,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    network::{foreign_group, vpc_of, zone_of},
    object::Object,
    prefix_lists,
    refusal::Refusal,
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&VpcEndpoint];

struct VpcEndpoint;

/// AWS: "Gateway VPC endpoints per Region", adjustable.
const GATEWAYS: usize = 20;
/// AWS: "Interface and Gateway Load Balancer endpoints per VPC", adjustable.
const OTHERS_PER_VPC: usize = 50;
/// AWS: "Characters per VPC endpoint policy".
const POLICY: usize = 20_480;
/// AWS: "Security groups per network interface", adjustable.
const GROUPS: usize = 5;
/// Routes are there soon; network interfaces take the type's usual time.
const GATEWAY_READY: u64 = 5_000;

impl Special for VpcEndpoint {
    fn ty(&self) -> &'static TypeDef {
        ec2::VpcEndpoint::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let kind = kind(asked);
        check_service(asked, kind)?;
        check_parts(asked, kind)?;
        check_quota(asked, kind)?;
        check_policy(asked)?;
        match kind {
            Kind::Gateway => check_tables(asked),
            Kind::Interface => {
                check_subnets(asked)?;
                check_groups(asked)?;
                check_dns(asked)
            }
            Kind::GatewayLoadBalancer => check_subnets(asked),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        tell_defaults(asked, outputs);
        let mut subnets = asked.get(ec2::VpcEndpoint::SUBNET_IDS).unwrap_or_default();
        subnets.sort_by_key(|subnet| zone(asked, subnet));
        let interfaces: Vec<NetworkInterfaceId> =
            subnets.iter().map(|subnet| interface(asked, subnet)).collect();
        tell(outputs, ec2::VpcEndpoint::NETWORK_INTERFACE_IDS, interfaces);
        tell(outputs, ec2::VpcEndpoint::DNS_ENTRIES, dns_entries(asked, &subnets));
        let service = asked.get(ec2::VpcEndpoint::SERVICE_NAME);
        let list =
            prefix_lists::managed(asked.region()).find(|list| Some(&list.name) == service.as_ref());
        if let Some(list) = list.filter(|_| kind(asked) == Kind::Gateway) {
            tell(outputs, ec2::VpcEndpoint::PREFIX_LIST_ID, list.id);
        }
    }

    fn ready_in(&self, asked: &Asked<'_>) -> Option<u64> {
        (kind(asked) == Kind::Gateway).then_some(GATEWAY_READY)
    }
}

fn kind(asked: &Asked<'_>) -> Kind {
    asked.get(ec2::VpcEndpoint::VPC_ENDPOINT_TYPE).unwrap_or(Kind::Gateway)
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// The service is one of the region, and of the kind.
fn check_service(asked: &Asked<'_>, kind: Kind) -> Result<(), Refusal> {
    let Some(service) = asked.get(ec2::VpcEndpoint::SERVICE_NAME) else { return Ok(()) };
    let region = asked.region();
    let aws = format!("com.amazonaws.{region}.");
    let private = format!("com.amazonaws.vpce.{region}.vpce-svc-");
    let of_aws = service.strip_prefix(&aws).filter(|name| !name.is_empty());
    if of_aws.is_none() && !service.starts_with(&private) {
        let message = format!(
            "`service_name` {service} does not exist in {region}; services of AWS are called \
             {aws}<service>, those of others {private}<digits>"
        );
        return refused("service_name", "InvalidServiceName", message);
    }
    let (fits, those) = match kind {
        Kind::Gateway => (
            matches!(of_aws, Some("s3" | "dynamodb")),
            "gateways lead to s3 and dynamodb, other services take an interface",
        ),
        Kind::GatewayLoadBalancer => {
            (of_aws.is_none(), "a Gateway Load Balancer is a service of one's own")
        }
        Kind::Interface => return Ok(()),
    };
    if fits {
        return Ok(());
    }
    let message =
        format!("`vpc_endpoint_type` {kind} does not fit `service_name` {service}: {those}");
    refused("vpc_endpoint_type", "InvalidParameter", message)
}

/// Each kind has parts that others can't have.
fn check_parts(asked: &Asked<'_>, kind: Kind) -> Result<(), Refusal> {
    let given = |slot: u16| {
        let value = asked.inputs.get(slot);
        !value.items().is_empty() || value.as_bool() == Some(true)
    };
    let parts = [
        ("route_table_ids", ec2::VpcEndpoint::ROUTE_TABLE_IDS.slot, &[Kind::Gateway][..]),
        (
            "subnet_ids",
            ec2::VpcEndpoint::SUBNET_IDS.slot,
            &[Kind::Interface, Kind::GatewayLoadBalancer],
        ),
        ("security_group_ids", ec2::VpcEndpoint::SECURITY_GROUP_IDS.slot, &[Kind::Interface]),
        ("private_dns_enabled", ec2::VpcEndpoint::PRIVATE_DNS_ENABLED.slot, &[Kind::Interface]),
    ];
    for (name, slot, kinds) in parts {
        if given(slot) && !kinds.contains(&kind) {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            let message = format!(
                "`{name}` can't be given for an endpoint of type {kind}, only for {}",
                kinds.join(" and ")
            );
            return refused(name, "InvalidParameter", message);
        }
    }
    Ok(())
}

fn check_quota(asked: &Asked<'_>, kind: Kind) -> Result<(), Refusal> {
    if asked.old.is_some() {
        return Ok(());
    }
    let vpc = asked.value(ec2::VpcEndpoint::VPC_ID.slot).as_str();
    let is_gateway =
        |other: &Object| of(other, ec2::VpcEndpoint::VPC_ENDPOINT_TYPE) == Some(Kind::Gateway);
    let all = || asked.world.all(asked.ty.name, asked.scope);
    let (there, limit, what) = if kind == Kind::Gateway {
        (all().filter(|other| is_gateway(other)).count(), GATEWAYS, "gateway endpoints of a region")
    } else {
        let same = all().filter(|other| !is_gateway(other) && Some(other.text("vpc_id")) == vpc);
        (same.count(), OTHERS_PER_VPC, "interface endpoints of a VPC")
    };
    if there >= limit { Err(Refusal::quota(what, limit)) } else { Ok(()) }
}

fn check_policy(asked: &Asked<'_>) -> Result<(), Refusal> {
    let policy = asked.get(ec2::VpcEndpoint::POLICY_DOCUMENT);
    let Some(Ok(policy)) = policy.map(|policy| policy.to_json()) else { return Ok(()) };
    if !policy["Statement"].is_array() && !policy["Statement"].is_object() {
        let message = "`policy_document` has no `Statement`; a policy lists who may do what there";
        return refused("policy_document", "InvalidPolicyDocument", message);
    }
    let length = policy.to_string().chars().count();
    if length > POLICY {
        let message = format!("`policy_document` has {length} characters; {POLICY} are allowed");
        return refused("policy_document", "InvalidPolicyDocument", message);
    }
    Ok(())
}

/// The tables of a gateway endpoint lie in its VPC and do not lead to the service yet.
fn check_tables(asked: &Asked<'_>) -> Result<(), Refusal> {
    let vpc = asked.value(ec2::VpcEndpoint::VPC_ID.slot).as_str();
    let service = asked.get(ec2::VpcEndpoint::SERVICE_NAME);
    for table in asked.get(ec2::VpcEndpoint::ROUTE_TABLE_IDS).unwrap_or_default() {
        let ty = ec2::RouteTable::definition().name;
        let found = asked.world.get(ty, table.as_str(), asked.scope);
        if found.map(|table| table.text("vpc_id")) != vpc {
            let message = format!("`route_table_ids` {table} belongs to another network");
            return refused("route_table_ids", "InvalidParameter", message);
        }
        let other = asked.world.all(asked.ty.name, asked.scope).find(|other| {
            let tables = of(other, ec2::VpcEndpoint::ROUTE_TABLE_IDS).unwrap_or_default();
            *other.id != *asked.id
                && of(other, ec2::VpcEndpoint::SERVICE_NAME) == service
                && tables.contains(&table)
        });
        if let Some(other) = other {
            let message = format!(
                "`route_table_ids` {table} leads to this service already, through {}",
                other.id
            );
            return refused("route_table_ids", "RouteAlreadyExists", message);
        }
    }
    Ok(())
}

/// The subnets lie in the VPC, and in a zone each.
fn check_subnets(asked: &Asked<'_>) -> Result<(), Refusal> {
    let vpc = asked.value(ec2::VpcEndpoint::VPC_ID.slot).as_str();
    let subnets = asked.get(ec2::VpcEndpoint::SUBNET_IDS).unwrap_or_default();
    if kind(asked) == Kind::GatewayLoadBalancer && subnets.len() != 1 {
        let message = format!(
            "`subnet_ids` names {} subnets; an endpoint of a Gateway Load Balancer lies in one",
            subnets.len()
        );
        return refused("subnet_ids", "InvalidParameter", message);
    }
    let mut zones: Vec<(String, &SubnetId)> = vec![];
    for subnet in &subnets {
        if vpc_of(asked.world, asked.scope, subnet.as_str()) != vpc {
            let message = format!("`subnet_ids` {subnet} belongs to another network");
            return refused("subnet_ids", "InvalidParameter", message);
        }
        let zone = zone(asked, subnet);
        if let Some((_, other)) = zones.iter().find(|(other, _)| *other == zone) {
            let message = format!(
                "`subnet_ids` {other} and {subnet} lie both in {zone}; one a zone is enough"
            );
            return refused("subnet_ids", "DuplicateSubnetsInSameZone", message);
        }
        zones.push((zone, subnet));
    }
    Ok(())
}

fn check_groups(asked: &Asked<'_>) -> Result<(), Refusal> {
    let groups = asked.get(ec2::VpcEndpoint::SECURITY_GROUP_IDS).unwrap_or_default();
    if groups.len() > GROUPS {
        return Err(Refusal::quota("security groups of a network interface", GROUPS));
    }
    let vpc = asked.value(ec2::VpcEndpoint::VPC_ID.slot).as_str().unwrap_or_default();
    match foreign_group(asked, "security_group_ids", &groups, ("the endpoint", vpc)) {
        Some(message) => refused("security_group_ids", "InvalidParameter", message),
        None => Ok(()),
    }
}

/// Private names need the VPC's DNS, and belong to one endpoint.
fn check_dns(asked: &Asked<'_>) -> Result<(), Refusal> {
    let wanted = asked.get(ec2::VpcEndpoint::PRIVATE_DNS_ENABLED) == Some(true);
    let Some(vpc) = asked.referenced(ec2::VpcEndpoint::VPC_ID).filter(|_| wanted) else {
        return Ok(());
    };
    let attributes = [
        ("enable_dns_support", of(vpc, ec2::Vpc::ENABLE_DNS_SUPPORT)),
        ("enable_dns_hostnames", of(vpc, ec2::Vpc::ENABLE_DNS_HOSTNAMES)),
    ];
    if let Some((name, _)) = attributes.into_iter().find(|(_, value)| *value != Some(true)) {
        let message = format!("`private_dns_enabled` needs `{name}` of {}", vpc.id);
        return refused("private_dns_enabled", "InvalidParameter", message);
    }
    let service = asked.get(ec2::VpcEndpoint::SERVICE_NAME);
    let other = asked.world.all(asked.ty.name, asked.scope).find(|other| {
        *other.id != *asked.id
            && other.text("vpc_id") == &*vpc.id
            && of(other, ec2::VpcEndpoint::SERVICE_NAME) == service
            && of(other, ec2::VpcEndpoint::PRIVATE_DNS_ENABLED) == Some(true)
    });
    match other {
        Some(other) => {
            let message = format!(
                "`private_dns_enabled`: the service's name leads to {} in this VPC already",
                other.id
            );
            refused("private_dns_enabled", "InvalidParameter", message)
        }
        None => Ok(()),
    }
}

fn zone(asked: &Asked<'_>, subnet: &SubnetId) -> String {
    zone_of(asked.world, asked.scope, subnet.as_str()).unwrap_or_default().to_owned()
}

/// The network interface in a subnet: the same for as long as the subnet is among those of the
/// endpoint.
fn interface(asked: &Asked<'_>, subnet: &SubnetId) -> NetworkInterfaceId {
    let id = format!("eni-0{}", digits(&format!("{}/{subnet}", asked.id), 0, 16));
    NetworkInterfaceId::parse(&id).expect("it was made in AWS's format")
}

/// What AWS chooses where nothing is asked.
fn tell_defaults(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    if asked.old.is_some() {
        return;
    }
    if asked.get(ec2::VpcEndpoint::POLICY_DOCUMENT).is_none() {
        let everything = serde_json::json!({
            "Version": "2008-10-17",
            "Statement": [
                { "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }
            ],
        });
        tell(outputs, ec2::VpcEndpoint::POLICY_DOCUMENT, Json::from(everything));
    }
    if kind(asked) != Kind::Interface {
        return;
    }
    let vpc = asked.referenced(ec2::VpcEndpoint::VPC_ID);
    let group: Option<SecurityGroupId> =
        vpc.and_then(|vpc| of(vpc, ec2::Vpc::DEFAULT_SECURITY_GROUP));
    if let Some(group) = group.filter(|_| asked.get(ec2::VpcEndpoint::SECURITY_GROUP_IDS).is_none())
    {
        tell(outputs, ec2::VpcEndpoint::SECURITY_GROUP_IDS, vec![group]);
    }
    if asked.get(ec2::VpcEndpoint::DNS_OPTIONS).is_none() {
        let dns_record_ip_type = ec2::DnsRecordIpType::Ipv4;
        let options = ec2::EndpointDnsOptionsArgs { dns_record_ip_type };
        tell(outputs, ec2::VpcEndpoint::DNS_OPTIONS, options);
    }
}

/// The names of an interface endpoint: of the region, of each zone, and the service's own.
fn dns_entries(asked: &Asked<'_>, subnets: &[SubnetId]) -> Vec<DnsEntryArgs> {
    let region = asked.region();
    let service = asked.get(ec2::VpcEndpoint::SERVICE_NAME).unwrap_or_default();
    let service = service.rsplit_once(&format!("{region}.")).map_or("", |(_, service)| service);
    if kind(asked) != Kind::Interface {
        return vec![];
    }
    // `api.ecr`, not `ecr.api`: names read from the smallest part to the largest.
    let host = service.rsplit('.').collect::<Vec<_>>().join(".");
    let (id, digest) = (asked.id, digits(&format!("{}/dns", asked.id), 0, 8));
    let entry = |host: String, zone: &str| DnsEntryArgs {
        dns_name: host,
        hosted_zone_id: format!("Z{}", digits(zone, 0, 13).to_uppercase()),
    };
    let regional = format!("{host}.{region}.vpce.amazonaws.com");
    let mut entries = vec![entry(format!("{id}-{digest}.{regional}"), region)];
    for subnet in subnets {
        let zone = zone(asked, subnet);
        entries.push(entry(format!("{id}-{digest}-{zone}.{regional}"), region));
    }
    if asked.get(ec2::VpcEndpoint::PRIVATE_DNS_ENABLED) == Some(true) {
        entries.push(entry(format!("{host}.{region}.amazonaws.com"), id));
    }
    entries
}
