//! `aws:ec2:SecurityGroupRule`.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{
    self as sdk, Filter, IpPermission, IpRange, PrefixListId, ResourceType, UserIdGroupPair,
};
use infra_core::{
    aws::ec2::{self, RuleDirection},
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

pub(crate) struct SecurityGroupRule;

type Args = ec2::SecurityGroupRuleArgs;

fn seen(rule: &sdk::SecurityGroupRule) -> Seen {
    type Type = ec2::SecurityGroupRule;
    let direction = rule.is_egress().map(|egress| match egress {
        true => RuleDirection::Egress,
        false => RuleDirection::Ingress,
    });
    // All protocols together have all ports, which is told as -1.
    let has_ports = rule.ip_protocol() != Some(ec2::IpProtocol::All.as_str());
    let group = rule.referenced_group_info().and_then(|group| group.group_id());
    Seen::new(rule.security_group_rule_id().unwrap_or_default())
        .text(Type::GROUP_ID, rule.group_id())
        .set(Type::DIRECTION, direction)
        .text(Type::IP_PROTOCOL, rule.ip_protocol())
        .set(Type::FROM_PORT, rule.from_port().filter(|_| has_ports))
        .set(Type::TO_PORT, rule.to_port().filter(|_| has_ports))
        .text(Type::CIDR_IPV4, rule.cidr_ipv4())
        .text(Type::PREFIX_LIST_ID, rule.prefix_list_id())
        .text(Type::REFERENCED_GROUP_ID, group)
        .text(Type::DESCRIPTION, rule.description().filter(|text| !text.is_empty()))
        .text(Type::SECURITY_GROUP_RULE_ID, rule.security_group_rule_id())
        .text(Type::ARN, rule.security_group_rule_arn())
        .tags(tags(rule.tags()))
}

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<sdk::SecurityGroupRule>> {
    let all = aws.ec2().describe_security_group_rules().set_filters(filters).into_paginator();
    Ok(all.items().send().collect::<Result<Vec<_>, _>>().await?)
}

/// The rules of a group, in both directions; asked together with those of other groups.
pub(super) async fn of_group(aws: &Aws, group: &str) -> Answer<Vec<sdk::SecurityGroupRule>> {
    let by_group = async |groups| {
        let mut of_groups = BTreeMap::<String, Vec<_>>::new();
        for rule in those(aws, any_of("group-id", groups)).await? {
            let group = rule.group_id().unwrap_or_default().to_owned();
            of_groups.entry(group).or_default().push(rule);
        }
        Ok(of_groups.into_iter().collect())
    };
    let told = aws.gather("rules of a group").ask(group, by_group).await?;
    Ok(told.unwrap_or_default())
}

/// What it allows, in the words of calls that may be about several rules.
fn permission(args: &Args) -> IpPermission {
    let described = args.description.clone();
    let ranges = args.cidr_ipv4.map(|range| {
        let to = IpRange::builder().cidr_ip(range.to_string());
        vec![to.set_description(described.clone()).build()]
    });
    let lists = args.prefix_list_id.as_ref().map(|list| {
        let to = PrefixListId::builder().prefix_list_id(list.as_str());
        vec![to.set_description(described.clone()).build()]
    });
    let groups = args.referenced_group_id.as_ref().map(|group| {
        let to = UserIdGroupPair::builder().group_id(group.as_str());
        vec![to.set_description(described.clone()).build()]
    });
    IpPermission::builder()
        .ip_protocol(args.ip_protocol.as_str())
        .set_from_port(args.from_port)
        .set_to_port(args.to_port)
        .set_ip_ranges(ranges)
        .set_prefix_list_ids(lists)
        .set_user_id_group_pairs(groups)
        .build()
}

/// Says its description; none, if it has none any more.
async fn describe(aws: &Aws, args: &Args) -> Answer<()> {
    let (group, rule) = (args.group_id.as_str(), permission(args));
    match args.direction {
        RuleDirection::Ingress => {
            let update = aws.ec2().update_security_group_rule_descriptions_ingress();
            update.group_id(group).ip_permissions(rule).send().await?;
        }
        RuleDirection::Egress => {
            let update = aws.ec2().update_security_group_rule_descriptions_egress();
            update.group_id(group).ip_permissions(rule).send().await?;
        }
    }
    Ok(())
}

const RULE_AND_GROUP: &[On] = &[On::Own, of_ec2::SECURITY_GROUP];
const GROUP: &[On] = &[of_ec2::SECURITY_GROUP];

impl Resource for SecurityGroupRule {
    type Type = ec2::SecurityGroupRule;

    const LISTS_ALL: bool = true;
    const STATELESS: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:AuthorizeSecurityGroupEgress").on(RULE_AND_GROUP),
        CREATE.needs("ec2:AuthorizeSecurityGroupIngress").on(RULE_AND_GROUP),
        UPDATE.needs("ec2:CreateTags").on(OWN),
        UPDATE.needs("ec2:DeleteTags").on(OWN),
        UPDATE.needs("ec2:UpdateSecurityGroupRuleDescriptionsEgress").on(GROUP),
        UPDATE.needs("ec2:UpdateSecurityGroupRuleDescriptionsIngress").on(GROUP),
        READ.and(LIST).needs("ec2:DescribeSecurityGroupRules"),
        DELETE.needs("ec2:RevokeSecurityGroupEgress").on(GROUP),
        DELETE.needs("ec2:RevokeSecurityGroupIngress").on(GROUP),
        tagged!("AuthorizeSecurityGroupIngress"),
        tagged!("AuthorizeSecurityGroupEgress"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::SecurityGroupRule>) -> Answer<Seen> {
        let (ec2, group) = (aws.ec2(), request.args.group_id.as_str());
        let permission = permission(&request.args);
        let tags = new_tags(ResourceType::SecurityGroupRule, request);
        let (operation, made) = match request.args.direction {
            RuleDirection::Ingress => {
                let authorize = ec2.authorize_security_group_ingress().group_id(group);
                let authorize = authorize.ip_permissions(permission).tag_specifications(tags);
                ("AuthorizeSecurityGroupIngress", authorize.send().await?.security_group_rules)
            }
            RuleDirection::Egress => {
                let authorize = ec2.authorize_security_group_egress().group_id(group);
                let authorize = authorize.ip_permissions(permission).tag_specifications(tags);
                ("AuthorizeSecurityGroupEgress", authorize.send().await?.security_group_rules)
            }
        };
        let incomplete = || Error::incomplete("ec2", operation, "SecurityGroupRules");
        let made = made.unwrap_or_default();
        Ok(seen(made.first().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::SecurityGroupRule>) -> Answer<()> {
        if changed(request, &["description"]) {
            describe(aws, &request.args).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = async |ids| {
            let told = those(aws, any_of("security-group-rule-id", ids)).await?;
            Ok(told.iter().map(seen).collect())
        };
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        type Type = ec2::SecurityGroupRule;
        let (ec2, id) = (aws.ec2(), &*request.id);
        let group = request.inputs.get(Type::GROUP_ID.slot).as_str().unwrap_or_default();
        let direction = request.inputs.get(Type::DIRECTION.slot).as_str();
        if direction == Some(RuleDirection::Egress.as_str()) {
            let revoke = ec2.revoke_security_group_egress().group_id(group);
            revoke.security_group_rule_ids(id).send().await?;
        } else {
            let revoke = ec2.revoke_security_group_ingress().group_id(group);
            revoke.security_group_rule_ids(id).send().await?;
        }
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        Ok(those(aws, of_stack(stack)).await?.iter().map(seen).collect())
    }

    /// A group has one rule for the same traffic with the same other side.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let group = request.inputs.get(ec2::SecurityGroupRule::GROUP_ID.slot);
        let all = of_group(aws, group.as_str().unwrap_or_default()).await?;
        let key = || request.ty.unique.iter().flat_map(|slots| slots.iter());
        let is_it = |rule: &&sdk::SecurityGroupRule| {
            let told = seen(rule).into_properties(request.ty);
            key().all(|slot| told.get(*slot) == request.inputs.get(*slot))
        };
        Ok(all.iter().find(is_it).map(seen))
    }
}
