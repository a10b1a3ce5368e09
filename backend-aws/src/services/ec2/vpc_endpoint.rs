//! `aws:ec2:VpcEndpoint`.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{self as sdk, DnsOptionsSpecification, ResourceType};
use infra_core::{
    aws::ec2::{self, DnsEntryArgs, EndpointDnsOptionsArgs, EndpointIpAddressType},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{Json, PropertyType},
};

use super::{filter, interfaces, new_tags, of_stack, refusals, retag, tags};
use crate::{
    aws::Aws,
    documents::json_policy,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct VpcEndpoint;

/// AWS spells states in capitals in its documentation and in small letters in its answers.
fn state(endpoint: &sdk::VpcEndpoint) -> Option<String> {
    endpoint.state().map(|state| state.as_str().to_lowercase())
}

/// AWS's word for what nobody asked for.
fn specified(word: &&str) -> bool {
    *word != "not-specified"
}

fn dns_options(endpoint: &sdk::VpcEndpoint) -> Option<EndpointDnsOptionsArgs> {
    let word = endpoint.dns_options()?.dns_record_ip_type()?.as_str();
    let kind = ec2::DnsRecordIpType::decode(&specified(&word).then_some(word)?.into());
    Some(EndpointDnsOptionsArgs { dns_record_ip_type: kind.ok()? })
}

/// The names in their order: that of the region, which has no zone in it, those of the zones, and
/// the service's own, which do not begin with the endpoint's id.
fn dns_entries(endpoint: &sdk::VpcEndpoint) -> Vec<DnsEntryArgs> {
    let id = endpoint.vpc_endpoint_id().unwrap_or_default();
    let entries = endpoint.dns_entries().iter().filter_map(|entry| {
        let hosted_zone_id = entry.hosted_zone_id().unwrap_or_default().to_owned();
        Some(DnsEntryArgs { dns_name: entry.dns_name()?.to_owned(), hosted_zone_id })
    });
    let mut entries: Vec<DnsEntryArgs> = entries.collect();
    entries.sort_by_key(|entry| {
        let host = entry.dns_name.split('.').next().unwrap_or_default().len();
        (!entry.dns_name.starts_with(id), host, entry.dns_name.clone())
    });
    entries
}

/// What it says itself; what it leads to and lies in is asked for by [`complete`].
fn seen(endpoint: &sdk::VpcEndpoint, request: &Request) -> Seen {
    type Type = ec2::VpcEndpoint;
    let recorded = request.inputs.get(Type::POLICY_DOCUMENT.slot);
    let policy = endpoint.policy_document().map(|told| json_policy(recorded, told));
    let addresses = endpoint.ip_address_type().map(sdk::IpAddressType::as_str).filter(specified);
    let groups = endpoint.groups().iter().filter_map(|group| group.group_id());
    let state = state(endpoint);
    let mut seen = bare(endpoint)
        .text(Type::VPC_ID, endpoint.vpc_id())
        .text(Type::SERVICE_NAME, endpoint.service_name())
        .text(
            Type::VPC_ENDPOINT_TYPE,
            endpoint.vpc_endpoint_type().map(sdk::VpcEndpointType::as_str),
        )
        .texts(Type::ROUTE_TABLE_IDS, endpoint.route_table_ids())
        .texts(Type::SUBNET_IDS, endpoint.subnet_ids())
        .texts(Type::SECURITY_GROUP_IDS, groups)
        .set(Type::PRIVATE_DNS_ENABLED, endpoint.private_dns_enabled().unwrap_or_default())
        .text(
            Type::IP_ADDRESS_TYPE,
            Some(addresses.unwrap_or(EndpointIpAddressType::Ipv4.as_str())),
        )
        .set(Type::DNS_OPTIONS, dns_options(endpoint))
        .set(Type::DNS_ENTRIES, dns_entries(endpoint))
        .state(state.as_deref(), &["available"], &["deleting"], &["failed", "rejected", "expired"]);
    if let Some(policy) = policy {
        seen = seen.value(Type::POLICY_DOCUMENT, policy);
    }
    let why = endpoint.failure_reason().or(endpoint.last_error().and_then(|it| it.message()));
    seen.failed = seen.failed.map(|failed| why.map_or(failed, str::to_owned));
    seen
}

fn bare(endpoint: &sdk::VpcEndpoint) -> Seen {
    let id = endpoint.vpc_endpoint_id();
    Seen::new(id.unwrap_or_default())
        .text(ec2::VpcEndpoint::VPC_ENDPOINT_ID, id)
        .tags(tags(endpoint.tags()))
}

/// What other calls tell: the zones, in whose order network interfaces are told, and the prefix
/// list of a service that routes lead to.
async fn complete(aws: &Aws, endpoint: &sdk::VpcEndpoint, seen: Seen) -> Answer<Seen> {
    if endpoint.vpc_endpoint_type() == Some(&sdk::VpcEndpointType::Gateway) {
        let name = filter("prefix-list-name", endpoint.service_name().unwrap_or_default());
        let lists = aws.ec2().describe_prefix_lists().filters(name).send().await?;
        let list = lists.prefix_lists().first().and_then(|list| list.prefix_list_id());
        return Ok(seen.text(ec2::VpcEndpoint::PREFIX_LIST_ID, list));
    }
    let mut ids = endpoint.network_interface_ids().to_vec();
    if ids.len() > 1 {
        let of_it = sdk::Filter::builder().name("network-interface-id");
        let all = interfaces(aws, vec![of_it.set_values(Some(ids.clone())).build()]).await?;
        let zones: BTreeMap<&str, &str> = all
            .iter()
            .filter_map(|it| Some((it.network_interface_id()?, it.availability_zone()?)))
            .collect();
        ids.sort_by_key(|id| (zones.get(id.as_str()).copied(), id.clone()));
    }
    Ok(seen.texts(ec2::VpcEndpoint::NETWORK_INTERFACE_IDS, ids))
}

/// Those that there are: AWS tells of one for a while after it was deleted.
fn is_there(endpoint: &sdk::VpcEndpoint) -> bool {
    state(endpoint).as_deref() != Some("deleted")
}

async fn one(aws: &Aws, id: &str) -> Answer<Option<sdk::VpcEndpoint>> {
    let told = aws.ec2().describe_vpc_endpoints().vpc_endpoint_ids(id).send().await.if_found()?;
    Ok(told.and_then(|told| told.vpc_endpoints.unwrap_or_default().into_iter().find(is_there)))
}

/// One that must be there.
async fn present(aws: &Aws, id: &str) -> Answer<sdk::VpcEndpoint> {
    let missing = || {
        let message = format!("{id} is not there");
        Error::refused(Problem::NotFound, "ec2", "DescribeVpcEndpoints", message)
    };
    one(aws, id).await?.ok_or_else(missing)
}

fn text(policy: &Json) -> Answer<String> {
    let json = policy.to_json().map_err(|error| {
        let problem = Problem::Invalid { property: Some("policy_document".to_owned()) };
        Error::refused(problem, "ec2", "VpcEndpoint", error.to_string())
    })?;
    Ok(json.to_string())
}

fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn dns_specification(options: &EndpointDnsOptionsArgs) -> DnsOptionsSpecification {
    let kind = options.dns_record_ip_type.as_str().into();
    DnsOptionsSpecification::builder().dns_record_ip_type(kind).build()
}

/// What is to be added and what is to be removed, each if it is anything.
fn difference(wanted: Vec<String>, there: &[String]) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let removed = there.iter().filter(|id| !wanted.contains(id)).cloned().collect();
    let added = wanted.into_iter().filter(|id| !there.contains(id)).collect();
    let some = |ids: Vec<String>| Some(ids).filter(|ids| !ids.is_empty());
    (some(added), some(removed))
}

/// Brings all that changes up to date by one call.
async fn modify(aws: &Aws, request: &TypedRequest<'_, ec2::VpcEndpoint>) -> Answer<()> {
    let (args, id) = (&request.args, &*request.id);
    let there = present(aws, id).await?;
    let (add, remove) = difference(texts(&args.route_table_ids), there.route_table_ids());
    let call = aws.ec2().modify_vpc_endpoint().vpc_endpoint_id(id);
    let call = call.set_add_route_table_ids(add).set_remove_route_table_ids(remove);
    let (add, remove) = difference(texts(&args.subnet_ids), there.subnet_ids());
    let mut call = call.set_add_subnet_ids(add).set_remove_subnet_ids(remove);
    if let Some(groups) = &args.security_group_ids {
        let now = there.groups().iter().filter_map(|group| group.group_id.clone());
        let (add, remove) = difference(texts(groups), &now.collect::<Vec<_>>());
        call = call.set_add_security_group_ids(add).set_remove_security_group_ids(remove);
    }
    if changed(request, &["policy_document"]) {
        call = match &args.policy_document {
            Some(policy) => call.policy_document(text(policy)?),
            None => call.reset_policy(true),
        };
    }
    if changed(request, &["private_dns_enabled"]) {
        call = call.private_dns_enabled(args.private_dns_enabled);
    }
    if changed(request, &["ip_address_type"]) {
        call = call.ip_address_type(args.ip_address_type.as_str().into());
    }
    if changed(request, &["dns_options"]) {
        call = call.set_dns_options(args.dns_options.as_ref().map(dns_specification));
    }
    call.send().await?;
    Ok(())
}

impl Resource for VpcEndpoint {
    type Type = ec2::VpcEndpoint;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateVpcEndpoint").on(&[
            On::Own,
            of_ec2::VPC,
            of_ec2::ROUTE_TABLE,
            of_ec2::SECURITY_GROUP,
            of_ec2::SUBNET,
        ]),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:ModifyVpcEndpoint").on(&[
            On::Own,
            of_ec2::ROUTE_TABLE,
            of_ec2::SECURITY_GROUP,
            of_ec2::SUBNET,
        ]),
        READ.and(LIST).needs("ec2:DescribeNetworkInterfaces"),
        READ.and(LIST).needs("ec2:DescribePrefixLists"),
        READ.and(LIST).needs("ec2:DescribeVpcEndpoints"),
        DELETE.needs("ec2:DeleteVpcEndpoints").on(OWN).ours(),
        tagged!("CreateVpcEndpoint"),
        CREATE.and(UPDATE).needs("ec2:DescribeVpcs"),
        CREATE.and(UPDATE).needs("ec2:DescribeSubnets"),
        CREATE.and(UPDATE).needs("ec2:DescribeSecurityGroups"),
        CREATE
            .and(UPDATE)
            .needs("route53:AssociateVPCWithHostedZone")
            .on(&[On::Arn("arn:aws:route53:::hostedzone/*")])
            .given("private_dns_enabled"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::VpcEndpoint>) -> Answer<Seen> {
        let args = &request.args;
        let some = |ids: Vec<String>| Some(ids).filter(|ids| !ids.is_empty());
        let groups = args.security_group_ids.as_deref().map(texts);
        let made = aws
            .ec2()
            .create_vpc_endpoint()
            .vpc_id(args.vpc_id.as_str())
            .service_name(&args.service_name)
            .vpc_endpoint_type(args.vpc_endpoint_type.as_str().into())
            .set_route_table_ids(some(texts(&args.route_table_ids)))
            .set_subnet_ids(some(texts(&args.subnet_ids)))
            .set_security_group_ids(groups.and_then(some))
            .private_dns_enabled(args.private_dns_enabled)
            .ip_address_type(args.ip_address_type.as_str().into())
            .set_dns_options(args.dns_options.as_ref().map(dns_specification))
            .set_policy_document(args.policy_document.as_ref().map(text).transpose()?)
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::VpcEndpoint, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateVpcEndpoint", "VpcEndpoint");
        Ok(seen(made.vpc_endpoint().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::VpcEndpoint>) -> Answer<()> {
        let in_place = [
            "route_table_ids",
            "subnet_ids",
            "security_group_ids",
            "private_dns_enabled",
            "ip_address_type",
            "dns_options",
            "policy_document",
        ];
        if changed(request, &in_place) {
            modify(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(endpoint) = one(aws, &request.id).await? else { return Ok(None) };
        let seen = seen(&endpoint, request);
        Ok(Some(complete(aws, &endpoint, seen).await?))
    }

    /// One that was deleted is looked at first: AWS does not say what a second deletion comes to.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        present(aws, &request.id).await?;
        let delete = aws.ec2().delete_vpc_endpoints().vpc_endpoint_ids(&*request.id);
        refusals("DeleteVpcEndpoints", delete.send().await?.unsuccessful())?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_vpc_endpoints().set_filters(of_stack(stack));
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let there = all.iter().filter(|endpoint| is_there(endpoint));
        let listed = |endpoint: &sdk::VpcEndpoint| {
            bare(endpoint).state(state(endpoint).as_deref(), &["available"], &["deleting"], &[])
        };
        Ok(there.map(listed).collect())
    }
}
