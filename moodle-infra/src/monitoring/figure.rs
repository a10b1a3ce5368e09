//! [`Figure`]: a figure of CloudWatch that is watched, and the alarm that it makes.

use infra_core::{
    aws::cloudwatch::{
        AlarmAction, ComparisonOperator, MetricAlarm, MetricDataQuery, MetricLine, MetricStat,
        TreatMissingData,
    },
    prelude::*,
};

/// Of what a figure is, by name and value.
pub(super) type Dimensions = Vec<(&'static str, Output<String>)>;

/// A figure that is watched.
pub(super) struct Figure {
    /// What the alarm is called.
    pub(super) name: &'static str,
    /// What it means, and what is to be done.
    pub(super) means: &'static str,
    /// The namespace and the metric.
    pub(super) metric: (&'static str, &'static str),
    /// How the figures of a minute are put together.
    pub(super) statistic: &'static str,
    /// Of what it is: the worst of several counts.
    pub(super) of: Vec<Dimensions>,
    /// On which side of which figure it is bad.
    pub(super) bad: Bad,
    /// For how many of how many minutes, before it is told.
    pub(super) minutes: (u32, u32),
    /// What silence means.
    pub(super) silence: TreatMissingData,
}

/// On which side of a figure something is bad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bad {
    Above(f64),
    Below(f64),
}

impl Bad {
    fn comparison(self) -> (ComparisonOperator, f64) {
        match self {
            Self::Above(threshold) => (ComparisonOperator::GreaterThanThreshold, threshold),
            Self::Below(threshold) => (ComparisonOperator::LessThanThreshold, threshold),
        }
    }
}

impl Figure {
    /// A figure of one thing, which is bad above a threshold, for five minutes; silence is good.
    pub(super) fn new(
        name: &'static str,
        metric: (&'static str, &'static str),
        of: Vec<Dimensions>,
        bad: Bad,
        means: &'static str,
    ) -> Self {
        let silence = TreatMissingData::NotBreaching;
        Self { name, means, metric, statistic: "Average", of, bad, minutes: (5, 5), silence }
    }

    pub(super) fn statistic(self, statistic: &'static str) -> Self {
        Self { statistic, ..self }
    }

    pub(super) fn minutes(self, bad: u32, of: u32) -> Self {
        Self { minutes: (bad, of), ..self }
    }

    /// Whatever says nothing any more is broken.
    pub(super) fn silence_is_bad(self) -> Self {
        Self { silence: TreatMissingData::Breaching, ..self }
    }

    /// The alarm.
    pub(super) fn alarm(&self, stack: &Stack, told: &AlarmAction) -> MetricAlarm {
        let (operator, threshold) = self.bad.comparison();
        let (bad, of) = self.minutes;
        let alarm = MetricAlarm::named(self.name)
            .comparison_operator(operator)
            .threshold(threshold)
            .evaluation_periods(of)
            .datapoints_to_alarm(bad)
            .treat_missing_data(self.silence)
            .alarm_description(self.means)
            .alarm_actions([told.clone()])
            .ok_actions([told.clone()]);
        if let [dimensions] = self.of.as_slice() {
            let (namespace, metric) = self.metric;
            return alarm
                .namespace(namespace)
                .metric_name(metric)
                .dimensions(named(dimensions))
                .statistic(self.statistic)
                .period(Seconds(60))
                .create(stack);
        }
        alarm.metrics(self.worst()).create(stack)
    }

    /// The metrics of all things, and the worst of them.
    fn worst(&self) -> Vec<MetricDataQuery> {
        let (namespace, metric) = self.metric;
        let mut queries: Vec<MetricDataQuery> = (0..)
            .zip(&self.of)
            .map(|(number, dimensions)| {
                let stat = MetricStat::new(namespace, metric, self.statistic, Seconds(60))
                    .dimensions(named(dimensions));
                MetricDataQuery::metric(format!("m{number}"), stat).return_data(false)
            })
            .collect();
        let worst = match self.bad {
            Bad::Above(_) => "MAX(METRICS())",
            Bad::Below(_) => "MIN(METRICS())",
        };
        queries.push(MetricDataQuery::formula("worst", worst).label(self.name));
        queries
    }

    /// The lines of a dashboard.
    pub(super) fn lines(&self) -> Vec<MetricLine> {
        let (namespace, metric) = self.metric;
        let line = |dimensions| {
            MetricLine::new(namespace, metric).dimensions(named(dimensions)).stat(self.statistic)
        };
        self.of.iter().map(line).collect()
    }
}

fn named(dimensions: &Dimensions) -> Vec<(String, Output<String>)> {
    dimensions.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
