//! What tasks say again and again while all is well: when they fall silent, an alarm tells.

use infra_core::{
    aws::{
        cloudwatch::{
            AlarmAction, ComparisonOperator, MetricAlarm, StandardUnit, TreatMissingData,
        },
        logs::{MetricFilter, MetricTransformation},
    },
    prelude::*,
};

use crate::App;

/// Something that is said again and again.
struct Said {
    name: &'static str,
    /// How the image says it, as a filter of CloudWatch Logs reads it.
    pattern: &'static str,
    metric: &'static str,
    /// What of it counts: a number, or a field of the pattern.
    value: &'static str,
    unit: StandardUnit,
    alarm: &'static str,
    /// What silence means, and what is to be done.
    means: &'static str,
    /// After how many periods of how many seconds it is told.
    silence: (u32, u32),
}

/// Moodle's schedule runs every minute; without it no mail leaves and no course is backed up.
const SCHEDULE: Said = Said {
    name: "schedule",
    pattern: "\"cron: ran to its end\"",
    metric: "ScheduleRuns",
    value: "1",
    unit: StandardUnit::Count,
    alarm: "schedule-late",
    means: "Moodle's schedule has not run for ten minutes: look at the task `cron`.",
    silence: (2, 300),
};

/// Somebody logs in every minute, and says how long that took.
const LOGIN: Said = Said {
    name: "login",
    pattern: "[script = \"probe.php:\", what = login, milliseconds, unit = ms]",
    metric: "LoginTime",
    value: "$milliseconds",
    unit: StandardUnit::Milliseconds,
    alarm: "login-fails",
    means: "Nobody could log in for five minutes, as far as the task `probe` can tell: what it says \
            names the step. A site that is closed for an upgrade is told as well.",
    silence: (5, 60),
};

/// An alarm on each thing that is said no more.
#[track_caller]
pub(super) fn create(stack: &Stack, app: &App, told: &AlarmAction) -> Vec<MetricAlarm> {
    let logins = app.probe.map(|_| LOGIN);
    [SCHEDULE].into_iter().chain(logins).map(|said| said.create(stack, app, told)).collect()
}

impl Said {
    #[track_caller]
    fn create(self, stack: &Stack, app: &App, told: &AlarmAction) -> MetricAlarm {
        let namespace = format!("Moodle/{}/{}", stack.project(), stack.name());
        let counted =
            MetricTransformation::new(self.metric, &*namespace, self.value).unit(self.unit);
        MetricFilter::named(self.name)
            .log_group_name(&app.logs)
            .filter_pattern(self.pattern)
            .metric_transformation(counted)
            .create(stack);
        let (periods, seconds) = self.silence;
        MetricAlarm::named(self.alarm)
            .alarm_description(self.means)
            .namespace(namespace)
            .metric_name(self.metric)
            .statistic("SampleCount")
            .period(Seconds(seconds))
            .evaluation_periods(periods)
            .comparison_operator(ComparisonOperator::LessThanThreshold)
            .threshold(1.0)
            .treat_missing_data(TreatMissingData::Breaching)
            .alarm_actions([told.clone()])
            .ok_actions([told.clone()])
            .create(stack)
    }
}
