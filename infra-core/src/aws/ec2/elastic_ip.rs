//! AWS: ec2 AllocateAddress, DescribeAddresses, ReleaseAddress.

use crate::{aws::AllocationId, prelude::*, resource};

/// A public IPv4 address that stays the same for as long as it is held.
///
/// ```
/// use infra_core::{aws::ec2::ElasticIp, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let address = ElasticIp::named("nat-a").create(&stack);
/// stack.output("outbound address", address.public_ip());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:ElasticIp", create = "1s", delete = "1s")]
pub struct ElasticIp {
    /// The set of zones from which the address is announced: the region, or one of its local
    /// zones, such as `eu-central-1-ham-1`. Default: the region. Changing it replaces the address.
    /// AWS: `NetworkBorderGroup`.
    #[prop(replace, computed, at = exists)]
    pub network_border_group: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id of the allocation. AWS: `AllocationId`.
    #[output(id = "eipalloc-", at = exists)]
    pub allocation_id: AllocationId,
    /// The address. AWS: `PublicIp`.
    #[output(at = exists)]
    pub public_ip: Ipv4Addr,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:elastic-ip/{id}", at = exists)]
    pub arn: String,
}
