//! `aws:cloudwatch:MetricAlarm`.

use aws_sdk_cloudwatch::types::{self as sdk, AlarmType};
use infra_core::{
    aws::cloudwatch::{self, Statistic},
    handler::{Deletion, Request, TypedRequest},
    types::Seconds,
    value::Value,
};

use super::{
    actions, delete_alarm, metric_query,
    metric_query::{dimensions, told_dimensions},
    retag, tags,
};
use crate::{
    aws::Aws,
    error::Answer,
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::{count, int},
    resource::{Resource, not_taken},
    seen::Seen,
    tags::sdk_tags,
};

pub(crate) struct MetricAlarm;

type Type = cloudwatch::MetricAlarm;

/// What a request makes of an alarm. Tags are taken of a new one alone.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>, id: &str) -> Answer<()> {
    let args = &request.args;
    let (simple, extended) = match &args.statistic {
        Some(Statistic::Extended(_)) => (None, args.statistic.as_ref().map(ToString::to_string)),
        simple => (simple.as_ref().map(|it| it.to_string().as_str().into()), None),
    };
    let queries = args.metrics.as_ref();
    let band = args.threshold_metric_id.clone();
    aws.cloudwatch()
        .put_metric_alarm()
        .alarm_name(id)
        .set_alarm_description(args.alarm_description.clone())
        .set_namespace(args.namespace.clone())
        .set_metric_name(args.metric_name.clone())
        .set_dimensions(Some(dimensions(&args.dimensions)).filter(|all| !all.is_empty()))
        .set_statistic(simple)
        .set_extended_statistic(extended)
        .set_period(args.period.map(|period| int(period.0)))
        .set_unit(args.unit.map(|unit| unit.as_str().into()))
        .set_metrics(queries.map(|all| all.iter().map(metric_query::query).collect()))
        .comparison_operator(args.comparison_operator.as_str().into())
        .set_threshold(args.threshold)
        .set_threshold_metric_id(band)
        .evaluation_periods(int(args.evaluation_periods))
        .set_datapoints_to_alarm(args.datapoints_to_alarm.map(int))
        .treat_missing_data(args.treat_missing_data.as_str())
        .set_evaluate_low_sample_count_percentile(
            args.evaluate_low_sample_count_percentile.map(|it| it.as_str().to_owned()),
        )
        .actions_enabled(args.actions_enabled)
        .set_alarm_actions(Some(actions(&args.alarm_actions)))
        .set_ok_actions(Some(actions(&args.ok_actions)))
        .set_insufficient_data_actions(Some(actions(&args.insufficient_data_actions)))
        .set_tags(Some(sdk_tags!(aws_sdk_cloudwatch, request.all_tags().0)))
        .send()
        .await?;
    Ok(())
}

fn seen(alarm: &sdk::MetricAlarm, request: &Request) -> Seen {
    let statistic = alarm.statistic().map(sdk::Statistic::as_str);
    let queries = Value::list(alarm.metrics().iter().map(metric_query::told));
    // Where the program does not say how many, CloudWatch counts them all.
    let all = request.inputs.get(Type::DATAPOINTS_TO_ALARM.slot).is_null();
    let points = alarm.datapoints_to_alarm();
    let points = points.filter(|_| !all || points != alarm.evaluation_periods());
    Seen::new(alarm.alarm_name().unwrap_or_default())
        .text(Type::ALARM_NAME, alarm.alarm_name())
        .text(Type::ALARM_DESCRIPTION, alarm.alarm_description().filter(|it| !it.is_empty()))
        .text(Type::NAMESPACE, alarm.namespace())
        .text(Type::METRIC_NAME, alarm.metric_name())
        .value(Type::DIMENSIONS, told_dimensions(alarm.dimensions()))
        .text(Type::STATISTIC, statistic.or(alarm.extended_statistic()))
        .set(Type::PERIOD, alarm.period().and_then(count).map(Seconds))
        .text(Type::UNIT, alarm.unit().map(sdk::StandardUnit::as_str))
        .text(Type::COMPARISON_OPERATOR, alarm.comparison_operator().map(|it| it.as_str()))
        .set(Type::THRESHOLD, alarm.threshold())
        .text(Type::THRESHOLD_METRIC_ID, alarm.threshold_metric_id())
        .set(Type::EVALUATION_PERIODS, alarm.evaluation_periods().and_then(count))
        .set(Type::DATAPOINTS_TO_ALARM, points.and_then(count))
        .text(Type::TREAT_MISSING_DATA, alarm.treat_missing_data())
        .text(
            Type::EVALUATE_LOW_SAMPLE_COUNT_PERCENTILE,
            alarm.evaluate_low_sample_count_percentile(),
        )
        .set(Type::ACTIONS_ENABLED, alarm.actions_enabled())
        .actions(Type::ALARM_ACTIONS, request, alarm.alarm_actions())
        .actions(Type::OK_ACTIONS, request, alarm.ok_actions())
        .actions(Type::INSUFFICIENT_DATA_ACTIONS, request, alarm.insufficient_data_actions())
        .text(Type::ARN, alarm.alarm_arn())
        .structured(Type::METRICS, request, queries)
}

impl Resource for MetricAlarm {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("cloudwatch:PutMetricAlarm").on(OWN),
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
        let told = asked.alarm_types(AlarmType::MetricAlarm).send().await?;
        let Some(alarm) = told.metric_alarms().first() else { return Ok(None) };
        let tags = tags(aws, alarm.alarm_arn().unwrap_or_default()).await?;
        Ok(Some(seen(alarm, request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        delete_alarm::<Self>(aws, request).await
    }

    /// CloudWatch lists alarms without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let asked = aws.cloudwatch().describe_alarms().alarm_types(AlarmType::MetricAlarm);
        let pages = asked.into_paginator().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for alarm in pages.iter().flat_map(|page| page.metric_alarms()) {
            let tags = tags(aws, alarm.alarm_arn().unwrap_or_default()).await?;
            listed.push(Seen::new(alarm.alarm_name().unwrap_or_default()).tags(tags));
        }
        Ok(listed)
    }
}
