//! [`Figures`]: what is counted of the site, second by second, under CloudWatch's names: by the
//! balancers, and by those who run tasks. Scaling, alarms and the status page go by it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use infra_core::clock::{Clock as _, SystemClock};

use super::targets::Targets;
use crate::containers::{
    balancer::{Metric, MetricsSnapshot, Point, Resolution},
    scheduler::{
        Moment, Pace,
        alarm::{MetricId, MetricStat, MetricStore, Statistic},
    },
};

/// How long figures are kept: a day of AWS's at the local pace, and a little more.
pub(super) const RETENTION: Duration = Duration::from_secs(3600);
/// How often balancers are asked.
const ASK: Duration = Duration::from_millis(250);
/// How many periods more it is looked back for datapoints that are missing.
const FURTHER: usize = 5;
/// After which time all figures of a second are there.
pub(super) const SETTLED: Duration = Duration::from_millis(1500);

/// What balancers count.
pub(super) const BALANCER: &str = "AWS/ApplicationELB";
/// What tasks take of what they reserve.
pub(super) const TASKS: &str = "AWS/ECS";
/// How many tasks there are.
pub(super) const INSIGHTS: &str = "ECS/ContainerInsights";
/// How many instances there are.
pub(super) const INSTANCES: &str = "AWS/AutoScaling";
/// What all tasks of a service take together, in percent of what one reserves.
pub(super) const LOAD: &str = "Load";

/// What is counted of the site. Clones share it.
#[derive(Clone)]
pub(super) struct Figures(Arc<Mutex<MetricStore>>);

/// A metric of something.
pub(super) fn metric(namespace: &str, name: &str, of: &[(&str, &str)]) -> MetricId {
    let dimension = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    MetricId {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: of.iter().map(dimension).collect(),
    }
}

/// What CloudWatch calls a balancer: `app/web/0123456789abcdef`.
pub(super) fn balancer_name(arn: &str) -> &str {
    arn.split_once(":loadbalancer/").map_or(arn, |(_, name)| name)
}

/// What CloudWatch calls a target group: `targetgroup/web/0123456789abcdef`.
pub(super) fn group_name(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

impl Figures {
    /// None yet; from now on what balancers count.
    pub(super) fn new(targets: &Arc<Targets>) -> Self {
        let figures = Self(Arc::new(Mutex::new(MetricStore::new(RETENTION))));
        tokio::spawn(figures.clone().follow(Arc::clone(targets)));
        figures
    }

    fn lock(&self) -> MutexGuard<'_, MetricStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a figure.
    pub(super) fn put(&self, metric: &MetricId, at: Moment, figure: f64) {
        self.lock().put(metric, at, figure);
    }

    /// The last datapoints of a metric, the oldest first: so many, or as many as there are. As
    /// CloudWatch does, it looks back further where some are missing.
    pub(super) fn last(
        &self,
        metric: MetricId,
        statistic: Statistic,
        count: usize,
        now: Moment,
    ) -> Vec<f64> {
        let stat = MetricStat { metric, statistic, period: Pace::LOCAL.minute };
        let points = self.lock().datapoints(&stat, count + FURTHER, now.minus(SETTLED));
        let mut known: Vec<f64> = points.into_iter().flatten().collect();
        known.drain(..known.len().saturating_sub(count));
        known
    }

    /// What all metrics of some names and dimensions come to together, second by second.
    pub(super) fn together(
        &self,
        namespace: &str,
        names: &[&str],
        of: &[&str],
        statistic: &Statistic,
        count: usize,
        now: Moment,
    ) -> Vec<Option<f64>> {
        let store = self.lock();
        let mut all = vec![None; count];
        let own = store.metrics().filter(|metric| {
            metric.namespace == namespace
                && names.contains(&metric.name.as_str())
                && metric.dimensions.keys().eq(of)
        });
        for metric in own {
            let period = Duration::from_secs(1);
            let stat = MetricStat { metric: metric.clone(), statistic: statistic.clone(), period };
            let points = store.datapoints(&stat, count, now.minus(SETTLED));
            for (sum, point) in all.iter_mut().zip(points) {
                *sum = match (*sum, point, statistic) {
                    (Some(one), Some(other), Statistic::Maximum) => Some(f64::max(one, other)),
                    (Some(one), Some(other), _) => Some(one + other),
                    (one, other, _) => one.or(other),
                };
            }
        }
        all
    }

    /// Lets somebody read all of it.
    pub(super) fn read<T>(&self, read: impl FnOnce(&MetricStore) -> T) -> T {
        read(&self.lock())
    }

    async fn follow(self, targets: Arc<Targets>) {
        // Up to which second each balancer was heard.
        let mut heard: BTreeMap<String, u64> = BTreeMap::new();
        loop {
            let balancers = targets.metrics();
            heard.retain(|arn, _| balancers.iter().any(|(other, _)| other == arn));
            for (arn, metrics) in balancers {
                let counted = metrics.snapshot(Resolution::Second, 60);
                let Some(running) = counted.balancer.last().map(|point| point.start) else {
                    continue;
                };
                // What was before is not known: no datapoints are better than some of nothing.
                let from = heard.insert(arn.clone(), running).unwrap_or(running);
                self.take(balancer_name(&arn), &counted, from..running);
            }
            self.lock().forget(Moment(SystemClock.now()));
            tokio::time::sleep(ASK).await;
        }
    }

    fn take(&self, balancer: &str, counted: &MetricsSnapshot, seconds: std::ops::Range<u64>) {
        let mut store = self.lock();
        let whole = |point: &&Point| seconds.contains(&point.start);
        for point in counted.balancer.iter().filter(whole) {
            put(&mut store, point, &[("LoadBalancer", balancer)]);
        }
        for (arn, points) in &counted.groups {
            let group = group_name(arn);
            for point in points.iter().filter(whole) {
                put(&mut store, point, &[("TargetGroup", group)]);
                put(&mut store, point, &[("LoadBalancer", balancer), ("TargetGroup", group)]);
            }
        }
    }
}

/// Puts what was counted in a second. Codes that nobody was answered with have no figures, as on
/// AWS.
fn put(store: &mut MetricStore, point: &Point, of: &[(&str, &str)]) {
    let at = Moment(point.start * 1000);
    for counted in Metric::ALL.iter().copied() {
        let figure = point.value(counted);
        let always = matches!(
            counted,
            Metric::RequestCount
                | Metric::ActiveConnections
                | Metric::HealthyHosts
                | Metric::UnhealthyHosts
        );
        let has = match counted {
            Metric::RequestCountPerTarget => point.healthy_hosts > 0,
            Metric::TargetResponseTime => point.response_time.count > 0,
            _ => always || figure > 0.0,
        };
        if has {
            store.put(&metric(BALANCER, counted.name(), of), at, figure);
        }
    }
    if point.response_time.count > 0 {
        let times = point.response_time;
        for (part, figure) in [("p50", times.p50), ("p95", times.p95), ("p99", times.p99)] {
            store.put(&part_of_times(of, part), at, figure);
        }
    }
}

/// What so many of the response times of a second do not exceed: the average of these stands for
/// those of a longer period.
pub(super) fn part_of_times(of: &[(&str, &str)], part: &str) -> MetricId {
    metric(BALANCER, &format!("{}.{part}", Metric::TargetResponseTime.name()), of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_cloudwatch() {
        let of = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
        assert_eq!(balancer_name(&format!("{of}loadbalancer/app/web/0123")), "app/web/0123");
        assert_eq!(group_name(&format!("{of}targetgroup/web/4567")), "targetgroup/web/4567");
    }

    #[test]
    fn whole_seconds_are_taken_once() {
        let figures = Figures(Arc::new(Mutex::new(MetricStore::new(RETENTION))));
        let point = |start| {
            let mut point = Point::default();
            (point.start, point.healthy_hosts) = (start, 2);
            point
        };
        let counted = MetricsSnapshot {
            balancer: (10..15).map(point).collect(),
            groups: BTreeMap::from([("a:targetgroup/g/1".to_owned(), vec![point(12)])]),
        };
        figures.take("app/web/1", &counted, 11..13);
        figures.take("app/web/1", &counted, 13..14);
        let last = |of: &[(&str, &str)]| {
            let hosts = metric(BALANCER, "HealthyHostCount", of);
            figures.last(hosts, Statistic::SampleCount, 20, Moment(20_000))
        };
        assert_eq!(last(&[("LoadBalancer", "app/web/1")]), [1.0, 2.0]);
        assert_eq!(last(&[("TargetGroup", "targetgroup/g/1")]), [1.0]);
    }
}
