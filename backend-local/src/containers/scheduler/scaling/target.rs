//! A scalable target: bounds, and policies of which the one that wants most wins.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Breach, StepScaling, TargetTracking};
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
    /// Steps, when an alarm has them done.
    Steps(StepScaling),
}

/// What a policy goes by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Signal {
    /// Of one that tracks: datapoints, one for each period, the newest last; the last fifteen at
    /// least.
    Datapoints(Vec<f64>),
    /// Of one of steps: the alarms that have it done now.
    Breaches(Vec<Breach>),
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
    /// When each alarm had it done last.
    #[serde(default)]
    done_at: BTreeMap<String, Moment>,
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

/// How many there are to be by a policy.
#[derive(Clone, Copy)]
struct Wish<'a> {
    policy: &'a str,
    /// The alarm that has it done, of steps.
    alarm: Option<&'a str>,
    count: u32,
}

impl Wish<'_> {
    fn because(&self) -> String {
        match self.alarm {
            Some(alarm) => format!("alarm {alarm} triggered policy {}", self.policy),
            None => format!("policy {}", self.policy),
        }
    }
}

/// How often an alarm has a policy of steps done: once in a minute of AWS's.
const REPEATED: Duration = Duration::from_secs(60);

/// Decides how many there shall be where `current` are, by what each policy goes by.
#[must_use]
pub fn plan_scaling(
    spec: &TargetSpec,
    kept: &ScalingKept,
    current: u32,
    signals: &BTreeMap<String, Signal>,
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
    let none = Signal::Breaches(vec![]);
    // Those that track, and those of steps that an alarm has done now.
    let (mut tracking, mut steps) = (vec![], vec![]);
    for (name, policy) in &spec.policies {
        let signal = signals.get(name).unwrap_or(&none);
        let at = At { name, policy, current, pace, now };
        match policy {
            Policy::Tracking(it) => {
                let wish =
                    at.wish(signal).map(|wish| decision.without_what_comes(&at, signal, wish));
                // One that never takes away has a say in growing alone.
                if wish.is_some() || !it.disable_scale_in {
                    tracking.push(wish);
                }
            }
            Policy::Steps(_) => steps.extend(decision.step(&at, signal)),
        }
    }
    let all = tracking.iter().flatten().chain(&steps);
    let most = all.filter(|wish| wish.count > current).max_by_key(|wish| wish.count);
    if let Some(wish) = most {
        decision.grow(spec, wish, current, pace, now);
        return decision;
    }
    // As on AWS, what tracks does not keep a step from taking away, unless it wants something else.
    let agreed = tracking.iter().all(Option::is_some);
    let ready = tracking.iter().flatten().filter(|_| agreed).chain(&steps);
    let fewest = ready.max_by_key(|wish| wish.count).filter(|wish| wish.count < current);
    if let Some(wish) = fewest {
        decision.shrink(spec, wish, current, pace, now);
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

/// A policy, at a moment.
struct At<'a> {
    name: &'a str,
    policy: &'a Policy,
    current: u32,
    pace: &'a Pace,
    now: Moment,
}

impl<'a> At<'a> {
    fn wish(&self, signal: &'a Signal) -> Option<Wish<'a>> {
        self.wish_from(signal, self.current)
    }

    /// What it wants where so many are: of several alarms the one that wants most.
    fn wish_from(&self, signal: &'a Signal, current: u32) -> Option<Wish<'a>> {
        let policy = self.name;
        match (self.policy, signal) {
            (Policy::Tracking(tracking), Signal::Datapoints(points)) => {
                let count = tracking.wants(points, current)?;
                Some(Wish { policy, alarm: None, count })
            }
            (Policy::Steps(steps), Signal::Breaches(breaches)) => {
                let wishes = breaches.iter().filter_map(|breach| {
                    let count = steps.wants(breach, current)?;
                    Some(Wish { policy, alarm: Some(&breach.alarm), count })
                });
                wishes.max_by_key(|wish| wish.count)
            }
            _ => None,
        }
    }
}

impl ScalingDecision {
    /// What a policy of steps wants, if an alarm has it done now. One that is to add soon keeps
    /// others from taking away meanwhile.
    fn step<'a>(&mut self, at: &At<'a>, signal: &'a Signal) -> Option<Wish<'a>> {
        let Signal::Breaches(breaches) = signal else { return None };
        let due = self.due(at, breaches);
        let all = at.wish(signal)?;
        if due {
            return Some(self.without_what_comes(at, signal, all));
        }
        (all.count > at.current).then_some(Wish { count: at.current, ..all })
    }

    /// Whether an alarm has a policy done now: when it comes to its state, and once a minute while
    /// it stays there.
    fn due(&mut self, at: &At<'_>, breaches: &[Breach]) -> bool {
        let every = at.pace.scale(REPEATED);
        let kept = self.kept.policies.entry(at.name.to_owned()).or_default();
        kept.done_at.retain(|alarm, _| breaches.iter().any(|breach| breach.alarm == *alarm));
        let mut any = false;
        for breach in breaches {
            let done = kept.done_at.get(&breach.alarm).filter(|done| **done >= breach.since);
            let mut next = done.map_or(breach.since, |done| done.plus(every));
            if next <= at.now {
                kept.done_at.insert(breach.alarm.clone(), at.now);
                (any, next) = (true, at.now.plus(every));
            }
            self.again = sooner(self.again, Some(next));
        }
        any
    }

    /// What a policy wants, where what it added last may not have begun to work: figures are still
    /// those of what there was before, and so is what they call for.
    fn without_what_comes<'a>(
        &mut self,
        at: &At<'a>,
        signal: &'a Signal,
        wish: Wish<'a>,
    ) -> Wish<'a> {
        let kept = self.kept.policies.get(at.name).filter(|_| wish.count > at.current);
        let Some((kept, grown_at)) = kept.and_then(|kept| Some((kept, kept.grown_at?))) else {
            return wish;
        };
        let until = grown_at.plus(at.pace.scale(at.policy.out_cooldown()));
        if until <= at.now {
            return wish;
        }
        let larger = at.wish_from(signal, kept.grown_from);
        if let Some(larger) = larger.filter(|wish| wish.count > at.current) {
            return larger;
        }
        self.again = sooner(self.again, Some(until));
        // It has what it wants.
        Wish { count: at.current, ..wish }
    }

    fn grow(&mut self, spec: &TargetSpec, wish: &Wish<'_>, current: u32, pace: &Pace, now: Moment) {
        let wanted = wish.count.min(spec.most);
        if spec.suspended.scale_out || wanted <= current {
            return;
        }
        // Nobody waits any more for what was taken away.
        for kept in self.kept.policies.values_mut().filter(|kept| kept.grown_at.is_none()) {
            kept.changed_at = None;
        }
        let kept = self.kept.policies.entry(wish.policy.to_owned()).or_default();
        // Of steps all that was added since counts, or each minute would add the difference again.
        let goes_on = |policy: &Policy| {
            let until = kept.grown_at.map(|at| at.plus(pace.scale(policy.out_cooldown())));
            matches!(policy, Policy::Steps(_)) && until.is_some_and(|until| until > now)
        };
        if !spec.policies.get(wish.policy).is_some_and(goes_on) {
            kept.grown_from = current;
        }
        (kept.grown_at, kept.changed_at) = (Some(now), Some(now));
        self.change(spec, wanted, now, &wish.because());
    }

    fn shrink(
        &mut self,
        spec: &TargetSpec,
        wish: &Wish<'_>,
        current: u32,
        pace: &Pace,
        now: Moment,
    ) {
        let wanted = wish.count.max(spec.least);
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
        let kept = self.kept.policies.entry(wish.policy.to_owned()).or_default();
        (kept.grown_at, kept.grown_from, kept.changed_at) = (None, 0, Some(now));
        self.change(spec, wanted, now, &wish.because());
    }

    fn change(&mut self, spec: &TargetSpec, desired: u32, now: Moment, because: &str) {
        let id = &spec.id;
        let message =
            format!("({id}) Successfully set desired count to {desired}. Reason: {because}.");
        self.events.push(Event { at: now, message });
        self.desired = desired;
    }
}
