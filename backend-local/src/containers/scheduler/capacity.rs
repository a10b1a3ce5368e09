//! How many instances waiting tasks need: ECS's managed scaling of capacity providers.
//!
//! ECS publishes `CapacityProviderReservation`, M / N · 100, where N are the instances that there
//! are and M those that are needed: the ones that have tasks, and as many more as tasks wait for
//! room. A target tracking policy keeps it at the target capacity: below 100, instances stand by.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Event, Fleet, InstanceStatus, Moment, Pace, Room, TaskStatus, moment::sooner, service::Waiting,
};

/// A capacity provider whose group of instances it scales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSpec {
    /// Its name.
    pub id: String,
    /// What a new instance of its group has for tasks.
    pub room: Room,
    /// How many percent of the instances are to be in use.
    pub target_capacity: u32,
    /// How many instances are added at least at once.
    pub least_step: u32,
    /// How many are added at most at once.
    pub most_step: u32,
    /// How long a new instance has before more are added for the tasks that wait for it.
    pub warmup: Duration,
}

/// What is remembered of a capacity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderKept {
    /// When it added instances.
    grown_at: Option<Moment>,
    /// Since when fewer would do.
    low_since: Option<Moment>,
    /// The most that were needed since then.
    low_most: u32,
}

/// What a capacity provider wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderDecision {
    /// What to keep.
    pub kept: ProviderKept,
    /// How many instances its group shall have, before the group's own bounds.
    pub desired: u32,
    /// `CapacityProviderReservation`.
    pub reservation: f64,
    /// Instances without tasks: with managed termination protection these alone may go.
    pub idle: Vec<String>,
    /// What people are told.
    pub events: Vec<Event>,
    /// When to decide again though nothing changes.
    pub again: Option<Moment>,
}

/// For how long fewer instances must do before some go: AWS's 15 minutes.
const LOW: Duration = Duration::from_secs(15 * 60);

/// Decides how many instances the group of a capacity provider shall have, that has `desired` now.
#[must_use]
pub fn plan_capacity(
    spec: &ProviderSpec,
    kept: &ProviderKept,
    fleet: &Fleet,
    waiting: &[Waiting],
    desired: u32,
    pace: &Pace,
    now: Moment,
) -> ProviderDecision {
    let own = |it: &&super::InstanceSpec| {
        it.provider.as_deref() == Some(&spec.id) && it.status == InstanceStatus::Active
    };
    let instances: Vec<_> = fleet.instances.iter().filter(own).collect();
    let busy = |id: &str| {
        let there = |task: &super::TaskState| {
            task.instance == id && !task.daemon && task.status != TaskStatus::Stopped
        };
        fleet.tasks.iter().any(there)
    };
    let idle: Vec<String> =
        instances.iter().filter(|it| !busy(&it.id)).map(|it| it.id.clone()).collect();
    let there = count(instances.len());
    let used = there - count(idle.len());
    let waiting = waiting.iter().filter(|it| it.provider.as_deref() == Some(&spec.id));
    let needed = used.saturating_add(instances_for(spec.room, waiting));
    let wanted = with_spare(needed, spec.target_capacity);
    let mut decision = ProviderDecision {
        kept: kept.clone(),
        desired,
        reservation: reservation(needed, there),
        idle,
        events: vec![],
        again: None,
    };
    if wanted > desired {
        grow(spec, wanted, pace, now, &mut decision);
    } else if wanted < desired {
        shrink(spec, wanted, pace, now, &mut decision);
    } else {
        decision.kept.low_since = None;
    }
    decision
}

fn grow(
    spec: &ProviderSpec,
    wanted: u32,
    pace: &Pace,
    now: Moment,
    decision: &mut ProviderDecision,
) {
    decision.kept.low_since = None;
    // What was added is still on its way; only what exceeds it counts, after the warm-up.
    let warm = decision.kept.grown_at.map(|at| at.plus(pace.scale(spec.warmup)));
    if let Some(warm) = warm.filter(|warm| *warm > now) {
        decision.again = sooner(decision.again, Some(warm));
        return;
    }
    let step = (wanted - decision.desired).max(spec.least_step).min(spec.most_step.max(1));
    decision.desired = decision.desired.saturating_add(step);
    decision.kept.grown_at = Some(now);
    decision.say(spec, now, "more");
}

fn shrink(
    spec: &ProviderSpec,
    wanted: u32,
    pace: &Pace,
    now: Moment,
    decision: &mut ProviderDecision,
) {
    let kept = &mut decision.kept;
    let since = *kept.low_since.get_or_insert(now);
    kept.low_most = if since == now { wanted } else { kept.low_most.max(wanted) };
    let due = since.plus(pace.scale(LOW));
    if due > now {
        decision.again = sooner(decision.again, Some(due));
        return;
    }
    let least = kept.low_most;
    kept.low_since = None;
    if least < decision.desired {
        decision.desired = least;
        decision.say(spec, now, "fewer");
    }
}

impl ProviderDecision {
    fn say(&mut self, spec: &ProviderSpec, now: Moment, what: &str) {
        let (id, desired, reservation) = (&spec.id, self.desired, self.reservation);
        let message = format!(
            "(capacity-provider {id}) {what} instances: CapacityProviderReservation is \
             {reservation:.0}, target {}; desired capacity is {desired} now.",
            spec.target_capacity
        );
        self.events.push(Event { at: now, message });
    }
}

/// How many new instances tasks need that wait: each goes to the first that has room.
fn instances_for<'a>(room: Room, waiting: impl Iterator<Item = &'a Waiting>) -> u32 {
    let mut waiting: Vec<&Waiting> = waiting.filter(|it| room.fits(it.room)).collect();
    waiting.sort_by_key(|it| std::cmp::Reverse((it.room.memory, it.room.cpu)));
    let mut bins: Vec<Room> = vec![];
    for tasks in waiting {
        let mut next = 0;
        for _ in 0..tasks.count {
            let found = (next..bins.len()).find(|bin| bins[*bin].fits(tasks.room));
            let bin = found.unwrap_or_else(|| {
                bins.push(room);
                bins.len() - 1
            });
            bins[bin] = bins[bin].without(tasks.room);
            next = if tasks.distinct { bin + 1 } else { bin };
        }
    }
    count(bins.len())
}

/// So many instances in use, and those that stand by for a target below 100.
fn with_spare(needed: u32, target: u32) -> u32 {
    let wanted = (u64::from(needed) * 100).div_ceil(u64::from(target.clamp(1, 100)));
    u32::try_from(wanted).unwrap_or(u32::MAX)
}

/// ECS: 100 if there is nothing and nothing is needed, 200 if there is nothing and something is.
fn reservation(needed: u32, there: u32) -> f64 {
    match (needed, there) {
        (0, 0) => 100.0,
        (_, 0) => 200.0,
        (needed, there) => f64::from(needed) / f64::from(there) * 100.0,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
