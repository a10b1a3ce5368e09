//! `aws:applicationautoscaling:ScalingPolicy`.

use aws_sdk_applicationautoscaling::types::{self as sdk, PolicyType};
use infra_core::{
    aws::applicationautoscaling::{
        self, MetricAggregation, PredefinedMetricSpecificationArgs, ScalingPolicyArgs,
        StepAdjustmentArgs, StepScalingArgs, TargetTrackingArgs,
    },
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, Seconds},
    value::Value,
};

use super::{int, parts, service, unsigned};
use crate::{
    alike::{alike, word},
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct ScalingPolicy;

type Type = applicationautoscaling::ScalingPolicy;

fn seconds(told: Option<i32>) -> Option<Seconds> {
    told.map(|seconds| Seconds(unsigned(seconds)))
}

fn tracking(args: &TargetTrackingArgs) -> sdk::TargetTrackingScalingPolicyConfiguration {
    let metric = &args.predefined_metric_specification;
    let metric = sdk::PredefinedMetricSpecification::builder()
        .predefined_metric_type(metric.predefined_metric_type.as_str().into())
        .set_resource_label(metric.resource_label.clone())
        .build()
        .expect("the figure is there");
    sdk::TargetTrackingScalingPolicyConfiguration::builder()
        .target_value(args.target_value)
        .predefined_metric_specification(metric)
        .set_scale_out_cooldown(args.scale_out_cooldown.map(|it| int(it.0)))
        .set_scale_in_cooldown(args.scale_in_cooldown.map(|it| int(it.0)))
        .disable_scale_in(args.disable_scale_in)
        .build()
        .expect("the value is there")
}

/// `None` if it follows a figure that the catalogue does not have.
fn tracking_seen(
    told: &sdk::TargetTrackingScalingPolicyConfiguration,
) -> Option<TargetTrackingArgs> {
    let metric = told.predefined_metric_specification()?;
    Some(TargetTrackingArgs {
        target_value: told.target_value(),
        predefined_metric_specification: PredefinedMetricSpecificationArgs {
            predefined_metric_type: word(metric.predefined_metric_type().as_str())?,
            resource_label: metric.resource_label().map(str::to_owned),
        },
        scale_out_cooldown: seconds(told.scale_out_cooldown()),
        scale_in_cooldown: seconds(told.scale_in_cooldown()),
        disable_scale_in: told.disable_scale_in().unwrap_or_default(),
    })
}

fn steps(args: &StepScalingArgs) -> sdk::StepScalingPolicyConfiguration {
    let step = |step: &StepAdjustmentArgs| {
        sdk::StepAdjustment::builder()
            .scaling_adjustment(step.scaling_adjustment)
            .set_metric_interval_lower_bound(step.metric_interval_lower_bound)
            .set_metric_interval_upper_bound(step.metric_interval_upper_bound)
            .build()
            .expect("the adjustment is there")
    };
    sdk::StepScalingPolicyConfiguration::builder()
        .adjustment_type(args.adjustment_type.as_str().into())
        .set_step_adjustments(Some(args.step_adjustments.iter().map(step).collect()))
        .set_cooldown(args.cooldown.map(|it| int(it.0)))
        .metric_aggregation_type(args.metric_aggregation_type.as_str().into())
        .set_min_adjustment_magnitude(args.min_adjustment_magnitude.map(int))
        .build()
}

fn steps_seen(told: &sdk::StepScalingPolicyConfiguration) -> Option<StepScalingArgs> {
    let step = |step: &sdk::StepAdjustment| StepAdjustmentArgs {
        scaling_adjustment: step.scaling_adjustment(),
        metric_interval_lower_bound: step.metric_interval_lower_bound(),
        metric_interval_upper_bound: step.metric_interval_upper_bound(),
    };
    let aggregation = told.metric_aggregation_type().map(|it| it.as_str());
    Some(StepScalingArgs {
        adjustment_type: word(told.adjustment_type()?.as_str())?,
        step_adjustments: told.step_adjustments().iter().map(step).collect(),
        cooldown: seconds(told.cooldown()),
        metric_aggregation_type: aggregation.map_or(Some(MetricAggregation::Average), word)?,
        min_adjustment_magnitude: told.min_adjustment_magnitude().map(unsigned),
    })
}

/// Whether AWS filled it in: how long it waits depends on what is scaled.
fn filled(field: &str, _: &Value, _: &Value) -> bool {
    ["cooldown", "scale_in_cooldown", "scale_out_cooldown", "min_adjustment_magnitude"]
        .contains(&field)
}

fn id_of(resource: &str, dimension: &str, name: &str) -> String {
    format!("{resource}/{dimension}/{name}")
}

fn seen(request: &Request, policy: &sdk::ScalingPolicy) -> Seen {
    let dimension = policy.scalable_dimension().as_str();
    let part = |slot, told: Option<Value>| {
        told.map(|told| alike(request.inputs.get(slot), &told, &filled)).unwrap_or_default()
    };
    let tracking = policy.target_tracking_scaling_policy_configuration().and_then(tracking_seen);
    let steps = policy.step_scaling_policy_configuration().and_then(steps_seen);
    Seen::new(id_of(policy.resource_id(), dimension, policy.policy_name()))
        .text(Type::POLICY_NAME, Some(policy.policy_name()))
        .text(Type::RESOURCE_ID, Some(policy.resource_id()))
        .text(Type::SCALABLE_DIMENSION, Some(dimension))
        .value(
            Type::TARGET_TRACKING,
            part(Type::TARGET_TRACKING.slot, tracking.map(IntoValue::into_value)),
        )
        .value(Type::STEP_SCALING, part(Type::STEP_SCALING.slot, steps.map(IntoValue::into_value)))
        .text(Type::POLICY_ARN, Some(policy.policy_arn()))
}

/// The one call that makes a policy and changes it; says its ARN.
async fn put(aws: &Aws, args: &ScalingPolicyArgs) -> Answer<String> {
    let dimension = args.scalable_dimension.as_str();
    let kind = match args.target_tracking {
        Some(_) => PolicyType::TargetTrackingScaling,
        None => PolicyType::StepScaling,
    };
    let put = aws
        .applicationautoscaling()
        .put_scaling_policy()
        .policy_name(&args.policy_name)
        .service_namespace(service(dimension).into())
        .resource_id(&args.resource_id)
        .scalable_dimension(dimension.into())
        .policy_type(kind)
        .set_target_tracking_scaling_policy_configuration(
            args.target_tracking.as_ref().map(tracking),
        )
        .set_step_scaling_policy_configuration(args.step_scaling.as_ref().map(steps))
        .send()
        .await?;
    Ok(put.policy_arn)
}

const TARGET: &[On] =
    &[On::Arn("arn:aws:application-autoscaling:{region}:{account}:scalable-target/*")];
const ALARMS: &[On] = &[On::Arn("arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-*")];

impl Resource for ScalingPolicy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("application-autoscaling:PutScalingPolicy").on(TARGET),
        READ.needs("application-autoscaling:DescribeScalingPolicies"),
        DELETE.needs("application-autoscaling:DeleteScalingPolicy").on(TARGET),
        CREATE
            .and(UPDATE)
            .and(DELETE)
            .needs("cloudwatch:DescribeAlarms")
            .on(&[On::Arn("arn:aws:cloudwatch:{region}:{account}:alarm:*")]),
        CREATE.and(UPDATE).needs("cloudwatch:PutMetricAlarm").on(ALARMS),
        CREATE.and(UPDATE).and(DELETE).needs("cloudwatch:DeleteAlarms").on(ALARMS),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let arn = put(aws, args).await?;
        let id = id_of(&args.resource_id, args.scalable_dimension.as_str(), &args.policy_name);
        Ok(Seen::new(id).text(Type::POLICY_ARN, Some(arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, &request.args).await.map(|_| ())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some((resource, dimension, name)) = parts(&request.id) else { return Ok(None) };
        let ask = aws.applicationautoscaling().describe_scaling_policies().policy_names(name);
        let ask = ask.service_namespace(service(dimension).into()).resource_id(resource);
        let told = ask.scalable_dimension(dimension.into()).send().await.if_found()?;
        let policies = told.and_then(|told| told.scaling_policies).unwrap_or_default();
        Ok(policies.first().map(|policy| seen(request, policy)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (resource, dimension, name) = parts(&request.id).unwrap_or_default();
        let delete = aws.applicationautoscaling().delete_scaling_policy().policy_name(name);
        let delete = delete.service_namespace(service(dimension).into()).resource_id(resource);
        delete.scalable_dimension(dimension.into()).send().await?;
        Ok(Deletion::Gone)
    }
}
