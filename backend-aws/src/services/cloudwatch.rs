//! Amazon CloudWatch.

pub(crate) mod composite_alarm;
pub(crate) mod dashboard;
mod dashboard_body;
pub(crate) mod metric_alarm;
mod metric_query;

use infra_core::{
    aws::{
        FunctionArn, TopicArn,
        cloudwatch::{AlarmAction, AlarmActionArgs},
    },
    dsl::Prop,
    handler::{Deletion, Problem, Request},
    types::IntoValue,
    value::Value,
};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    resource::{Resource, arn_of, is_there},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

/// What an alarm does, by ARN.
fn actions(all: &[AlarmActionArgs]) -> Vec<String> {
    let arn = |action: &AlarmActionArgs| match action {
        AlarmActionArgs::Topic(topic) => topic.to_string(),
        AlarmActionArgs::ScalingPolicy(policy) => policy.clone(),
        AlarmActionArgs::Function(function) => function.to_string(),
    };
    all.iter().map(arn).collect()
}

fn action(arn: &str) -> AlarmActionArgs {
    let topic = || TopicArn::parse(arn).ok().map(AlarmActionArgs::Topic);
    let function = || FunctionArn::parse(arn).ok().map(AlarmActionArgs::Function);
    let known = topic().or_else(function);
    known.unwrap_or_else(|| AlarmActionArgs::ScalingPolicy(arn.to_owned()))
}

impl Seen {
    /// What an alarm does, in whatever order.
    fn actions<R>(
        self,
        prop: Prop<R, Vec<AlarmAction>>,
        request: &Request,
        arns: &[String],
    ) -> Self {
        self.in_any_order(
            prop,
            request,
            Value::list(arns.iter().map(|arn| action(arn).into_value())),
        )
    }
}

/// The tags of a thing, which CloudWatch tells by themselves.
async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.cloudwatch().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let Some(told) = told.if_found()? else { return Ok(vec![]) };
    let tag = |tag: &aws_sdk_cloudwatch::types::Tag| {
        Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()))
    };
    Ok(told.tags().iter().filter_map(tag).collect())
}

/// Brings the tags of a thing up to date.
async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = arn_of(aws, request).await?;
    if !change.remove.is_empty() {
        let untag = aws.cloudwatch().untag_resource().resource_arn(&arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let set = sdk_tags!(aws_sdk_cloudwatch, change.set);
    aws.cloudwatch().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
    Ok(())
}

/// The alarms that go by the state of another one.
async fn parents(aws: &Aws, alarm: &str) -> Answer<Vec<String>> {
    let asked = aws.cloudwatch().describe_alarms().parents_of_alarm_name(alarm);
    let pages = asked.into_paginator().send().collect::<Result<Vec<_>, _>>().await?;
    let parents = pages.iter().flat_map(|page| page.composite_alarms());
    Ok(parents.filter_map(|alarm| Some(format!("the alarm {}", alarm.alarm_name()?))).collect())
}

/// Deletes an alarm; of one that is not there, CloudWatch says nothing.
async fn delete_alarm<R: Resource>(aws: &Aws, request: &Request) -> Answer<Deletion> {
    is_there::<R>(aws, request).await?;
    let gone = aws.cloudwatch().delete_alarms().alarm_names(&*request.id).send().await;
    match gone.map_err(Error::from) {
        Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
            Err(error.in_use(parents(aws, &request.id).await?))
        }
        Err(error) => Err(error),
        Ok(_) => Ok(Deletion::Gone),
    }
}
