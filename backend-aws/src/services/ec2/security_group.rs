//! `aws:ec2:SecurityGroup`.

use aws_sdk_ec2::types::{self as sdk, Filter, ResourceType};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{
    any_of, filter, interfaces, named, new_tags, of_stack, retag, security_group_rule, tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    gather::together,
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct SecurityGroup;

fn seen(group: &sdk::SecurityGroup) -> Seen {
    Seen::new(group.group_id().unwrap_or_default())
        .text(ec2::SecurityGroup::VPC_ID, group.vpc_id())
        .text(ec2::SecurityGroup::GROUP_DESCRIPTION, group.description())
        .text(ec2::SecurityGroup::GROUP_NAME, group.group_name())
        .text(ec2::SecurityGroup::GROUP_ID, group.group_id())
        .tags(tags(group.tags()))
}

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<Seen>> {
    let all = aws.ec2().describe_security_groups().set_filters(filters).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.iter().map(seen).collect())
}

/// Whether it is a rule that AWS makes with a group: everything may go out. One of a program has
/// its tags.
fn is_of_aws(rule: &sdk::SecurityGroupRule) -> bool {
    let everywhere = rule.cidr_ipv4() == Some("0.0.0.0/0") || rule.cidr_ipv6() == Some("::/0");
    let everything = rule.is_egress() == Some(true) && rule.ip_protocol() == Some("-1");
    everything && everywhere && rule.tags().is_empty()
}

/// What is in a group, and what names it in its rules.
async fn users(aws: &Aws, id: &str) -> Answer<Vec<String>> {
    let inside = interfaces(aws, vec![filter("group-id", id)]).await?;
    let mut users: Vec<String> = inside.iter().map(named).collect();
    for name in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let naming = aws.ec2().describe_security_groups().filters(filter(name, id));
        let naming = naming.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let naming = naming.iter().filter_map(|group| group.group_id()).filter(|it| *it != id);
        users.extend(naming.map(|group| format!("SecurityGroup {group} (a rule)")));
    }
    Ok(users)
}

impl Resource for SecurityGroup {
    type Type = ec2::SecurityGroup;

    const LISTS_ALL: bool = true;
    const STATELESS: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateSecurityGroup").on(&[On::Own, of_ec2::VPC]),
        CREATE.needs("ec2:DescribeSecurityGroupRules"),
        CREATE.needs("ec2:RevokeSecurityGroupEgress").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeSecurityGroups"),
        DELETE.needs("ec2:DeleteSecurityGroup").on(OWN).ours(),
        DELETE.needs("ec2:DescribeNetworkInterfaces"),
        tagged!("CreateSecurityGroup"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::SecurityGroup>) -> Answer<Seen> {
        let made = aws
            .ec2()
            .create_security_group()
            .vpc_id(request.args.vpc_id.as_str())
            .description(&request.args.group_description)
            .set_group_name(request.name().map(str::to_owned))
            .tag_specifications(new_tags(ResourceType::SecurityGroup, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateSecurityGroup", "GroupId");
        let id = made.group_id().ok_or_else(incomplete)?;
        Ok(Seen::new(id).text(ec2::SecurityGroup::GROUP_ID, Some(id)))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::SecurityGroup>) -> Answer<()> {
        let rules = security_group_rule::of_group(aws, &request.id).await?;
        let rules = rules.into_iter().filter(is_of_aws);
        let rules: Vec<String> = rules.filter_map(|rule| rule.security_group_rule_id).collect();
        if !rules.is_empty() {
            let revoke = aws.ec2().revoke_security_group_egress().group_id(&*request.id);
            revoke.set_security_group_rule_ids(Some(rules)).send().await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::SecurityGroup>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = |ids| those(aws, any_of("group-id", ids));
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.ec2().delete_security_group().group_id(&*request.id);
        match delete.send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) if error.is_in_use() => {
                let users = users(aws, &request.id).await?;
                Err(error.in_use(users))
            }
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        those(aws, of_stack(stack)).await
    }

    /// Names are of one kind within a VPC.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let vpc = request.inputs.get(ec2::SecurityGroup::VPC_ID.slot).as_str().unwrap_or_default();
        let name = filter("group-name", request.name().unwrap_or_default());
        let asked = aws.ec2().describe_security_groups().filters(filter("vpc-id", vpc));
        let told = asked.filters(name).send().await?;
        Ok(told.security_groups().first().map(seen))
    }
}
