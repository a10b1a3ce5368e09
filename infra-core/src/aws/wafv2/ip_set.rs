//! AWS: wafv2 CreateIPSet, UpdateIPSet, TagResource, GetIPSet, DeleteIPSet.

use super::Scope;
use crate::{aws::IpSetArn, prelude::*, props, resource};

/// A set of addresses that rules of a [`WebAcl`](super::WebAcl) ask about.
///
/// ```
/// use infra_core::{aws::wafv2::{IpAddressVersion, IpSet}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// IpSet::named("campus")
///     .ip_address_version(IpAddressVersion::Ipv4)
///     .addresses(["192.0.2.0/24"])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:wafv2:IpSet",
    key(name, scope),
    find = name,
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct IpSet {
    /// The name, up to 128 letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the set. AWS: `Name`.
    #[prop(replace, name(128, hyphens))]
    pub name: Option<String>,
    /// What may ask about it: ACLs of CloudFront, which stand in us-east-1, or those of the region.
    /// Default: those of the region. Changing it replaces the set. AWS: `Scope`.
    #[prop(default = Scope::Regional, replace)]
    pub scope: Scope,
    /// What it is for, up to 256 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// Which kind of addresses. Changing it replaces the set. AWS: `IPAddressVersion`.
    #[prop(replace)]
    pub ip_address_version: IpAddressVersion,
    /// Ranges of that kind, up to 10,000; not all addresses. Change in place. AWS: `Addresses`.
    #[prop(set)]
    pub addresses: Vec<IpNet>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(
        arn = "arn:aws:wafv2:{region}:{account}:regional/ipset/{name}/{random:8}-{random:4}-{random:4}-{random:4}-{random:12}",
        at = exists
    )]
    pub arn: IpSetArn,
    /// What AWS calls its id, beside name and scope. AWS: `Id`.
    #[output(at = exists)]
    pub ip_set_id: String,
}

/// Which kind of addresses.
#[props(words = "UPPER")]
pub enum IpAddressVersion {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}
