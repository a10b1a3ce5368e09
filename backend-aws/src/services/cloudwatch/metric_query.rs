//! Metrics and formulas, in CloudWatch's form and back.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types as sdk;
use infra_core::{
    aws::cloudwatch::{MetricDataQueryArgs, MetricStatArgs},
    types::{IntoValue, structure},
    value::Value,
};

use crate::plain::{count, int};

pub(super) fn dimensions(all: &BTreeMap<String, String>) -> Vec<sdk::Dimension> {
    let dimension =
        |(name, value): (&String, &String)| sdk::Dimension::builder().name(name).value(value);
    all.iter().map(|pair| dimension(pair).build()).collect()
}

pub(super) fn told_dimensions(all: &[sdk::Dimension]) -> Value {
    let pair = |it: &sdk::Dimension| Some((it.name()?.to_owned(), Value::from(it.value()?)));
    Value::map(all.iter().filter_map(pair))
}

fn metric_stat(stat: &MetricStatArgs) -> sdk::MetricStat {
    let metric = sdk::Metric::builder()
        .namespace(&stat.namespace)
        .metric_name(&stat.metric_name)
        .set_dimensions(Some(dimensions(&stat.dimensions)));
    sdk::MetricStat::builder()
        .metric(metric.build())
        .period(int(stat.period.0))
        .stat(stat.stat.to_string())
        .set_unit(stat.unit.map(|unit| unit.as_str().into()))
        .build()
}

pub(super) fn query(query: &MetricDataQueryArgs) -> sdk::MetricDataQuery {
    sdk::MetricDataQuery::builder()
        .id(&query.id)
        .set_expression(query.expression.clone())
        .set_metric_stat(query.metric_stat.as_ref().map(metric_stat))
        .set_label(query.label.clone())
        .set_period(query.period.map(|period| int(period.0)))
        .return_data(query.return_data)
        .set_account_id(query.account_id.clone())
        .build()
}

fn told_stat(stat: &sdk::MetricStat) -> Value {
    let metric = stat.metric();
    structure([
        ("namespace", metric.and_then(|it| it.namespace.clone()).into_value()),
        ("metric_name", metric.and_then(|it| it.metric_name.clone()).into_value()),
        ("stat", stat.stat.clone().into_value()),
        ("period", stat.period().and_then(count).into_value()),
        ("dimensions", told_dimensions(metric.map(sdk::Metric::dimensions).unwrap_or_default())),
        ("unit", stat.unit().map_or(Value::Null, |unit| unit.as_str().into())),
    ])
}

pub(super) fn told(query: &sdk::MetricDataQuery) -> Value {
    structure([
        ("id", query.id.clone().into_value()),
        ("expression", query.expression.clone().into_value()),
        ("metric_stat", query.metric_stat().map_or(Value::Null, told_stat)),
        ("label", query.label.clone().into_value()),
        ("period", query.period().and_then(count).into_value()),
        // CloudWatch shows what is not said to be hidden.
        ("return_data", query.return_data().unwrap_or(true).into_value()),
        ("account_id", query.account_id.clone().into_value()),
    ])
}
