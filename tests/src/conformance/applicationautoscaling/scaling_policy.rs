//! The cases of `aws:applicationautoscaling:ScalingPolicy`: what follows a figure, and what goes by
//! steps.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::applicationautoscaling::{
        AdjustmentType, MetricAggregation, PredefinedMetric, PredefinedMetricSpecification,
        ScalableDimension, ScalableTarget, ScalingPolicy, StepAdjustment, StepScaling,
        TargetTracking,
    },
    prelude::*,
};

use crate::conformance::ecs::service::Site;

const TASKS: ScalableDimension = ScalableDimension::EcsServiceDesiredCount;
const CPU: PredefinedMetric = PredefinedMetric::EcsServiceAverageCpuUtilization;
const REQUESTS: PredefinedMetric = PredefinedMetric::AlbRequestCountPerTarget;

/// What two services may be scaled to.
pub(super) fn targets(stack: &Stack) -> [ScalableTarget; 2] {
    let site = Site::new(stack);
    let cluster = site.cluster.cluster_name();
    let mut services = site.services(stack).into_iter();
    ["one", "other"].map(|name| {
        let service = services.next().unwrap().service_name();
        ScalableTarget::named(name)
            .resource_id(interpolate!("service/{cluster}/{service}"))
            .scalable_dimension(TASKS)
            .min_capacity(2_u32)
            .max_capacity(20_u32)
            .create(stack)
    })
}

fn tracking(stack: &Stack, tracking: TargetTracking) {
    let [one, _] = targets(stack);
    ScalingPolicy::named("subject")
        .policy_name("subject")
        .resource_id(one.resource_id())
        .scalable_dimension(TASKS)
        .target_tracking(tracking)
        .create(stack);
}

fn requests(label: &str) -> TargetTracking {
    TargetTracking::new(1000.0, PredefinedMetricSpecification::new(REQUESTS).resource_label(label))
}

fn steps(steps: Vec<StepAdjustment>) -> StepScaling {
    StepScaling::new(AdjustmentType::ChangeInCapacity, steps)
}

fn stepping(stack: &Stack, steps: StepScaling) {
    let [one, _] = targets(stack);
    ScalingPolicy::named("subject")
        .policy_name("subject")
        .resource_id(one.resource_id())
        .scalable_dimension(TASKS)
        .step_scaling(steps)
        .create(stack);
}

const ONE_DIMENSION: (&str, &str) =
    ("scalable_dimension", "a service of ECS has one; another belongs to another resource");

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: ScalingPolicy::definition,
        build: |stack, v| {
            let [one, other] = targets(stack).map(|target| target.resource_id());
            let by_requests = requests("app/web/0123456789abcdef/targetgroup/web/0123456789abcdef")
                .scale_out_cooldown(Seconds(60))
                .scale_in_cooldown(Seconds(300))
                .disable_scale_in(true);
            ScalingPolicy::named("subject")
                .policy_name(v.pick("policy_name", "load", "use"))
                .resource_id(v.pick("resource_id", one, other))
                .scalable_dimension(TASKS)
                .target_tracking(v.pick(
                    "target_tracking",
                    TargetTracking::of(CPU, 60.0),
                    by_requests,
                ))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "target_tracking.target_value",
                build: |stack| tracking(stack, TargetTracking::of(CPU, 0.0)),
                says: "must be more than 0",
            },
            Refused {
                property: "target_tracking.predefined_metric_specification",
                build: |stack| {
                    let readers = PredefinedMetric::RdsReaderAverageCpuUtilization;
                    tracking(stack, TargetTracking::of(readers, 60.0));
                },
                says: "a figure of rds, and what is scaled belongs to ecs",
            },
            Refused {
                property: "target_tracking.predefined_metric_specification.resource_label",
                build: |stack| tracking(stack, TargetTracking::of(REQUESTS, 1000.0)),
                says: "is needed for requests",
            },
            Refused {
                property: "target_tracking.predefined_metric_specification.resource_label",
                build: |stack| tracking(stack, requests("targetgroup/web/0123456789abcdef")),
                says: "is not app/<name>/<id>/targetgroup/<name>/<id>",
            },
            Refused {
                property: "resource_id",
                build: |stack| {
                    ScalingPolicy::named("subject")
                        .policy_name("subject")
                        .resource_id("service/campus/nowhere")
                        .scalable_dimension(TASKS)
                        .target_tracking(TargetTracking::of(CPU, 60.0))
                        .create(stack);
                },
                says: "is not registered as a scalable target",
            },
        ],
        fixed: &[ONE_DIMENSION, ("step_scaling", "the other case")],
        cfn: Cfn {
            name: "AWS::ApplicationAutoScaling::ScalingPolicy",
            differs: &[
                (
                    "StepScalingPolicyConfiguration.AdjustmentType",
                    "required here, as PutScalingPolicy wants it for what goes by steps",
                ),
                (
                    "StepScalingPolicyConfiguration.StepAdjustments",
                    "required here, as PutScalingPolicy wants it for what goes by steps",
                ),
                (
                    "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification",
                    "left out: figures of one's own have alarms, and policies that go by steps",
                ),
                (
                    "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification",
                    "required here, since figures of one's own are left out",
                ),
                (
                    "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.\
                     PredefinedMetricType",
                    "those of tasks and of Aurora's readers; others come with what they scale",
                ),
                ("PolicyType", "which configuration is given says it"),
                ("PredictiveScalingPolicyConfiguration", "left out: it needs two weeks of figures"),
                ("ScalingTargetId", "left out: another way to say `ResourceId` and its dimension"),
                ("ServiceNamespace", "left out: the first part of `ScalableDimension` says it"),
                ("ScalableDimension", "services of which the catalogue has nothing are left out"),
                ("ResourceId", "required here, since `ScalingTargetId` is left out"),
            ],
            renamed: &[
                ("Arn", "policy_arn"),
                ("TargetTrackingScalingPolicyConfiguration", "target_tracking"),
                ("StepScalingPolicyConfiguration", "step_scaling"),
            ],
        },
    },
    Case {
        ty: ScalingPolicy::definition,
        build: |stack, v| {
            let [one, _] = targets(stack);
            let up = StepAdjustment::new(2)
                .metric_interval_lower_bound(0.0)
                .metric_interval_upper_bound(20.0);
            let more = StepAdjustment::new(50).metric_interval_lower_bound(20.0);
            let by_percent = StepScaling::new(AdjustmentType::PercentChangeInCapacity, [more])
                .cooldown(Seconds(60))
                .metric_aggregation_type(MetricAggregation::Maximum)
                .min_adjustment_magnitude(2_u32);
            ScalingPolicy::named("subject")
                .policy_name("steps")
                .resource_id(one.resource_id())
                .scalable_dimension(TASKS)
                .step_scaling(v.pick("step_scaling", steps(vec![up]), by_percent))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "step_scaling.step_adjustments",
                build: |stack| stepping(stack, steps(vec![])),
                says: "has 0 steps; 1 to 20 are allowed",
            },
            Refused {
                property: "step_scaling.step_adjustments[0]",
                build: |stack| {
                    let nothing = StepAdjustment::new(1)
                        .metric_interval_lower_bound(20.0)
                        .metric_interval_upper_bound(10.0);
                    stepping(stack, steps(vec![nothing]));
                },
                says: "reaches from 20 to 10, which is nothing",
            },
        ],
        fixed: &[
            ONE_DIMENSION,
            ("policy_name", "the other case"),
            ("resource_id", "the other case"),
            ("target_tracking", "the other case"),
        ],
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
