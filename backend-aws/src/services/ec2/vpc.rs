//! `aws:ec2:Vpc`.

use aws_sdk_ec2::types::{self as sdk, AttributeBooleanValue, ResourceType, VpcAttributeName};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{filter, new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, tagged},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Vpc;

fn seen(vpc: &sdk::Vpc) -> Seen {
    Seen::new(vpc.vpc_id().unwrap_or_default())
        .text(ec2::Vpc::CIDR_BLOCK, vpc.cidr_block())
        .text(ec2::Vpc::INSTANCE_TENANCY, vpc.instance_tenancy().map(sdk::Tenancy::as_str))
        .text(ec2::Vpc::VPC_ID, vpc.vpc_id())
        .tags(tags(vpc.tags()))
        .state(vpc.state().map(sdk::VpcState::as_str), &["available"], &[], &[])
}

async fn attribute(aws: &Aws, id: &str, name: VpcAttributeName) -> Answer<bool> {
    let asked = aws.ec2().describe_vpc_attribute().vpc_id(id).attribute(name.clone());
    let told = asked.send().await?;
    let value = match name {
        VpcAttributeName::EnableDnsSupport => told.enable_dns_support(),
        _ => told.enable_dns_hostnames(),
    };
    Ok(value.and_then(AttributeBooleanValue::value).unwrap_or_default())
}

/// Both say their value again: which of them is as it is to be is not looked at.
async fn set_attributes(aws: &Aws, id: &str, args: &ec2::VpcArgs) -> Answer<()> {
    let value = |value| AttributeBooleanValue::builder().value(value).build();
    let support = value(args.enable_dns_support);
    let modify = || aws.ec2().modify_vpc_attribute().vpc_id(id);
    modify().enable_dns_support(support).send().await?;
    modify().enable_dns_hostnames(value(args.enable_dns_hostnames)).send().await?;
    Ok(())
}

impl Resource for Vpc {
    type Type = ec2::Vpc;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateVpc").on(OWN),
        CREATE.and(UPDATE).needs("ec2:ModifyVpcAttribute").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:ModifyVpcTenancy").on(OWN).ours(),
        READ.needs("ec2:DescribeNetworkAcls"),
        READ.needs("ec2:DescribeRouteTables"),
        READ.needs("ec2:DescribeSecurityGroups"),
        READ.needs("ec2:DescribeVpcAttribute").on(OWN),
        READ.and(LIST).needs("ec2:DescribeVpcs"),
        DELETE.needs("ec2:DeleteVpc").on(OWN).ours(),
        tagged!("CreateVpc"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::Vpc>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .ec2()
            .create_vpc()
            .cidr_block(args.cidr_block.to_string())
            .instance_tenancy(args.instance_tenancy.as_str().into())
            .tag_specifications(new_tags(ResourceType::Vpc, request))
            .send()
            .await?;
        let vpc = made.vpc().ok_or_else(|| Error::incomplete("ec2", "CreateVpc", "Vpc"))?;
        Ok(seen(vpc))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::Vpc>) -> Answer<()> {
        set_attributes(aws, &request.id, &request.args).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Vpc>) -> Answer<()> {
        if changed(request, &["enable_dns_hostnames", "enable_dns_support"]) {
            set_attributes(aws, &request.id, &request.args).await?;
        }
        if changed(request, &["instance_tenancy"]) {
            let tenancy = request.args.instance_tenancy.as_str().into();
            let modify = aws.ec2().modify_vpc_tenancy().vpc_id(&*request.id);
            modify.instance_tenancy(tenancy).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let Some(told) = aws.ec2().describe_vpcs().vpc_ids(id).send().await.if_found()? else {
            return Ok(None);
        };
        let Some(vpc) = told.vpcs().first() else { return Ok(None) };
        let support = attribute(aws, id, VpcAttributeName::EnableDnsSupport).await?;
        let names = attribute(aws, id, VpcAttributeName::EnableDnsHostnames).await?;
        let of_it = filter("vpc-id", id);
        let (default, main) = (filter("default", "true"), filter("association.main", "true"));
        let acls = aws.ec2().describe_network_acls().filters(of_it.clone()).filters(default);
        let acls = acls.send().await?;
        let tables = aws.ec2().describe_route_tables().filters(of_it.clone()).filters(main);
        let tables = tables.send().await?;
        let groups = aws.ec2().describe_security_groups().filters(of_it);
        let groups = groups.filters(filter("group-name", "default")).send().await?;
        let acl = acls.network_acls().first().and_then(|acl| acl.network_acl_id());
        let table = tables.route_tables().first().and_then(|table| table.route_table_id());
        let group = groups.security_groups().first().and_then(|group| group.group_id());
        let seen = seen(vpc)
            .set(ec2::Vpc::ENABLE_DNS_SUPPORT, support)
            .set(ec2::Vpc::ENABLE_DNS_HOSTNAMES, names)
            .text(ec2::Vpc::DEFAULT_NETWORK_ACL, acl)
            .text(ec2::Vpc::MAIN_ROUTE_TABLE_ID, table)
            .text(ec2::Vpc::DEFAULT_SECURITY_GROUP, group);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_vpc().vpc_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_vpcs().set_filters(of_stack(stack)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(seen).collect())
    }
}
