//! The case of `aws:budgets:Budget`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        budgets::{
            Budget, BudgetBuilder, BudgetComparison, BudgetType, CostTypes, Notification,
            NotificationType, Spend, Subscriber, ThresholdType, TimeUnit,
        },
        sns::{Topic, TopicKey},
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::sns::topic::topic;

type Subject = BudgetBuilder<Provided>;

fn refused(stack: &Stack, change: impl FnOnce(Subject) -> Subject) {
    change(Budget::named("subject").budget_limit(Spend::usd(100.0))).create(stack);
}

fn refused_notification(stack: &Stack, notification: Notification) {
    refused(stack, |subject| subject.notifications([notification]));
}

fn told(subscribers: Vec<Subscriber>) -> Notification {
    Notification::new(NotificationType::Actual, 80.0, subscribers)
}

fn finance() -> Subscriber {
    Subscriber::email("finance@campus.example")
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Budget::definition,
    build: |stack, v| {
        let topic = topic(stack, "budget");
        let other = told(vec![finance(), Subscriber::topic(&topic)])
            .threshold_type(ThresholdType::AbsoluteValue)
            .comparison_operator(BudgetComparison::EqualTo);
        Budget::named("subject")
            .budget_limit(v.pick("budget_limit", Spend::usd(1500.0), Spend::usd(2000.0)))
            .budget_name(v.pick("budget_name", "campus", "college"))
            .budget_type(v.pick("budget_type", BudgetType::Cost, BudgetType::Usage))
            .time_unit(v.pick("time_unit", TimeUnit::Monthly, TimeUnit::Annually))
            .start(v.pick("start", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"))
            .end(v.pick("end", "2028-01-01T00:00:00Z", "2028-02-01T00:00:00Z"))
            .cost_filters(v.pick(
                "cost_filters",
                [("TagKeyValue", vec!["user:site$campus"])],
                [("Service", vec!["Amazon Relational Database Service"])],
            ))
            .cost_types(v.pick(
                "cost_types",
                CostTypes::new().include_credit(false),
                CostTypes::new().include_tax(false).use_amortized(true),
            ))
            .notifications(v.pick("notifications", vec![told(vec![finance()])], vec![other]))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "budget_limit.amount",
            build: |stack| refused(stack, |subject| subject.budget_limit(Spend::usd(0.0))),
            says: "0 must be more than 0",
        },
        Refused {
            property: "cost_filters",
            build: |stack| refused(stack, |subject| subject.budget_type(BudgetType::Usage)),
            says: "are needed for a budget of USAGE",
        },
        Refused {
            property: "cost_filters",
            build: |stack| {
                refused(stack, |subject| subject.cost_filters([("Service", Vec::<String>::new())]));
            },
            says: "`cost_filters.Service` has no value",
        },
        Refused {
            property: "end",
            build: |stack| {
                refused(stack, |subject| {
                    subject.start("2027-01-01T00:00:00Z").end("2027-01-01T00:00:00Z")
                });
            },
            says: "is not after `start`",
        },
        Refused {
            property: "notifications[0].threshold",
            build: |stack| {
                let never = Notification::new(NotificationType::Actual, 0.0, [finance()]);
                refused_notification(stack, never);
            },
            says: "0 must be between 0.1 and",
        },
        Refused {
            property: "notifications[0].notification_type",
            build: |stack| {
                let forecast = Notification::new(NotificationType::Forecasted, 80.0, [finance()]);
                refused(stack, |subject| {
                    subject.time_unit(TimeUnit::Daily).notifications([forecast])
                });
            },
            says: "there are no forecasts of a day",
        },
        Refused {
            property: "notifications[0].subscribers",
            build: |stack| refused_notification(stack, told(vec![])),
            says: "somebody is needed",
        },
        Refused {
            property: "notifications[0].subscribers",
            build: |stack| refused_notification(stack, told(vec![Subscriber::email("finance")])),
            says: "\"finance\" is no e-mail address",
        },
        Refused {
            property: "notifications",
            build: |stack| {
                let topic = Topic::named("topic")
                    .kms_master_key_id(TopicKey::alias("alias/aws/sns"))
                    .create(stack);
                refused_notification(stack, told(vec![Subscriber::topic(&topic)]));
            },
            says: "where budgets.amazonaws.com can't publish",
        },
        Refused {
            property: "notifications",
            build: |stack| {
                let all = (1..=11).map(|n| {
                    Notification::new(NotificationType::Actual, f64::from(n), [finance()])
                });
                let all: Vec<Notification> = all.collect();
                refused(stack, |subject| subject.notifications(all));
            },
            says: "has 11 notifications; 10 are the most",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Budgets::Budget",
        differs: &[
            ("Budget", "its fields are properties here; what adjusts itself is left out"),
            ("Id", "the name says the same"),
            ("NotificationsWithSubscribers", "change in place here, by calls of their own"),
            ("NotificationsWithSubscribers.Notification", "its fields stand beside `subscribers`"),
            ("NotificationsWithSubscribers.comparison_operator", "a field of `Notification`"),
            ("NotificationsWithSubscribers.notification_type", "a field of `Notification`"),
            ("NotificationsWithSubscribers.threshold", "a field of `Notification`"),
            ("NotificationsWithSubscribers.threshold_type", "a field of `Notification`"),
            ("arn", "made of the account and the name; CloudFormation does not tell it"),
            ("budget_limit", "a field of `Budget`"),
            ("budget_name", "a field of `Budget`"),
            ("budget_type", "a field of `Budget`"),
            ("cost_filters", "a field of `Budget`"),
            ("cost_types", "a field of `Budget`"),
            ("end", "a field of `Budget.TimePeriod`"),
            ("start", "a field of `Budget.TimePeriod`"),
            ("time_unit", "a field of `Budget`"),
        ],
        renamed: &[("NotificationsWithSubscribers", "notifications"), ("ResourceTags", "tags")],
    },
}];
