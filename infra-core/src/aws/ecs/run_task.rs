//! AWS: ecs RunTask, StopTask, DescribeTasks.

use std::collections::BTreeMap;

use super::{
    CapacityProviderStrategyItem, LaunchType, NetworkConfiguration, PlacementConstraint,
    PlacementStrategy,
};
use crate::{
    aws::{ClusterName, RoleArn, TaskArn, TaskDefinitionArn},
    prelude::*,
    props, task,
};

/// Runs a task of a cluster to its end, once for every change of what it is given: an installation,
/// an upgrade.
///
/// It may run more than once, and must come to the same then. It fails when a container that is
/// essential ends with a code that is not accepted, when a container does not start, or when
/// `time_limit` is over; what depends on it waits until it succeeds.
///
/// ```
/// use infra_core::{
///     aws::{
///         ClusterName, TaskDefinitionArn,
///         ecs::{ContainerOverride, RunTask, TaskOverride},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let cluster = ClusterName::parse("web").unwrap();
/// # let task = TaskDefinitionArn::parse("arn:aws:ecs:eu-central-1:123456789012:task-definition/campus-web:1").unwrap();
/// let upgrade = ["php", "admin/cli/upgrade.php", "--non-interactive"];
/// let upgraded = RunTask::named("upgrade")
///     .cluster(cluster)
///     .task_definition(task)
///     .overrides(TaskOverride::new().container_overrides([
///         ContainerOverride::new("web").command(upgrade),
///     ]))
///     .time_limit(Seconds(1800))
///     .create(&stack);
/// # let _ = upgraded;
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[task(
    "aws:ecs:RunTask",
    find = token,
    after(
        "aws:ecs:ClusterCapacityProviders",
        this = "cluster",
        that = "cluster",
        why = "a task names providers that its cluster has"
    ),
    after(
        "aws:efs:MountTarget",
        this = "task_definition->volumes.efs_volume_configuration.file_system_id",
        that = "file_system_id",
        why = "a task does not start before it can mount its file systems"
    ),
    after(
        "aws:iam:RolePolicyAttachment",
        this = "task_definition->execution_role_arn | task_definition->task_role_arn",
        that = "role_name",
        why = "a task uses its roles' permissions from its start"
    ),
    after(
        "aws:iam:RolePolicy",
        this = "task_definition->execution_role_arn | task_definition->task_role_arn",
        that = "role_name",
        why = "a task uses its roles' permissions from its start"
    ),
    create = "60s"
)]
pub struct RunTask {
    /// The cluster. Changing it runs the task again. AWS: `cluster`.
    #[prop(needs = ready)]
    pub cluster: ClusterName,
    /// The task definition's revision. Changing it runs the task again. AWS: `taskDefinition`.
    pub task_definition: TaskDefinitionArn,
    /// On which of the cluster's capacity providers it runs; excludes `launch_type`. Default: as
    /// the cluster says. Changing it runs the task again. AWS: `capacityProviderStrategy`.
    #[prop(default)]
    pub capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
    /// On what it runs, where no capacity provider says it. Default: as the cluster says, else on
    /// instances. Changing it runs the task again. AWS: `launchType`.
    pub launch_type: Option<LaunchType>,
    /// The version of Fargate. Default: the latest. Changing it runs the task again. AWS:
    /// `platformVersion`.
    pub platform_version: Option<String>,
    /// Its network interface, with awsvpc alone. Default: none. Changing it runs the task again.
    /// AWS: `networkConfiguration`.
    pub network_configuration: Option<NetworkConfiguration>,
    /// What differs from the task definition. Default: nothing. Changing it runs the task again.
    /// AWS: `overrides`.
    pub overrides: Option<TaskOverride>,
    /// How it chooses among instances, up to five rules. Default: AWS's own. Changing it runs the
    /// task again. AWS: `placementStrategy`.
    #[prop(default)]
    pub placement_strategies: Vec<PlacementStrategy>,
    /// Which instances it may run on, up to ten. Default: any. Changing it runs the task again.
    /// AWS: `placementConstraints`.
    #[prop(default)]
    pub placement_constraints: Vec<PlacementConstraint>,
    /// The group that it counts to. Default: its family. Changing it runs the task again. AWS:
    /// `group`.
    pub group: Option<String>,
    /// Whether commands may be run in its containers (ECS Exec). Default: false. Changing it runs
    /// the task again. AWS: `enableExecuteCommand`.
    #[prop(default = false)]
    pub enable_execute_command: bool,
    /// Whether it gets the tags of its task definition. Default: false. Changing it runs the task
    /// again. AWS: `propagateTags`.
    #[prop(default = false)]
    pub propagate_task_definition_tags: bool,
    /// Which exit codes are good. Default: 0 alone. Changing them runs the task again.
    #[prop(default = [0], set)]
    pub accepted_exit_codes: Vec<i32>,
    /// After how long it is stopped, and has failed. Default: one hour. Changing it runs the task
    /// again. AWS: StopTask.
    #[prop(default = Seconds(3600))]
    pub time_limit: Seconds,
    /// Texts that mean nothing to AWS: the task runs again when one changes. Default: none.
    #[prop(default)]
    pub triggers: BTreeMap<String, String>,
    /// The ARN of the task that ran last. AWS: `taskArn`.
    #[output(
        id,
        arn = "arn:aws:ecs:{region}:{account}:task/{cluster}/{random:32}",
        changes_with("*")
    )]
    pub task_arn: TaskArn,
    /// The code that its first essential container ended with. AWS: `containers`, `exitCode`.
    #[output(changes_with("*"))]
    pub exit_code: i32,
    /// Why it ended. AWS: `stoppedReason`.
    #[output(changes_with("*"))]
    pub stopped_reason: String,
}

/// What differs from a task definition, for one task.
#[props]
pub struct TaskOverride {
    /// What differs in containers. Default: nothing. AWS: `containerOverrides`.
    #[prop(default)]
    pub container_overrides: Vec<ContainerOverride>,
    /// Processor, in units of 1024 for a virtual processor. Default: the definition's. AWS: `cpu`.
    pub cpu: Option<u32>,
    /// Memory. Default: the definition's. AWS: `memory`.
    pub memory: Option<MiB>,
    /// The role that containers act as. Default: the definition's. AWS: `taskRoleArn`.
    #[prop(needs = ready)]
    pub task_role_arn: Option<RoleArn>,
    /// The role that ECS acts as. Default: the definition's. AWS: `executionRoleArn`.
    #[prop(needs = ready)]
    pub execution_role_arn: Option<RoleArn>,
}

/// What differs in a container, for one task.
#[props]
pub struct ContainerOverride {
    /// The container. AWS: `name`.
    pub name: String,
    /// What runs in it. Default: the definition's. AWS: `command`.
    pub command: Option<Vec<String>>,
    /// Variables beside those of the definition, or in their place. Default: none. AWS:
    /// `environment`.
    #[prop(default)]
    pub environment: BTreeMap<String, String>,
    /// Processor that is kept for it. Default: the definition's. AWS: `cpu`.
    pub cpu: Option<u32>,
    /// Memory beyond which it is killed. Default: the definition's. AWS: `memory`.
    pub memory: Option<MiB>,
    /// Memory that is kept for it. Default: the definition's. AWS: `memoryReservation`.
    pub memory_reservation: Option<MiB>,
}
