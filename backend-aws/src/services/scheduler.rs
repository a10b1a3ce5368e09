//! Amazon EventBridge Scheduler.

pub(crate) mod schedule;
pub(crate) mod schedule_group;
