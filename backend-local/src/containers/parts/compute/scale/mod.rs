//! How many tasks a load needs, and what a schedule makes of bounds.
//!
//! | module | is |
//! |---|---|
//! | `read` | what is scaled by what, out of the account |
//! | `range` | bounds, as the schedule has them now |
//! | `usage` | what tasks take of processor and memory |

mod range;
mod read;
mod usage;

use std::{collections::BTreeMap, sync::atomic::Ordering};

use serde::{Deserialize, Serialize};

pub(super) use range::Range;
pub(super) use read::{Load, Scaled, Source, actions_of_group, is_watched, of_service, unscaled};

use super::{Inner, lock, memory::Kepts, read::Service, round::Looked};
use crate::containers::{
    parts::{
        alarms::Signals,
        figures::{BALANCER, Figures, INSIGHTS, INSTANCES, LOAD, metric},
    },
    scheduler::{
        Event, Moment, Pace, TaskStatus,
        alarm::Statistic,
        scaling::{IN_DATAPOINTS, ScalingKept, Signal, plan_scaling},
        service::{Kept, Rollout},
    },
};

/// What must be remembered of a service that is scaled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ScaledKept {
    range: Range,
    policies: ScalingKept,
}

impl Scaled {
    /// How many tasks there shall be where `current` are.
    ///
    /// Figures are what all tasks bear together, divided by how many there shall be: tasks that
    /// start take a share soon, and nobody waits for them by asking for yet more. On AWS cooldowns
    /// are longer than starts; at the local pace they are not.
    pub(super) fn pass(
        &self,
        kept: &mut ScaledKept,
        (service, current): (&str, u32),
        deploying: bool,
        (figures, signals): (&Figures, &Signals),
        now: Moment,
    ) -> (u32, Vec<Event>) {
        let mut spec = self.spec.clone();
        let rests = spec.suspended.scheduled;
        let given = (spec.least, spec.most);
        let (_, mut events) = kept.range.pass(&spec.id, given, &self.actions, rests, now);
        (spec.least, spec.most) = kept.range.now();
        // As on AWS: nothing shrinks while a deployment goes on.
        spec.suspended.scale_in |= deploying;
        let share = f64::from(current.max(1));
        let known: BTreeMap<String, Signal> = self
            .sources
            .iter()
            .map(|(policy, source)| {
                let signal = match source {
                    Source::Alarms(arn) => {
                        Signal::Breaches(signals.breaches.get(arn).cloned().unwrap_or_default())
                    }
                    Source::Load(load) => {
                        let all = load.figures(service, figures, now);
                        Signal::Datapoints(all.into_iter().map(|load| load / share).collect())
                    }
                };
                (policy.clone(), signal)
            })
            .collect();
        let decision = plan_scaling(&spec, &kept.policies, current, &known, &Pace::LOCAL, now);
        kept.policies = decision.kept;
        events.extend(decision.events);
        (decision.desired, events)
    }
}

impl Load {
    /// What all tasks bore together in each of the last periods.
    fn figures(&self, service: &str, figures: &Figures, now: Moment) -> Vec<f64> {
        let minute = Pace::LOCAL.minute.as_secs_f64();
        let last = |metric, statistic| figures.last(metric, statistic, IN_DATAPOINTS, now);
        let of = [("ServiceName", service)];
        match self {
            Self::Requests(group) => {
                let requests = metric(BALANCER, "RequestCount", &[("TargetGroup", group)]);
                // A target is told in requests a minute of AWS's, which people feel as one.
                let each = |count: f64| count * 60.0 / minute;
                last(requests, Statistic::Sum).into_iter().map(each).collect()
            }
            Self::Cpu => last(metric(LOAD, "CPU", &of), Statistic::Average),
            Self::Memory => last(metric(LOAD, "Memory", &of), Statistic::Average),
        }
    }
}

impl Inner {
    /// How many tasks a service shall have now.
    pub(super) fn desired(
        &self,
        kepts: &mut Kepts,
        service: &Service,
        signals: &Signals,
        now: Moment,
    ) -> u32 {
        let name = &service.spec.id;
        let desired = kepts.desired(name, service.spec.desired);
        let Some(scaled) = &service.scaled else {
            kepts.scaled.remove(name);
            return desired;
        };
        let primary = kepts.services.get(name).and_then(Kept::primary);
        let deploying = primary.is_some_and(|it| it.rollout == Rollout::InProgress);
        let kept = kepts.scaled.entry(name.clone()).or_default();
        let current = (name.as_str(), desired);
        let (next, events) = scaled.pass(kept, current, deploying, (&self.figures, signals), now);
        kepts.desired.insert(name.clone(), next);
        self.say(name, events);
        next
    }

    /// Counts tasks and instances, once a second.
    pub(super) fn count(&self, looked: &Looked) {
        let second = looked.now.0 / 1000;
        if self.counted.swap(second, Ordering::Relaxed) == second {
            return;
        }
        let put = |namespace: &str, name: &str, of: &[(&str, &str)], figure: usize| {
            self.figures.put(&metric(namespace, name, of), looked.now, figure as f64);
        };
        let desired = lock(&self.kepts).desired.clone();
        for (name, service) in &looked.wanted.services {
            let own = looked.fleet.tasks.iter().filter(|task| task.owner == *name);
            let (mut running, mut pending) = (0, 0);
            for task in own {
                running += usize::from(task.status == TaskStatus::Running);
                pending += usize::from(task.status == TaskStatus::Pending);
            }
            let of = [("ClusterName", service.cluster.as_str()), ("ServiceName", name)];
            put(INSIGHTS, "RunningTaskCount", &of, running);
            put(INSIGHTS, "PendingTaskCount", &of, pending);
            put(INSIGHTS, "DesiredTaskCount", &of, desired.get(name).map_or(0, |it| *it as usize));
        }
        let groups = lock(&self.latest).groups.clone();
        for (name, (there, desired)) in groups {
            let of = [("AutoScalingGroupName", name.as_str())];
            put(INSTANCES, "GroupInServiceInstances", &of, there);
            put(INSTANCES, "GroupDesiredCapacity", &of, desired as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::containers::{
        parts::targets::Targets,
        scheduler::scaling::{
            Adjustment, Aggregation, Breach, Policy, Step, StepScaling, Suspended, TargetSpec,
            TargetTracking, Tracked,
        },
    };

    /// A service that is scaled by one figure.
    fn scaled_by(tracked: Tracked, target: f64, load: Load) -> Scaled {
        let tracking = TargetTracking::new(tracked, target);
        Scaled {
            spec: TargetSpec {
                id: "service/campus/web".to_owned(),
                least: 2,
                most: 20,
                policies: BTreeMap::from([("policy".to_owned(), Policy::Tracking(tracking))]),
                suspended: Suspended::default(),
            },
            sources: BTreeMap::from([("policy".to_owned(), Source::Load(load))]),
            actions: BTreeMap::new(),
        }
    }

    /// The beginning of a period.
    fn begin() -> u64 {
        infra_core::clock::Clock::now(&infra_core::clock::SystemClock) / 2000 * 2000
    }

    #[tokio::test]
    async fn a_period_without_a_figure_does_not_keep_tasks() {
        let (figures, none) = (Figures::new(&Arc::new(Targets::default())), Signals::default());
        let scaled = scaled_by(Tracked::Cpu, 60.0, Load::Cpu);
        let cpu = metric(LOAD, "CPU", &[("ServiceName", "web")]);
        let begin = begin();
        // Two seconds each, but for one that Docker took longer to answer in.
        for period in (0..30).filter(|period| *period != 22) {
            figures.put(&cpu, Moment(begin - 60_000 + period * 2000), 90.0);
        }
        let mut kept = ScaledKept::default();
        let now = Moment(begin + 1500);
        assert_eq!(scaled.pass(&mut kept, ("web", 7), false, (&figures, &none), now).0, 2);
    }

    #[tokio::test]
    async fn tasks_that_start_are_not_asked_for_twice() {
        let (figures, none) = (Figures::new(&Arc::new(Targets::default())), Signals::default());
        let group = Load::Requests("targetgroup/web/1".to_owned());
        let scaled = scaled_by(Tracked::RequestsPerTarget, 240.0, group);
        // 20 requests a second are 1200 a minute: five tasks.
        let requests = metric(BALANCER, "RequestCount", &[("TargetGroup", "targetgroup/web/1")]);
        let begin = begin();
        for second in 0..40 {
            figures.put(&requests, Moment(begin - 40_000 + second * 1000), 20.0);
        }
        let mut kept = ScaledKept::default();
        let now = Moment(begin + 1500);
        let (desired, events) = scaled.pass(&mut kept, ("web", 2), false, (&figures, &none), now);
        assert_eq!((desired, events.len()), (5, 1), "{events:?}");
        let later = now.plus(std::time::Duration::from_secs(1));
        let (desired, events) = scaled.pass(&mut kept, ("web", 5), false, (&figures, &none), later);
        assert_eq!((desired, events), (5, vec![]));
        // And without any figures nothing changes.
        let much_later = Moment(begin + 600_000);
        assert_eq!(scaled.pass(&mut kept, ("web", 5), false, (&figures, &none), much_later).0, 5);
    }

    #[tokio::test]
    async fn alarms_have_steps_done() {
        let figures = Figures::new(&Arc::new(Targets::default()));
        let steps = StepScaling {
            adjustment: Adjustment::Change,
            steps: vec![Step { from: Some(0.0), to: None, by: 2 }],
            cooldown: Duration::from_secs(300),
            least_change: 1,
            aggregation: Aggregation::Average,
        };
        let mut scaled = scaled_by(Tracked::Cpu, 60.0, Load::Cpu);
        let arn = "arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:1".to_owned();
        scaled.spec.policies.insert("steps".to_owned(), Policy::Steps(steps));
        scaled.sources.insert("steps".to_owned(), Source::Alarms(arn.clone()));
        let now = Moment(begin());
        let breach =
            Breach { alarm: "slow".to_owned(), since: now, figures: vec![9.0], threshold: 5.0 };
        let signals = |arn: &str| Signals {
            breaches: BTreeMap::from([(arn.to_owned(), vec![breach.clone()])]),
            ..Signals::default()
        };
        let mut kept = ScaledKept::default();
        let mut pass = |signals: &Signals| {
            let (desired, events) =
                scaled.pass(&mut kept, ("web", 2), false, (&figures, signals), now);
            (desired, events.into_iter().map(|event| event.message).collect::<Vec<_>>())
        };
        assert_eq!(pass(&signals("another")), (2, vec![]));
        let said = "(service/campus/web) Successfully set desired count to 4. Reason: alarm slow \
                    triggered policy steps.";
        assert_eq!(pass(&signals(&arn)), (4, vec![said.to_owned()]));
    }
}
