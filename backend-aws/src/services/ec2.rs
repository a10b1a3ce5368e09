//! Amazon EC2.

pub(crate) mod availability_zones;
pub(crate) mod elastic_ip;
pub(crate) mod flow_log;
pub(crate) mod instance;
pub(crate) mod internet_gateway;
pub(crate) mod launch_template;
mod machine;
pub(crate) mod managed_prefix_list;
pub(crate) mod nat_gateway;
pub(crate) mod network_interface;
pub(crate) mod prefix_list;
pub(crate) mod route;
pub(crate) mod route_table;
pub(crate) mod route_table_association;
pub(crate) mod security_group;
pub(crate) mod security_group_rule;
pub(crate) mod subnet;
pub(crate) mod volume;
pub(crate) mod volume_attachment;
pub(crate) mod vpc;
pub(crate) mod vpc_endpoint;

use aws_sdk_ec2::types::{
    Filter, NetworkInterface, ResourceType, TagSpecification, UnsuccessfulItem,
};
use infra_core::handler::{HandlerError, Ownership, Request};

use crate::{
    aws::Aws,
    codes,
    error::Answer,
    tags::{TagChange, sdk_tags},
};

/// The tags of a new thing.
fn new_tags(kind: ResourceType, request: &Request) -> TagSpecification {
    let tags = sdk_tags!(aws_sdk_ec2, request.all_tags().0);
    TagSpecification::builder().resource_type(kind).set_tags(Some(tags)).build()
}

/// Tags as a list of things tells them.
fn tags(tags: &[aws_sdk_ec2::types::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default())))
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let id = &*request.id;
    if !change.remove.is_empty() {
        let gone = change.remove.iter();
        let gone = gone.map(|key| aws_sdk_ec2::types::Tag::builder().key(key).build()).collect();
        aws.ec2().delete_tags().resources(id).set_tags(Some(gone)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_ec2, change.set);
    aws.ec2().create_tags().resources(id).set_tags(Some(set)).send().await?;
    Ok(())
}

/// What asks for the things of a stack alone, or for all.
fn of_stack(stack: Option<&str>) -> Option<Vec<Filter>> {
    let name = format!("tag:{}", Ownership::KEYS[0]);
    stack.map(|stack| vec![Filter::builder().name(name).values(stack).build()])
}

/// What asks for things by a value of theirs.
fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// What asks for things by one of several values of theirs.
fn any_of(name: &str, values: Vec<String>) -> Option<Vec<Filter>> {
    Some(vec![Filter::builder().name(name).set_values(Some(values)).build()])
}

/// The first refusal of a call that answers with refusals instead of failing.
fn refusals(operation: &'static str, items: &[UnsuccessfulItem]) -> Answer<()> {
    let Some(refusal) = items.first() else { return Ok(()) };
    let code = refusal.error().and_then(|error| error.code()).unwrap_or_default();
    let message = refusal.error().and_then(|error| error.message()).unwrap_or_default();
    let problem = codes::problem("ec2", operation, code, message);
    Err(HandlerError::refused(problem, "ec2", operation, code, message).into())
}

/// The network interfaces that some things are true of.
async fn interfaces(aws: &Aws, filters: Vec<Filter>) -> Answer<Vec<NetworkInterface>> {
    let all = aws.ec2().describe_network_interfaces().set_filters(Some(filters)).into_paginator();
    Ok(all.items().send().collect::<Result<Vec<_>, _>>().await?)
}

/// Network interfaces as those that are in the way are named: what they belong to stands in their
/// descriptions.
fn named(interface: &NetworkInterface) -> String {
    let id = interface.network_interface_id().unwrap_or_default();
    match interface.description().filter(|text| !text.is_empty()) {
        Some(text) => format!("NetworkInterface {id} ({text})"),
        None => format!("NetworkInterface {id}"),
    }
}
