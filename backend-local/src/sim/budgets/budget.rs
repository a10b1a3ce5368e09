//! What is special about a budget: what is looked at, and who is told.

use infra_core::{
    aws::budgets::{
        self, BudgetType, NotificationArgs, NotificationType, SubscriberArgs, ThresholdType,
        TimeUnit,
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    sns::topic::check_publisher,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Budget];

type B = budgets::Budget;

const CODES: Codes = Codes {
    not_found: "NotFoundException",
    not_ready: "ResourceLockedException",
    exists: "DuplicateRecordException",
    in_use: "ResourceLockedException",
    quota: "CreationLimitExceededException",
};
const INVALID: &str = "InvalidParameterException";
/// AWS: notifications of a budget, and addresses of a notification.
const NOTIFICATIONS: usize = 10;
const ADDRESSES: usize = 10;

struct Budget;

impl Special for Budget {
    fn ty(&self) -> &'static TypeDef {
        B::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Total number of budgets" of an account.
        Some(20_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let limit = asked.get(B::BUDGET_LIMIT);
        if let Some(limit) = limit.filter(|limit| limit.amount.is_nan() || limit.amount <= 0.0) {
            let amount = limit.amount;
            let message = format!("`budget_limit.amount` {amount} must be more than 0");
            return refused("budget_limit.amount", message);
        }
        let filters = asked.get(B::COST_FILTERS).unwrap_or_default();
        if let Some((name, _)) = filters.iter().find(|(_, values)| values.is_empty()) {
            return refused("cost_filters", format!("`cost_filters.{name}` has no value"));
        }
        if asked.get(B::BUDGET_TYPE) == Some(BudgetType::Usage) && filters.is_empty() {
            let message = "`cost_filters` are needed for a budget of USAGE: of what is used";
            return refused("cost_filters", message.to_owned());
        }
        asked.check_order(B::START, B::END, INVALID)?;
        let notifications = asked.get(B::NOTIFICATIONS).unwrap_or_default();
        if notifications.len() > NOTIFICATIONS {
            let count = notifications.len();
            let message =
                format!("`notifications` has {count} notifications; {NOTIFICATIONS} are the most");
            return refused("notifications", message);
        }
        for (place, notification) in notifications.iter().enumerate() {
            check_notification(asked, &format!("notifications[{place}]"), notification)?;
        }
        Ok(())
    }
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_notification(
    asked: &Asked<'_>,
    path: &str,
    notification: &NotificationArgs,
) -> Result<(), Refusal> {
    let percent = notification.threshold_type == ThresholdType::Percentage;
    let most = if percent { 1_000_000.0 } else { 1_000_000_000.0 };
    let threshold = notification.threshold;
    if !(0.1..=most).contains(&threshold) {
        let path = format!("{path}.threshold");
        return refused(&path, format!("`{path}` {threshold} must be between 0.1 and {most}"));
    }
    let daily = asked.get(B::TIME_UNIT) == Some(TimeUnit::Daily);
    if daily && notification.notification_type == NotificationType::Forecasted {
        let path = format!("{path}.notification_type");
        let message = format!("`{path}` FORECASTED: there are no forecasts of a day");
        return refused(&path, message);
    }
    let path = format!("{path}.subscribers");
    let topics: Vec<_> = notification
        .subscribers
        .iter()
        .filter_map(|subscriber| match subscriber {
            SubscriberArgs::Topic(topic) => Some(topic),
            SubscriberArgs::Email(_) => None,
        })
        .collect();
    let addresses = notification.subscribers.len() - topics.len();
    if topics.len() > 1 || addresses > ADDRESSES || notification.subscribers.is_empty() {
        let message = format!(
            "`{path}` are {} topics and {addresses} addresses; one topic and {ADDRESSES} addresses \
             are the most, and somebody is needed",
            topics.len()
        );
        return refused(&path, message);
    }
    for subscriber in &notification.subscribers {
        match subscriber {
            SubscriberArgs::Topic(topic) => {
                check_publisher(asked, "notifications", topic, "budgets.amazonaws.com")?;
            }
            SubscriberArgs::Email(address) if !address.contains('@') || address.contains(' ') => {
                return refused(&path, format!("`{path}` {address:?} is no e-mail address"));
            }
            SubscriberArgs::Email(_) => {}
        }
    }
    Ok(())
}
