//! AWS: budgets CreateBudget, UpdateBudget, CreateNotification, UpdateNotification,
//! DeleteNotification, CreateSubscriber, DeleteSubscriber, TagResource, DescribeBudget,
//! DeleteBudget.

use std::collections::BTreeMap;

use crate::{
    aws::{BudgetName, TopicArn},
    prelude::*,
    props, resource,
};

/// What may be spent in a month, and who is told when it is nearly so much.
///
/// A budget stops nothing. AWS looks at it up to three times a day.
///
/// ```
/// use infra_core::{
///     aws::budgets::{Budget, Notification, NotificationType, Spend, Subscriber},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let purse = Subscriber::email("finance@campus.example");
/// Budget::named("campus")
///     .budget_limit(Spend::usd(1500.0))
///     .cost_filters([("TagKeyValue", ["user:site$campus"])])
///     .notifications([
///         Notification::new(NotificationType::Actual, 80.0, [purse.clone()]),
///         Notification::new(NotificationType::Forecasted, 100.0, [purse]),
///     ])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:budgets:Budget", create = "2s")]
pub struct Budget {
    /// How much. Changes in place. AWS: `BudgetLimit`.
    pub budget_limit: Spend,
    /// The name, up to 100 characters. Default: made up from project, stack and name. Changing it
    /// replaces the budget. AWS: `BudgetName`.
    #[prop(id, replace, name(100, iam))]
    pub budget_name: Option<BudgetName>,
    /// Of what. Default: of money. Changes in place. AWS: `BudgetType`.
    #[prop(default = BudgetType::Cost)]
    pub budget_type: BudgetType,
    /// For how long each time. Default: a month. Changes in place. AWS: `TimeUnit`.
    #[prop(default = TimeUnit::Monthly)]
    pub time_unit: TimeUnit,
    /// From when. Default: from the beginning of this month, quarter or year. Changes in place.
    /// AWS: `TimePeriod.Start`.
    pub start: Option<Timestamp>,
    /// Until when. Default: for ever. Changes in place. AWS: `TimePeriod.End`.
    pub end: Option<Timestamp>,
    /// What counts, by dimension and values (`Service`, `Region`, `TagKeyValue` as
    /// `user:key$value`): of each dimension one must fit. Default: everything. Change in place. AWS:
    /// `CostFilters`.
    #[prop(default)]
    pub cost_filters: BTreeMap<String, Vec<String>>,
    /// What of a bill counts. Default: all but what is paid back. Changes in place. AWS:
    /// `CostTypes`.
    pub cost_types: Option<CostTypes>,
    /// Who is told when, up to ten. Default: nobody. Change in place, by calls of their own. AWS:
    /// CreateNotification.
    #[prop(default, separate)]
    pub notifications: Vec<Notification>,
    /// Tags. Default: none. Change in place. AWS: `ResourceTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN.
    #[output(arn = "arn:aws:budgets::{account}:budget/{budget_name}", at = exists)]
    pub arn: String,
}

/// How much.
#[props]
pub struct Spend {
    /// The number, above 0. AWS: `Amount`.
    pub amount: f64,
    /// Of what: a currency, or what is used (`GB`). AWS: `Unit`.
    pub unit: String,
}

impl Spend {
    /// So many US dollars.
    pub fn usd(amount: f64) -> Self {
        Self::new(amount, "USD")
    }
}

/// Of what a budget is.
#[props(words = "UPPER")]
pub enum BudgetType {
    /// Of money.
    Cost,
    /// Of something that is used, which `cost_filters` name.
    Usage,
}

/// For how long a budget is each time.
#[props(words = "UPPER")]
pub enum TimeUnit {
    /// A day, without forecasts.
    Daily,
    /// A month.
    Monthly,
    /// Three months.
    Quarterly,
    /// A year.
    Annually,
}

/// What of a bill counts.
#[props]
pub struct CostTypes {
    /// Whether what AWS gives back as credit counts. Default: true. AWS: `IncludeCredit`.
    #[prop(default = true)]
    pub include_credit: bool,
    /// Whether discounts count. Default: true. AWS: `IncludeDiscount`.
    #[prop(default = true)]
    pub include_discount: bool,
    /// Whether subscriptions to others count. Default: true. AWS: `IncludeOtherSubscription`.
    #[prop(default = true)]
    pub include_other_subscription: bool,
    /// Whether what comes again every month counts. Default: true. AWS: `IncludeRecurring`.
    #[prop(default = true)]
    pub include_recurring: bool,
    /// Whether what is paid back counts. Default: true. AWS: `IncludeRefund`.
    #[prop(default = true)]
    pub include_refund: bool,
    /// Whether subscriptions count. Default: true. AWS: `IncludeSubscription`.
    #[prop(default = true)]
    pub include_subscription: bool,
    /// Whether AWS Support counts. Default: true. AWS: `IncludeSupport`.
    #[prop(default = true)]
    pub include_support: bool,
    /// Whether taxes count. Default: true. AWS: `IncludeTax`.
    #[prop(default = true)]
    pub include_tax: bool,
    /// Whether what is paid beforehand counts. Default: true. AWS: `IncludeUpfront`.
    #[prop(default = true)]
    pub include_upfront: bool,
    /// Whether what is paid beforehand is spread over its time. Default: false. AWS:
    /// `UseAmortized`.
    #[prop(default = false)]
    pub use_amortized: bool,
    /// Whether rates are those of all accounts together. Default: false. AWS: `UseBlended`.
    #[prop(default = false)]
    pub use_blended: bool,
}

/// Who is told when.
#[props]
pub struct Notification {
    /// What is looked at. AWS: `NotificationType`.
    pub notification_type: NotificationType,
    /// With what it is compared, above 0. AWS: `Threshold`.
    pub threshold: f64,
    /// Who is told: a topic at most, and up to ten addresses. AWS: `Subscribers`.
    pub subscribers: Vec<Subscriber>,
    /// What the threshold is. Default: percent of the budget. AWS: `ThresholdType`.
    #[prop(default = ThresholdType::Percentage)]
    pub threshold_type: ThresholdType,
    /// How it is compared. Default: it is more. AWS: `ComparisonOperator`.
    #[prop(default = BudgetComparison::GreaterThan)]
    pub comparison_operator: BudgetComparison,
}

/// What of a budget is looked at.
#[props(words = "UPPER")]
pub enum NotificationType {
    /// What was spent.
    Actual,
    /// What will have been spent at the end, as AWS thinks.
    Forecasted,
}

/// What a threshold of a budget is.
#[props(words = "UPPER")]
pub enum ThresholdType {
    /// Percent of the budget.
    Percentage,
    /// A number of its own.
    AbsoluteValue,
}

/// How a budget is compared.
#[props(words = "UPPER")]
pub enum BudgetComparison {
    /// It is more.
    GreaterThan,
    /// It is less.
    LessThan,
    /// It is just so much.
    EqualTo,
}

/// Who is told of a budget.
#[props]
pub enum Subscriber {
    /// Somebody, by e-mail.
    Email(String),
    /// A topic, whose policy lets `budgets.amazonaws.com` publish.
    Topic(TopicArn),
}
