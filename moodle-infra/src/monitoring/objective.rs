//! How many errors people are to see at most, and when that is about to be broken.

use infra_core::{
    aws::cloudwatch::{
        AlarmAction, ComparisonOperator, CompositeAlarm, MetricAlarm, MetricDataQuery, MetricStat,
        TreatMissingData,
    },
    prelude::*,
};

use crate::Balancer;

/// Of a hundred requests, how many may fail in a month.
const BUDGET: f64 = 0.1;

/// A month's errors would be used up in two days: how much faster than allowed that is. The pair of
/// a long and a short time, and this factor, are those of Google's "Site Reliability Workbook",
/// chapter 5: the long one keeps a single bad minute from waking people, the short one lets the alarm
/// end soon after the errors do.
const BURN: f64 = 14.4;

/// An alarm that goes off when errors are so many that a month's would be used up in two days.
#[track_caller]
pub(super) fn create(stack: &Stack, balancer: &Balancer, told: &AlarmAction) -> CompositeAlarm {
    let [long, short] = [("errors-in-an-hour", 12), ("errors-in-five-minutes", 1)]
        .map(|(name, periods)| burn(stack, balancer, name, periods));
    CompositeAlarm::named("errors")
        .alarm_rule(interpolate!("ALARM({}) AND ALARM({})", long.alarm_name(), short.alarm_name()))
        .alarm_description(
            "So many requests fail that a month's share of errors would be used up in two days.",
        )
        .alarm_actions([told.clone()])
        .ok_actions([told.clone()])
        .create(stack)
}

/// The share of failed requests, in percent, over a number of five minutes.
fn burn(stack: &Stack, balancer: &Balancer, name: &str, periods: u32) -> MetricAlarm {
    let sum = |id, metric| {
        let dimensions = [("LoadBalancer", balancer.metric_name())];
        let stat = MetricStat::new("AWS/ApplicationELB", metric, "Sum", Seconds(300 * periods))
            .dimensions(dimensions);
        MetricDataQuery::metric(id, stat).return_data(false)
    };
    let share = "100 * (FILL(own, 0) + FILL(site, 0)) / requests";
    MetricAlarm::named(name)
        .alarm_description("A part of the alarm on errors, which tells.")
        .metrics([
            sum("own", "HTTPCode_ELB_5XX_Count"),
            sum("site", "HTTPCode_Target_5XX_Count"),
            sum("requests", "RequestCount"),
            MetricDataQuery::formula("share", share).label("failed requests in percent"),
        ])
        .evaluation_periods(1_u32)
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .threshold(BURN * BUDGET)
        .treat_missing_data(TreatMissingData::NotBreaching)
        .create(stack)
}
