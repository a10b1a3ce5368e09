//! [`Scaling`]: by what the number of tasks grows and shrinks.

use infra_core::{
    aws::{
        applicationautoscaling::{
            PredefinedMetric, PredefinedMetricSpecification, ScalableDimension, ScalableTarget,
            ScalableTargetBuilder, ScalingPolicy, TargetTracking,
        },
        ecs::Service,
    },
    dsl::Provided,
    prelude::*,
};

use super::{AppSettings, Foundation};

/// Percent of the CPU that a task may use.
const CPU: f64 = 60.0;

/// Requests a minute for each task. Moodiy's quiz of 300 had 12 a second at its end, 4 for each
/// hundred people: as many as a task of one CPU is sized for (see [`Capacity`](crate::Capacity)).
const REQUESTS: f64 = 240.0;

/// By what the number of tasks grows and shrinks: the policy that wants more wins.
///
/// Requests tell a minute earlier than the CPU that an exam begins, the CPU tells when requests are
/// dear. Instances follow, since tasks that find no room make their group grow.
#[derive(Clone, Copy, Debug)]
pub struct Scaling {
    /// Between which bounds.
    pub target: ScalableTarget,
    /// By the CPU.
    pub cpu: ScalingPolicy,
    /// By requests.
    pub requests: ScalingPolicy,
}

/// By what the number of tasks grows and shrinks that work off what was left for later: their CPU.
///
/// How much is left, and for how long, nobody publishes; a runner that is behind is busy. It is apart
/// from the pages: a thousand imports take none of their tasks, and a quiz none of these.
#[derive(Clone, Copy, Debug)]
pub struct AdhocScaling {
    /// Between which bounds.
    pub target: ScalableTarget,
    /// By the CPU.
    pub cpu: ScalingPolicy,
}

impl Scaling {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        service: &Service,
        settings: &AppSettings,
    ) -> Self {
        let bounds = (settings.min_tasks, settings.max_tasks);
        let target = target("moodle", on, service, bounds);
        let target = if settings.is_scheduled {
            target.ignore_changes(ScalableTarget::MIN_CAPACITY)
        } else {
            target
        };
        let target = target.create(stack);
        let requests =
            PredefinedMetricSpecification::new(PredefinedMetric::AlbRequestCountPerTarget)
                .resource_label(label(on));
        let requests = TargetTracking::new(REQUESTS, requests);
        Self {
            cpu: policy(stack, "cpu", &target, by_cpu()),
            requests: policy(stack, "requests", &target, requests),
            target,
        }
    }
}

impl AdhocScaling {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        service: &Service,
        settings: &AppSettings,
    ) -> Self {
        let bounds = (settings.adhoc, settings.max_adhoc);
        let target = target("adhoc", on, service, bounds).create(stack);
        Self { cpu: policy(stack, "adhoc-cpu", &target, by_cpu()), target }
    }
}

fn by_cpu() -> TargetTracking {
    TargetTracking::of(PredefinedMetric::EcsServiceAverageCpuUtilization, CPU)
}

fn target(
    name: &str,
    on: &Foundation<'_>,
    service: &Service,
    (min, max): (u32, u32),
) -> ScalableTargetBuilder<Provided, Provided, Provided, Provided> {
    let (cluster, service) = (on.hosts.cluster.cluster_name(), service.service_name());
    ScalableTarget::named(name)
        .resource_id(interpolate!("service/{cluster}/{service}"))
        .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
        .min_capacity(min)
        .max_capacity(max)
}

fn policy(
    stack: &Stack,
    name: &str,
    target: &ScalableTarget,
    tracking: TargetTracking,
) -> ScalingPolicy {
    // Grows at once, and shrinks when the rush is over for good.
    let tracking = tracking.scale_out_cooldown(Seconds(60)).scale_in_cooldown(Seconds(300));
    ScalingPolicy::named(name)
        .policy_name(name)
        .resource_id(target.resource_id())
        .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
        .target_tracking(tracking)
        .create(stack)
}

/// The balancer and the target group, as the policy wants them.
fn label(on: &Foundation<'_>) -> Output<String> {
    let (balancer, tasks) = (on.balancer.metric_name(), on.balancer.tasks_metric_name());
    interpolate!("{balancer}/{tasks}")
}
