//! `aws:rds:EventSubscription`.

use aws_sdk_rds::types as sdk;
use infra_core::{
    aws::rds::{self, EventSourceArgs},
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, PropertyType},
    value::Value,
};

use super::{new_tags, retag, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct EventSubscription;

type Type = rds::EventSubscription;

const INSTANCES: &str = "db-instance";
const CLUSTERS: &str = "db-cluster";
const SNAPSHOTS: &str = "db-cluster-snapshot";
const PARAMETERS: &str = "db-parameter-group";

/// AWS's words for what is told of: the kind, and the names of things of that kind.
fn words(source: Option<&EventSourceArgs>) -> (Option<&'static str>, Vec<String>) {
    fn texts(ids: &[impl ToString]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }
    match source {
        None => (None, vec![]),
        Some(EventSourceArgs::DbInstances(ids)) => (Some(INSTANCES), texts(ids)),
        Some(EventSourceArgs::DbClusters(ids)) => (Some(CLUSTERS), texts(ids)),
        Some(EventSourceArgs::DbClusterSnapshots(ids)) => (Some(SNAPSHOTS), texts(ids)),
        Some(EventSourceArgs::DbParameterGroups(ids)) => (Some(PARAMETERS), texts(ids)),
    }
}

/// What is told of, as the program says it. AWS puts names into an order of its own.
fn source(subscription: &sdk::EventSubscription, recorded: &Value) -> Value {
    let kind = subscription.source_type().filter(|kind| !kind.is_empty());
    let mut ids = subscription.source_ids_list().to_vec();
    let known = rds::EventSource::decode(recorded).ok();
    let (known_kind, known_ids) = words(known.as_ref());
    let mut sorted = known_ids.clone();
    sorted.sort_unstable();
    ids.sort_unstable();
    if kind == known_kind && ids == sorted {
        return recorded.clone();
    }
    fn parsed<T>(ids: &[String], parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        ids.iter().filter_map(|id| parse(id).ok()).collect()
    }
    let told = match kind {
        Some(INSTANCES) => {
            EventSourceArgs::DbInstances(parsed(&ids, infra_core::aws::DbInstanceIdentifier::parse))
        }
        Some(CLUSTERS) => {
            EventSourceArgs::DbClusters(parsed(&ids, infra_core::aws::DbClusterIdentifier::parse))
        }
        Some(SNAPSHOTS) => EventSourceArgs::DbClusterSnapshots(parsed(
            &ids,
            infra_core::aws::DbClusterSnapshotIdentifier::parse,
        )),
        Some(PARAMETERS) => EventSourceArgs::DbParameterGroups(parsed(
            &ids,
            infra_core::aws::DbParameterGroupName::parse,
        )),
        // Of a kind that the catalogue does not have: it is none that a program gave.
        _ => return Value::Null,
    };
    told.into_value()
}

fn seen(subscription: &sdk::EventSubscription) -> Seen {
    let name = subscription.cust_subscription_id();
    Seen::new(name.unwrap_or_default())
        .text(Type::SNS_TOPIC_ARN, subscription.sns_topic_arn())
        .texts(Type::EVENT_CATEGORIES, subscription.event_categories_list())
        .set(Type::ENABLED, subscription.enabled())
        .text(Type::SUBSCRIPTION_NAME, name)
        .text(Type::EVENT_SUBSCRIPTION_ARN, subscription.event_subscription_arn())
        .state(
            subscription.status(),
            &["active"],
            &["deleting"],
            &["no-permission", "topic-not-exist"],
        )
}

fn categories(args: &rds::EventSubscriptionArgs) -> Vec<String> {
    args.event_categories.iter().map(|category| category.as_str().to_owned()).collect()
}

async fn told(aws: &Aws, name: &str) -> Answer<Option<sdk::EventSubscription>> {
    let asked = aws.rds().describe_event_subscriptions().subscription_name(name);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.event_subscriptions_list().first().cloned()))
}

async fn remove(aws: &Aws, name: &str, id: &str) -> Answer<()> {
    let remove = aws.rds().remove_source_identifier_from_subscription();
    remove.subscription_name(name).source_identifier(id).send().await?;
    Ok(())
}

/// Names are of one kind: those of another one go before the kind changes, and else at the end, as
/// a subscription without names is one to everything.
async fn modify(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (args, name) = (&request.args, &*request.id);
    let (kind, ids) = words(args.source.as_ref());
    let told = told(aws, name).await?;
    let had_kind = told.as_ref().and_then(|told| told.source_type());
    let had = told.as_ref().map(|told| told.source_ids_list()).unwrap_or_default();
    let gone: Vec<&String> = had.iter().filter(|id| !ids.contains(id)).collect();
    let other_kind = had_kind != kind;
    if other_kind {
        for id in &gone {
            remove(aws, name, id).await?;
        }
    }
    let modify = aws.rds().modify_event_subscription().subscription_name(name);
    modify
        .sns_topic_arn(args.sns_topic_arn.as_str())
        .source_type(kind.unwrap_or_default())
        .set_event_categories(Some(categories(args)))
        .enabled(args.enabled)
        .send()
        .await?;
    for id in ids.iter().filter(|id| !had.contains(id)) {
        let add = aws.rds().add_source_identifier_to_subscription().subscription_name(name);
        add.source_identifier(id).send().await?;
    }
    if !other_kind {
        for id in &gone {
            remove(aws, name, id).await?;
        }
    }
    Ok(())
}

impl Resource for EventSubscription {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("rds:AddTagsToResource").on(OWN),
        CREATE.needs("rds:CreateEventSubscription").on(OWN),
        UPDATE.needs("rds:AddSourceIdentifierToSubscription").on(OWN),
        UPDATE.needs("rds:ModifyEventSubscription").on(OWN),
        UPDATE.needs("rds:RemoveSourceIdentifierFromSubscription").on(OWN),
        UPDATE.needs("rds:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("rds:DescribeEventSubscriptions").on(OWN),
        READ.and(LIST).needs("rds:ListTagsForResource").on(OWN),
        DELETE.needs("rds:DeleteEventSubscription").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let (kind, ids) = words(args.source.as_ref());
        let made = aws
            .rds()
            .create_event_subscription()
            .set_subscription_name(request.name().map(str::to_owned))
            .sns_topic_arn(args.sns_topic_arn.as_str())
            .set_source_type(kind.map(str::to_owned))
            .set_source_ids((!ids.is_empty()).then_some(ids))
            .set_event_categories((!args.event_categories.is_empty()).then(|| categories(args)))
            .enabled(args.enabled)
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("rds", "CreateEventSubscription", "EventSubscription");
        Ok(seen(made.event_subscription().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["sns_topic_arn", "source", "event_categories", "enabled"]) {
            modify(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(told) = told(aws, &request.id).await? else { return Ok(None) };
        let Some(tags) = tags_of(aws, told.event_subscription_arn()).await? else {
            return Ok(None);
        };
        let source = source(&told, request.inputs.get(Type::SOURCE.slot));
        Ok(Some(seen(&told).value(Type::SOURCE, source).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.rds().delete_event_subscription();
        delete.subscription_name(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.rds().describe_event_subscriptions().into_paginator().items().send();
        let mut listed = vec![];
        for subscription in all.collect::<Result<Vec<_>, _>>().await? {
            if let Some(tags) = tags_of(aws, subscription.event_subscription_arn()).await? {
                listed.push(seen(&subscription).tags(tags));
            }
        }
        Ok(listed)
    }
}
