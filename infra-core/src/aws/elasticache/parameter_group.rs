//! AWS: elasticache CreateCacheParameterGroup, ModifyCacheParameterGroup,
//! ResetCacheParameterGroup, AddTagsToResource, DescribeCacheParameterGroups,
//! DescribeCacheParameters, DeleteCacheParameterGroup.

use std::collections::BTreeMap;

use crate::{aws::CacheParameterGroupName, prelude::*, resource};

/// Parameters of the engine that hold for all nodes of a cache.
///
/// The one that matters most is `maxmemory-policy`: `noeviction` where nothing may be lost
/// (sessions), `allkeys-lru` where everything can be computed again.
///
/// ```
/// use infra_core::{aws::elasticache::ParameterGroup, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let parameters = ParameterGroup::named("sessions")
///     .cache_parameter_group_family("valkey8")
///     .description("Moodle's sessions")
///     .parameters([("maxmemory-policy", "noeviction")])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elasticache:ParameterGroup", create = "1s")]
pub struct ParameterGroup {
    /// Engine and major version that the parameters are of, such as `valkey8`. Changing it replaces
    /// the group. AWS: `CacheParameterGroupFamily`.
    #[prop(replace)]
    pub cache_parameter_group_family: String,
    /// What it is for. Changing it replaces the group: AWS has no call that changes it. AWS:
    /// `Description`.
    #[prop(replace)]
    pub description: String,
    /// The parameters that differ from those of the family, by the engine's names. Default: none.
    /// Change in place; most count at once, some when a node restarts. AWS:
    /// ModifyCacheParameterGroup, `ParameterNameValues`.
    #[prop(default, separate)]
    pub parameters: BTreeMap<String, String>,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the group. AWS: `CacheParameterGroupName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub cache_parameter_group_name: Option<CacheParameterGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:elasticache:{region}:{account}:parametergroup:{id}", at = exists)]
    pub arn: String,
}
