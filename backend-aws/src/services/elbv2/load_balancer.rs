//! `aws:elbv2:LoadBalancer`.

mod attributes;

use aws_sdk_elasticloadbalancingv2::types::{
    self as sdk, LoadBalancerAttribute, LoadBalancerStateEnum,
    MinimumLoadBalancerCapacity as Capacity,
};
use infra_core::{
    aws::elbv2::{self, MinimumLoadBalancerCapacityArgs},
    handler::{Deletion, Request, TypedRequest},
};

use super::{
    all_with_tags,
    attributes::{Attributes, sdk_attributes},
    behind, missing, new_tags, retag, with_tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, linked},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct LoadBalancer;

type Type = elbv2::LoadBalancer;

const ENFORCE: &str = "enforce_security_group_inbound_rules_on_private_link_traffic";

fn seen(balancer: &sdk::LoadBalancer, request: &Request) -> Seen {
    let arn = balancer.load_balancer_arn();
    let zones = balancer.availability_zones();
    let state = balancer.state().and_then(sdk::LoadBalancerState::code);
    let enforce = balancer.enforce_security_group_inbound_rules_on_private_link_traffic();
    let enforce = elbv2::OnOff::ALL.into_iter().find(|it| Some(it.as_str()) == enforce);
    let seen = Seen::new(arn.unwrap_or_default())
        .text(Type::NAME, balancer.load_balancer_name())
        .text(Type::LOAD_BALANCER_TYPE, balancer.r#type().map(|it| it.as_str()))
        .text(Type::SCHEME, balancer.scheme().map(|it| it.as_str()))
        .unordered(Type::SECURITY_GROUPS, request, balancer.security_groups().to_vec())
        .unless_usual(
            Type::ENFORCE_SECURITY_GROUP_INBOUND_RULES_ON_PRIVATE_LINK_TRAFFIC,
            request,
            enforce,
            &[elbv2::OnOff::On],
        )
        .text(Type::LOAD_BALANCER_ARN, arn)
        .text(Type::DNS_NAME, balancer.dns_name())
        .text(Type::CANONICAL_HOSTED_ZONE_ID, balancer.canonical_hosted_zone_id())
        .text(Type::LOAD_BALANCER_FULL_NAME, arn.and_then(|arn| behind(arn, ":loadbalancer/")))
        .state(
            state.map(LoadBalancerStateEnum::as_str),
            &["active", "active_impaired"],
            &[],
            &["failed"],
        );
    // AWS tells zones: whether the program gave them addresses is for the program to say.
    if request.inputs.has(Type::SUBNET_MAPPINGS.slot) {
        let all = zones.iter().filter_map(mapping).collect::<Vec<_>>();
        seen.unordered(Type::SUBNET_MAPPINGS, request, all)
    } else {
        let all = zones.iter().filter_map(|zone| zone.subnet_id().map(str::to_owned));
        seen.unordered(Type::SUBNETS, request, all.collect::<Vec<_>>())
    }
}

fn mapping(zone: &sdk::AvailabilityZone) -> Option<elbv2::SubnetMappingArgs> {
    let address = zone.load_balancer_addresses().first();
    let allocation = address.and_then(sdk::LoadBalancerAddress::allocation_id);
    let private = address.and_then(sdk::LoadBalancerAddress::private_ipv4_address);
    Some(elbv2::SubnetMappingArgs {
        subnet_id: zone.subnet_id()?.parse().ok()?,
        allocation_id: allocation.and_then(|id| id.parse().ok()),
        private_ipv4_address: private.and_then(|address| address.parse().ok()),
    })
}

fn mappings(args: &elbv2::LoadBalancerArgs) -> Option<Vec<sdk::SubnetMapping>> {
    let all = args.subnet_mappings.iter().map(|mapping| {
        sdk::SubnetMapping::builder()
            .subnet_id(mapping.subnet_id.as_str())
            .set_allocation_id(mapping.allocation_id.as_ref().map(ToString::to_string))
            .set_private_ipv4_address(mapping.private_ipv4_address.map(|it| it.to_string()))
            .build()
    });
    Some(all.collect()).filter(|all: &Vec<_>| !all.is_empty())
}

fn subnets(args: &elbv2::LoadBalancerArgs) -> Option<Vec<String>> {
    let all: Vec<String> = args.subnets.iter().map(ToString::to_string).collect();
    Some(all).filter(|all| !all.is_empty())
}

fn groups(args: &elbv2::LoadBalancerArgs) -> Option<Vec<String>> {
    args.security_groups.as_ref().map(|all| all.iter().map(ToString::to_string).collect())
}

async fn modify(aws: &Aws, arn: &str, attributes: Attributes) -> Answer<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    let all = sdk_attributes!(LoadBalancerAttribute, attributes);
    let modify = aws.elbv2().modify_load_balancer_attributes().load_balancer_arn(arn);
    modify.set_attributes(Some(all)).send().await?;
    Ok(())
}

async fn set_groups(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let enforce = request.args.enforce_security_group_inbound_rules_on_private_link_traffic;
    let network = request.args.load_balancer_type == elbv2::LoadBalancerType::Network;
    let enforce = enforce.or(network.then_some(elbv2::OnOff::On));
    let Some(groups) = groups(&request.args) else { return Ok(()) };
    aws.elbv2()
        .set_security_groups()
        .load_balancer_arn(&*request.id)
        .set_security_groups(Some(groups))
        .set_enforce_security_group_inbound_rules_on_private_link_traffic(
            enforce.map(|it| it.as_str().into()),
        )
        .send()
        .await?;
    Ok(())
}

async fn set_capacity(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let modify = aws.elbv2().modify_capacity_reservation().load_balancer_arn(&*request.id);
    let modify = match &request.args.minimum_load_balancer_capacity {
        Some(capacity) => {
            let units = i32::try_from(capacity.capacity_units).unwrap_or(i32::MAX);
            let capacity = Capacity::builder().capacity_units(units).build();
            modify.minimum_load_balancer_capacity(capacity)
        }
        None => modify.reset_capacity_reservation(true),
    };
    modify.send().await?;
    Ok(())
}

async fn describe(aws: &Aws, arn: &str) -> Answer<Option<sdk::LoadBalancer>> {
    let asked = aws.elbv2().describe_load_balancers().load_balancer_arns(arn);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.load_balancers?.into_iter().next()))
}

/// The capacity that is reserved.
async fn capacity(aws: &Aws, arn: &str) -> Answer<Option<MinimumLoadBalancerCapacityArgs>> {
    let asked = aws.elbv2().describe_capacity_reservation().load_balancer_arn(arn).send().await;
    let told = match asked.if_found() {
        // Where nobody can reserve any, as in some partitions, none is reserved.
        Err(error) if error.0.code == "InvalidAction" => None,
        told => told?,
    };
    let units = told.and_then(|told| told.minimum_load_balancer_capacity?.capacity_units);
    let units = units.and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 0);
    Ok(units.map(|capacity_units| MinimumLoadBalancerCapacityArgs { capacity_units }))
}

/// All of a load balancer that other calls tell.
async fn with_the_rest(aws: &Aws, seen: Seen, request: &Request) -> Answer<Option<Seen>> {
    let arn = seen.id.clone();
    let asked = aws.elbv2().describe_load_balancer_attributes().load_balancer_arn(&arn);
    let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
    let seen = attributes::seen(seen, request, &sdk_attributes!(told.attributes()));
    let capacity = capacity(aws, &arn).await?;
    with_tags(aws, seen.set(Type::MINIMUM_LOAD_BALANCER_CAPACITY, capacity)).await
}

impl Resource for LoadBalancer {
    type Type = elbv2::LoadBalancer;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddTags").on(OWN),
        CREATE.needs("elasticloadbalancing:CreateLoadBalancer").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:ModifyCapacityReservation").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:ModifyLoadBalancerAttributes").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:SetSecurityGroups").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:SetSubnets").on(OWN),
        UPDATE.needs("elasticloadbalancing:RemoveTags").on(OWN),
        READ.needs("elasticloadbalancing:DescribeCapacityReservation"),
        READ.needs("elasticloadbalancing:DescribeLoadBalancerAttributes"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeLoadBalancers"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTags"),
        DELETE.needs("elasticloadbalancing:DeleteLoadBalancer").on(OWN),
        linked!(CREATE, "elasticloadbalancing.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elbv2()
            .create_load_balancer()
            .set_name(request.name().map(str::to_owned))
            .r#type(args.load_balancer_type.as_str().into())
            .scheme(args.scheme.as_str().into())
            .set_subnets(subnets(args))
            .set_subnet_mappings(mappings(args))
            .set_security_groups(groups(args))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticloadbalancingv2", "CreateLoadBalancer", "LoadBalancer");
        Ok(seen(made.load_balancers().first().ok_or_else(incomplete)?, request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        modify(aws, &request.id, attributes::given(request)).await?;
        if request.args.enforce_security_group_inbound_rules_on_private_link_traffic.is_some() {
            set_groups(aws, request).await?;
        }
        if request.args.minimum_load_balancer_capacity.is_some() {
            set_capacity(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        if changed(request, &["subnets", "subnet_mappings"]) {
            aws.elbv2()
                .set_subnets()
                .load_balancer_arn(&*request.id)
                .set_subnets(subnets(&request.args))
                .set_subnet_mappings(mappings(&request.args))
                .send()
                .await?;
        }
        if changed(request, &["security_groups", ENFORCE]) {
            set_groups(aws, request).await?;
        }
        modify(aws, &request.id, attributes::changed(request)).await?;
        if changed(request, &["minimum_load_balancer_capacity"]) {
            set_capacity(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        match describe(aws, &request.id).await? {
            Some(balancer) => with_the_rest(aws, seen(&balancer, request), request).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        if describe(aws, arn).await?.is_none() {
            return Err(missing(request, "DeleteLoadBalancer"));
        }
        aws.elbv2().delete_load_balancer().load_balancer_arn(arn).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        all_with_tags(aws, arns(aws).await?).await
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.name().unwrap_or_default();
        let told = aws.elbv2().describe_load_balancers().names(name).send().await.if_found()?;
        match told.and_then(|told| told.load_balancers?.into_iter().next()) {
            Some(balancer) => with_the_rest(aws, seen(&balancer, request), request).await,
            None => Ok(None),
        }
    }
}

/// All load balancers of the region, those that are no type of ours among them.
pub(super) async fn arns(aws: &Aws) -> Answer<Vec<String>> {
    let all = aws.elbv2().describe_load_balancers().into_paginator().items().send();
    let all = all.collect::<Result<Vec<_>, _>>().await?;
    Ok(all.into_iter().filter_map(|balancer| balancer.load_balancer_arn).collect())
}
