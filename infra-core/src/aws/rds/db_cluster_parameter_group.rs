//! AWS: rds CreateDBClusterParameterGroup, ModifyDBClusterParameterGroup,
//! ResetDBClusterParameterGroup, AddTagsToResource, DescribeDBClusterParameterGroups,
//! DeleteDBClusterParameterGroup.

use std::collections::BTreeMap;

use crate::{aws::DbClusterParameterGroupName, prelude::*, resource};

/// Parameters of the engine that hold for all machines of a cluster.
///
/// ```
/// use infra_core::{aws::rds::DbClusterParameterGroup, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let parameters = DbClusterParameterGroup::named("moodle")
///     .family("aurora-mysql8.4")
///     .description("Moodle's database")
///     .parameters([("character_set_server", "utf8mb4"), ("require_secure_transport", "ON")])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:DbClusterParameterGroup", create = "1s")]
pub struct DbClusterParameterGroup {
    /// Engine and major version that the parameters are of, such as `aurora-mysql8.4`. Changing it
    /// replaces the group. AWS: `DBParameterGroupFamily`.
    #[prop(replace)]
    pub family: String,
    /// What it is for. Changing it replaces the group: AWS has no call that changes it. AWS:
    /// `Description`.
    #[prop(replace)]
    pub description: String,
    /// The parameters that differ from those of the family, by the engine's names. Default: none.
    /// Change in place: those that the engine reads while it runs at once, the others when a
    /// machine restarts. AWS: ModifyDBClusterParameterGroup, `Parameters`.
    #[prop(default, separate)]
    pub parameters: BTreeMap<String, String>,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the group. AWS: `DBClusterParameterGroupName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub db_cluster_parameter_group_name: Option<DbClusterParameterGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBClusterParameterGroupArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:cluster-pg:{id}", at = exists)]
    pub db_cluster_parameter_group_arn: String,
}
