//! What is special about a metric filter: its group can have some, its pattern is closed, and what
//! becomes of events is a figure.

use infra_core::{
    aws::logs::{self, LogGroupClass, MetricTransformationArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::log_group::{CODES, INVALID};
use crate::sim::{
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&MetricFilter];

type F = logs::MetricFilter;

/// AWS: "Metric filters per log group", not adjustable.
const PER_GROUP: usize = 100;
const PATTERN: usize = 1024;
const DIMENSIONS: usize = 3;

struct MetricFilter;

impl Special for MetricFilter {
    fn ty(&self) -> &'static TypeDef {
        F::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_group(asked)?;
        let pattern = asked.get(F::FILTER_PATTERN).unwrap_or_default();
        if let Err(problem) = check_pattern(&pattern) {
            let message = format!("`filter_pattern` {pattern:?} {problem}");
            return Err(Refusal::invalid("filter_pattern", INVALID, message));
        }
        asked.get(F::METRIC_TRANSFORMATION).map_or(Ok(()), |to| check_transformation(&to))
    }
}

fn check_group(asked: &Asked<'_>) -> Result<(), Refusal> {
    let refused =
        |code: &str, message: String| Err(Refusal::invalid("log_group_name", code, message));
    let Some(group) = asked.referenced(F::LOG_GROUP_NAME) else { return Ok(()) };
    let class = of(group, logs::LogGroup::LOG_GROUP_CLASS);
    if let Some(class) = class.filter(|class| *class != LogGroupClass::Standard) {
        let id = &group.id;
        return refused(
            INVALID,
            format!("`log_group_name` {id} is of the class {class}, which has no metric filters"),
        );
    }
    if asked.beside(&[F::LOG_GROUP_NAME.slot]) >= PER_GROUP {
        let id = &group.id;
        let message = format!("`log_group_name` {id} has {PER_GROUP} filters, which are the most");
        return refused(CODES.quota, message);
    }
    Ok(())
}

/// Brackets, braces and quotes are closed.
fn check_pattern(pattern: &str) -> Result<(), String> {
    let length = pattern.chars().count();
    if length > PATTERN {
        return Err(format!("has {length} characters; {PATTERN} are the most"));
    }
    let text = pattern.trim();
    for (open, close) in [('[', ']'), ('{', '}')] {
        if text.starts_with(open) != text.ends_with(close) {
            return Err(format!("must begin with {open} and end with {close}, or neither"));
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err("has a quote that is not closed".to_owned());
    }
    Ok(())
}

fn check_transformation(to: &MetricTransformationArgs) -> Result<(), Refusal> {
    let refused = |field: &str, problem: String| {
        let path = format!("metric_transformation.{field}");
        Err(Refusal::invalid(&path, INVALID, format!("`{path}` {problem}")))
    };
    let name = &to.metric_name;
    if !(1..=255).contains(&name.len()) || !name.is_ascii() || name.contains([':', '*', '$']) {
        let problem = format!("{name:?} must be 1 to 255 ASCII characters without :, * and $");
        return refused("metric_name", problem);
    }
    let space = &to.metric_namespace;
    if !is_word(space, 256, ".-_/#") {
        let problem = format!("{space:?} must be 1 to 256 letters, digits and characters of .-_/#");
        return refused("metric_namespace", problem);
    }
    if space.starts_with("AWS/") {
        let problem = format!("{space:?} begins with AWS/, which AWS keeps for itself");
        return refused("metric_namespace", problem);
    }
    let value = &to.metric_value;
    let is_number = value.parse::<f64>().is_ok_and(f64::is_finite);
    let is_field = value.starts_with('$') && value.len() > 1;
    if !(is_number || is_field) || value.len() > 100 {
        let problem = format!("{value:?} must be a number, or a field such as $duration");
        return refused("metric_value", problem);
    }
    if to.dimensions.len() > DIMENSIONS {
        let count = to.dimensions.len();
        return refused("dimensions", format!("has {count} dimensions; {DIMENSIONS} are the most"));
    }
    if to.default_value.is_some() && !to.dimensions.is_empty() {
        let problem = "can't be given beside `dimensions`: which would it have?".to_owned();
        return refused("default_value", problem);
    }
    match to.dimensions.iter().find(|(_, field)| !field.starts_with('$')) {
        Some((name, field)) => {
            refused("dimensions", format!("has {field:?} for {name}; write a field: $.level"))
        }
        None => Ok(()),
    }
}
