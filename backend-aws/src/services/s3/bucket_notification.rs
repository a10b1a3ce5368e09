//! Who is told of what happens to objects of a bucket, as S3 takes and tells it.

use aws_sdk_s3::{
    operation::get_bucket_notification_configuration::GetBucketNotificationConfigurationOutput,
    types as sdk,
};
use infra_core::aws::{
    FunctionArn, QueueArn, TopicArn,
    s3::{
        EventBridgeConfigurationArgs, FilterName, FilterRuleArgs, LambdaConfigurationArgs,
        NotificationConfigurationArgs, NotificationFilterArgs, QueueConfigurationArgs,
        S3KeyFilterArgs, TopicConfigurationArgs,
    },
};

use super::matched;
use crate::seen::word;

/// As S3 takes it; without anything, nobody is told.
pub(super) fn to_sdk(
    wanted: Option<&NotificationConfigurationArgs>,
) -> sdk::NotificationConfiguration {
    let mut all = sdk::NotificationConfiguration::builder();
    let Some(wanted) = wanted else { return all.build() };
    if wanted.event_bridge_configuration.as_ref().is_some_and(|it| it.event_bridge_enabled) {
        all = all.event_bridge_configuration(sdk::EventBridgeConfiguration::builder().build());
    }
    for it in &wanted.lambda_configurations {
        let told = sdk::LambdaFunctionConfiguration::builder()
            .lambda_function_arn(it.function.as_str())
            .events(it.event.as_str().into())
            .set_filter(it.filter.as_ref().map(filter));
        let told = told.build().expect("the function and the event are there");
        all = all.lambda_function_configurations(told);
    }
    for it in &wanted.queue_configurations {
        let told = sdk::QueueConfiguration::builder()
            .queue_arn(it.queue.as_str())
            .events(it.event.as_str().into())
            .set_filter(it.filter.as_ref().map(filter));
        all = all.queue_configurations(told.build().expect("the queue and the event are there"));
    }
    for it in &wanted.topic_configurations {
        let told = sdk::TopicConfiguration::builder()
            .topic_arn(it.topic.as_str())
            .events(it.event.as_str().into())
            .set_filter(it.filter.as_ref().map(filter));
        all = all.topic_configurations(told.build().expect("the topic and the event are there"));
    }
    all.build()
}

fn filter(filter: &NotificationFilterArgs) -> sdk::NotificationConfigurationFilter {
    let rules = filter.s3_key.rules.iter().map(|rule| {
        sdk::FilterRule::builder().name(rule.name.as_str().into()).value(&rule.value).build()
    });
    let key = sdk::S3KeyFilter::builder().set_filter_rules(Some(rules.collect())).build();
    sdk::NotificationConfigurationFilter::builder().key(key).build()
}

/// Somebody who is told of one thing.
type Told<'a> = (&'a str, &'a str, Option<&'a sdk::NotificationConfigurationFilter>);

/// S3 takes several events at once, and the catalogue one.
fn each<'a>(
    arn: &'a str,
    events: &'a [sdk::Event],
    filter: Option<&'a sdk::NotificationConfigurationFilter>,
) -> impl Iterator<Item = Told<'a>> {
    events.iter().map(move |event| (arn, event.as_str(), filter))
}

fn told_filter(
    told: Option<&sdk::NotificationConfigurationFilter>,
    recorded: Option<&NotificationFilterArgs>,
) -> Option<NotificationFilterArgs> {
    let told = told.and_then(|told| told.key()).map(|key| key.filter_rules()).unwrap_or_default();
    let recorded = recorded.map(|recorded| &*recorded.s3_key.rules).unwrap_or_default();
    let rules = matched(told, recorded, |rule, _| {
        // S3 begins the word with a capital.
        let name = rule.name()?.as_str().to_lowercase();
        let name = word::<FilterName>(name)?;
        Some(FilterRuleArgs { name, value: rule.value().unwrap_or_default().to_owned() })
    });
    (!rules.is_empty()).then_some(NotificationFilterArgs { s3_key: S3KeyFilterArgs { rules } })
}

/// As S3 tells it; `None` if nobody is told.
pub(super) fn from_sdk(
    told: &GetBucketNotificationConfigurationOutput,
    recorded: Option<&NotificationConfigurationArgs>,
) -> Option<NotificationConfigurationArgs> {
    let empty = NotificationConfigurationArgs {
        event_bridge_configuration: None,
        lambda_configurations: vec![],
        queue_configurations: vec![],
        topic_configurations: vec![],
    };
    let known = recorded.unwrap_or(&empty);
    let functions = told.lambda_function_configurations().iter();
    let functions: Vec<Told<'_>> =
        functions.flat_map(|it| each(it.lambda_function_arn(), it.events(), it.filter())).collect();
    let queues = told.queue_configurations().iter();
    let queues: Vec<Told<'_>> =
        queues.flat_map(|it| each(it.queue_arn(), it.events(), it.filter())).collect();
    let topics = told.topic_configurations().iter();
    let topics: Vec<Told<'_>> =
        topics.flat_map(|it| each(it.topic_arn(), it.events(), it.filter())).collect();
    // That EventBridge is not told may be said, or not.
    let unsaid = known.event_bridge_configuration.clone().filter(|it| !it.event_bridge_enabled);
    let bridge = told.event_bridge_configuration();
    let bridge = bridge.map(|_| EventBridgeConfigurationArgs { event_bridge_enabled: true });
    let all = NotificationConfigurationArgs {
        event_bridge_configuration: bridge.or(unsaid),
        lambda_configurations: matched(&functions, &known.lambda_configurations, |it, known| {
            Some(LambdaConfigurationArgs {
                event: it.1.to_owned(),
                function: FunctionArn::parse(it.0).ok()?,
                filter: told_filter(it.2, known.and_then(|known| known.filter.as_ref())),
            })
        }),
        queue_configurations: matched(&queues, &known.queue_configurations, |it, known| {
            Some(QueueConfigurationArgs {
                event: it.1.to_owned(),
                queue: QueueArn::parse(it.0).ok()?,
                filter: told_filter(it.2, known.and_then(|known| known.filter.as_ref())),
            })
        }),
        topic_configurations: matched(&topics, &known.topic_configurations, |it, known| {
            Some(TopicConfigurationArgs {
                event: it.1.to_owned(),
                topic: TopicArn::parse(it.0).ok()?,
                filter: told_filter(it.2, known.and_then(|known| known.filter.as_ref())),
            })
        }),
    };
    (all != empty).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(all: &sdk::NotificationConfiguration) -> GetBucketNotificationConfigurationOutput {
        GetBucketNotificationConfigurationOutput::builder()
            .set_topic_configurations(all.topic_configurations.clone())
            .set_event_bridge_configuration(all.event_bridge_configuration.clone())
            .build()
    }

    fn topic(event: &str, rules: Vec<FilterRuleArgs>) -> TopicConfigurationArgs {
        TopicConfigurationArgs {
            event: event.to_owned(),
            topic: TopicArn::parse("arn:aws:sns:eu-central-1:123456789012:uploads").unwrap(),
            filter: (!rules.is_empty())
                .then_some(NotificationFilterArgs { s3_key: S3KeyFilterArgs { rules } }),
        }
    }

    fn all(topics: Vec<TopicConfigurationArgs>) -> NotificationConfigurationArgs {
        NotificationConfigurationArgs {
            event_bridge_configuration: Some(EventBridgeConfigurationArgs {
                event_bridge_enabled: false,
            }),
            lambda_configurations: vec![],
            queue_configurations: vec![],
            topic_configurations: topics,
        }
    }

    #[test]
    fn several_events_of_one_topic_are_several_configurations() {
        let rule = |name, value: &str| FilterRuleArgs { name, value: value.to_owned() };
        let rules = vec![rule(FilterName::Suffix, ".zip"), rule(FilterName::Prefix, "a/")];
        let wanted =
            all(vec![topic("s3:ObjectCreated:*", rules), topic("s3:ObjectAcl:Put", vec![])]);
        let mut written = to_sdk(Some(&wanted));
        let topics = written.topic_configurations.as_mut().unwrap();
        let filter = topics[0].filter.as_mut().and_then(|filter| filter.key.as_mut());
        filter.and_then(|key| key.filter_rules.as_mut()).unwrap().reverse();
        topics.reverse();
        assert_eq!(from_sdk(&told(&written), Some(&wanted)), Some(wanted));
    }

    #[test]
    fn nobody_is_told_of_nothing() {
        assert_eq!(from_sdk(&told(&to_sdk(None)), None), None);
        let unsaid = all(vec![]);
        assert_eq!(from_sdk(&told(&to_sdk(Some(&unsaid))), Some(&unsaid)), Some(unsaid));
    }
}
