//! Alarms, out of the account.

use std::{collections::BTreeMap, time::Duration};

use infra_core::aws::{
    applicationautoscaling::{ScalableDimension, ScalingPolicy},
    cloudwatch::{
        self, AlarmActionArgs, ComparisonOperator, MetricDataQueryArgs, TreatMissingData,
    },
};

use super::signals::Action;

use crate::{
    containers::{
        balancer::Metric,
        parts::figures::{BALANCER, INSIGHTS, INSTANCES, TASKS},
        scheduler::alarm::{
            Actions, Comparison, CompositeAlarm, Figure, MetricAlarm, MetricId, MetricStat,
            Missing, Query, Statistic, Suppressor,
        },
    },
    sim::{Thing, View},
};

type M = cloudwatch::MetricAlarm;
type C = cloudwatch::CompositeAlarm;

/// The alarms that are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    pub(super) metrics: BTreeMap<String, MetricAlarm>,
    pub(super) composites: BTreeMap<String, CompositeAlarm>,
    /// Why others can't be looked at here.
    pub(super) blind: BTreeMap<String, String>,
    /// What each of them means.
    pub(super) means: BTreeMap<String, String>,
    /// Their ARNs.
    pub(super) arns: BTreeMap<String, String>,
    /// What each of them would do, by ARN, and why nobody here does it.
    pub(super) idle: BTreeMap<String, BTreeMap<String, String>>,
}

pub(super) fn read(view: &View) -> Wanted {
    let mut wanted = Wanted::default();
    for alarm in view.all::<M>() {
        let name = alarm.id().to_owned();
        wanted.arns.insert(name.clone(), alarm.arn().to_owned());
        wanted.means.extend(alarm.get(M::ALARM_DESCRIPTION).map(|it| (name.clone(), it)));
        match of_metric(&alarm) {
            Ok(alarm) => {
                let idle = idle(&alarm.actions, |policy| of_policy(view, policy));
                wanted.idle.insert(name.clone(), idle);
                wanted.metrics.insert(name, alarm);
            }
            Err(why) => drop(wanted.blind.insert(name, why)),
        }
    }
    for alarm in view.all::<C>() {
        let name = alarm.id().to_owned();
        wanted.arns.insert(name.clone(), alarm.arn().to_owned());
        wanted.means.extend(alarm.get(C::ALARM_DESCRIPTION).map(|it| (name.clone(), it)));
        match composite(&alarm) {
            Ok(alarm) => {
                let idle =
                    idle(&alarm.actions, |_| Some("alarms of alarms scale nothing".to_owned()));
                wanted.idle.insert(name.clone(), idle);
                wanted.composites.insert(name, alarm);
            }
            Err(why) => drop(wanted.blind.insert(name, why)),
        }
    }
    wanted
}

fn of_metric(alarm: &Thing<'_, M>) -> Result<MetricAlarm, String> {
    let missing = || "the account does not say what it looks at".to_owned();
    let figure = match alarm.get(M::METRICS) {
        Some(queries) => figure(&queries)?,
        None => Figure::Metric(stat(
            alarm.get(M::NAMESPACE).ok_or_else(missing)?,
            alarm.get(M::METRIC_NAME).ok_or_else(missing)?,
            alarm.get(M::DIMENSIONS).unwrap_or_default(),
            &alarm.get(M::STATISTIC).ok_or_else(missing)?.to_string(),
            alarm.get(M::PERIOD).ok_or_else(missing)?.0,
        )?),
    };
    let evaluation_periods = alarm.get(M::EVALUATION_PERIODS).unwrap_or(1);
    Ok(MetricAlarm {
        id: alarm.id().to_owned(),
        figure,
        comparison: comparison(alarm.get(M::COMPARISON_OPERATOR).ok_or_else(missing)?)?,
        threshold: alarm.get(M::THRESHOLD).ok_or_else(missing)?,
        evaluation_periods,
        datapoints_to_alarm: alarm.get(M::DATAPOINTS_TO_ALARM).unwrap_or(evaluation_periods),
        missing: match alarm.get(M::TREAT_MISSING_DATA) {
            Some(TreatMissingData::Breaching) => Missing::Breaching,
            Some(TreatMissingData::NotBreaching) => Missing::NotBreaching,
            Some(TreatMissingData::Ignore) => Missing::Ignore,
            _ => Missing::Missing,
        },
        actions: Actions {
            enabled: alarm.get(M::ACTIONS_ENABLED).unwrap_or(true),
            alarm: arns(alarm.get(M::ALARM_ACTIONS)),
            ok: arns(alarm.get(M::OK_ACTIONS)),
            insufficient_data: arns(alarm.get(M::INSUFFICIENT_DATA_ACTIONS)),
        },
    })
}

fn composite(alarm: &Thing<'_, C>) -> Result<CompositeAlarm, String> {
    let rule = alarm.get(C::ALARM_RULE).unwrap_or_default();
    let seconds = |seconds: Option<infra_core::types::Seconds>| {
        Duration::from_secs(seconds.map_or(0, |seconds| u64::from(seconds.0)))
    };
    let suppressor = alarm.get(C::ACTIONS_SUPPRESSOR).map(|name| Suppressor {
        alarm: name.to_string(),
        wait: seconds(alarm.get(C::ACTIONS_SUPPRESSOR_WAIT_PERIOD)),
        extension: seconds(alarm.get(C::ACTIONS_SUPPRESSOR_EXTENSION_PERIOD)),
    });
    Ok(CompositeAlarm {
        id: alarm.id().to_owned(),
        rule: rule.parse().map_err(|why| format!("its rule {why}"))?,
        actions: Actions {
            enabled: alarm.get(C::ACTIONS_ENABLED).unwrap_or(true),
            alarm: arns(alarm.get(C::ALARM_ACTIONS)),
            ok: arns(alarm.get(C::OK_ACTIONS)),
            insufficient_data: arns(alarm.get(C::INSUFFICIENT_DATA_ACTIONS)),
        },
        suppressor,
    })
}

fn arns(actions: Option<Vec<AlarmActionArgs>>) -> Vec<String> {
    let arn = |action| match action {
        AlarmActionArgs::Topic(arn) => arn.to_string(),
        AlarmActionArgs::ScalingPolicy(arn) => arn,
        AlarmActionArgs::Function(arn) => arn.to_string(),
    };
    actions.unwrap_or_default().into_iter().map(arn).collect()
}

/// What nobody here does of what an alarm would do, and why not.
fn idle(actions: &Actions, of_policy: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let all = [&actions.alarm, &actions.ok, &actions.insufficient_data].into_iter().flatten();
    let idle = all.filter_map(|arn| {
        let why = match Action::of(arn) {
            Action::Topic => None,
            Action::Policy => of_policy(arn),
            Action::Function => Some("functions do not run here".to_owned()),
        };
        Some((arn.clone(), why?))
    });
    idle.collect()
}

/// Why an alarm can't have a scaling policy done, if it can't.
fn of_policy(view: &View, arn: &str) -> Option<String> {
    type P = ScalingPolicy;
    let policy = view.all::<P>().find(|it| it.get(P::POLICY_ARN).as_deref() == Some(arn));
    let Some(policy) = policy else {
        return Some("the account has no such policy".to_owned());
    };
    if policy.get(P::STEP_SCALING).is_none() {
        return Some("it tracks a figure, and goes by no alarm".to_owned());
    }
    let dimension = policy.get(P::SCALABLE_DIMENSION)?;
    let scaled = dimension == ScalableDimension::EcsServiceDesiredCount;
    (!scaled).then(|| format!("nothing here scales {}", dimension.as_str()))
}

fn comparison(operator: ComparisonOperator) -> Result<Comparison, String> {
    Ok(match operator {
        ComparisonOperator::GreaterThanOrEqualToThreshold => Comparison::AtLeast,
        ComparisonOperator::GreaterThanThreshold => Comparison::Above,
        ComparisonOperator::LessThanThreshold => Comparison::Below,
        ComparisonOperator::LessThanOrEqualToThreshold => Comparison::AtMost,
        _ => return Err("nothing on this machine learns a band".to_owned()),
    })
}

fn figure(queries: &[MetricDataQueryArgs]) -> Result<Figure, String> {
    let metrics: Vec<&str> = queries
        .iter()
        .filter(|query| query.metric_stat.is_some())
        .map(|query| query.id.as_str())
        .collect();
    let all = format!("[{}]", metrics.join(", "));
    let mut read = BTreeMap::new();
    for query in queries {
        let one = match (&query.metric_stat, &query.expression) {
            (Some(it), _) => Query::Metric(stat(
                it.namespace.clone(),
                it.metric_name.clone(),
                it.dimensions.clone(),
                &it.stat.to_string(),
                it.period.0,
            )?),
            (None, Some(text)) => {
                let formula = text.replace("METRICS()", &all);
                let formula = formula.parse().map_err(|why| format!("its formula {text} {why}"))?;
                Query::Formula(formula)
            }
            (None, None) => return Err(format!("its query {} says nothing", query.id)),
        };
        read.insert(query.id.clone(), one);
    }
    let returns = queries.iter().find(|query| query.return_data);
    let returns = returns.ok_or("none of its queries is looked at")?.id.clone();
    Ok(Figure::Queries { queries: read, returns })
}

fn stat(
    namespace: String,
    name: String,
    dimensions: BTreeMap<String, String>,
    statistic: &str,
    period: u32,
) -> Result<MetricStat, String> {
    let mut metric = MetricId { namespace, name, dimensions };
    if !is_counted(&metric) {
        return Err(format!(
            "nothing on this machine counts {} of {}",
            metric.name, metric.namespace
        ));
    }
    let mut statistic: Statistic = statistic.parse()?;
    if let (Statistic::Percentile(percent), true) =
        (&statistic, metric.name == Metric::TargetResponseTime.name())
    {
        // Seconds are counted with these parts; see `figures`.
        let part = match *percent {
            percent if percent <= 50.0 => "p50",
            percent if percent <= 95.0 => "p95",
            _ => "p99",
        };
        metric.name = format!("{}.{part}", metric.name);
        statistic = Statistic::Average;
    }
    Ok(MetricStat { metric, statistic, period: Duration::from_secs(u64::from(period)) })
}

/// Whether it is counted here.
fn is_counted(metric: &MetricId) -> bool {
    let name = metric.name.as_str();
    let of = |all: &[&str]| metric.dimensions.keys().eq(all);
    match metric.namespace.as_str() {
        BALANCER => {
            let whole = of(&["LoadBalancer"]);
            Metric::from_name(name).is_some()
                && (whole || of(&["TargetGroup"]) || of(&["LoadBalancer", "TargetGroup"]))
        }
        TASKS => {
            ["CPUUtilization", "MemoryUtilization"].contains(&name)
                && of(&["ClusterName", "ServiceName"])
        }
        INSIGHTS => {
            ["RunningTaskCount", "PendingTaskCount", "DesiredTaskCount"].contains(&name)
                && of(&["ClusterName", "ServiceName"])
        }
        INSTANCES => {
            ["GroupInServiceInstances", "GroupDesiredCapacity"].contains(&name)
                && of(&["AutoScalingGroupName"])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::{
            applicationautoscaling::{AdjustmentType, MetricAggregation, StepScalingArgs},
            cloudwatch::{MetricStatArgs, Statistic as Said},
        },
        types::Seconds,
    };

    use super::*;
    use crate::sim::made_up::{Given, account};

    fn named(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn of(
        namespace: &str,
        name: &str,
        dimensions: &[(&str, &str)],
        said: &str,
    ) -> Result<MetricStat, String> {
        stat(namespace.to_owned(), name.to_owned(), named(dimensions), said, 60)
    }

    #[test]
    fn only_what_is_counted_is_looked_at() {
        let balancer = [("LoadBalancer", "app/web/1")];
        let errors = of(BALANCER, "HTTPCode_Target_5XX_Count", &balancer, "Sum").unwrap();
        assert_eq!((errors.statistic, errors.period), (Statistic::Sum, Duration::from_secs(60)));
        let slow = of(BALANCER, "TargetResponseTime", &balancer, "p90").unwrap();
        assert_eq!(
            (slow.metric.name.as_str(), slow.statistic),
            ("TargetResponseTime.p95", Statistic::Average)
        );
        let zone = [("AvailabilityZone", "a"), ("LoadBalancer", "app/web/1")];
        assert!(of(BALANCER, "RequestCount", &zone, "Sum").is_err());
        let why = of("AWS/RDS", "CPUUtilization", &[], "Average").unwrap_err();
        assert_eq!(why, "nothing on this machine counts CPUUtilization of AWS/RDS");
    }

    #[test]
    fn what_nobody_here_does_is_known_with_its_reason() {
        type P = ScalingPolicy;
        let arn = |name: &str| {
            format!("arn:aws:autoscaling:eu-central-1:123456789012:scalingPolicy:1:{name}")
        };
        let policy = |name: &str, dimension| {
            let given = Given::new::<P>(name).with(P::POLICY_ARN, arn(name));
            given.with(P::SCALABLE_DIMENSION, dimension)
        };
        let steps = || StepScalingArgs {
            adjustment_type: AdjustmentType::ChangeInCapacity,
            step_adjustments: vec![],
            cooldown: None,
            metric_aggregation_type: MetricAggregation::Average,
            min_adjustment_magnitude: None,
        };
        let tasks = ScalableDimension::EcsServiceDesiredCount;
        let view = account([
            policy("steps", tasks).with(P::STEP_SCALING, steps()),
            policy("tracks", tasks),
            policy("readers", ScalableDimension::RdsClusterReadReplicaCount)
                .with(P::STEP_SCALING, steps()),
        ]);
        let why = |name: &str| of_policy(&view, &arn(name));
        assert_eq!(why("steps"), None);
        assert_eq!(why("tracks").unwrap(), "it tracks a figure, and goes by no alarm");
        assert_eq!(why("readers").unwrap(), "nothing here scales rds:cluster:ReadReplicaCount");
        assert_eq!(why("gone").unwrap(), "the account has no such policy");
        let function = "arn:aws:lambda:eu-central-1:123456789012:function:mend".to_owned();
        let topic = "arn:aws:sns:eu-central-1:123456789012:operators".to_owned();
        let actions = Actions {
            enabled: true,
            alarm: vec![topic, arn("steps")],
            ok: vec![function.clone()],
            insufficient_data: vec![arn("gone")],
        };
        let idle = idle(&actions, |arn| of_policy(&view, arn));
        assert_eq!(idle.keys().collect::<Vec<_>>(), [&arn("gone"), &function]);
        assert_eq!(idle[&function], "functions do not run here");
    }

    #[test]
    fn formulas_know_all_metrics() {
        let query = |id: &str| MetricDataQueryArgs {
            id: id.to_owned(),
            expression: None,
            metric_stat: None,
            label: None,
            period: None,
            return_data: false,
            account_id: None,
        };
        let metric = |id: &str, group: &str| MetricDataQueryArgs {
            metric_stat: Some(MetricStatArgs {
                namespace: INSTANCES.to_owned(),
                metric_name: "GroupInServiceInstances".to_owned(),
                stat: Said::Minimum,
                period: Seconds(60),
                dimensions: named(&[("AutoScalingGroupName", group)]),
                unit: None,
            }),
            ..query(id)
        };
        let worst = MetricDataQueryArgs {
            expression: Some("MIN(METRICS())".to_owned()),
            return_data: true,
            ..query("worst")
        };
        let Figure::Queries { queries, returns } =
            figure(&[metric("m0", "a"), metric("m1", "b"), worst]).unwrap()
        else {
            panic!("it has queries");
        };
        assert_eq!(returns, "worst");
        let Query::Formula(formula) = &queries["worst"] else { panic!("it is a formula") };
        let figures = BTreeMap::from([("m0".to_owned(), Some(3.0)), ("m1".to_owned(), Some(2.0))]);
        assert_eq!(formula.of(&figures), Some(2.0));
    }
}
