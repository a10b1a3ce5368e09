//! [`Budget`]: who is told before a month has cost too much.

use infra_core::{
    aws::{
        budgets::{Budget, Notification, NotificationType, Spend, Subscriber},
        sns::{Topic, TopicPolicy},
    },
    prelude::*,
};

/// Told when four fifths are spent, and when AWS thinks that it will be more than all.
const TOLD: [(NotificationType, f64); 2] =
    [(NotificationType::Actual, 80.0), (NotificationType::Forecasted, 100.0)];

/// What the account may spend in a month. It stops nothing.
#[track_caller]
pub(super) fn create(stack: &Stack, dollars: u32, operators: &Topic, open: &TopicPolicy) -> Budget {
    let told = TOLD
        .map(|(what, percent)| Notification::new(what, percent, [Subscriber::topic(operators)]));
    Budget::named("month")
        .budget_limit(Spend::usd(f64::from(dollars)))
        .notifications(told)
        // Who may not publish is refused as a subscriber.
        .depends_on(open)
        .create(stack)
}
