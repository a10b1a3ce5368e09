//! `aws:sns:TopicPolicy`.

use infra_core::{
    aws::sns,
    handler::{Deletion, Problem, Request, TypedRequest},
};
use serde_json::json;

use super::{attribute, set_topic, topic_attributes};
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, Error},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct TopicPolicy;

type Type = sns::TopicPolicy;

const POLICY: &str = "Policy";
/// What SNS calls the policy of a topic that was given none.
const DEFAULT: &str = "__default_policy_ID";

fn topic(request: &Request) -> &str {
    request.inputs.get(Type::TOPIC_ARN.slot).as_str().unwrap_or_default()
}

/// The policy that SNS gives a topic: the account alone may do everything.
async fn default_policy(aws: &Aws, topic: &str) -> Answer<String> {
    let account = aws.account().await?;
    let policy = json!({
        "Version": "2008-10-17",
        "Id": DEFAULT,
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [
                "SNS:GetTopicAttributes",
                "SNS:SetTopicAttributes",
                "SNS:AddPermission",
                "SNS:RemovePermission",
                "SNS:DeleteTopic",
                "SNS:Subscribe",
                "SNS:ListSubscriptionsByTopic",
                "SNS:Publish",
            ],
            "Resource": topic,
            "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
        }],
    });
    Ok(policy.to_string())
}

/// The policy that a topic was given.
async fn given(aws: &Aws, topic: &str) -> Answer<Option<String>> {
    let Some(attributes) = topic_attributes(aws, topic).await? else { return Ok(None) };
    let given = attribute(&attributes, POLICY).filter(|policy| !policy.contains(DEFAULT));
    Ok(given.map(str::to_owned))
}

async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let document = request.args.policy_document.to_string();
    set_topic(aws, request.args.topic_arn.as_str(), POLICY, &document).await
}

const TOPIC: &[On] = &[On::Arn("{topic_arn}")];

impl Resource for TopicPolicy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).and(DELETE).needs("sns:SetTopicAttributes").on(TOPIC),
        READ.needs("sns:GetTopicAttributes").on(TOPIC),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let topic = topic(request);
        let Some(told) = given(aws, topic).await? else { return Ok(None) };
        let recorded = request.inputs.get(Type::POLICY_DOCUMENT.slot);
        let seen = Seen::new(&*request.id)
            .text(Type::TOPIC_ARN, Some(topic))
            .value(Type::POLICY_DOCUMENT, policy(recorded, &told));
        Ok(Some(seen))
    }

    /// A topic always has a policy: without one of ours, that of SNS.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let topic = topic(request);
        if given(aws, topic).await?.is_none() {
            let message = format!("the topic {topic} has no policy of its own");
            return Err(Error::refused(Problem::NotFound, "sns", "SetTopicAttributes", message));
        }
        set_topic(aws, topic, POLICY, &default_policy(aws, topic).await?).await?;
        Ok(Deletion::Gone)
    }
}
