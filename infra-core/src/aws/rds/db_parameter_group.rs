//! AWS: rds CreateDBParameterGroup, ModifyDBParameterGroup, ResetDBParameterGroup,
//! AddTagsToResource, DescribeDBParameterGroups, DeleteDBParameterGroup.

use std::collections::BTreeMap;

use crate::{aws::DbParameterGroupName, prelude::*, resource};

/// Parameters of the engine that single instances have otherwise than their cluster: a reader that
/// is to answer long reports, say.
///
/// What holds for the whole cluster stands in a
/// [`DbClusterParameterGroup`](super::DbClusterParameterGroup); encryption, time zone and the like
/// can be said there alone.
///
/// ```
/// use infra_core::{aws::rds::DbParameterGroup, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let reports = DbParameterGroup::named("reports")
///     .family("aurora-mysql8.4")
///     .description("long questions")
///     .parameters([("max_execution_time", "600000")])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:DbParameterGroup", create = "1s")]
pub struct DbParameterGroup {
    /// Engine and major version that the parameters are of, such as `aurora-mysql8.4`. Changing it
    /// replaces the group. AWS: `DBParameterGroupFamily`.
    #[prop(replace)]
    pub family: String,
    /// What it is for. Changing it replaces the group: AWS has no call that changes it. AWS:
    /// `Description`.
    #[prop(replace)]
    pub description: String,
    /// The parameters that differ from those of the family, by the engine's names. Default: none.
    /// Change in place: those that the engine reads while it runs at once, the others when an
    /// instance restarts. AWS: ModifyDBParameterGroup, `Parameters`.
    #[prop(default, separate)]
    pub parameters: BTreeMap<String, String>,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the group. AWS: `DBParameterGroupName`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub db_parameter_group_name: Option<DbParameterGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBParameterGroupArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:pg:{id}", at = exists)]
    pub db_parameter_group_arn: String,
}
