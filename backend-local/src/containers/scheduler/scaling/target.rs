//! A scalable target: bounds, and policies of which the one that wants most wins.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{StepScaling, TargetTracking};
use crate::containers::scheduler::{Event, Moment, Pace, moment::sooner};

/// What may be scaled, and between which bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetSpec {
    /// What: `service/campus/web`.
    pub id: String,
    /// How few there may be.
    pub least: u32,
    /// How many there may be.
    pub most: u32,
    /// By what it is scaled, by name.
    pub policies: BTreeMap<String, Policy>,
    /// What does not scale for the time being.
    pub suspended: Suspended,
}

/// By what something is scaled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Policy {
    /// A figure that is kept near a value.
    Tracking(TargetTracking),
    /// Steps, when its alarm is off.
    Steps(StepScaling),
}

/// Which ways of scaling are suspended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// Policies no longer take away.
    pub scale_in: bool,
    /// They no longer add.
    pub scale_out: bool,
    /// The schedule rests.
    pub scheduled: bool,
}

/// What must be remembered of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyKept {
    grown_at: Option<Moment>,
    /// How many there were before.
    grown_from: u32,
    changed_at: Option<Moment>,
}

/// What must be remembered of a scalable target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingKept {
    policies: BTreeMap<String, PolicyKept>,
}

/// How many there shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingDecision {
    /// What to keep before the change is made.
    pub kept: ScalingKept,
    /// How many there shall be, within the bounds.
    pub desired: u32,
    /// What people are told.
    pub events: Vec<Event>,
    /// When to decide again though nothing changes.
    pub again: Option<Moment>,
}

/// Decides how many there shall be where `current` are. `figures` has the datapoints of each
/// policy, one for each period, the newest last: of one that tracks the last fifteen at least, of
/// steps the one that put the alarm off, and none while it is not.
#[must_use]
pub fn plan_scaling(
    spec: &TargetSpec,
    kept: &ScalingKept,
    current: u32,
    figures: &BTreeMap<String, Vec<f64>>,
    pace: &Pace,
    now: Moment,
) -> ScalingDecision {
    let mut decision =
        ScalingDecision { kept: kept.clone(), desired: current, events: vec![], again: None };
    decision.kept.policies.retain(|name, _| spec.policies.contains_key(name));
    let bounded = current.clamp(spec.least, spec.most.max(spec.least));
    if bounded != current {
        decision.change(spec, bounded, now, "its bounds");
        return decision;
    }
    let wishes: Vec<(&String, Option<u32>)> = spec
        .policies
        .iter()
        .map(|(name, policy)| {
            let figures = figures.get(name).map_or(&[][..], Vec::as_slice);
            let wish = wish(policy, figures, current);
            (
                name,
                wish.and_then(|wish| {
                    decision.without_what_comes(name, policy, figures, wish, current, pace, now)
                }),
            )
        })
        .collect();
    let more = wishes.iter().filter_map(|(name, wish)| Some((*name, (*wish)?)));
    let most = more.filter(|(_, wish)| *wish > current).max_by_key(|(_, wish)| *wish);
    if let Some((name, wanted)) = most {
        decision.grow(spec, name, wanted.min(spec.most), current, now);
        return decision;
    }
    // All policies that track must want fewer. One of steps whose alarm is not off has no say.
    let says = |name: &String| match spec.policies.get(name) {
        Some(Policy::Tracking(tracking)) => !tracking.disable_scale_in,
        _ => false,
    };
    let agreed = wishes.iter().all(|(name, wish)| wish.is_some() || !says(name));
    let fewest = wishes.iter().filter_map(|(name, wish)| Some((*name, (*wish)?)));
    let fewest = fewest.max_by_key(|(_, wish)| *wish);
    if let Some((name, wanted)) = fewest.filter(|(_, wish)| agreed && *wish < current) {
        decision.shrink(spec, name, wanted.max(spec.least), current, pace, now);
    }
    decision
}

impl Policy {
    fn out_cooldown(&self) -> Duration {
        match self {
            Self::Tracking(tracking) => tracking.out_cooldown,
            Self::Steps(steps) => steps.cooldown,
        }
    }

    fn in_cooldown(&self) -> Duration {
        match self {
            Self::Tracking(tracking) => tracking.in_cooldown,
            Self::Steps(steps) => steps.cooldown,
        }
    }
}

fn wish(policy: &Policy, figures: &[f64], current: u32) -> Option<u32> {
    match policy {
        Policy::Tracking(tracking) => tracking.wants(figures, current),
        Policy::Steps(steps) => steps.wants(*figures.last()?, current),
    }
}

impl ScalingDecision {
    /// What a policy wants, where what it added last may not have begun to work: figures are still
    /// those of what there was before, and so is what they call for.
    #[expect(clippy::too_many_arguments, reason = "all that a policy goes by")]
    fn without_what_comes(
        &mut self,
        name: &str,
        policy: &Policy,
        figures: &[f64],
        wanted: u32,
        current: u32,
        pace: &Pace,
        now: Moment,
    ) -> Option<u32> {
        let kept = self.kept.policies.get(name).filter(|_| wanted > current);
        let Some((kept, at)) = kept.and_then(|kept| Some((kept, kept.grown_at?))) else {
            return Some(wanted);
        };
        let until = at.plus(pace.scale(policy.out_cooldown()));
        if until <= now {
            return Some(wanted);
        }
        let larger = wish(policy, figures, kept.grown_from).filter(|wish| *wish > current);
        if larger.is_none() {
            self.again = sooner(self.again, Some(until));
        }
        larger
    }

    fn grow(&mut self, spec: &TargetSpec, name: &str, wanted: u32, current: u32, now: Moment) {
        if spec.suspended.scale_out || wanted <= current {
            return;
        }
        let kept = PolicyKept { grown_at: Some(now), grown_from: current, changed_at: Some(now) };
        self.kept.policies.insert(name.to_owned(), kept);
        self.change(spec, wanted, now, &format!("policy {name}"));
    }

    fn shrink(
        &mut self,
        spec: &TargetSpec,
        name: &str,
        wanted: u32,
        current: u32,
        pace: &Pace,
        now: Moment,
    ) {
        if spec.suspended.scale_in || wanted >= current {
            return;
        }
        // Whatever changed last: what it led to is to be seen first.
        let mut until = None;
        for (name, policy) in &spec.policies {
            let cooldown = policy.in_cooldown();
            let changed = self.kept.policies.get(name).and_then(|kept| kept.changed_at);
            until = until.max(changed.map(|at| at.plus(pace.scale(cooldown))));
        }
        if let Some(until) = until.filter(|until| *until > now) {
            self.again = sooner(self.again, Some(until));
            return;
        }
        let kept = self.kept.policies.entry(name.to_owned()).or_default();
        *kept = PolicyKept { changed_at: Some(now), ..PolicyKept::default() };
        self.change(spec, wanted, now, &format!("policy {name}"));
    }

    fn change(&mut self, spec: &TargetSpec, desired: u32, now: Moment, because: &str) {
        let id = &spec.id;
        let message =
            format!("({id}) Successfully set desired count to {desired}. Reason: {because}.");
        self.events.push(Event { at: now, message });
        self.desired = desired;
    }
}
