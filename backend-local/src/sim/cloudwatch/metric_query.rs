//! Metrics and formulas: what CloudWatch takes.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{aws::cloudwatch::MetricDataQueryArgs, types::Seconds};

use super::alarm_action::INVALID;
use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: dimensions of a metric.
const DIMENSIONS: usize = 30;
/// What is taken for the period of a formula whose metrics say none.
const USUAL: u32 = 60;

/// Whether a period is one: 10, 20, 30 s or whole minutes.
pub(super) fn check_period(path: &str, seconds: u32) -> Result<(), Refusal> {
    if matches!(seconds, 10 | 20 | 30) || seconds > 0 && seconds.is_multiple_of(60) {
        return Ok(());
    }
    let message = format!("`{path}` {seconds} s must be 10, 20 or 30 s, or whole minutes");
    Err(Refusal::invalid(path, INVALID, message))
}

pub(super) fn check_dimensions(
    path: &str,
    dimensions: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid(path, INVALID, message));
    if dimensions.len() > DIMENSIONS {
        let count = dimensions.len();
        return refused(format!("`{path}` has {count} dimensions; {DIMENSIONS} are the most"));
    }
    match dimensions.iter().find(|(name, value)| name.is_empty() || value.is_empty()) {
        Some((name, _)) => refused(format!("`{path}` has a name or value that is empty: {name:?}")),
        None => Ok(()),
    }
}

/// Whether an alarm can look at these.
pub(super) fn check_queries(queries: &[MetricDataQueryArgs]) -> Result<(), Refusal> {
    let refused = |path: &str, message: String| {
        Err(Refusal::invalid(path, INVALID, format!("`{path}` {message}")))
    };
    let mut seen = BTreeSet::new();
    for (place, query) in queries.iter().enumerate() {
        let path = format!("metrics[{place}]");
        if !is_id(&query.id) {
            let message = format!(
                "{:?} must begin with a small letter and have letters, digits and _ alone",
                query.id
            );
            return refused(&format!("{path}.id"), message);
        }
        if !seen.insert(query.id.as_str()) {
            return refused(&format!("{path}.id"), format!("{:?} stands there twice", query.id));
        }
        match (&query.expression, &query.metric_stat) {
            (Some(expression), None) if expression.trim().is_empty() => {
                return refused(&format!("{path}.expression"), "is empty".to_owned());
            }
            (Some(_), None) => {}
            (None, Some(metric)) => {
                check_period(&format!("{path}.metric_stat.period"), metric.period.0)?;
                let dimensions = format!("{path}.metric_stat.dimensions");
                check_dimensions(&dimensions, &metric.dimensions)?;
            }
            _ => {
                let message = "needs either `expression` or `metric_stat`".to_owned();
                return refused(&path, message);
            }
        }
        if let Some(Seconds(period)) = query.period {
            check_period(&format!("{path}.period"), period)?;
        }
    }
    // Beside a band stands what is compared with it.
    let band = |query: &&MetricDataQueryArgs| {
        let formula = query.expression.as_deref().unwrap_or_default();
        !formula.trim_start().starts_with("ANOMALY_DETECTION_BAND(")
    };
    let looked_at = queries.iter().filter(band).filter(|query| query.return_data).count();
    if looked_at != 1 {
        let message =
            format!("has {looked_at} queries with `return_data`; the alarm looks at just one");
        return refused("metrics", message);
    }
    Ok(())
}

/// The longest period of all.
pub(super) fn longest_period(queries: &[MetricDataQueryArgs]) -> u32 {
    let own = queries.iter().filter_map(|query| query.period);
    let metrics = queries.iter().filter_map(|query| Some(query.metric_stat.as_ref()?.period));
    own.chain(metrics).map(|Seconds(period)| period).max().unwrap_or(USUAL)
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
