//! The case of `aws:cloudwatch:Dashboard`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::cloudwatch::{
        AlarmWidget, Axis, Dashboard, DashboardBody, ExpressionLine, LogWidget, MetricLine,
        MetricView, MetricWidget, PeriodOverride, TextWidget, Threshold, Widget,
    },
    prelude::*,
};

use super::metric_alarm::errors;

const REGION: &str = "eu-central-1";

fn requests() -> MetricLine {
    MetricLine::new("AWS/ApplicationELB", "RequestCount").id("requests").stat("Sum")
}

fn refused(stack: &Stack, widgets: Vec<Widget>) {
    Dashboard::named("subject").dashboard_body(DashboardBody::new(widgets)).create(stack);
}

fn refused_metric(stack: &Stack, widget: MetricWidget) {
    refused(stack, vec![Widget::metric(widget)]);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Dashboard::definition,
    build: |stack, v| {
        let slow = errors(stack, "slow");
        let metric = MetricWidget::new(REGION, [requests()])
            .title("Requests")
            .expressions([ExpressionLine::new("requests / 60").label("a second")])
            .thresholds([Threshold::new(100.0).label("much")]);
        let gauge = MetricWidget::new(REGION, [requests()])
            .view(MetricView::Gauge)
            .left_axis(Axis::new().min(0.0).max(100.0));
        let everything = vec![
            Widget::metric(metric.clone()).x(0).y(0).width(12_u32),
            Widget::metric(gauge),
            Widget::text(TextWidget::new("# Campus")).width(24_u32).height(1_u32),
            Widget::alarm(AlarmWidget::new([slow.arn()])),
            Widget::log(LogWidget::new(REGION, ["/campus/web"], "filter @message like /error/")),
        ];
        Dashboard::named("subject")
            .dashboard_name(v.pick("dashboard_name", "campus", "Campus_2"))
            .dashboard_body(
                v.pick(
                    "dashboard_body",
                    DashboardBody::new([Widget::metric(metric)]),
                    DashboardBody::new(everything)
                        .start("-PT6H")
                        .period_override(PeriodOverride::Inherit),
                ),
            )
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "dashboard_body.widgets[0].width",
            build: |stack| {
                refused(stack, vec![Widget::text(TextWidget::new("x")).x(20).y(0).width(6_u32)]);
            },
            says: "has 6 columns from 20 on; a dashboard has 24",
        },
        Refused {
            property: "dashboard_body.widgets[0]",
            build: |stack| refused(stack, vec![Widget::text(TextWidget::new("x")).x(1)]),
            says: "needs `x` and `y`, or neither",
        },
        Refused {
            property: "dashboard_body.widgets[0].height",
            build: |stack| refused(stack, vec![Widget::text(TextWidget::new("x")).height(0_u32)]),
            says: "0 must be 1 to 1000",
        },
        Refused {
            property: "dashboard_body.start",
            build: |stack| {
                let body = DashboardBody::new([Widget::text(TextWidget::new("x"))]).start("3h");
                Dashboard::named("subject").dashboard_body(body).create(stack);
            },
            says: "is neither a duration such as -PT3H nor a moment",
        },
        Refused {
            property: "dashboard_body.end",
            build: |stack| {
                let body = DashboardBody::new([Widget::text(TextWidget::new("x"))]);
                let body = body.start("-PT3H").end("2027-02-01T06:00:00Z");
                Dashboard::named("subject").dashboard_body(body).create(stack);
            },
            says: "goes with a `start` that is a moment",
        },
        Refused {
            property: "dashboard_body.widgets[0].content.metric.left_axis",
            build: |stack| {
                let gauge = MetricWidget::new(REGION, [requests()]).view(MetricView::Gauge);
                refused_metric(stack, gauge);
            },
            says: "needs `min` and `max` for a gauge",
        },
        Refused {
            property: "dashboard_body.widgets[0].content.metric.metrics",
            build: |stack| {
                refused_metric(stack, MetricWidget::new(REGION, [requests(), requests()]))
            },
            says: "has the id \"requests\" twice",
        },
        Refused {
            property: "dashboard_body.widgets[0].content.metric.metrics",
            build: |stack| {
                refused_metric(stack, MetricWidget::new(REGION, Vec::<MetricLine>::new()));
            },
            says: "has 0 metrics; 1 to 500 are allowed",
        },
        Refused {
            property: "dashboard_body.widgets[0].content.alarm.alarms",
            build: |stack| refused(stack, vec![Widget::alarm(AlarmWidget::new(["slow"]))]),
            says: "is not an alarm's ARN",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudWatch::Dashboard",
        differs: &[("arn", "told by GetDashboard; CloudFormation does not ask")],
        renamed: &[],
    },
}];
