//! `aws:sns:Subscription`.

use infra_core::{
    aws::sns::{self, FilterPolicyScope, SubscriptionArgs},
    handler::{Deletion, Request, TypedRequest},
    types::{self, structure},
    value::Value,
};
use serde_json::{Value as Json, json};

use super::{
    Attributes, attribute,
    delivery_policy::{of_subscription, told_of_subscription},
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, passed},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Subscription;

type Type = sns::Subscription;

/// The filter that takes every message.
const NO_FILTER: &str = "{}";

/// What an attribute says of a subscription; empty where nothing is to be said.
fn word(args: &SubscriptionArgs, name: &str) -> String {
    let filter = || args.filter_policy.as_ref().and_then(|filter| filter.to_json().ok());
    let redrive = || args.redrive_policy.as_ref().map(|it| it.dead_letter_target_arn.as_str());
    let said = match name {
        "FilterPolicy" => filter().map(|filter| filter.to_string()),
        "FilterPolicyScope" => Some(args.filter_policy_scope.as_str().to_owned()),
        "RawMessageDelivery" => Some(args.raw_message_delivery.to_string()),
        "RedrivePolicy" => redrive().map(|arn| json!({"deadLetterTargetArn": arn}).to_string()),
        "DeliveryPolicy" => args.delivery_policy.as_ref().map(of_subscription),
        "SubscriptionRoleArn" => args.subscription_role_arn.as_ref().map(ToString::to_string),
        _ => None,
    };
    said.unwrap_or_default()
}

/// What a subscription is made with: some protocols do not take all attributes, not even to hear
/// that they are not wanted.
fn new_attributes(args: &SubscriptionArgs) -> Attributes {
    let mut names = vec!["FilterPolicy", "RedrivePolicy", "DeliveryPolicy", "SubscriptionRoleArn"];
    if args.filter_policy_scope != FilterPolicyScope::MessageAttributes {
        names.push("FilterPolicyScope");
    }
    if args.raw_message_delivery {
        names.push("RawMessageDelivery");
    }
    let said = names.into_iter().map(|name| (name.to_owned(), word(args, name)));
    said.filter(|(_, word)| !word.is_empty()).collect()
}

/// The attributes that an update says anew, in an order in which the filter fits what it looks at:
/// one of messages may have more in it than one of attributes.
fn changes(request: &TypedRequest<'_, Type>) -> Vec<&'static str> {
    let mut filter =
        [("filter_policy", "FilterPolicy"), ("filter_policy_scope", "FilterPolicyScope")];
    if request.args.filter_policy_scope == FilterPolicyScope::MessageBody {
        filter.reverse();
    }
    let others = [
        ("raw_message_delivery", "RawMessageDelivery"),
        ("redrive_policy", "RedrivePolicy"),
        ("delivery_policy", "DeliveryPolicy"),
        ("subscription_role_arn", "SubscriptionRoleArn"),
    ];
    let all = filter.into_iter().chain(others);
    all.filter(|(property, _)| changed(request, &[property])).map(|(_, name)| name).collect()
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

fn seen(arn: &str, attributes: &Attributes, request: &Request) -> Seen {
    let told = |name: &str| attribute(attributes, name);
    let truth = |name: &str| told(name) == Some("true");
    let filter = told("FilterPolicy").filter(|filter| *filter != NO_FILTER).map(json);
    let scope = told("FilterPolicyScope").unwrap_or(FilterPolicyScope::MessageAttributes.as_str());
    let queue = told("RedrivePolicy").map(json);
    let queue = queue.as_ref().and_then(|policy| policy["deadLetterTargetArn"].as_str());
    let redrive =
        queue.map_or(Value::Null, |arn| structure([("dead_letter_target_arn", arn.into())]));
    // Whether it waited when it was made; somebody may have said yes since.
    let waited = request.outputs.get(Type::PENDING_CONFIRMATION.slot).as_bool();
    let word = |slot| request.inputs.get(slot).as_str();
    Seen::new(arn)
        .text(Type::TOPIC_ARN, told("TopicArn").or(word(Type::TOPIC_ARN.slot)))
        .text(Type::PROTOCOL, told("Protocol").or(word(Type::PROTOCOL.slot)))
        .text(Type::ENDPOINT, told("Endpoint").or(word(Type::ENDPOINT.slot)))
        .set(Type::FILTER_POLICY, filter.map(types::Json::from))
        .text(Type::FILTER_POLICY_SCOPE, Some(scope))
        .set(Type::RAW_MESSAGE_DELIVERY, truth("RawMessageDelivery"))
        .value(Type::REDRIVE_POLICY, redrive)
        .structured(Type::DELIVERY_POLICY, request, told_of_subscription(told("DeliveryPolicy")))
        .text(Type::SUBSCRIPTION_ROLE_ARN, told("SubscriptionRoleArn"))
        .set(Type::PENDING_CONFIRMATION, waited.unwrap_or(truth("PendingConfirmation")))
        .text(Type::ARN, Some(arn))
}

const TOPIC: &[On] = &[On::Arn("{topic_arn}")];

impl Resource for Subscription {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("sns:ListSubscriptionsByTopic").on(TOPIC),
        CREATE.needs("sns:Subscribe").on(TOPIC),
        UPDATE.needs("sns:SetSubscriptionAttributes"),
        READ.needs("sns:GetSubscriptionAttributes"),
        DELETE.needs("sns:Unsubscribe"),
        passed!(CREATE.and(UPDATE), "sns.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .sns()
            .subscribe()
            .topic_arn(args.topic_arn.as_str())
            .protocol(args.protocol.as_str())
            .endpoint(&args.endpoint)
            .set_attributes(Some(new_attributes(args)))
            // Also of one that waits for somebody to say yes.
            .return_subscription_arn(true)
            .send()
            .await?;
        let incomplete = || Error::incomplete("sns", "Subscribe", "SubscriptionArn");
        let arn = made.subscription_arn().filter(|arn| arn.starts_with("arn:"));
        let arn = arn.ok_or_else(incomplete)?;
        Ok(Seen::new(arn).text(Type::ARN, Some(arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        for name in changes(request) {
            let mut said = word(&request.args, name);
            if name == "FilterPolicy" && said.is_empty() {
                NO_FILTER.clone_into(&mut said);
            }
            let set = aws.sns().set_subscription_attributes().subscription_arn(&*request.id);
            set.attribute_name(name).attribute_value(said).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let arn = &*request.id;
        let asked = aws.sns().get_subscription_attributes().subscription_arn(arn);
        let told = asked.send().await.if_found()?;
        Ok(told.map(|told| seen(arn, &told.attributes.unwrap_or_default(), request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let gone = aws.sns().unsubscribe().subscription_arn(&*request.id).send().await;
        match gone.map_err(Error::from) {
            // SNS deletes no subscription that waits for somebody to say yes; it forgets it by
            // itself within two days.
            Err(error) if error.0.message.contains("pending confirmation") => Ok(Deletion::Gone),
            Err(error) => Err(error),
            Ok(_) => Ok(Deletion::Gone),
        }
    }

    /// An endpoint is subscribed to a topic once. One that waits for somebody to say yes is listed
    /// without its ARN; subscribing it again tells that.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let word = |slot| request.inputs.get(slot).as_str();
        let asked = aws.sns().list_subscriptions_by_topic();
        let asked = asked.topic_arn(word(Type::TOPIC_ARN.slot).unwrap_or_default());
        let mut pages = asked.into_paginator().items().send();
        while let Some(listed) = pages.next().await {
            let Some(listed) = listed.if_found()? else { return Ok(None) };
            let is_it = listed.protocol() == word(Type::PROTOCOL.slot)
                && listed.endpoint() == word(Type::ENDPOINT.slot);
            let arn = listed.subscription_arn().filter(|arn| arn.starts_with("arn:"));
            if let (true, Some(arn)) = (is_it, arn) {
                return Self::read(aws, &Request { id: arn.into(), ..request.clone() }).await;
            }
        }
        Ok(None)
    }
}
