//! `aws:ec2:Vpc`.

use aws_sdk_ec2::types::{
    self as sdk, AttributeBooleanValue, Filter, ResourceType, VpcAttributeName,
};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{any_of, filter, new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    gather::together,
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

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<Seen>> {
    let all = aws.ec2().describe_vpcs().set_filters(filters).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.iter().map(seen).collect())
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

async fn set_support(aws: &Aws, id: &str, value: bool) -> Answer<()> {
    let value = AttributeBooleanValue::builder().value(value).build();
    aws.ec2().modify_vpc_attribute().vpc_id(id).enable_dns_support(value).send().await?;
    Ok(())
}

async fn set_host_names(aws: &Aws, id: &str, value: bool) -> Answer<()> {
    let value = AttributeBooleanValue::builder().value(value).build();
    aws.ec2().modify_vpc_attribute().vpc_id(id).enable_dns_hostnames(value).send().await?;
    Ok(())
}

/// The route table of subnets that have no other. Another one can be put in its place.
async fn main_table(aws: &Aws, id: &str) -> Answer<Option<String>> {
    let tables = aws.ec2().describe_route_tables().filters(filter("vpc-id", id));
    let tables = tables.filters(filter("association.main", "true")).send().await?;
    let table = tables.route_tables().first().and_then(|table| table.route_table_id());
    Ok(table.map(str::to_owned))
}

async fn default_acl(aws: &Aws, id: &str) -> Answer<Option<String>> {
    let acls = aws.ec2().describe_network_acls().filters(filter("vpc-id", id));
    let acls = acls.filters(filter("default", "true")).send().await?;
    let acl = acls.network_acls().first().and_then(|acl| acl.network_acl_id());
    Ok(acl.map(str::to_owned))
}

async fn default_group(aws: &Aws, id: &str) -> Answer<Option<String>> {
    let groups = aws.ec2().describe_security_groups().filters(filter("vpc-id", id));
    let groups = groups.filters(filter("group-name", "default")).send().await?;
    let group = groups.security_groups().first().and_then(|group| group.group_id());
    Ok(group.map(str::to_owned))
}

/// What AWS made with it and what stays with it for life: asked for once.
async fn with_companions(aws: &Aws, request: &Request, seen: Seen) -> Answer<Seen> {
    let known = |slot| request.outputs.get(slot).as_str().map(str::to_owned);
    let acl = match known(ec2::Vpc::DEFAULT_NETWORK_ACL.slot) {
        None => default_acl(aws, &request.id).await?,
        known => known,
    };
    let group = match known(ec2::Vpc::DEFAULT_SECURITY_GROUP.slot) {
        None => default_group(aws, &request.id).await?,
        known => known,
    };
    let seen = seen.text(ec2::Vpc::DEFAULT_NETWORK_ACL, acl);
    Ok(seen.text(ec2::Vpc::DEFAULT_SECURITY_GROUP, group))
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

    /// A new one has the resolver and no host names. What was configured otherwise before is updated
    /// after this.
    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::Vpc>) -> Answer<()> {
        if !request.args.enable_dns_support {
            set_support(aws, &request.id, false).await?;
        }
        if request.args.enable_dns_hostnames {
            set_host_names(aws, &request.id, true).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Vpc>) -> Answer<()> {
        if changed(request, &["enable_dns_support"]) {
            set_support(aws, &request.id, request.args.enable_dns_support).await?;
        }
        if changed(request, &["enable_dns_hostnames"]) {
            set_host_names(aws, &request.id, request.args.enable_dns_hostnames).await?;
        }
        if changed(request, &["instance_tenancy"]) {
            let tenancy = request.args.instance_tenancy.as_str().into();
            let modify = aws.ec2().modify_vpc_tenancy().vpc_id(&*request.id);
            modify.instance_tenancy(tenancy).send().await?;
        }
        retag(aws, request).await
    }

    async fn look(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = |ids| those(aws, any_of("vpc-id", ids));
        match together::<Self, _>(aws, request, by_id).await? {
            Some(seen) => Self::complete(aws, request, seen).await,
            None => Ok(None),
        }
    }

    async fn complete(aws: &Aws, request: &Request, seen: Seen) -> Answer<Option<Seen>> {
        let seen = with_companions(aws, request, seen).await?;
        let table = request.outputs.get(ec2::Vpc::MAIN_ROUTE_TABLE_ID.slot).as_str();
        let table = match table {
            None => main_table(aws, &request.id).await?,
            known => known.map(str::to_owned),
        };
        Ok(Some(seen.text(ec2::Vpc::MAIN_ROUTE_TABLE_ID, table)))
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let by_id = |ids| those(aws, any_of("vpc-id", ids));
        let Some(seen) = together::<Self, _>(aws, request, by_id).await? else { return Ok(None) };
        let seen = with_companions(aws, request, seen).await?;
        let support = attribute(aws, id, VpcAttributeName::EnableDnsSupport).await?;
        let names = attribute(aws, id, VpcAttributeName::EnableDnsHostnames).await?;
        let seen = seen
            .set(ec2::Vpc::ENABLE_DNS_SUPPORT, support)
            .set(ec2::Vpc::ENABLE_DNS_HOSTNAMES, names)
            .text(ec2::Vpc::MAIN_ROUTE_TABLE_ID, main_table(aws, id).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_vpc().vpc_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        those(aws, of_stack(stack)).await
    }
}
