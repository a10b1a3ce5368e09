//! `aws:ec2:Subnet`.

use aws_sdk_ec2::types::{self as sdk, AttributeBooleanValue, Filter, ResourceType};
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
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Subnet;

fn seen(subnet: &sdk::Subnet) -> Seen {
    Seen::new(subnet.subnet_id().unwrap_or_default())
        .text(ec2::Subnet::VPC_ID, subnet.vpc_id())
        .text(ec2::Subnet::CIDR_BLOCK, subnet.cidr_block())
        .text(ec2::Subnet::AVAILABILITY_ZONE, subnet.availability_zone())
        .set(ec2::Subnet::MAP_PUBLIC_IP_ON_LAUNCH, subnet.map_public_ip_on_launch())
        .text(ec2::Subnet::SUBNET_ID, subnet.subnet_id())
        .text(ec2::Subnet::AVAILABILITY_ZONE_ID, subnet.availability_zone_id())
        .text(ec2::Subnet::ARN, subnet.subnet_arn())
        .tags(tags(subnet.tags()))
        .state(subnet.state().map(sdk::SubnetState::as_str), &["available"], &[], &[])
}

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<Seen>> {
    let all = aws.ec2().describe_subnets().set_filters(filters).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.iter().map(seen).collect())
}

async fn set_public_ip(aws: &Aws, request: &TypedRequest<'_, ec2::Subnet>) -> Answer<()> {
    let value = request.args.map_public_ip_on_launch;
    let value = AttributeBooleanValue::builder().value(value).build();
    let modify = aws.ec2().modify_subnet_attribute().subnet_id(&*request.id);
    modify.map_public_ip_on_launch(value).send().await?;
    Ok(())
}

impl Resource for Subnet {
    type Type = ec2::Subnet;

    const LISTS_ALL: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateSubnet").on(&[On::Own, of_ec2::VPC]),
        CREATE.and(UPDATE).needs("ec2:ModifySubnetAttribute").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeSubnets"),
        DELETE.needs("ec2:DeleteSubnet").on(OWN).ours(),
        tagged!("CreateSubnet"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::Subnet>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .ec2()
            .create_subnet()
            .vpc_id(args.vpc_id.as_str())
            .cidr_block(args.cidr_block.to_string())
            .set_availability_zone(args.availability_zone.clone())
            .tag_specifications(new_tags(ResourceType::Subnet, request))
            .send()
            .await?;
        let subnet = made.subnet();
        Ok(seen(subnet.ok_or_else(|| Error::incomplete("ec2", "CreateSubnet", "Subnet"))?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::Subnet>) -> Answer<()> {
        // A new one gives none. What was configured otherwise before is updated after this.
        if request.args.map_public_ip_on_launch {
            set_public_ip(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Subnet>) -> Answer<()> {
        if changed(request, &["map_public_ip_on_launch"]) {
            set_public_ip(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = |ids| those(aws, any_of("subnet-id", ids));
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_subnet().subnet_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        those(aws, of_stack(stack)).await
    }
}
