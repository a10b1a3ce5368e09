//! How the instances of a group are replaced, and how long that takes.

use infra_core::{
    aws::autoscaling::{Group, InstanceRefreshArgs},
    types::Seconds,
};

use super::INVALID;
use crate::sim::{
    World, instances,
    object::Object,
    refusal::Refusal,
    special::{Asked, of},
};

/// As what the account remembers the beginning of a refresh.
pub(super) const STARTED: &str = "instance-refresh";

/// AWS: `CheckpointDelay` and `BakeTime`.
const LONGEST: u32 = 2 * 24 * 60 * 60;
/// What AWS takes where nothing is said.
const USUAL_LEAST: u32 = 90;
const USUAL_MOST: u32 = 100;
const USUAL_DELAY: Seconds = Seconds(3600);
/// How long an instance typically takes until it runs, in seconds.
const START: u64 = 90;

/// Whether AWS takes it.
pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(refresh) = asked.get(Group::INSTANCE_REFRESH) else { return Ok(()) };
    let refused = |field: &str, problem: String| {
        let path = format!("instance_refresh.{field}");
        Err(Refusal::invalid(&path, INVALID, format!("`{path}` {problem}")))
    };
    let least = refresh.min_healthy_percentage.unwrap_or(USUAL_LEAST);
    let most = refresh.max_healthy_percentage.unwrap_or(USUAL_MOST);
    if least > 100 {
        return refused("min_healthy_percentage", format!("{least} is more than 100"));
    }
    if !(100..=200).contains(&most) {
        return refused("max_healthy_percentage", format!("{most} must be between 100 and 200"));
    }
    if refresh.max_healthy_percentage.is_some() && most - least > 100 {
        let problem = format!("{most} is more than 100 above the least, {least}");
        return refused("max_healthy_percentage", problem);
    }
    let points = &refresh.checkpoint_percentages;
    let rising = points.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || points.iter().any(|point| !(1..=100).contains(point)) {
        let problem = format!("{points:?} must rise, from 1 up to 100");
        return refused("checkpoint_percentages", problem);
    }
    if refresh.checkpoint_delay.is_some() && points.is_empty() {
        return refused("checkpoint_delay", "goes with `checkpoint_percentages`".to_owned());
    }
    let times = [("checkpoint_delay", refresh.checkpoint_delay), ("bake_time", refresh.bake_time)];
    for (field, time) in times {
        if let Some(Seconds(seconds)) = time.filter(|time| time.0 > LONGEST) {
            return refused(field, format!("{seconds} s is more than {LONGEST} s, two days"));
        }
    }
    let version = asked.get(Group::LAUNCH_TEMPLATE).map(|template| template.version);
    match version.filter(|version| refresh.auto_rollback && version.starts_with('$')) {
        Some(version) => {
            let problem = format!(
                "needs a version of the template that stays the same, not {version}: take the \
                 number from the template's outputs"
            );
            refused("auto_rollback", problem)
        }
        None => Ok(()),
    }
}

/// Whether a change is one of what instances are started from, and they are to be replaced.
pub(super) fn starts(asked: &Asked<'_>) -> bool {
    let Some(old) = asked.old else { return false };
    let slots = [Group::LAUNCH_TEMPLATE.slot, Group::MIXED_INSTANCES_POLICY.slot];
    let changes = slots.iter().any(|slot| asked.inputs.get(*slot) != old.inputs.get(*slot));
    changes && asked.get(Group::INSTANCE_REFRESH).is_some()
}

/// A group of which a refresh has just begun is ready when all its instances are new.
pub(super) fn go_on(world: &mut World, place: u32) {
    let now = world.now;
    let group = &mut world.objects[place as usize];
    if group.moments.get(STARTED) != Some(&now) {
        return;
    }
    if let Some(refresh) = of(group, Group::INSTANCE_REFRESH) {
        group.ready_at = group.ready_at.max(now + takes(group, &refresh));
    }
}

/// How long a refresh takes, in milliseconds: so many instances at once, each started and warmed
/// up, and the waiting in between.
fn takes(group: &Object, refresh: &InstanceRefreshArgs) -> u64 {
    let count = u64::from(instances::count(group));
    let policy = of(group, Group::INSTANCE_MAINTENANCE_POLICY);
    let least =
        refresh.min_healthy_percentage.or(policy.as_ref().map(|it| it.min_healthy_percentage));
    let most =
        refresh.max_healthy_percentage.or(policy.as_ref().map(|it| it.max_healthy_percentage));
    let room = most.unwrap_or(USUAL_MOST).saturating_sub(least.unwrap_or(USUAL_LEAST));
    let at_once = (count * u64::from(room) / 100).max(1);
    let grace = of(group, Group::HEALTH_CHECK_GRACE_PERIOD);
    let warm = refresh.instance_warmup.or(of(group, Group::DEFAULT_INSTANCE_WARMUP)).or(grace);
    let rounds = count.div_ceil(at_once) * (START + u64::from(warm.unwrap_or(Seconds(0)).0));
    let delay = refresh.checkpoint_delay.unwrap_or(USUAL_DELAY).0;
    // At the end there is nothing to wait for.
    let stops = refresh.checkpoint_percentages.iter().filter(|percent| **percent < 100).count();
    let bakes = refresh.bake_time.unwrap_or(Seconds(0)).0;
    1000 * (rounds + stops as u64 * u64::from(delay) + u64::from(bakes))
}
