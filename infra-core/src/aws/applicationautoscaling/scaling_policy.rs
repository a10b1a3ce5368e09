//! AWS: application-autoscaling PutScalingPolicy, DescribeScalingPolicies, DeleteScalingPolicy.

use super::ScalableDimension;
use crate::{prelude::*, props, resource};

/// By what something grows and shrinks between the bounds of its
/// [`ScalableTarget`](super::ScalableTarget).
///
/// Of several policies the one that wants most wins; it shrinks when all want less. AWS makes
/// CloudWatch alarms for a policy that follows a figure, and takes them along.
///
/// ```
/// use infra_core::{
///     aws::applicationautoscaling::{
///         PredefinedMetric, ScalableDimension, ScalableTarget, ScalingPolicy, TargetTracking,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let target = ScalableTarget::named("web")
///     .resource_id("service/campus/web")
///     .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
///     .min_capacity(2_u32)
///     .max_capacity(20_u32)
///     .create(&stack);
/// ScalingPolicy::named("cpu")
///     .policy_name("cpu")
///     .resource_id(target.resource_id())
///     .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
///     .target_tracking(TargetTracking::of(PredefinedMetric::EcsServiceAverageCpuUtilization, 60.0))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:applicationautoscaling:ScalingPolicy",
    key(resource_id, scalable_dimension, policy_name),
    one_of(target_tracking, step_scaling),
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct ScalingPolicy {
    /// The name, unique among the policies of a target, up to 256 characters. Changing it replaces
    /// the policy. AWS: `PolicyName`.
    #[prop(replace)]
    pub policy_name: String,
    /// What is scaled, as its target says it; an output of the target makes the policy wait for it.
    /// Changing it replaces the policy. AWS: `ResourceId`.
    #[prop(replace)]
    pub resource_id: String,
    /// What of it is scaled, as its target says it. Changing it replaces the policy. AWS:
    /// `ScalableDimension` and `ServiceNamespace`.
    #[prop(replace)]
    pub scalable_dimension: ScalableDimension,
    /// Keeps a figure near a value. Changes in place. AWS:
    /// `TargetTrackingScalingPolicyConfiguration`.
    pub target_tracking: Option<TargetTracking>,
    /// Grows or shrinks by steps when an alarm says so. Changes in place. AWS:
    /// `StepScalingPolicyConfiguration`.
    pub step_scaling: Option<StepScaling>,
    /// The ARN, for the actions of alarms. AWS: `PolicyARN`.
    #[output(at = exists)]
    pub policy_arn: String,
}

/// Keeps a figure near a value.
#[props]
pub struct TargetTracking {
    /// The value, above 0: percent for a use, a number for requests. AWS: `TargetValue`.
    pub target_value: f64,
    /// The figure. AWS: `PredefinedMetricSpecification`.
    pub predefined_metric_specification: PredefinedMetricSpecification,
    /// How long it waits after it grew. Default: as AWS has it for what is scaled, 300 s for tasks.
    /// AWS: `ScaleOutCooldown`.
    pub scale_out_cooldown: Option<Seconds>,
    /// How long it waits after it shrank. Default: as for growing. AWS: `ScaleInCooldown`.
    pub scale_in_cooldown: Option<Seconds>,
    /// Whether it never shrinks. Default: false. AWS: `DisableScaleIn`.
    #[prop(default = false)]
    pub disable_scale_in: bool,
}

impl TargetTracking {
    /// Keeps a figure that needs no label near a value.
    pub fn of(metric: PredefinedMetric, target: f64) -> Self {
        Self::new(target, PredefinedMetricSpecification::new(metric))
    }
}

/// A figure that AWS knows.
#[props]
pub struct PredefinedMetricSpecification {
    /// Which. AWS: `PredefinedMetricType`.
    pub predefined_metric_type: PredefinedMetric,
    /// Of [`PredefinedMetric::AlbRequestCountPerTarget`], which it needs: the ends of the load
    /// balancer's and the target group's ARN,
    /// `app/<name>/<id>/targetgroup/<name>/<id>`. AWS: `ResourceLabel`.
    pub resource_label: Option<String>,
}

/// A figure that AWS knows.
#[props]
pub enum PredefinedMetric {
    /// Requests a minute for each target of a load balancer.
    #[prop("ALBRequestCountPerTarget")]
    AlbRequestCountPerTarget,
    /// Percent of the CPU that the tasks of a service may use.
    #[prop("ECSServiceAverageCPUUtilization")]
    EcsServiceAverageCpuUtilization,
    /// Percent of the memory that the tasks of a service may use.
    #[prop("ECSServiceAverageMemoryUtilization")]
    EcsServiceAverageMemoryUtilization,
    /// Percent of the CPU of a cluster's readers.
    #[prop("RDSReaderAverageCPUUtilization")]
    RdsReaderAverageCpuUtilization,
    /// Connections to each of a cluster's readers.
    #[prop("RDSReaderAverageDatabaseConnections")]
    RdsReaderAverageDatabaseConnections,
}

/// Grows or shrinks by steps when an alarm says so.
#[props]
pub struct StepScaling {
    /// What the steps count. AWS: `AdjustmentType`.
    pub adjustment_type: AdjustmentType,
    /// The steps, up to 20. AWS: `StepAdjustments`.
    pub step_adjustments: Vec<StepAdjustment>,
    /// How long it waits before it goes on. Default: as AWS has it for what is scaled. AWS:
    /// `Cooldown`.
    pub cooldown: Option<Seconds>,
    /// How the alarm's figures of a period are put together. Default: their average. AWS:
    /// `MetricAggregationType`.
    #[prop(default = MetricAggregation::Average)]
    pub metric_aggregation_type: MetricAggregation,
    /// Of percent: how much it changes at least. Default: 1. AWS: `MinAdjustmentMagnitude`.
    pub min_adjustment_magnitude: Option<u32>,
}

/// What steps count.
#[props(words = "exact")]
pub enum AdjustmentType {
    /// How many more or less.
    ChangeInCapacity,
    /// How many there shall be.
    ExactCapacity,
    /// How many percent more or less.
    PercentChangeInCapacity,
}

/// How an alarm's figures of a period are put together.
#[props(words = "exact")]
pub enum MetricAggregation {
    /// Their average.
    Average,
    /// The least of them.
    Minimum,
    /// The largest of them.
    Maximum,
}

/// A step.
#[props]
pub struct StepAdjustment {
    /// By how much. AWS: `ScalingAdjustment`.
    pub scaling_adjustment: i32,
    /// From how far above the alarm's threshold. Default: from minus infinity. AWS:
    /// `MetricIntervalLowerBound`.
    pub metric_interval_lower_bound: Option<f64>,
    /// Up to how far above it. Default: to infinity. AWS: `MetricIntervalUpperBound`.
    pub metric_interval_upper_bound: Option<f64>,
}
