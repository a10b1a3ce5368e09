//! Properties of scaling by load.

use std::{collections::BTreeMap, time::Duration};

use backend_local::containers::scheduler::{
    Moment, Pace,
    scaling::{
        Adjustment, Aggregation, Breach, Policy, ScalingKept, Signal, Step, StepScaling, Suspended,
        TargetSpec, TargetTracking, Tracked, plan_scaling,
    },
};
use proptest::prelude::*;

use super::cases;

/// Tasks that a load is shared among. New ones serve after a while, and figures are of those that
/// serve.
struct Site {
    now: Moment,
    pace: Pace,
    spec: TargetSpec,
    kept: ScalingKept,
    current: u32,
    serving: u32,
    changed_at: Moment,
    datapoints: Vec<f64>,
    changes: Vec<u32>,
}

/// How long a new task starts, in seconds.
const BOOT: u64 = 6;

impl Site {
    fn new(target: f64, (least, most): (u32, u32), current: u32) -> Self {
        let tracking = Policy::Tracking(TargetTracking::new(Tracked::Cpu, target));
        let spec = TargetSpec {
            id: "service/campus/web".to_owned(),
            least,
            most,
            policies: BTreeMap::from([("cpu".to_owned(), tracking)]),
            suspended: Suspended::default(),
        };
        Self {
            now: Moment(0),
            pace: Pace::LOCAL,
            spec,
            kept: ScalingKept::default(),
            current,
            serving: current,
            changed_at: Moment(0),
            datapoints: vec![],
            changes: vec![],
        }
    }

    /// A second under a load, in percent of one task.
    fn pass(&mut self, load: f64) {
        self.now = Moment(self.now.0 + 1_000);
        if self.serving > self.current || self.now.since(self.changed_at).as_secs() >= BOOT {
            self.serving = self.current;
        }
        if self.now.0.is_multiple_of(2_000) {
            self.datapoints.push(load / f64::from(self.serving.max(1)));
        }
        let tracked = Signal::Datapoints(self.datapoints.clone());
        let signals = BTreeMap::from([("cpu".to_owned(), tracked)]);
        let decision =
            plan_scaling(&self.spec, &self.kept, self.current, &signals, &self.pace, self.now);
        self.kept = decision.kept;
        if decision.desired != self.current {
            self.current = decision.desired;
            self.changed_at = self.now;
            self.changes.push(self.current);
        }
        assert!((self.spec.least..=self.spec.most).contains(&self.current));
    }

    fn run(&mut self, load: f64, seconds: u32) {
        self.changes.clear();
        for _ in 0..seconds {
            self.pass(load);
        }
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Under a load that does not change, there are soon as many tasks as it needs, never more than
    /// that on the way up, and then nothing changes any more; always within the bounds.
    #[test]
    fn a_constant_load_comes_to_rest(
        loads in prop::collection::vec(0.0..3_000.0_f64, 1..4),
        target in 20.0..90.0_f64,
        least in 1..5_u32,
        more in 0..30_u32,
    ) {
        let bounds = (least, least + more);
        let mut site = Site::new(target, bounds, least);
        for load in loads {
            let before = site.current;
            site.run(load, 240);
            let needed = ((load / target).ceil() as u32).clamp(bounds.0, bounds.1);
            let rises = needed > before;
            // What stays within nine tenths of the target is left as it is.
            let spare = ((load / (target * 0.9)).floor() as u32).clamp(bounds.0, bounds.1);
            prop_assert!(site.current >= needed, "{} of {needed}", site.current);
            prop_assert!(site.current <= spare.max(needed), "{} of {spare}", site.current);
            let on_the_way = site.changes.iter().max().copied().unwrap_or(0);
            prop_assert!(!rises || on_the_way <= spare.max(needed), "{:?}", site.changes);
            let count = site.current;
            site.run(load, 120);
            prop_assert_eq!((site.current, site.changes.len()), (count, 0));
        }
    }
}

#[test]
fn a_fivefold_load_is_answered_in_seconds() {
    let mut site = Site::new(50.0, (2, 20), 2);
    site.run(90.0, 60);
    assert_eq!(site.current, 2);
    site.run(450.0, 8);
    assert_eq!(site.current, 9);
    site.run(450.0, 60);
    assert_eq!(site.changes, [0_u32; 0]);
    site.run(90.0, 45);
    assert_eq!((site.current, site.changes.len()), (2, 1));
}

/// A service with policies of steps, at the pace of AWS.
struct Stepped {
    now: Moment,
    spec: TargetSpec,
    kept: ScalingKept,
    current: u32,
    signals: BTreeMap<String, Signal>,
    told: Vec<String>,
}

/// A policy that adds, or takes away, by steps from so far beyond the threshold on.
fn steps(adjustment: Adjustment, cooldown: u64, steps: &[(f64, i32)]) -> Policy {
    let up = |index: usize, (from, by): (f64, i32)| Step {
        from: Some(from),
        to: steps.get(index + 1).map(|(next, _)| *next),
        by,
    };
    let down = |(to, by): (f64, i32)| Step { from: None, to: Some(to), by };
    let all = steps.iter().copied().enumerate();
    Policy::Steps(StepScaling {
        adjustment,
        steps: all.map(|(index, it)| if it.1 < 0 { down(it) } else { up(index, it) }).collect(),
        cooldown: Duration::from_secs(cooldown),
        least_change: 1,
        aggregation: Aggregation::Average,
    })
}

impl Stepped {
    fn new(policies: &[(&str, Policy)], current: u32) -> Self {
        let policies = policies.iter().map(|(name, policy)| ((*name).to_owned(), policy.clone()));
        let spec = TargetSpec {
            id: "service/campus/web".to_owned(),
            least: 2,
            most: 40,
            policies: policies.collect(),
            suspended: Suspended::default(),
        };
        let (now, kept, signals) = (Moment(1_000_000), ScalingKept::default(), BTreeMap::new());
        Self { now, spec, kept, current, signals, told: vec![] }
    }

    /// An alarm of a policy is off from now on, so far beyond its threshold.
    fn off(&mut self, policy: &str, beyond: f64) {
        let figures = vec![50.0 + beyond];
        let (alarm, since) = (format!("{policy}-alarm"), self.now);
        let breach = Breach { alarm, since, figures, threshold: 50.0 };
        self.signals.insert(policy.to_owned(), Signal::Breaches(vec![breach]));
    }

    /// Its figure is another one, and it is as it was.
    fn worse(&mut self, policy: &str, beyond: f64) {
        let Some(Signal::Breaches(breaches)) = self.signals.get_mut(policy) else {
            panic!("{policy} has no alarm that is off")
        };
        breaches[0].figures = vec![50.0 + beyond];
    }

    fn well(&mut self, policy: &str) {
        self.signals.remove(policy);
    }

    /// Decides in each of so many seconds; what it keeps is read back from disk each time.
    fn run(&mut self, seconds: u64) -> Vec<u32> {
        let mut counts = vec![];
        for _ in 0..seconds {
            let decision = plan_scaling(
                &self.spec,
                &self.kept,
                self.current,
                &self.signals,
                &Pace::AWS,
                self.now,
            );
            let text = serde_json::to_string(&decision.kept).unwrap();
            self.kept = serde_json::from_str(&text).unwrap();
            self.told.extend(decision.events.into_iter().map(|event| event.message));
            if decision.desired != self.current {
                counts.push(decision.desired);
                self.current = decision.desired;
            }
            self.now = self.now.plus(Duration::from_secs(1));
        }
        counts
    }
}

#[test]
fn an_alarm_that_stays_off_has_steps_done_once_a_minute() {
    let grow = steps(Adjustment::Change, 0, &[(0.0, 1), (20.0, 4)]);
    let mut site = Stepped::new(&[("grow", grow)], 2);
    assert_eq!(site.run(60), [0_u32; 0]);
    site.off("grow", 5.0);
    assert_eq!(site.run(60), [3]);
    assert_eq!(site.run(60), [4]);
    site.worse("grow", 30.0);
    assert_eq!(site.run(60), [8]);
    site.well("grow");
    assert_eq!(site.run(600), [0_u32; 0]);
    // One that comes again does not wait for the minute.
    site.off("grow", 0.0);
    assert_eq!(site.run(1), [9]);
    site.well("grow");
    site.run(1);
    site.off("grow", 0.0);
    assert_eq!(site.run(1), [10]);
    let said = "(service/campus/web) Successfully set desired count to 10. Reason: alarm grow-alarm \
                triggered policy grow.";
    assert_eq!(site.told.last().unwrap(), said);
}

/// The example of Application Auto Scaling's documentation of `Cooldown`: two are added, and during
/// the cooldown the same policy wants three: one more is added.
#[test]
fn what_was_added_in_a_cooldown_is_part_of_what_is_added_next() {
    let grow = steps(Adjustment::Change, 300, &[(0.0, 2), (20.0, 3)]);
    let mut site = Stepped::new(&[("grow", grow)], 10);
    site.off("grow", 5.0);
    assert_eq!(site.run(120), [12]);
    site.worse("grow", 25.0);
    assert_eq!(site.run(120), [13]);
    // That begins the cooldown anew: it is over 300 s later, and what was added no part of it.
    assert_eq!(site.run(170), [0_u32; 0]);
    assert_eq!(site.run(60), [16]);
}

/// Its example of several policies: 10, and 3 more against 200 % more.
#[test]
fn the_policy_that_wants_most_wins_both_ways() {
    let three = steps(Adjustment::Change, 300, &[(0.0, 3)]);
    let double = steps(Adjustment::Percent, 300, &[(0.0, 200)]);
    let mut site = Stepped::new(&[("three", three), ("double", double)], 10);
    site.off("three", 5.0);
    site.off("double", 5.0);
    assert_eq!(site.run(1), [30]);
    let little = steps(Adjustment::Change, 300, &[(0.0, -1)]);
    let much = steps(Adjustment::Percent, 300, &[(0.0, -50)]);
    let mut site = Stepped::new(&[("little", little), ("much", much)], 10);
    site.off("little", -5.0);
    site.off("much", -5.0);
    assert_eq!(site.run(1), [9]);
    // One that adds keeps the other from taking away, in whichever second its alarm acts.
    let grow = steps(Adjustment::Change, 300, &[(0.0, 1)]);
    let shrink = steps(Adjustment::Change, 0, &[(0.0, -1)]);
    let mut site = Stepped::new(&[("grow", grow), ("shrink", shrink)], 10);
    site.off("grow", 5.0);
    assert_eq!(site.run(30), [11]);
    site.off("shrink", -5.0);
    assert_eq!(site.run(240), [0_u32; 0]);
}

#[test]
fn taking_away_waits_for_its_cooldown_and_adding_does_not() {
    let grow = steps(Adjustment::Change, 60, &[(0.0, 1)]);
    let shrink = steps(Adjustment::Change, 300, &[(0.0, -1)]);
    let mut site = Stepped::new(&[("grow", grow), ("shrink", shrink)], 10);
    site.off("shrink", -5.0);
    assert_eq!(site.run(299), [9]);
    assert_eq!(site.run(2), [8]);
    site.well("shrink");
    site.off("grow", 5.0);
    assert_eq!(site.run(1), [9]);
    // That ends the wait of what was taken away: now it is the growth that is waited for.
    site.well("grow");
    site.off("shrink", -5.0);
    assert_eq!(site.run(59), [0_u32; 0]);
    assert_eq!(site.run(70), [8]);
    site.spec.suspended.scale_in = true;
    assert_eq!(site.run(600), [0_u32; 0]);
}

/// AWS warns of it: what tracks does not hold a step back that takes away, and adds again if it must.
#[test]
fn a_step_takes_away_though_what_tracks_is_not_ready_to() {
    let tracking = Policy::Tracking(TargetTracking::new(Tracked::Cpu, 50.0));
    let shrink = steps(Adjustment::Change, 300, &[(0.0, -2)]);
    let mut site = Stepped::new(&[("cpu", tracking), ("shrink", shrink)], 10);
    let cpu = |figure: f64| Signal::Datapoints(vec![figure; 15]);
    site.signals.insert("cpu".to_owned(), cpu(48.0));
    assert_eq!(site.run(60), [0_u32; 0]);
    site.off("shrink", -5.0);
    assert_eq!(site.run(1), [8]);
    // While it wants more, that counts.
    site.signals.insert("cpu".to_owned(), cpu(60.0));
    assert_eq!(site.run(1), [10]);
}

#[test]
fn steps_stay_within_the_bounds() {
    let grow = steps(Adjustment::Exact, 0, &[(0.0, 100)]);
    let shrink = steps(Adjustment::Percent, 0, &[(0.0, -90)]);
    let mut site = Stepped::new(&[("grow", grow), ("shrink", shrink)], 10);
    site.off("grow", 5.0);
    assert_eq!(site.run(130), [40]);
    site.well("grow");
    site.off("shrink", -5.0);
    assert_eq!(site.run(130), [4, 2]);
}
