//! What is scaled by what, out of the account.

use std::{collections::BTreeMap, time::Duration};

use infra_core::{
    aws::{
        applicationautoscaling::{
            self as scaling, AdjustmentType, MetricAggregation, PredefinedMetric,
            ScalableDimension, StepScalingArgs, TargetTrackingArgs as Tracking,
        },
        autoscaling, cloudwatch,
    },
    types::{Seconds, Timestamp},
};

use super::range::key;
use crate::{
    containers::{
        parts::figures::TASKS,
        scheduler::{
            Moment,
            scaling::{
                Adjustment, Aggregation, Policy, Step, StepScaling, Suspended, TargetSpec,
                TargetTracking, Tracked,
            },
            schedule::{Bounds, Schedule, Scheduled},
        },
    },
    sim::View,
};

/// A service that is scaled.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Scaled {
    pub(in super::super) spec: TargetSpec,
    /// What each policy goes by.
    pub(in super::super) sources: BTreeMap<String, Source>,
    pub(in super::super) actions: BTreeMap<String, Scheduled>,
}

/// What a policy goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Source {
    /// A load that it tracks.
    Load(Load),
    /// Alarms that have it done, by its ARN.
    Alarms(String),
}

/// A load that is tracked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Load {
    /// The requests of a target group, by its name in CloudWatch.
    Requests(String),
    /// The processor that tasks take.
    Cpu,
    /// The memory that they take.
    Memory,
}

/// By what a service is scaled, if it is.
pub(in super::super) fn of_service(view: &View, cluster: &str, service: &str) -> Option<Scaled> {
    type T = scaling::ScalableTarget;
    type P = scaling::ScalingPolicy;
    type A = scaling::ScheduledAction;
    let id = format!("service/{cluster}/{service}");
    let tasks = Some(ScalableDimension::EcsServiceDesiredCount);
    let target = view.all::<T>().find(|target| {
        target.get(T::RESOURCE_ID).as_ref() == Some(&id)
            && target.get(T::SCALABLE_DIMENSION) == tasks
    })?;
    let suspended =
        target.get(T::SUSPENDED_STATE).map_or_else(Suspended::default, |it| Suspended {
            scale_in: it.dynamic_scaling_in_suspended,
            scale_out: it.dynamic_scaling_out_suspended,
            scheduled: it.scheduled_scaling_suspended,
        });
    let mut scaled = Scaled {
        spec: TargetSpec {
            id: id.clone(),
            least: target.get(T::MIN_CAPACITY)?,
            most: target.get(T::MAX_CAPACITY)?,
            policies: BTreeMap::new(),
            suspended,
        },
        sources: BTreeMap::new(),
        actions: BTreeMap::new(),
    };
    let own = view.all::<P>().filter(|policy| {
        policy.get(P::RESOURCE_ID).as_ref() == Some(&id)
            && policy.get(P::SCALABLE_DIMENSION) == tasks
    });
    for policy in own {
        let Some(name) = policy.get(P::POLICY_NAME) else { continue };
        let tracking = policy.get(P::TARGET_TRACKING).as_ref().and_then(tracked);
        let (own, source) = if let Some(steps) = policy.get(P::STEP_SCALING) {
            let Some(arn) = policy.get(P::POLICY_ARN) else { continue };
            (Policy::Steps(stepped(&steps)), Source::Alarms(arn))
        } else if let Some((tracking, load)) = tracking {
            (Policy::Tracking(tracking), Source::Load(load))
        } else {
            continue;
        };
        scaled.spec.policies.insert(name.clone(), own);
        scaled.sources.insert(name, source);
    }
    let own = view.all::<A>().filter(|action| {
        action.get(A::RESOURCE_ID).as_ref() == Some(&id)
            && action.get(A::SCALABLE_DIMENSION) == tasks
    });
    scaled.actions = own
        .filter_map(|action| {
            let bounds = action.get(A::SCALABLE_TARGET_ACTION)?;
            timed(
                &action.get(A::SCHEDULED_ACTION_NAME)?,
                &action.get(A::SCHEDULE)?.to_string(),
                action.get(A::TIMEZONE).map(|zone| zone.to_string()),
                (action.get(A::START_TIME), action.get(A::END_TIME)),
                Bounds { least: bounds.min_capacity, most: bounds.max_capacity, desired: None },
            )
        })
        .collect();
    Some(scaled)
}

/// What the schedule does to a group of instances.
pub(in super::super) fn actions_of_group(view: &View, group: &str) -> BTreeMap<String, Scheduled> {
    type A = autoscaling::ScheduledAction;
    let own = view.all::<A>().filter(|action| {
        action.get(A::AUTO_SCALING_GROUP_NAME).is_some_and(|name| name.as_str() == group)
    });
    let read = own.filter_map(|action| {
        let begins = action.get(A::START_TIME);
        let schedule = match action.get(A::RECURRENCE) {
            Some(recurrence) => recurrence.to_string(),
            // Once, by the clock of UTC.
            None => format!("at({})", begins?.to_string().trim_end_matches('Z')),
        };
        let bounds = Bounds {
            least: action.get(A::MIN_SIZE),
            most: action.get(A::MAX_SIZE),
            desired: action.get(A::DESIRED_CAPACITY),
        };
        let recurs = action.get(A::RECURRENCE).is_some();
        let zone = action.get(A::TIME_ZONE).filter(|_| recurs).map(|zone| zone.to_string());
        let name = action.get(A::SCHEDULED_ACTION_NAME)?;
        timed(&name, &schedule, zone, (begins, action.get(A::END_TIME)), bounds)
    });
    read.collect()
}

fn timed(
    name: &str,
    schedule: &str,
    zone: Option<String>,
    (from, until): (Option<Timestamp>, Option<Timestamp>),
    bounds: Bounds,
) -> Option<(String, Scheduled)> {
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    let (key, schedule) = (key(name, schedule, &zone), schedule.parse::<Schedule>().ok()?);
    let (from, until) = (from.and_then(moment), until.and_then(moment));
    Some((key, Scheduled { schedule, zone, made_at: Moment(0), from, until, bounds }))
}

fn moment(time: Timestamp) -> Option<Moment> {
    let time: jiff::Timestamp = time.to_string().parse().ok()?;
    u64::try_from(time.as_millisecond()).ok().map(Moment)
}

/// What is a scalable target and nothing that is scaled here, with what of it would be.
pub(in super::super) fn unscaled(view: &View) -> BTreeMap<String, String> {
    type T = scaling::ScalableTarget;
    let others = view.all::<T>().filter_map(|target| {
        let dimension = target.get(T::SCALABLE_DIMENSION)?;
        let other = dimension != ScalableDimension::EcsServiceDesiredCount;
        other.then_some((target.get(T::RESOURCE_ID)?, dimension.as_str().to_owned()))
    });
    others.collect()
}

/// Whether an alarm looks at what the tasks of a service take.
pub(in super::super) fn is_watched(view: &View, cluster: &str, service: &str) -> bool {
    type M = cloudwatch::MetricAlarm;
    let own = |namespace: &str, dimensions: &BTreeMap<String, String>| {
        let of = |name: &str, value: &str| dimensions.get(name).is_some_and(|it| it == value);
        namespace == TASKS && of("ClusterName", cluster) && of("ServiceName", service)
    };
    view.all::<M>().any(|alarm| {
        let dimensions = alarm.get(M::DIMENSIONS).unwrap_or_default();
        let queries = alarm.get(M::METRICS).unwrap_or_default();
        let mut stats = queries.iter().filter_map(|query| query.metric_stat.as_ref());
        own(&alarm.get(M::NAMESPACE).unwrap_or_default(), &dimensions)
            || stats.any(|stat| own(&stat.namespace, &stat.dimensions))
    })
}

/// What a policy of steps does.
fn stepped(policy: &StepScalingArgs) -> StepScaling {
    StepScaling {
        adjustment: match policy.adjustment_type {
            AdjustmentType::ChangeInCapacity => Adjustment::Change,
            AdjustmentType::ExactCapacity => Adjustment::Exact,
            AdjustmentType::PercentChangeInCapacity => Adjustment::Percent,
        },
        steps: policy
            .step_adjustments
            .iter()
            .map(|step| Step {
                from: step.metric_interval_lower_bound,
                to: step.metric_interval_upper_bound,
                by: step.scaling_adjustment,
            })
            .collect(),
        cooldown: policy.cooldown.map_or(COOLDOWN, |it| Duration::from_secs(u64::from(it.0))),
        least_change: policy.min_adjustment_magnitude.unwrap_or(1),
        aggregation: match policy.metric_aggregation_type {
            MetricAggregation::Average => Aggregation::Average,
            MetricAggregation::Minimum => Aggregation::Minimum,
            MetricAggregation::Maximum => Aggregation::Maximum,
        },
    }
}

/// How long a policy of steps waits where it does not say so itself: as AWS has it for tasks.
const COOLDOWN: Duration = Duration::from_secs(300);

/// What a policy keeps near a value; `None` of what tasks have not.
fn tracked(policy: &Tracking) -> Option<(TargetTracking, Load)> {
    let specification = &policy.predefined_metric_specification;
    let (tracked, source) = match specification.predefined_metric_type {
        PredefinedMetric::EcsServiceAverageCpuUtilization => (Tracked::Cpu, Load::Cpu),
        PredefinedMetric::EcsServiceAverageMemoryUtilization => (Tracked::Memory, Load::Memory),
        PredefinedMetric::AlbRequestCountPerTarget => {
            let label = specification.resource_label.as_ref()?;
            let group = label.split_once("/targetgroup/").map(|(_, group)| group)?;
            (Tracked::RequestsPerTarget, Load::Requests(format!("targetgroup/{group}")))
        }
        _ => return None,
    };
    let mut tracking = TargetTracking::new(tracked, policy.target_value);
    let seconds = |seconds: Seconds| Duration::from_secs(u64::from(seconds.0));
    if let Some(cooldown) = policy.scale_out_cooldown {
        tracking.out_cooldown = seconds(cooldown);
    }
    if let Some(cooldown) = policy.scale_in_cooldown {
        tracking.in_cooldown = seconds(cooldown);
    }
    tracking.disable_scale_in = policy.disable_scale_in;
    Some((tracking, source))
}

#[cfg(test)]
mod tests {
    use infra_core::aws::applicationautoscaling::{
        PredefinedMetricSpecificationArgs, StepAdjustmentArgs,
    };

    use super::*;
    use crate::sim::made_up::{Given, account};

    #[test]
    fn policies_are_read_as_they_are_scaled_by() {
        let policy = |predefined_metric_type, label: Option<&str>| Tracking {
            target_value: 60.0,
            predefined_metric_specification: PredefinedMetricSpecificationArgs {
                predefined_metric_type,
                resource_label: label.map(str::to_owned),
            },
            scale_out_cooldown: Some(Seconds(60)),
            scale_in_cooldown: None,
            disable_scale_in: true,
        };
        let cpu = policy(PredefinedMetric::EcsServiceAverageCpuUtilization, None);
        let (tracking, source) = tracked(&cpu).unwrap();
        assert_eq!((tracking.tracked, source), (Tracked::Cpu, Load::Cpu));
        assert_eq!(tracking.out_cooldown, Duration::from_secs(60));
        assert_eq!(tracking.in_cooldown, Duration::from_secs(300));
        assert!(tracking.disable_scale_in);
        let requests = |label| tracked(&policy(PredefinedMetric::AlbRequestCountPerTarget, label));
        let group = Load::Requests("targetgroup/tasks/4567".to_owned());
        let label = Some("app/web/0123/targetgroup/tasks/4567");
        assert_eq!(requests(label).map(|(_, source)| source), Some(group));
        assert!(requests(None).is_none());
        assert!(tracked(&policy(PredefinedMetric::RdsReaderAverageCpuUtilization, None)).is_none());
    }

    #[test]
    fn policies_of_steps_are_read_with_their_arn() {
        type T = scaling::ScalableTarget;
        type P = scaling::ScalingPolicy;
        let tasks = ScalableDimension::EcsServiceDesiredCount;
        let readers = ScalableDimension::RdsClusterReadReplicaCount;
        let id = "service/campus/web";
        let target = |id: &str, dimension| {
            let given = Given::new::<T>(id).with(T::RESOURCE_ID, id.to_owned());
            let given = given.with(T::SCALABLE_DIMENSION, dimension);
            given.with(T::MIN_CAPACITY, 2_u32).with(T::MAX_CAPACITY, 9_u32)
        };
        let half = StepAdjustmentArgs {
            scaling_adjustment: 50,
            metric_interval_lower_bound: Some(5.0),
            metric_interval_upper_bound: None,
        };
        let steps = StepScalingArgs {
            adjustment_type: AdjustmentType::PercentChangeInCapacity,
            step_adjustments: vec![half],
            cooldown: None,
            metric_aggregation_type: MetricAggregation::Maximum,
            min_adjustment_magnitude: Some(2),
        };
        let policy = Given::new::<P>("slow")
            .with(P::POLICY_NAME, "slow".to_owned())
            .with(P::RESOURCE_ID, id.to_owned())
            .with(P::SCALABLE_DIMENSION, tasks)
            .with(P::POLICY_ARN, "arn:slow".to_owned());
        let view = account([
            target(id, tasks),
            target("cluster:db", readers),
            policy.with(P::STEP_SCALING, steps),
        ]);
        let scaled = of_service(&view, "campus", "web").unwrap();
        assert_eq!(scaled.sources["slow"], Source::Alarms("arn:slow".to_owned()));
        let expected = StepScaling {
            adjustment: Adjustment::Percent,
            steps: vec![Step { from: Some(5.0), to: None, by: 50 }],
            cooldown: Duration::from_secs(300),
            least_change: 2,
            aggregation: Aggregation::Maximum,
        };
        assert_eq!(scaled.spec.policies["slow"], Policy::Steps(expected));
        let others = BTreeMap::from([("cluster:db", "rds:cluster:ReadReplicaCount")]);
        let others = others.into_iter().map(|(id, of)| (id.to_owned(), of.to_owned()));
        assert_eq!(unscaled(&view), others.collect());
    }

    #[test]
    fn what_tasks_take_matters_where_an_alarm_looks_at_it() {
        type M = cloudwatch::MetricAlarm;
        let alarm = |service: &str| {
            let given = Given::new::<M>("busy").with(M::NAMESPACE, "AWS/ECS".to_owned());
            let of = [("ClusterName", "campus"), ("ServiceName", service)];
            let of = of.map(|(name, value)| (name.to_owned(), value.to_owned()));
            given.with(M::DIMENSIONS, BTreeMap::from(of))
        };
        assert!(is_watched(&account([alarm("web")]), "campus", "web"));
        assert!(!is_watched(&account([alarm("web")]), "campus", "cron"));
        assert!(!is_watched(&account([]), "campus", "web"));
    }

    #[test]
    fn actions_are_read_with_their_times() {
        let bounds = Bounds { least: Some(8), ..Bounds::default() };
        let times = ("2027-02-01T06:00:00Z".parse().ok(), None);
        let zone = Some("Europe/Berlin".to_owned());
        let (_, action) = timed("morning", "30 7 * * MON-FRI", zone, times, bounds).unwrap();
        let said = jiff::Timestamp::from_millisecond(action.from.unwrap().0 as i64).unwrap();
        assert_eq!(said.to_string(), "2027-02-01T06:00:00Z");
        let next = action.next(Moment(0)).unwrap();
        let said = jiff::Timestamp::from_millisecond(next.0 as i64).unwrap();
        assert_eq!(said.to_string(), "2027-02-01T06:30:00Z");
        assert!(timed("wrong", "never", None, (None, None), bounds).is_none());
    }
}
