//! Who is told of a budget, which is said by calls of its own.

use aws_sdk_budgets::types as sdk;
use infra_core::{
    aws::{
        TopicArn,
        budgets::{Notification, NotificationArgs, SubscriberArgs},
    },
    types::{IntoValue, PropertyType, structure},
    value::Value,
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// A notification and who is told. Subscribers have an order here, whatever AWS's is.
#[derive(PartialEq)]
struct Told {
    notification: sdk::Notification,
    subscribers: Vec<sdk::Subscriber>,
}

fn subscriber(kind: sdk::SubscriptionType, address: &str) -> sdk::Subscriber {
    let subscriber = sdk::Subscriber::builder().subscription_type(kind).address(address);
    subscriber.build().expect("kind and address are there")
}

fn sorted(mut all: Vec<sdk::Subscriber>) -> Vec<sdk::Subscriber> {
    all.sort_by(|one, other| one.address.cmp(&other.address));
    all
}

fn wanted(args: &NotificationArgs) -> Told {
    let notification = sdk::Notification::builder()
        .notification_type(args.notification_type.as_str().into())
        .comparison_operator(args.comparison_operator.as_str().into())
        .threshold(args.threshold)
        .threshold_type(args.threshold_type.as_str().into())
        .build()
        .expect("what it must have is there");
    let subscribers = args.subscribers.iter().map(|it| match it {
        SubscriberArgs::Email(address) => subscriber(sdk::SubscriptionType::Email, address),
        SubscriberArgs::Topic(topic) => subscriber(sdk::SubscriptionType::Sns, topic.as_str()),
    });
    Told { notification, subscribers: sorted(subscribers.collect()) }
}

/// Who is told of a budget when, as AWS says.
async fn all(aws: &Aws, budget: &str) -> Answer<Vec<Told>> {
    let account = aws.account().await?;
    let asked = aws.budgets().describe_notifications_for_budget().account_id(account);
    let mut pages = asked.budget_name(budget).into_paginator().items().send();
    let mut all = vec![];
    while let Some(notification) = pages.next().await {
        // Where there is none, or no budget, AWS may say that it finds nothing.
        let Some(notification) = notification.if_found()? else { break };
        // Whether it has gone off says nothing of which it is, and a threshold is one of percent
        // unless it says otherwise.
        let notification = sdk::Notification::builder()
            .notification_type(notification.notification_type)
            .comparison_operator(notification.comparison_operator)
            .threshold(notification.threshold)
            .threshold_type(notification.threshold_type.unwrap_or(sdk::ThresholdType::Percentage))
            .build()
            .expect("what it must have is there");
        let asked = aws.budgets().describe_subscribers_for_notification().account_id(account);
        let asked = asked.budget_name(budget).notification(notification.clone());
        let mut pages = asked.into_paginator().items().send();
        let mut subscribers = vec![];
        while let Some(subscriber) = pages.next().await {
            let Some(subscriber) = subscriber.if_found()? else { break };
            subscribers.push(subscriber);
        }
        all.push(Told { notification, subscribers: sorted(subscribers) });
    }
    Ok(all)
}

/// Makes AWS tell those who are to be told, whomever it tells now.
pub(super) async fn tell(aws: &Aws, budget: &str, args: &[NotificationArgs]) -> Answer<()> {
    let account = aws.account().await?;
    let wanted: Vec<Told> = args.iter().map(wanted).collect();
    let there = all(aws, budget).await?;
    let of =
        |told: &Told, all: &[Told]| all.iter().position(|it| it.notification == told.notification);
    // What goes makes room: a budget has few.
    for old in there.iter().filter(|old| of(old, &wanted).is_none()) {
        let delete = aws.budgets().delete_notification().account_id(account);
        let delete = delete.budget_name(budget).notification(old.notification.clone());
        delete.send().await.if_found()?;
    }
    for new in &wanted {
        match of(new, &there) {
            Some(place) => change(aws, budget, &there[place], new).await?,
            None => {
                let create = aws.budgets().create_notification().account_id(account);
                let create = create.budget_name(budget).notification(new.notification.clone());
                create.set_subscribers(Some(new.subscribers.clone())).send().await?;
            }
        }
    }
    Ok(())
}

/// Changes who is told. A notification always has somebody: who is new comes first.
async fn change(aws: &Aws, budget: &str, old: &Told, new: &Told) -> Answer<()> {
    let account = aws.account().await?;
    for subscriber in new.subscribers.iter().filter(|it| !old.subscribers.contains(it)) {
        let create = aws.budgets().create_subscriber().account_id(account).budget_name(budget);
        let create = create.notification(new.notification.clone());
        create.subscriber(subscriber.clone()).send().await?;
    }
    for subscriber in old.subscribers.iter().filter(|it| !new.subscribers.contains(it)) {
        let delete = aws.budgets().delete_subscriber().account_id(account).budget_name(budget);
        let delete = delete.notification(new.notification.clone());
        delete.subscriber(subscriber.clone()).send().await.if_found()?;
    }
    Ok(())
}

fn told_subscriber(told: &sdk::Subscriber) -> Value {
    match TopicArn::parse(&told.address) {
        Ok(topic) => SubscriberArgs::Topic(topic),
        Err(_) => SubscriberArgs::Email(told.address.clone()),
    }
    .into_value()
}

fn value(told: &Told) -> Value {
    let it = &told.notification;
    let kind = it.threshold_type.as_ref();
    structure([
        ("notification_type", it.notification_type.as_str().into()),
        ("threshold", it.threshold.into_value()),
        ("subscribers", Value::list(told.subscribers.iter().map(told_subscriber))),
        ("threshold_type", kind.map_or(Value::Null, |kind| kind.as_str().into())),
        ("comparison_operator", it.comparison_operator.as_str().into()),
    ])
}

/// Who is told of a budget when: as it was recorded, if it is the same in another order.
pub(super) async fn told(aws: &Aws, budget: &str, recorded: &Value) -> Answer<Value> {
    let there = all(aws, budget).await?;
    let known = recorded.items().iter().map(|it| Notification::decode(it).map(|it| wanted(&it)));
    let known = known.collect::<Result<Vec<_>, _>>().unwrap_or_default();
    let is_same = known.len() == there.len() && there.iter().all(|it| known.contains(it));
    Ok(if is_same { recorded.clone() } else { Value::list(there.iter().map(value)) })
}
