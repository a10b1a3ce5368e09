//! What is special about an alarm: what goes with one metric and what with several, how long it
//! looks back, and with what it compares.

use infra_core::{
    aws::cloudwatch::{self, Statistic},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
};

use super::{
    alarm_action::{CODES, DESCRIPTION, INVALID, check_actions, check_name},
    metric_query::{check_dimensions, check_period, check_queries, longest_period},
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&MetricAlarm];

type A = cloudwatch::MetricAlarm;

const DAY: u64 = 24 * 60 * 60;
const HOUR: u32 = 60 * 60;

struct MetricAlarm;

impl Special for MetricAlarm {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked)?;
        asked.check_text(A::ALARM_DESCRIPTION, DESCRIPTION, INVALID)?;
        let period = match asked.get(A::METRICS) {
            Some(queries) => {
                check_of_one(asked)?;
                check_queries(&queries)?;
                longest_period(&queries)
            }
            None => check_metric(asked)?,
        };
        check_evaluation(asked, period)?;
        check_comparison(asked)?;
        let actions = [A::ALARM_ACTIONS, A::OK_ACTIONS, A::INSUFFICIENT_DATA_ACTIONS];
        check_actions(asked, actions)
    }
}

fn refused<T>(property: &str, message: String) -> Result<T, Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// What belongs to one metric alone stands nowhere beside several.
fn check_of_one(asked: &Asked<'_>) -> Result<(), Refusal> {
    let given = [
        ("namespace", asked.get(A::NAMESPACE).is_some()),
        ("dimensions", asked.get(A::DIMENSIONS).is_some_and(|dimensions| !dimensions.is_empty())),
        ("statistic", asked.get(A::STATISTIC).is_some()),
        ("period", asked.get(A::PERIOD).is_some()),
        ("unit", asked.get(A::UNIT).is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((property, _)) => {
            refused(property, format!("`{property}` goes with `metric_name`, not with `metrics`"))
        }
        None => Ok(()),
    }
}

/// One metric: its period.
fn check_metric(asked: &Asked<'_>) -> Result<u32, Refusal> {
    let needed =
        |property: &str| refused(property, format!("`{property}` is needed beside `metric_name`"));
    let Some(namespace) = asked.get(A::NAMESPACE) else { return needed("namespace") };
    if namespace.is_empty() || namespace.starts_with(':') {
        let message = format!("`namespace` {namespace:?} must not be empty or begin with a colon");
        return refused("namespace", message);
    }
    let Some(statistic) = asked.get(A::STATISTIC) else { return needed("statistic") };
    let Some(Seconds(period)) = asked.get(A::PERIOD) else { return needed("period") };
    check_period("period", period)?;
    check_dimensions("dimensions", &asked.get(A::DIMENSIONS).unwrap_or_default())?;
    let few = asked.get(A::EVALUATE_LOW_SAMPLE_COUNT_PERCENTILE);
    let percentile = matches!(statistic, Statistic::Extended(_));
    if let Some(few) = few.filter(|_| !percentile) {
        let property = "evaluate_low_sample_count_percentile";
        let message = format!("`{property}` {few} goes with a percentile, not with {statistic}");
        return refused(property, message);
    }
    Ok(period)
}

fn check_evaluation(asked: &Asked<'_>, period: u32) -> Result<(), Refusal> {
    let periods = asked.get(A::EVALUATION_PERIODS).unwrap_or_default();
    let longest = if period >= HOUR { 7 * DAY } else { DAY };
    if periods == 0 || u64::from(periods) * u64::from(period) > longest {
        let message = format!(
            "`evaluation_periods` {periods} of {period} s must be 1 at least and {longest} s \
             together at most"
        );
        return refused("evaluation_periods", message);
    }
    match asked.get(A::DATAPOINTS_TO_ALARM) {
        Some(points) if !(1..=periods).contains(&points) => {
            let message = format!(
                "`datapoints_to_alarm` {points} must be between 1 and the `evaluation_periods` \
                 {periods}"
            );
            refused("datapoints_to_alarm", message)
        }
        _ => Ok(()),
    }
}

/// A band is compared with by the operators for bands, and has an id among the queries.
fn check_comparison(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(operator) = asked.get(A::COMPARISON_OPERATOR) else { return Ok(()) };
    let band = asked.get(A::THRESHOLD_METRIC_ID);
    if operator.is_band() != band.is_some() {
        let with = if operator.is_band() { "threshold_metric_id" } else { "threshold" };
        let message = format!("`comparison_operator` {operator} goes with `{with}`");
        return refused("comparison_operator", message);
    }
    let Some(band) = band else { return Ok(()) };
    let queries = asked.get(A::METRICS).unwrap_or_default();
    let is_band = queries.iter().any(|query| {
        let formula = query.expression.as_deref().unwrap_or_default();
        query.id == band && formula.trim_start().starts_with("ANOMALY_DETECTION_BAND(")
    });
    if is_band {
        return Ok(());
    }
    let message = format!(
        "`threshold_metric_id` {band:?} is the id of no ANOMALY_DETECTION_BAND among `metrics`"
    );
    refused("threshold_metric_id", message)
}
