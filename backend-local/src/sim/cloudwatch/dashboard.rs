//! What is special about a dashboard: its widgets fit its columns, and gauges have bounds.

use std::collections::BTreeSet;

use infra_core::{
    aws::cloudwatch::{self, MetricView, MetricWidgetArgs, WidgetArgs, WidgetContentArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    alarm_action::CODES,
    metric_query::{check_dimensions, check_period},
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Dashboard];

type D = cloudwatch::Dashboard;

const INVALID: &str = "InvalidParameterInput";
/// AWS: widgets of a dashboard, and metrics of a widget.
const WIDGETS: usize = 500;
const METRICS: usize = 500;
const COLUMNS: u32 = 24;
const ROWS: u32 = 1000;

struct Dashboard;

impl Special for Dashboard {
    fn ty(&self) -> &'static TypeDef {
        D::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(body) = asked.get(D::DASHBOARD_BODY) else { return Ok(()) };
        if body.widgets.len() > WIDGETS {
            let count = body.widgets.len();
            let message = format!("has {count} widgets; {WIDGETS} are the most");
            return refused("dashboard_body.widgets", &message);
        }
        if let Some(start) = body.start.as_deref().filter(|start| !is_start(start)) {
            let message = format!("{start:?} is neither a duration such as -PT3H nor a moment");
            return refused("dashboard_body.start", &message);
        }
        if body.end.is_some() && body.start.as_deref().is_none_or(|start| start.starts_with('-')) {
            let message = "goes with a `start` that is a moment";
            return refused("dashboard_body.end", message);
        }
        for (place, widget) in body.widgets.iter().enumerate() {
            check_widget(&format!("dashboard_body.widgets[{place}]"), widget)?;
        }
        Ok(())
    }
}

fn refused(path: &str, message: &str) -> Result<(), Refusal> {
    Err(Refusal::invalid(path, INVALID, format!("`{path}` {message}")))
}

/// `-PT3H`, `-P1D`, or a moment.
fn is_start(text: &str) -> bool {
    match text.strip_prefix("-P") {
        Some(duration) => {
            let fits = |c: char| c.is_ascii_digit() || "TDWMHS".contains(c);
            duration.chars().all(fits) && duration.ends_with(|c: char| c.is_ascii_uppercase())
        }
        None => text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('T'),
    }
}

fn check_widget(path: &str, widget: &WidgetArgs) -> Result<(), Refusal> {
    let WidgetArgs { x, y, width, height, .. } = widget;
    if !(1..=COLUMNS).contains(width) || x.unwrap_or(0) > COLUMNS - width {
        let x = x.unwrap_or(0);
        let message = format!("has {width} columns from {x} on; a dashboard has {COLUMNS}");
        return refused(&format!("{path}.width"), &message);
    }
    if !(1..=ROWS).contains(height) {
        return refused(&format!("{path}.height"), &format!("{height} must be 1 to {ROWS}"));
    }
    if x.is_some() != y.is_some() {
        return refused(path, "needs `x` and `y`, or neither");
    }
    match &widget.content {
        WidgetContentArgs::Metric(metric) => {
            check_metric(&format!("{path}.content.metric"), metric)
        }
        WidgetContentArgs::Text(text) if text.markdown.is_empty() => {
            refused(&format!("{path}.content.text.markdown"), "is empty")
        }
        WidgetContentArgs::Text(_) => Ok(()),
        WidgetContentArgs::Alarm(alarm) => {
            let path = format!("{path}.content.alarm.alarms");
            let count = alarm.alarms.len();
            if !(1..=100).contains(&count) {
                return refused(&path, &format!("has {count} alarms; 1 to 100 are allowed"));
            }
            let wrong = alarm.alarms.iter().find(|arn| !arn.contains(":alarm:"));
            wrong.map_or(Ok(()), |arn| refused(&path, &format!("{arn:?} is not an alarm's ARN")))
        }
        WidgetContentArgs::Log(log) => {
            let count = log.log_group_names.len();
            if (1..=50).contains(&count) {
                return Ok(());
            }
            let path = format!("{path}.content.log.log_group_names");
            refused(&path, &format!("has {count} groups; 1 to 50 are allowed"))
        }
    }
}

fn check_metric(path: &str, widget: &MetricWidgetArgs) -> Result<(), Refusal> {
    check_period(&format!("{path}.period"), widget.period.0)?;
    let count = widget.metrics.len() + widget.expressions.len();
    if !(1..=METRICS).contains(&count) {
        let message = format!("has {count} metrics; 1 to {METRICS} are allowed");
        return refused(&format!("{path}.metrics"), &message);
    }
    let bounded =
        widget.left_axis.as_ref().is_some_and(|axis| axis.min.is_some() && axis.max.is_some());
    if widget.view == MetricView::Gauge && !bounded {
        return refused(&format!("{path}.left_axis"), "needs `min` and `max` for a gauge");
    }
    for (place, line) in widget.metrics.iter().enumerate() {
        let path = format!("{path}.metrics[{place}]");
        check_dimensions(&format!("{path}.dimensions"), &line.dimensions)?;
        if let Some(period) = line.period {
            check_period(&format!("{path}.period"), period.0)?;
        }
    }
    let ids = widget.metrics.iter().filter_map(|line| line.id.as_deref());
    let ids = ids.chain(widget.expressions.iter().filter_map(|line| line.id.as_deref()));
    let mut seen = BTreeSet::new();
    for id in ids {
        let small = id.starts_with(|first: char| first.is_ascii_lowercase());
        if !small {
            let message = format!("has the id {id:?}, which must begin with a small letter");
            return refused(&format!("{path}.metrics"), &message);
        }
        if !seen.insert(id) {
            return refused(&format!("{path}.metrics"), &format!("has the id {id:?} twice"));
        }
    }
    Ok(())
}
