//! AWS: ec2 AuthorizeSecurityGroupIngress, AuthorizeSecurityGroupEgress,
//! UpdateSecurityGroupRuleDescriptionsIngress, UpdateSecurityGroupRuleDescriptionsEgress,
//! DescribeSecurityGroupRules, RevokeSecurityGroupIngress, RevokeSecurityGroupEgress.

use crate::{
    aws::{PrefixListId, SecurityGroupId, SecurityGroupRuleId},
    prelude::*,
    props, resource,
};

/// A rule of a security group: traffic that it allows in or out. Answers to what is allowed need
/// no rule.
///
/// The other side is exactly one of an address range, a prefix list and a security group. A rule
/// is a resource of its own, so that two groups may name each other.
///
/// ```
/// use infra_core::{
///     aws::ec2::{IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, Vpc},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// # let group = |name: &str| {
/// #     SecurityGroup::named(name).vpc_id(&vpc).group_description("a group").create(&stack)
/// # };
/// # let (database, application) = (group("database"), group("application"));
/// SecurityGroupRule::named("database-from-application")
///     .group_id(&database)
///     .direction(RuleDirection::Ingress)
///     .ip_protocol(IpProtocol::Tcp)
///     .from_port(3306)
///     .to_port(3306)
///     .referenced_group_id(&application)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:SecurityGroupRule",
    find = key,
    unique(
        group_id,
        direction,
        ip_protocol,
        from_port,
        to_port,
        cidr_ipv4,
        prefix_list_id,
        referenced_group_id
    ),
    create = "1s",
    delete = "1s"
)]
pub struct SecurityGroupRule {
    /// The group that it is a rule of. Changing it replaces the rule. AWS: `GroupId`.
    // The rule that AWS makes with a group is taken away after its creation: one of the same words
    // would exist already before that.
    #[prop(replace, owner, needs = configured)]
    pub group_id: SecurityGroupId,
    /// Whether it is about traffic that comes in or goes out. Changing it replaces the rule. AWS:
    /// `IsEgress`.
    #[prop(replace)]
    pub direction: RuleDirection,
    /// The protocol. Changing it replaces the rule. AWS: `IpProtocol`.
    #[prop(replace)]
    pub ip_protocol: IpProtocol,
    /// TCP and UDP: the first port, 0 to 65535. ICMP: the type, -1 for every one. Default: none,
    /// which only fits all protocols together. Changing it replaces the rule. AWS: `FromPort`.
    #[prop(replace)]
    pub from_port: Option<i32>,
    /// TCP and UDP: the last port, 0 to 65535. ICMP: the code, -1 for every one. Default: none,
    /// which only fits all protocols together. Changing it replaces the rule. AWS: `ToPort`.
    #[prop(replace)]
    pub to_port: Option<i32>,
    /// The other side: a range of addresses. Default: none. Changing it replaces the rule. AWS:
    /// `CidrIpv4`.
    #[prop(replace)]
    pub cidr_ipv4: Option<Ipv4Net>,
    /// The other side: a prefix list, which counts as many rules as it may have entries. Default:
    /// none. Changing it replaces the rule. AWS: `PrefixListId`.
    #[prop(replace)]
    pub prefix_list_id: Option<PrefixListId>,
    /// The other side: what is in a security group, the same or another one. Default: none.
    /// Changing it replaces the rule. AWS: `ReferencedGroupId`.
    #[prop(replace)]
    pub referenced_group_id: Option<SecurityGroupId>,
    /// What it is for, of the characters that a group's description may have. Default: none.
    /// Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `SecurityGroupRuleId`.
    #[output(id = "sgr-", at = exists)]
    pub security_group_rule_id: SecurityGroupRuleId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:security-group-rule/{id}", at = exists)]
    pub arn: String,
}

/// Which way traffic goes that a rule is about.
#[props(words = "lower")]
pub enum RuleDirection {
    /// Towards what is in the group.
    Ingress,
    /// Away from what is in the group.
    Egress,
}

/// The protocol that a rule is about.
#[props(words = "lower")]
pub enum IpProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// All protocols, on all ports.
    #[prop("-1")]
    All,
}
