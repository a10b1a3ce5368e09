//! One page that shows how a site is.

use infra_core::{
    aws::cloudwatch::{
        AlarmWidget, CompositeAlarm, Dashboard, DashboardBody, MetricAlarm, MetricWidget,
        TextWidget, Widget,
    },
    prelude::*,
};

use super::figure::Figure;

/// How many columns a dashboard has.
const COLUMNS: u32 = 24;

/// All alarms on top, then each part of the site with its figures.
#[track_caller]
pub(super) fn create(
    stack: &Stack,
    region: &Output<String>,
    parts: &[(&str, Vec<Figure>)],
    alarms: &[MetricAlarm],
    objective: &CompositeAlarm,
) -> Dashboard {
    let mut arns: Vec<Output<String>> = vec![objective.arn()];
    arns.extend(alarms.iter().map(MetricAlarm::arn));
    let all = AlarmWidget::new(arns).title("Alarms");
    let mut widgets = vec![Widget::alarm(all).width(COLUMNS).height(4_u32)];
    for (part, figures) in parts {
        let heading = TextWidget::new(format!("## {part}"));
        widgets.push(Widget::text(heading).width(COLUMNS).height(1_u32));
        widgets.extend(figures.iter().map(|figure| {
            let lines = MetricWidget::new(region, figure.lines()).title(figure.name);
            Widget::metric(lines)
        }));
    }
    Dashboard::named("site").dashboard_body(DashboardBody::new(widgets)).create(stack)
}
