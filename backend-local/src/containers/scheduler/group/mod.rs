//! Which instances of a group start and end: EC2 Auto Scaling.
//!
//! [`plan_group`] works as services do, with instances for tasks: those that *stay* count towards
//! the desired capacity; those that are to be replaced (ill, started from another template while
//! the group is refreshed, too old, in a crowded zone) stand in for those that are not warm yet.
//! What ends leaves in two steps: it drains, until it has no tasks or the hook's time is over, and
//! is then terminated.
//!
//! The same contract with who acts holds as for services: [`GroupDecision::kept`] is durable before
//! the first action, a launch is known by its token, which is the instance's id from then on.

mod leave;
mod plan;
mod spec;
mod zones;

pub use plan::{GroupAction, GroupDecision, GroupKept, plan_group};
pub use spec::{GroupSpec, Hook, Member, Phase, Refresh, TerminationPolicy};
