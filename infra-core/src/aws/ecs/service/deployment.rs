//! How a deployment goes, and what takes it back.

use crate::{
    aws::{AlarmName, FunctionArn, RoleArn},
    prelude::*,
    props,
};

/// How a deployment goes, and what takes it back.
#[props]
pub struct ServiceDeployment {
    /// How old tasks make room for new ones. Default: they roll. AWS: `Strategy`.
    #[prop(default = DeploymentStrategy::Rolling)]
    pub strategy: DeploymentStrategy,
    /// How few tasks run meanwhile, in percent of what there shall be. Default: 100; with `daemon`
    /// 0. AWS: `MinimumHealthyPercent`.
    pub minimum_healthy_percent: Option<u32>,
    /// How many tasks run meanwhile, in percent; there must be room for them. Default: 200; with
    /// `daemon` 100. AWS: `MaximumPercent`.
    pub maximum_percent: Option<u32>,
    /// What ends a deployment whose tasks do not start. Default: nothing. AWS:
    /// `DeploymentCircuitBreaker`.
    pub deployment_circuit_breaker: Option<DeploymentCircuitBreaker>,
    /// Alarms that end a deployment. Default: none. AWS: `Alarms`.
    pub alarms: Option<DeploymentAlarms>,
    /// How long old tasks stay after traffic was shifted, up to 1440 minutes, where deployments do
    /// not roll. Default: AWS's own. AWS: `BakeTimeInMinutes`.
    pub bake_time_in_minutes: Option<Minutes>,
    /// What is called or waited for on the way, where deployments do not roll. Default: nothing.
    /// AWS: `LifecycleHooks`.
    #[prop(default)]
    pub lifecycle_hooks: Vec<DeploymentLifecycleHook>,
    /// How traffic shifts with `canary`. Default: AWS's own. AWS: `CanaryConfiguration`.
    pub canary_configuration: Option<CanaryConfiguration>,
    /// How traffic shifts with `linear`. Default: AWS's own. AWS: `LinearConfiguration`.
    pub linear_configuration: Option<LinearConfiguration>,
}

impl ServiceDeployment {
    /// Tasks roll, and a deployment that fails is taken back.
    pub fn guarded() -> Self {
        Self::new().deployment_circuit_breaker(DeploymentCircuitBreaker::new(true, true))
    }
}

/// How old tasks make room for new ones.
#[props]
pub enum DeploymentStrategy {
    /// A few at a time.
    #[prop("ROLLING")]
    Rolling,
    /// All at once: old and new run together until traffic was shifted.
    #[prop("BLUE_GREEN")]
    BlueGreen,
    /// Traffic shifts in equal steps.
    #[prop("LINEAR")]
    Linear,
    /// A part of the traffic shifts first, then the rest.
    #[prop("CANARY")]
    Canary,
}

/// What ends a deployment whose tasks do not start.
#[props]
pub struct DeploymentCircuitBreaker {
    /// Whether anything does. AWS: `Enable`.
    pub enable: bool,
    /// Whether the deployment before comes back. AWS: `Rollback`.
    pub rollback: bool,
    /// Whether a task that becomes healthy makes earlier failures forgotten. Default: true. AWS:
    /// `ResetOnHealthyTask`.
    #[prop(default = true)]
    pub reset_on_healthy_task: bool,
    /// How many tasks may fail. Default: half of what there shall be, from 3 to 200. AWS:
    /// `ThresholdConfiguration`.
    pub threshold_configuration: Option<ThresholdConfiguration>,
}

/// How many tasks may fail.
#[props]
pub struct ThresholdConfiguration {
    /// How the value is read. AWS: `Type`.
    pub threshold_type: ThresholdType,
    /// The value. AWS: `Value`.
    pub value: u32,
}

/// How a threshold is read.
#[props]
pub enum ThresholdType {
    /// So many tasks.
    #[prop("COUNT")]
    Count,
    /// So many percent of what there shall be, from 3 to 200 tasks.
    #[prop("BOUNDED_PERCENT")]
    BoundedPercent,
    /// So many percent of what there shall be.
    #[prop("UNBOUNDED_PERCENT")]
    UnboundedPercent,
}

/// Alarms that end a deployment.
#[props]
pub struct DeploymentAlarms {
    /// The alarms, by name. AWS: `AlarmNames`.
    pub alarm_names: Vec<AlarmName>,
    /// Whether they do. AWS: `Enable`.
    pub enable: bool,
    /// Whether the deployment before comes back. AWS: `Rollback`.
    pub rollback: bool,
}

/// What is called or waited for on the way of a deployment.
#[props]
pub struct DeploymentLifecycleHook {
    /// When. AWS: `LifecycleStages`.
    pub lifecycle_stages: Vec<DeploymentLifecycleStage>,
    /// Whether a function is called, or somebody is waited for. Default: a function. AWS:
    /// `TargetType`.
    #[prop(default = DeploymentHookTarget::AwsLambda)]
    pub target_type: DeploymentHookTarget,
    /// The function. Default: none. AWS: `HookTargetArn`.
    pub hook_target_arn: Option<FunctionArn>,
    /// The role that ECS acts as to call it. Default: none. AWS: `RoleArn`.
    pub role_arn: Option<RoleArn>,
}

/// Whether a function is called, or somebody is waited for.
#[props]
pub enum DeploymentHookTarget {
    /// A function.
    #[prop("AWS_LAMBDA")]
    AwsLambda,
    /// Somebody.
    #[prop("PAUSE")]
    Pause,
}

/// A stage of a deployment.
#[props(words = "UPPER")]
pub enum DeploymentLifecycleStage {
    /// Several revisions run already.
    ReconcileService,
    /// New tasks are about to start.
    PreScaleUp,
    /// New tasks started.
    PostScaleUp,
    /// Test requests are shifting.
    TestTrafficShift,
    /// Test requests shifted.
    PostTestTrafficShift,
    /// Real requests are about to shift.
    PreProductionTrafficShift,
    /// Real requests are shifting.
    ProductionTrafficShift,
    /// Real requests shifted.
    PostProductionTrafficShift,
}

/// How traffic shifts with `canary`: a part first, then the rest.
#[props]
pub struct CanaryConfiguration {
    /// The part, 0.1 to 100 percent. Default: 5. AWS: `CanaryPercent`.
    #[prop(default = 5.0)]
    pub canary_percent: f64,
    /// How long the rest waits, up to 1440 minutes. Default: 10. AWS: `CanaryBakeTimeInMinutes`.
    #[prop(default = Minutes(10))]
    pub canary_bake_time_in_minutes: Minutes,
}

/// How traffic shifts with `linear`: in equal steps.
#[props]
pub struct LinearConfiguration {
    /// A step, 3 to 100 percent. Default: 10. AWS: `StepPercent`.
    #[prop(default = 10.0)]
    pub step_percent: f64,
    /// How long the next one waits, up to 1440 minutes. Default: 6. AWS: `StepBakeTimeInMinutes`.
    #[prop(default = Minutes(6))]
    pub step_bake_time_in_minutes: Minutes,
}
