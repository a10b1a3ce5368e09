//! AWS: elasticache CreateCacheSubnetGroup, ModifyCacheSubnetGroup, AddTagsToResource,
//! DescribeCacheSubnetGroups, DeleteCacheSubnetGroup.

use crate::{
    aws::{CacheSubnetGroupName, SubnetId, VpcId},
    prelude::*,
    resource,
};

/// The subnets that the nodes of a cache lie in.
///
/// One is enough for AWS; a cache that is to survive the loss of a zone needs two in different
/// zones.
///
/// ```
/// use infra_core::{aws::{SubnetId, elasticache::SubnetGroup}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let [a, b, c] = ["a", "b", "c"].map(|_| SubnetId::parse("subnet-0123456789abcdef0").unwrap());
/// let subnets = SubnetGroup::named("cache")
///     .cache_subnet_group_description("Moodle's caches")
///     .subnet_ids([a, b, c])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elasticache:SubnetGroup", create = "1s")]
pub struct SubnetGroup {
    /// What it is for. Changes in place. AWS: `CacheSubnetGroupDescription`.
    pub cache_subnet_group_description: String,
    /// The subnets: one to 20 of one VPC. Change in place, within the VPC, and as long as no node
    /// lies in one that goes. AWS: `SubnetIds`.
    #[prop(set)]
    pub subnet_ids: Vec<SubnetId>,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the group. AWS: `CacheSubnetGroupName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub cache_subnet_group_name: Option<CacheSubnetGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:elasticache:{region}:{account}:subnetgroup:{id}", at = exists)]
    pub arn: String,
    /// The VPC of its subnets. AWS: `VpcId`.
    #[output(at = exists)]
    pub vpc_id: VpcId,
}
