//! Properties of scaling by load.

use std::collections::BTreeMap;

use backend_local::containers::scheduler::{
    Moment, Pace,
    scaling::{Policy, ScalingKept, Suspended, TargetSpec, TargetTracking, Tracked, plan_scaling},
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
        let figures = BTreeMap::from([("cpu".to_owned(), self.datapoints.clone())]);
        let decision =
            plan_scaling(&self.spec, &self.kept, self.current, &figures, &self.pace, self.now);
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
