//! What is said of a group by calls of its own: figures, and who is told of instances.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    aws::{
        TopicArn,
        autoscaling::{
            Group, GroupMetric, MetricGranularity, NotificationConfigurationArgs, NotificationType,
        },
    },
    handler::{Request, TypedRequest},
};

use super::{described, told};
use crate::{
    aws::Aws,
    error::Answer,
    resource::recorded,
    seen::{Seen, told as word},
};

fn names(metrics: impl IntoIterator<Item = GroupMetric>) -> Vec<String> {
    metrics.into_iter().map(|metric| metric.as_str().to_owned()).collect()
}

pub(super) async fn set_metrics(aws: &Aws, request: &TypedRequest<'_, Group>) -> Answer<()> {
    let name = &*request.id;
    let wanted = told::wanted(&request.args.metrics_collection);
    let group = described(aws, name).await?;
    let has = group.as_ref().map(told::enabled).unwrap_or_default();
    let gone = names(has.difference(&wanted).copied());
    if !gone.is_empty() {
        let disable = aws.autoscaling().disable_metrics_collection();
        disable.auto_scaling_group_name(name).set_metrics(Some(gone)).send().await?;
    }
    if wanted.is_subset(&has) {
        return Ok(());
    }
    let enable = aws.autoscaling().enable_metrics_collection().auto_scaling_group_name(name);
    let enable = enable.granularity(MetricGranularity::OneMinute.as_str());
    enable.set_metrics(Some(names(wanted))).send().await?;
    Ok(())
}

type Told = BTreeMap<TopicArn, BTreeSet<NotificationType>>;

/// Who is told of what.
async fn notified(aws: &Aws, name: &str) -> Answer<Told> {
    let asked = aws.autoscaling().describe_notification_configurations();
    let all = asked.auto_scaling_group_names(name).into_paginator().items().send();
    let all = all.collect::<Result<Vec<_>, _>>().await?;
    let mut told = Told::new();
    for it in all {
        let kind = word::<NotificationType>(it.notification_type());
        if let (Some(topic), Some(kind)) = (word::<TopicArn>(it.topic_arn()), kind) {
            told.entry(topic).or_default().insert(kind);
        }
    }
    Ok(told)
}

fn wanted(configurations: &[NotificationConfigurationArgs]) -> Told {
    let mut wanted = Told::new();
    for it in configurations {
        let kinds = wanted.entry(it.topic_arn.clone()).or_default();
        kinds.extend(it.notification_types.iter().copied());
    }
    wanted
}

pub(super) async fn set_notifications(aws: &Aws, request: &TypedRequest<'_, Group>) -> Answer<()> {
    let name = &*request.id;
    let wanted = wanted(&request.args.notification_configurations);
    let has = notified(aws, name).await?;
    for topic in has.keys().filter(|topic| !wanted.contains_key(*topic)) {
        let delete = aws.autoscaling().delete_notification_configuration();
        delete.auto_scaling_group_name(name).topic_arn(topic.as_str()).send().await?;
    }
    for (topic, kinds) in wanted.iter().filter(|(topic, kinds)| has.get(*topic) != Some(*kinds)) {
        let kinds = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        let put = aws.autoscaling().put_notification_configuration().auto_scaling_group_name(name);
        put.topic_arn(topic.as_str()).set_notification_types(Some(kinds)).send().await?;
    }
    Ok(())
}

/// Adds who is told.
pub(super) async fn with_notifications(aws: &Aws, seen: Seen, request: &Request) -> Answer<Seen> {
    let said = recorded(request, Group::NOTIFICATION_CONFIGURATIONS).unwrap_or_default();
    let told = match notified(aws, &request.id).await {
        // A server that stands in for AWS has nothing of what it does not know.
        Err(error) if error.is_unknown() => Told::new(),
        told => told?,
    };
    let configurations = if told == wanted(&said) {
        said
    } else {
        let one = |(topic_arn, kinds): (TopicArn, BTreeSet<NotificationType>)| {
            let notification_types = kinds.into_iter().collect();
            NotificationConfigurationArgs { topic_arn, notification_types }
        };
        told.into_iter().map(one).collect()
    };
    Ok(seen.set(Group::NOTIFICATION_CONFIGURATIONS, configurations))
}
