//! `aws:cloudwatch:CompositeAlarm`.

use aws_sdk_cloudwatch::types::{self as sdk, AlarmType};
use infra_core::{
    aws::cloudwatch,
    handler::{Deletion, Request, TypedRequest},
    types::Seconds,
};

use super::{actions, delete_alarm, retag, tags};
use crate::{
    aws::Aws,
    error::Answer,
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::{count, int},
    resource::{Resource, not_taken},
    seen::Seen,
    tags::sdk_tags,
};

pub(crate) struct CompositeAlarm;

type Type = cloudwatch::CompositeAlarm;

/// What a request makes of an alarm. Tags are taken of a new one alone.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>, id: &str) -> Answer<()> {
    let args = &request.args;
    let seconds = |period: Option<Seconds>| period.map(|period| int(period.0));
    aws.cloudwatch()
        .put_composite_alarm()
        .alarm_name(id)
        .alarm_rule(&args.alarm_rule)
        .set_alarm_description(args.alarm_description.clone())
        .actions_enabled(args.actions_enabled)
        .set_alarm_actions(Some(actions(&args.alarm_actions)))
        .set_ok_actions(Some(actions(&args.ok_actions)))
        .set_insufficient_data_actions(Some(actions(&args.insufficient_data_actions)))
        .set_actions_suppressor(args.actions_suppressor.as_ref().map(ToString::to_string))
        .set_actions_suppressor_wait_period(seconds(args.actions_suppressor_wait_period))
        .set_actions_suppressor_extension_period(seconds(args.actions_suppressor_extension_period))
        .set_tags(Some(sdk_tags!(aws_sdk_cloudwatch, request.all_tags().0)))
        .send()
        .await?;
    Ok(())
}

fn seen(alarm: &sdk::CompositeAlarm, request: &Request) -> Seen {
    // It can be told by its ARN.
    let suppressor = alarm.actions_suppressor().filter(|name| !name.is_empty());
    let suppressor = suppressor.map(|name| name.split_once(":alarm:").map_or(name, |it| it.1));
    // Without a suppressor these mean nothing.
    let seconds =
        |period: Option<i32>| period.filter(|_| suppressor.is_some()).and_then(count).map(Seconds);
    let wait = seconds(alarm.actions_suppressor_wait_period());
    let extension = seconds(alarm.actions_suppressor_extension_period());
    Seen::new(alarm.alarm_name().unwrap_or_default())
        .text(Type::ALARM_NAME, alarm.alarm_name())
        .text(Type::ALARM_RULE, alarm.alarm_rule())
        .text(Type::ALARM_DESCRIPTION, alarm.alarm_description().filter(|it| !it.is_empty()))
        .set(Type::ACTIONS_ENABLED, alarm.actions_enabled())
        .actions(Type::ALARM_ACTIONS, request, alarm.alarm_actions())
        .actions(Type::OK_ACTIONS, request, alarm.ok_actions())
        .actions(Type::INSUFFICIENT_DATA_ACTIONS, request, alarm.insufficient_data_actions())
        .text(Type::ACTIONS_SUPPRESSOR, suppressor)
        .set(Type::ACTIONS_SUPPRESSOR_WAIT_PERIOD, wait)
        .set(Type::ACTIONS_SUPPRESSOR_EXTENSION_PERIOD, extension)
        .text(Type::ARN, alarm.alarm_arn())
}

impl Resource for CompositeAlarm {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("cloudwatch:PutCompositeAlarm").on(OWN),
        CREATE.and(UPDATE).needs("cloudwatch:TagResource").on(OWN),
        UPDATE.needs("cloudwatch:UntagResource").on(OWN),
        READ.and(LIST).needs("cloudwatch:DescribeAlarms").on(OWN),
        READ.and(LIST).needs("cloudwatch:ListTagsForResource").on(OWN),
        DELETE.needs("cloudwatch:DeleteAlarms").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        not_taken::<Self>(aws, request).await?;
        let name = request.name().unwrap_or_default();
        put(aws, request, name).await?;
        Ok(Seen::new(name).text(Type::ALARM_NAME, Some(name)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request, &request.id).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.cloudwatch().describe_alarms().alarm_names(&*request.id);
        let told = asked.alarm_types(AlarmType::CompositeAlarm).send().await?;
        let Some(alarm) = told.composite_alarms().first() else { return Ok(None) };
        let tags = tags(aws, alarm.alarm_arn().unwrap_or_default()).await?;
        Ok(Some(seen(alarm, request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        delete_alarm::<Self>(aws, request).await
    }

    /// CloudWatch lists alarms without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let asked = aws.cloudwatch().describe_alarms().alarm_types(AlarmType::CompositeAlarm);
        let pages = asked.into_paginator().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for alarm in pages.iter().flat_map(|page| page.composite_alarms()) {
            let tags = tags(aws, alarm.alarm_arn().unwrap_or_default()).await?;
            listed.push(Seen::new(alarm.alarm_name().unwrap_or_default()).tags(tags));
        }
        Ok(listed)
    }
}
