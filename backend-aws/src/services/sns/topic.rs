//! `aws:sns:Topic`.

use infra_core::{
    aws::{
        KmsKeyArn,
        sns::{
            self, DeliveryStatusLoggingArgs, FifoThroughputScope, LoggedProtocol, SignatureVersion,
            TopicArgs, TopicKeyArgs, TracingConfig,
        },
    },
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, structure},
    value::Value,
};

use super::{
    Attributes, attribute,
    delivery_policy::{of_topic, told_of_topic},
    set_topic, topic_attributes,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, passed},
    resource::{Resource, arn_of, changed, is_there},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Topic;

type Type = sns::Topic;

const SUCCESS: &str = "SuccessFeedbackRoleArn";
const RATE: &str = "SuccessFeedbackSampleRate";
const FAILURE: &str = "FailureFeedbackRoleArn";
/// What is logged of what arrived, where nobody says it: all.
const ALL: &str = "100";

/// How the names of a protocol's attributes begin.
fn prefix(protocol: LoggedProtocol) -> &'static str {
    match protocol {
        LoggedProtocol::Http => "HTTP",
        LoggedProtocol::Sqs => "SQS",
        LoggedProtocol::Lambda => "Lambda",
        LoggedProtocol::Firehose => "Firehose",
        LoggedProtocol::Application => "Application",
    }
}

/// What is said of the deliveries of a protocol, by attributes; an empty text says nothing.
fn logging(
    protocol: LoggedProtocol,
    all: &[DeliveryStatusLoggingArgs],
) -> impl Iterator<Item = (String, String)> {
    let of_it = all.iter().find(|it| it.protocol == protocol);
    let text = |role: Option<&infra_core::aws::RoleArn>| role.map(ToString::to_string);
    let success = of_it.and_then(|it| text(it.success_feedback_role_arn.as_ref()));
    let failure = of_it.and_then(|it| text(it.failure_feedback_role_arn.as_ref()));
    let rate = of_it.and_then(|it| it.success_feedback_sample_rate);
    let rate = rate.map_or_else(|| ALL.to_owned(), |rate| rate.to_string());
    // A rate without a role means nothing, and SNS takes no empty one.
    let rate = success.is_some().then_some((RATE, rate));
    let said = [(SUCCESS, success.unwrap_or_default()), (FAILURE, failure.unwrap_or_default())];
    said.into_iter()
        .chain(rate)
        .map(move |(name, said)| (format!("{}{name}", prefix(protocol)), said))
}

fn key(key: &TopicKeyArgs) -> String {
    match key {
        TopicKeyArgs::Key(key) => key.to_string(),
        TopicKeyArgs::Alias(alias) => alias.clone(),
    }
}

/// What a topic is made with. Attributes of FIFO topics are refused of others, and the other way
/// round.
fn new_attributes(args: &TopicArgs) -> Attributes {
    let mut all = Attributes::new();
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            all.insert(name.to_owned(), value);
        }
    };
    say("DisplayName", args.display_name.clone());
    say("SignatureVersion", Some(args.signature_version.as_str().to_owned()));
    say("KmsMasterKeyId", args.kms_master_key_id.as_ref().map(key));
    say("DeliveryPolicy", args.delivery_policy.as_ref().map(of_topic));
    if args.tracing_config != TracingConfig::PassThrough {
        say("TracingConfig", Some(args.tracing_config.as_str().to_owned()));
    }
    if args.fifo_topic {
        say("FifoTopic", Some("true".to_owned()));
        say("ContentBasedDeduplication", Some(args.content_based_deduplication.to_string()));
        let scope = args.fifo_throughput_scope;
        say("FifoThroughputScope", scope.map(|scope| scope.as_str().to_owned()));
    }
    let said = LoggedProtocol::ALL.into_iter();
    for (name, value) in said.flat_map(|it| logging(it, &args.delivery_status_logging)) {
        say(&name, Some(value));
    }
    all
}

/// What an update says anew.
fn new_words(request: &TypedRequest<'_, Type>) -> Vec<(String, String)> {
    let args = &request.args;
    let scope = args.fifo_throughput_scope.unwrap_or(FifoThroughputScope::Topic);
    let words = [
        ("display_name", "DisplayName", args.display_name.clone()),
        (
            "content_based_deduplication",
            "ContentBasedDeduplication",
            Some(args.content_based_deduplication.to_string()),
        ),
        ("fifo_throughput_scope", "FifoThroughputScope", Some(scope.as_str().to_owned())),
        ("kms_master_key_id", "KmsMasterKeyId", args.kms_master_key_id.as_ref().map(key)),
        ("signature_version", "SignatureVersion", Some(args.signature_version.as_str().to_owned())),
        ("tracing_config", "TracingConfig", Some(args.tracing_config.as_str().to_owned())),
        ("delivery_policy", "DeliveryPolicy", args.delivery_policy.as_ref().map(of_topic)),
    ];
    let words = words.into_iter().filter(|(property, ..)| changed(request, &[property]));
    let mut words: Vec<(String, String)> =
        words.map(|(_, name, value)| (name.to_owned(), value.unwrap_or_default())).collect();
    if changed(request, &["delivery_status_logging"]) {
        let protocols = LoggedProtocol::ALL.into_iter();
        words.extend(protocols.flat_map(|it| logging(it, &args.delivery_status_logging)));
    }
    words
}

/// Which deliveries are logged.
fn told_logging(attributes: &Attributes, recorded: &Value) -> Vec<Value> {
    let of_it = |protocol: LoggedProtocol| {
        let told = |name: &str| attribute(attributes, &format!("{}{name}", prefix(protocol)));
        let (success, failure) = (told(SUCCESS), told(FAILURE));
        success.or(failure)?;
        let known = recorded.items().iter();
        let mut known = known
            .filter(|it| it.field("protocol").and_then(Value::as_str) == Some(protocol.as_str()));
        let rate = told(RATE).filter(|_| success.is_some());
        let is_said = known.any(|it| it.field("success_feedback_sample_rate").is_some());
        let rate = rate.filter(|rate| is_said || *rate != ALL);
        Some(structure([
            ("protocol", protocol.into_value()),
            ("failure_feedback_role_arn", failure.map_or(Value::Null, Value::from)),
            ("success_feedback_role_arn", success.map_or(Value::Null, Value::from)),
            (
                "success_feedback_sample_rate",
                rate.and_then(|rate| rate.parse::<u32>().ok()).into_value(),
            ),
        ]))
    };
    LoggedProtocol::ALL.into_iter().filter_map(of_it).collect()
}

fn told_key(text: &str) -> TopicKeyArgs {
    match KmsKeyArn::parse(text) {
        Ok(key) => TopicKeyArgs::Key(key),
        Err(_) => TopicKeyArgs::Alias(text.to_owned()),
    }
}

fn seen(arn: &str, attributes: &Attributes, request: &Request) -> Seen {
    let told = |name: &str| attribute(attributes, name);
    let truth = |name: &str| told(name) == Some("true");
    // Nobody need say how the throughput is counted.
    let unsaid = request.inputs.get(Type::FIFO_THROUGHPUT_SCOPE.slot).is_null();
    let usual = FifoThroughputScope::Topic.as_str();
    let scope = told("FifoThroughputScope").filter(|scope| !unsaid || *scope != usual);
    // Without an answer it is the first.
    let signature = told("SignatureVersion").unwrap_or(SignatureVersion::Sha1.as_str());
    let tracing = told("TracingConfig").unwrap_or(TracingConfig::PassThrough.as_str());
    let logging = request.inputs.get(Type::DELIVERY_STATUS_LOGGING.slot);
    Seen::new(arn)
        .text(Type::TOPIC_NAME, arn.rsplit(':').next())
        .text(Type::DISPLAY_NAME, told("DisplayName"))
        .set(Type::FIFO_TOPIC, truth("FifoTopic"))
        .set(Type::CONTENT_BASED_DEDUPLICATION, truth("ContentBasedDeduplication"))
        .text(Type::FIFO_THROUGHPUT_SCOPE, scope)
        .set(Type::KMS_MASTER_KEY_ID, told("KmsMasterKeyId").map(told_key))
        .text(Type::SIGNATURE_VERSION, Some(signature))
        .text(Type::TRACING_CONFIG, Some(tracing))
        .structured(Type::DELIVERY_POLICY, request, told_of_topic(told("DeliveryPolicy")))
        .in_any_order(
            Type::DELIVERY_STATUS_LOGGING,
            request,
            Value::list(told_logging(attributes, logging)),
        )
        .text(Type::TOPIC_ARN, Some(arn))
}

async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.sns().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let Some(told) = told.if_found()? else { return Ok(vec![]) };
    let tag = |tag: &aws_sdk_sns::types::Tag| (tag.key().to_owned(), tag.value().to_owned());
    Ok(told.tags().iter().map(tag).collect())
}

impl Resource for Topic {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("sns:CreateTopic").on(OWN),
        CREATE.and(UPDATE).needs("sns:TagResource").on(OWN),
        UPDATE.needs("sns:SetTopicAttributes").on(OWN),
        UPDATE.needs("sns:UntagResource").on(OWN),
        READ.needs("sns:GetTopicAttributes").on(OWN),
        READ.and(LIST).needs("sns:ListTagsForResource").on(OWN),
        DELETE.needs("sns:DeleteTopic").on(OWN),
        LIST.needs("sns:ListTopics"),
        passed!(CREATE.and(UPDATE), "sns.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = aws
            .sns()
            .create_topic()
            .name(request.name().unwrap_or_default())
            .set_attributes(Some(new_attributes(&request.args)))
            .set_tags(Some(sdk_tags!(aws_sdk_sns, request.all_tags().0, checked)))
            .send()
            .await?;
        let arn = made.topic_arn();
        let arn = arn.ok_or_else(|| Error::incomplete("sns", "CreateTopic", "TopicArn"))?;
        Ok(Seen::new(arn).text(Type::TOPIC_ARN, Some(arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (sns, arn) = (aws.sns(), &*request.id);
        for (name, value) in new_words(request) {
            set_topic(aws, arn, &name, &value).await?;
        }
        let Some(change) = TagChange::of(request) else { return Ok(()) };
        if !change.remove.is_empty() {
            let untag = sns.untag_resource().resource_arn(arn);
            untag.set_tag_keys(Some(change.remove)).send().await?;
        }
        let set = sdk_tags!(aws_sdk_sns, change.set, checked);
        sns.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let arn = &*request.id;
        let Some(attributes) = topic_attributes(aws, arn).await? else { return Ok(None) };
        Ok(Some(seen(arn, &attributes, request).tags(tags(aws, arn).await?)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        is_there::<Self>(aws, request).await?;
        aws.sns().delete_topic().topic_arn(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// SNS lists topics without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.sns().list_topics().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for arn in all.iter().filter_map(|topic| topic.topic_arn()) {
            listed.push(Seen::new(arn).tags(tags(aws, arn).await?));
        }
        Ok(listed)
    }

    /// The name is the end of the ARN.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = arn_of(aws, request).await?;
        Self::read(aws, &Request { id: id.into(), ..request.clone() }).await
    }
}
