//! AWS: scheduler CreateScheduleGroup, TagResource, GetScheduleGroup, DeleteScheduleGroup.

use crate::{aws::ScheduleGroupName, prelude::*, resource};

/// Schedules that are tagged and deleted together.
///
/// ```
/// use infra_core::{aws::scheduler::ScheduleGroup, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let group = ScheduleGroup::named("seasons").tags([("site", "campus")]).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:scheduler:ScheduleGroup", create = "1s", delete = "5s")]
pub struct ScheduleGroup {
    /// The name, up to 64 letters, digits, `_` and `-`. Default: made up from project, stack and
    /// name. Changing it replaces the group. AWS: `Name`.
    #[prop(id, replace, name(64, word))]
    pub name: Option<ScheduleGroupName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:scheduler:{region}:{account}:schedule-group/{name}", at = exists)]
    pub arn: String,
}
