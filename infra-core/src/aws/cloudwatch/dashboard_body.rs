//! [`DashboardBody`]: what is on a dashboard, as CloudWatch reads it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Statistic;
use crate::{prelude::*, props};

/// What is on a dashboard. Any leaf may be an output.
#[props]
pub struct DashboardBody {
    /// What is on it, up to 500. AWS: `widgets`.
    pub widgets: Vec<Widget>,
    /// From when it shows: `-PT3H` for the last three hours, or a moment. Default: `-PT3H`. AWS:
    /// `start`.
    pub start: Option<String>,
    /// Until when: a moment. Default: now. AWS: `end`.
    pub end: Option<String>,
    /// Whose periods count. Default: CloudWatch chooses by what is shown. AWS: `periodOverride`.
    pub period_override: Option<PeriodOverride>,
}

/// Whose periods count.
#[props(words = "lower")]
pub enum PeriodOverride {
    /// CloudWatch chooses them by how much time is shown.
    Auto,
    /// Those of the widgets.
    Inherit,
}

/// A part of a dashboard, which has 24 columns.
#[props]
pub struct Widget {
    /// What it shows. AWS: `type` and `properties`.
    pub content: WidgetContent,
    /// Its first column, 0 to 23. Default: where there is room. AWS: `x`.
    pub x: Option<u32>,
    /// Its first row. Default: where there is room. AWS: `y`.
    pub y: Option<u32>,
    /// How many columns it has, 1 to 24. Default: 6. AWS: `width`.
    #[prop(default = 6_u32)]
    pub width: u32,
    /// How many rows it has, 1 to 1000. Default: 6. AWS: `height`.
    #[prop(default = 6_u32)]
    pub height: u32,
}

/// What a part of a dashboard shows.
#[props]
pub enum WidgetContent {
    /// Figures.
    Metric(MetricWidget),
    /// Text.
    Text(TextWidget),
    /// Alarms and their states.
    Alarm(AlarmWidget),
    /// What is found in logs.
    Log(LogWidget),
}

impl Widget {
    /// Figures.
    pub fn metric(widget: impl IntoInput<MetricWidget>) -> Self {
        Self::new(WidgetContent::metric(widget))
    }

    /// Text.
    pub fn text(widget: impl IntoInput<TextWidget>) -> Self {
        Self::new(WidgetContent::text(widget))
    }

    /// Alarms and their states.
    pub fn alarm(widget: impl IntoInput<AlarmWidget>) -> Self {
        Self::new(WidgetContent::alarm(widget))
    }

    /// What is found in logs.
    pub fn log(widget: impl IntoInput<LogWidget>) -> Self {
        Self::new(WidgetContent::log(widget))
    }
}

/// Figures.
#[props]
pub struct MetricWidget {
    /// Where the metrics are: `eu-central-1`. AWS: `region`.
    pub region: String,
    /// The metrics. AWS: `metrics`.
    pub metrics: Vec<MetricLine>,
    /// Formulas of them. Default: none. AWS: `metrics`, with `expression`.
    #[prop(default)]
    pub expressions: Vec<ExpressionLine>,
    /// What stands above. Default: nothing. AWS: `title`.
    pub title: Option<String>,
    /// How figures are shown. Default: as lines. AWS: `view`.
    #[prop(default = MetricView::TimeSeries)]
    pub view: MetricView,
    /// Whether lines stand on each other. Default: false. AWS: `stacked`.
    #[prop(default = false)]
    pub stacked: bool,
    /// The length of a period. Default: 5 minutes. AWS: `period`.
    #[prop(default = Seconds(300))]
    pub period: Seconds,
    /// How the figures of a period are put together, where a metric does not say. Default: their
    /// average. AWS: `stat`.
    #[prop(default = Statistic::Average)]
    pub stat: Statistic,
    /// The axis on the left. Default: as the figures need it. AWS: `yAxis.left`.
    pub left_axis: Option<Axis>,
    /// The axis on the right. Default: as the figures need it. AWS: `yAxis.right`.
    pub right_axis: Option<Axis>,
    /// Lines across. Default: none. AWS: `annotations.horizontal`.
    #[prop(default)]
    pub thresholds: Vec<Threshold>,
}

/// How figures are shown.
#[props]
pub enum MetricView {
    /// As lines.
    #[prop("timeSeries")]
    TimeSeries,
    /// As the last number of each.
    #[prop("singleValue")]
    SingleValue,
    /// As a gauge, which needs both bounds of the left axis.
    #[prop("gauge")]
    Gauge,
    /// As bars.
    #[prop("bar")]
    Bar,
    /// As a pie.
    #[prop("pie")]
    Pie,
}

/// A metric.
#[props]
pub struct MetricLine {
    /// Where it belongs: `AWS/ApplicationELB`.
    pub namespace: String,
    /// Its name.
    pub metric_name: String,
    /// Of what it is, by name and value. Default: none.
    #[prop(default)]
    pub dimensions: BTreeMap<String, String>,
    /// What formulas call it. Default: nothing. AWS: `id`.
    pub id: Option<String>,
    /// What people read in its place. Default: its name. AWS: `label`.
    pub label: Option<String>,
    /// How the figures of a period are put together. Default: as the widget says. AWS: `stat`.
    pub stat: Option<Statistic>,
    /// The length of a period. Default: as the widget says. AWS: `period`.
    pub period: Option<Seconds>,
    /// The colour: `#d62728`. Default: CloudWatch chooses. AWS: `color`.
    pub color: Option<String>,
    /// By which axis it goes. Default: the left one. AWS: `yAxis`.
    #[prop(default = Side::Left)]
    pub y_axis: Side,
    /// Whether it is shown, and not of use to formulas alone. Default: true. AWS: `visible`.
    #[prop(default = true)]
    pub visible: bool,
}

/// A formula.
#[props]
pub struct ExpressionLine {
    /// The formula: `100 * errors / requests`. AWS: `expression`.
    pub expression: String,
    /// What other formulas call it. Default: nothing. AWS: `id`.
    pub id: Option<String>,
    /// What people read in its place. Default: the formula. AWS: `label`.
    pub label: Option<String>,
    /// The colour: `#d62728`. Default: CloudWatch chooses. AWS: `color`.
    pub color: Option<String>,
    /// By which axis it goes. Default: the left one. AWS: `yAxis`.
    #[prop(default = Side::Left)]
    pub y_axis: Side,
}

/// A side.
#[props(words = "lower")]
pub enum Side {
    /// On the left.
    Left,
    /// On the right.
    Right,
}

/// An axis.
#[props]
pub struct Axis {
    /// Where it begins. Default: as the figures need it. AWS: `min`.
    pub min: Option<f64>,
    /// Where it ends. Default: as the figures need it. AWS: `max`.
    pub max: Option<f64>,
    /// What stands beside it. Default: the unit. AWS: `label`.
    pub label: Option<String>,
}

/// A line across.
#[props]
pub struct Threshold {
    /// Where. AWS: `value`.
    pub value: f64,
    /// What stands beside it. Default: nothing. AWS: `label`.
    pub label: Option<String>,
    /// The colour: `#d62728`. Default: CloudWatch chooses. AWS: `color`.
    pub color: Option<String>,
}

/// Text.
#[props]
pub struct TextWidget {
    /// The text, in Markdown. AWS: `markdown`.
    pub markdown: String,
}

/// Alarms and their states.
#[props]
pub struct AlarmWidget {
    /// The alarms, by ARN, up to 100. AWS: `alarms`.
    pub alarms: Vec<String>,
    /// What stands above. Default: nothing. AWS: `title`.
    pub title: Option<String>,
}

/// What is found in logs.
#[props]
pub struct LogWidget {
    /// Where the logs are: `eu-central-1`. AWS: `region`.
    pub region: String,
    /// Where it is looked for, by the names of the groups. AWS: `query`, `SOURCE`.
    pub log_group_names: Vec<String>,
    /// What is looked for, in the language of Logs Insights. AWS: `query`.
    pub query: String,
    /// What stands above. Default: nothing. AWS: `title`.
    pub title: Option<String>,
    /// How it is shown. Default: as a table. AWS: `view`.
    #[prop(default = LogView::Table)]
    pub view: LogView,
}

/// How findings in logs are shown.
#[props]
pub enum LogView {
    /// As a table.
    #[prop("table")]
    Table,
    /// As lines.
    #[prop("timeSeries")]
    TimeSeries,
    /// As bars.
    #[prop("bar")]
    Bar,
    /// As a pie.
    #[prop("pie")]
    Pie,
}

/// An object of what is given.
fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    let given = fields.into_iter().filter(|(_, value)| !value.is_null());
    Json::Object(given.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn text<T: ToString>(value: Option<&T>) -> Json {
    value.map_or(Json::Null, |value| value.to_string().into())
}

impl DashboardBodyArgs {
    /// The body in CloudWatch's own form.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let widgets: Vec<Json> = self.widgets.iter().map(WidgetArgs::to_json).collect();
        object([
            ("start", text(self.start.as_ref())),
            ("end", text(self.end.as_ref())),
            ("periodOverride", text(self.period_override.as_ref())),
            ("widgets", widgets.into()),
        ])
    }
}

impl WidgetArgs {
    fn to_json(&self) -> Json {
        let (kind, properties) = match &self.content {
            WidgetContentArgs::Metric(metric) => ("metric", metric.to_json()),
            WidgetContentArgs::Text(text) => ("text", json!({"markdown": text.markdown})),
            WidgetContentArgs::Alarm(alarm) => (
                "alarm",
                object([("alarms", json!(alarm.alarms)), ("title", text(alarm.title.as_ref()))]),
            ),
            WidgetContentArgs::Log(log) => ("log", log.to_json()),
        };
        object([
            ("type", kind.into()),
            ("x", json!(self.x)),
            ("y", json!(self.y)),
            ("width", self.width.into()),
            ("height", self.height.into()),
            ("properties", properties),
        ])
    }
}

impl MetricWidgetArgs {
    fn to_json(&self) -> Json {
        let lines = self.metrics.iter().map(MetricLineArgs::to_json);
        let lines = lines.chain(self.expressions.iter().map(ExpressionLineArgs::to_json));
        let axis = |axis: &Option<AxisArgs>| {
            axis.as_ref().map_or(Json::Null, |axis| {
                object([
                    ("min", json!(axis.min)),
                    ("max", json!(axis.max)),
                    ("label", text(axis.label.as_ref())),
                ])
            })
        };
        let axes = object([("left", axis(&self.left_axis)), ("right", axis(&self.right_axis))]);
        let has_axes = self.left_axis.is_some() || self.right_axis.is_some();
        let thresholds: Vec<Json> = self.thresholds.iter().map(ThresholdArgs::to_json).collect();
        let annotations =
            if thresholds.is_empty() { Json::Null } else { json!({"horizontal": thresholds}) };
        object([
            ("region", self.region.as_str().into()),
            ("metrics", lines.collect::<Vec<_>>().into()),
            ("title", text(self.title.as_ref())),
            ("view", self.view.as_str().into()),
            ("stacked", self.stacked.into()),
            ("period", self.period.0.into()),
            ("stat", self.stat.to_string().into()),
            ("yAxis", if has_axes { axes } else { Json::Null }),
            ("annotations", annotations),
        ])
    }
}

impl MetricLineArgs {
    /// Namespace, name, dimensions by name and value, and what else is said.
    fn to_json(&self) -> Json {
        let mut line: Vec<Json> =
            vec![self.namespace.as_str().into(), self.metric_name.as_str().into()];
        for (name, value) in &self.dimensions {
            line.extend([Json::from(name.as_str()), value.as_str().into()]);
        }
        line.push(object([
            ("id", text(self.id.as_ref())),
            ("label", text(self.label.as_ref())),
            ("stat", text(self.stat.as_ref())),
            ("period", json!(self.period.map(|period| period.0))),
            ("color", text(self.color.as_ref())),
            ("yAxis", self.y_axis.as_str().into()),
            ("visible", self.visible.into()),
        ]));
        line.into()
    }
}

impl ExpressionLineArgs {
    fn to_json(&self) -> Json {
        json!([object([
            ("expression", self.expression.as_str().into()),
            ("id", text(self.id.as_ref())),
            ("label", text(self.label.as_ref())),
            ("color", text(self.color.as_ref())),
            ("yAxis", self.y_axis.as_str().into()),
        ])])
    }
}

impl ThresholdArgs {
    fn to_json(&self) -> Json {
        object([
            ("value", self.value.into()),
            ("label", text(self.label.as_ref())),
            ("color", text(self.color.as_ref())),
        ])
    }
}

impl LogWidgetArgs {
    fn to_json(&self) -> Json {
        let sources: Vec<String> =
            self.log_group_names.iter().map(|name| format!("SOURCE '{name}'")).collect();
        object([
            ("region", self.region.as_str().into()),
            ("query", format!("{} | {}", sources.join(" | "), self.query).into()),
            ("title", text(self.title.as_ref())),
            ("view", self.view.as_str().into()),
        ])
    }
}

impl std::fmt::Display for DashboardBodyArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_json().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schema::validate, types::PropertyType, value::Path};

    #[test]
    fn the_body_is_as_cloudwatch_reads_it() {
        let errors = MetricLine::new("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count")
            .dimensions([("LoadBalancer", "app/web/1")])
            .id("errors")
            .stat("Sum")
            .visible(false);
        let metric = MetricWidget::new("eu-central-1", [errors])
            .expressions([ExpressionLine::new("errors / 60").label("a second")])
            .period(Seconds(60))
            .left_axis(Axis::new().min(0.0))
            .thresholds([Threshold::new(1.0).color("#d62728")]);
        let log = LogWidget::new("eu-central-1", ["/campus/web"], "filter @message like /error/");
        let widgets = [
            Widget::metric(metric).x(0).y(0).width(12_u32),
            Widget::text(TextWidget::new("# Campus")),
            Widget::alarm(AlarmWidget::new(["arn:aws:cloudwatch:eu-central-1:1:alarm:a"])),
            Widget::log(log),
        ];
        let body = DashboardBody::new(widgets).start("-PT6H").into_input().into_value();
        let mut problems = vec![];
        let mut path = Path::property("dashboard_body");
        let body = validate(&DashboardBody::SHAPE, &body, &mut path, &mut problems);
        assert_eq!(problems, []);
        let json = DashboardBody::decode(&body).unwrap().to_json();
        assert_eq!(json["start"], "-PT6H");
        assert_eq!(
            json["widgets"][0],
            json!({
                "type": "metric", "x": 0, "y": 0, "width": 12, "height": 6,
                "properties": {
                    "region": "eu-central-1",
                    "metrics": [
                        [
                            "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
                            "LoadBalancer", "app/web/1",
                            {"id": "errors", "stat": "Sum", "yAxis": "left", "visible": false},
                        ],
                        [{"expression": "errors / 60", "label": "a second", "yAxis": "left"}],
                    ],
                    "view": "timeSeries", "stacked": false, "period": 60, "stat": "Average",
                    "yAxis": {"left": {"min": 0.0}},
                    "annotations": {"horizontal": [{"value": 1.0, "color": "#d62728"}]},
                },
            })
        );
        assert_eq!(json["widgets"][1]["properties"], json!({"markdown": "# Campus"}));
        assert_eq!(json["widgets"][2]["type"], "alarm");
        assert_eq!(
            json["widgets"][3]["properties"]["query"],
            "SOURCE '/campus/web' | filter @message like /error/"
        );
    }
}
