//! [`SeasonSchedule`]: tasks and instances follow the calendar by themselves.

use infra_core::{
    aws::{
        applicationautoscaling::{self, ScalableTarget, ScalableTargetAction},
        autoscaling::{self, Group},
    },
    prelude::*,
};

use super::Seasons;

/// What sets how few tasks and instances there may be, at each moment of the year at which that
/// changes.
///
/// Instances come a quarter of an hour before the tasks that need them: those would otherwise wait
/// for them to start. Only the least is set: what is asked of the site still says how many there are.
#[derive(Clone, Debug)]
pub struct SeasonSchedule {
    /// Of tasks.
    pub tasks: Vec<applicationautoscaling::ScheduledAction>,
    /// Of instances.
    pub hosts: Vec<autoscaling::ScheduledAction>,
}

impl SeasonSchedule {
    /// The schedule of a site in a component of its own. `most` is how many tasks there may be: in a
    /// quiet season the database has no room for those of a busy one, and the schedule keeps to that
    /// until the program is run in the busy one.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        seasons: &Seasons,
        (target, most): (&ScalableTarget, u32),
        group: &Group,
    ) -> Self {
        let stack = &stack.component(name);
        let zone = seasons.calendar.time_zone;
        let (mut tasks, mut hosts) = (vec![], vec![]);
        for change in seasons.calendar.changes() {
            let (name, size) = (change.name(), seasons.size(change.season));
            let action = ScalableTargetAction::new().min_capacity(size.min_tasks.min(most));
            let of_tasks = applicationautoscaling::ScheduledAction::named(&name)
                .resource_id(target.resource_id())
                .scalable_dimension(target.scalable_dimension())
                .scheduled_action_name(&*name)
                .schedule(change.schedule())
                .timezone(zone)
                .scalable_target_action(action)
                .create(stack);
            let of_hosts = autoscaling::ScheduledAction::named(&name)
                .auto_scaling_group_name(group)
                .scheduled_action_name(&*name)
                .recurrence(change.recurrence())
                .time_zone(zone)
                .min_size(size.min_hosts)
                .create(stack);
            tasks.push(of_tasks);
            hosts.push(of_hosts);
        }
        Self { tasks, hosts }
    }
}
