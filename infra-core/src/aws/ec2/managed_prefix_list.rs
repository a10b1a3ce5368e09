//! AWS: ec2 DescribeManagedPrefixLists.

use crate::{aws::PrefixListId, lookup};

/// A prefix list that AWS manages: the address ranges of a service.
///
/// ```
/// use infra_core::{
///     aws::ec2::{IpProtocol, ManagedPrefixList, RuleDirection, SecurityGroup, SecurityGroupRule},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let group = SecurityGroup::named("balancer")
/// #     .vpc_id("vpc-0123456789abcdef0")
/// #     .group_description("the load balancer")
/// #     .create(&stack);
/// let edge = ManagedPrefixList::lookup("cloudfront")
///     .prefix_list_name("com.amazonaws.global.cloudfront.origin-facing")
///     .create(&stack);
/// SecurityGroupRule::named("from-cloudfront")
///     .group_id(&group)
///     .direction(RuleDirection::Ingress)
///     .ip_protocol(IpProtocol::Tcp)
///     .from_port(443)
///     .to_port(443)
///     .prefix_list_id(edge.prefix_list_id())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:ec2:ManagedPrefixList")]
pub struct ManagedPrefixList {
    /// The name, such as `com.amazonaws.eu-central-1.s3`. Changing it reads anew. AWS: `Filters`,
    /// `prefix-list-name`.
    pub prefix_list_name: String,
    /// The id. AWS: `PrefixListId`.
    #[output]
    pub prefix_list_id: PrefixListId,
    /// How many ranges it may have: as many rules of a security group it counts as. AWS:
    /// `MaxEntries`.
    #[output]
    pub max_entries: u32,
}
