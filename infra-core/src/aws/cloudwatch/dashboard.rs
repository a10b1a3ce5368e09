//! AWS: cloudwatch PutDashboard, GetDashboard, DeleteDashboards.

use super::DashboardBody;
use crate::{aws::DashboardName, prelude::*, resource};

/// A page of figures, alarms and text.
///
/// ```
/// use infra_core::{
///     aws::cloudwatch::{Dashboard, DashboardBody, MetricLine, MetricWidget, Widget},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let requests = MetricLine::new("AWS/ApplicationELB", "RequestCount")
///     .dimensions([("LoadBalancer", "app/web/0123456789abcdef")])
///     .stat("Sum");
/// let widget = MetricWidget::new("eu-central-1", [requests]).title("Requests").period(Seconds(60));
/// Dashboard::named("campus")
///     .dashboard_body(DashboardBody::new([Widget::metric(widget)]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:cloudwatch:Dashboard", create = "1s")]
pub struct Dashboard {
    /// The name, up to 255 letters, digits, `_` and `-`. Default: made up from project, stack and
    /// name. Changing it replaces the dashboard. AWS: `DashboardName`.
    #[prop(id, replace, name(255, word))]
    pub dashboard_name: Option<DashboardName>,
    /// What is on it. Changes in place. AWS: `DashboardBody`.
    pub dashboard_body: DashboardBody,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DashboardArn`.
    #[output(arn = "arn:aws:cloudwatch::{account}:dashboard/{dashboard_name}", at = exists)]
    pub arn: String,
}
