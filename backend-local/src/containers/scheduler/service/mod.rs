//! Which tasks of a service start and stop: ECS's service scheduler.
//!
//! [`plan()`] is the whole of it: from a [`ServiceSpec`], the [`Fleet`], what was [`Kept`] and the
//! time to a [`Decision`]. It works in this order, a file each:
//!
//! 1. `deployment`: a new revision becomes the primary deployment;
//! 2. `account`: what became of tasks since the last decision, each counted once;
//! 3. `breaker`: a deployment that fails ends, and the last one that was completed comes back;
//! 4. `rebalance`: a task of a crowded zone is to move;
//! 5. `rolling` or `daemon`: what stops and what starts, within the limits, by `choose`;
//! 6. `deployment` again: what is complete says so.
//!
//! # What holds
//!
//! Tasks that are healthy are never stopped below `minimum_healthy_percent` of what there shall be
//! (rounded up), and no task is started above `maximum_percent` (rounded down). Tasks of the
//! primary deployment that are not known to be ill *stay*; all others are *stand-ins*, each for one
//! that stays and is not healthy yet, and go when it is. Where nothing can start, for lack of room
//! or at the maximum, stand-ins go first, as far as the minimum lets them.
//!
//! # Contract with who acts
//!
//! [`Decision::kept`] is durable before the first action. A start is known by its token, which is
//! the task's id from then on: starting it twice has one task. Before the next decision each action
//! was carried out, so that its task is seen (if only as stopped, when it could not be started), or
//! whoever acts died; a start that is not seen then is asked for again, or is given up if it is no
//! longer wanted; a stop that is not seen is decided anew. A task that stopped is shown until a
//! decision lists it in [`Decision::forget`].

mod account;
mod breaker;
mod choose;
mod daemon;
mod decision;
mod deployment;
mod kept;
mod plan;
mod providers;
mod rebalance;
mod rolling;
mod spec;
mod throttle;

pub use decision::{Action, Decision, Waiting, Why};
pub use kept::{Deployment, Kept, Rollout};
pub use plan::plan;
pub use spec::{
    Breaker, DeploymentAlarms, ProviderShare, Revision, Scheduling, ServiceSpec, Threshold,
};

use super::Fleet;

/// Adds what a decision starts to a fleet, so that the next service finds the room taken.
pub fn expect(fleet: &mut Fleet, spec: &ServiceSpec, decision: &Decision) {
    for action in &decision.actions {
        if let Action::Start { token, deployment, revision, instance } = action
            && fleet.task(token).is_none()
        {
            let room = decision.kept.room_of(deployment).unwrap_or(spec.revision.task.room);
            fleet.tasks.push(plan::pending(spec, token, deployment, revision, instance, room));
        }
    }
}
