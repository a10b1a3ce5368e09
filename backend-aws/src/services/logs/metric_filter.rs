//! `aws:logs:MetricFilter`.

use aws_sdk_cloudwatchlogs::types as sdk;
use infra_core::{
    aws::logs,
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, structure},
    value::Value,
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct MetricFilter;

type Type = logs::MetricFilter;

/// The group and the name of the filter that a request is about.
fn names(request: &Request) -> (&str, &str) {
    let word = |slot| request.inputs.get(slot).as_str().unwrap_or_default();
    (word(Type::LOG_GROUP_NAME.slot), word(Type::FILTER_NAME.slot))
}

fn transformation(args: &logs::MetricTransformationArgs) -> sdk::MetricTransformation {
    let dimensions = args.dimensions.clone().into_iter().collect();
    sdk::MetricTransformation::builder()
        .metric_name(&args.metric_name)
        .metric_namespace(&args.metric_namespace)
        .metric_value(&args.metric_value)
        .set_default_value(args.default_value)
        .set_dimensions(Some(dimensions).filter(|_| !args.dimensions.is_empty()))
        .set_unit(args.unit.map(|unit| unit.as_str().into()))
        .build()
        .expect("what it must have is there")
}

fn told_transformation(told: &sdk::MetricTransformation, recorded: &Value) -> Value {
    // AWS calls no unit the unit `None`.
    let has_unit = |unit: &&sdk::StandardUnit| {
        **unit != sdk::StandardUnit::None || recorded.field("unit").is_some()
    };
    let dimensions = told.dimensions().into_iter().flatten();
    let dimensions = dimensions.map(|(name, of)| (name.as_str(), of.as_str().into()));
    structure([
        ("metric_name", told.metric_name().into()),
        ("metric_namespace", told.metric_namespace().into()),
        ("metric_value", told.metric_value().into()),
        ("default_value", told.default_value().into_value()),
        ("dimensions", Value::map(dimensions)),
        ("unit", told.unit().filter(has_unit).map_or(Value::Null, |unit| unit.as_str().into())),
    ])
}

/// Puts the whole filter; what it does not say is gone.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (group, name) = names(request);
    let args = &request.args;
    aws.logs()
        .put_metric_filter()
        .log_group_name(group)
        .filter_name(name)
        .filter_pattern(&args.filter_pattern)
        .metric_transformations(transformation(&args.metric_transformation))
        .apply_on_transformed_logs(args.apply_on_transformed_logs)
        .send()
        .await?;
    Ok(())
}

/// The filter with a name, among those whose names begin so.
async fn one(aws: &Aws, group: &str, name: &str) -> Answer<Option<sdk::MetricFilter>> {
    let asked = aws.logs().describe_metric_filters().log_group_name(group);
    let mut pages = asked.filter_name_prefix(name).into_paginator().items().send();
    while let Some(filter) = pages.next().await {
        // Its group may have gone, and it with that.
        let Some(filter) = filter.if_found()? else { return Ok(None) };
        if filter.filter_name() == Some(name) {
            return Ok(Some(filter));
        }
    }
    Ok(None)
}

const GROUP: &[On] = &[
    On::Arn("arn:aws:logs:{region}:{account}:log-group:{log_group_name}"),
    On::Arn("arn:aws:logs:{region}:{account}:log-group:{log_group_name}:*"),
];

impl Resource for MetricFilter {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("logs:PutMetricFilter").on(GROUP),
        READ.needs("logs:DescribeMetricFilters").on(GROUP),
        DELETE.needs("logs:DeleteMetricFilter").on(GROUP),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (group, name) = names(request);
        let Some(filter) = one(aws, group, name).await? else { return Ok(None) };
        // A program has one, and so has every filter.
        let to = filter.metric_transformations().first();
        let recorded = request.inputs.get(Type::METRIC_TRANSFORMATION.slot);
        let to = to.map_or(Value::Null, |to| told_transformation(to, recorded));
        let seen = Seen::new(&*request.id)
            .text(Type::LOG_GROUP_NAME, Some(group))
            .text(Type::FILTER_NAME, filter.filter_name())
            .text(Type::FILTER_PATTERN, Some(filter.filter_pattern().unwrap_or_default()))
            .structured(Type::METRIC_TRANSFORMATION, request, to)
            .set(Type::APPLY_ON_TRANSFORMED_LOGS, filter.apply_on_transformed_logs());
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (group, name) = names(request);
        let delete = aws.logs().delete_metric_filter().log_group_name(group);
        delete.filter_name(name).send().await?;
        Ok(Deletion::Gone)
    }
}
