//! Who is told and how: what targets of rules and of schedules have in common.

use crate::{
    aws::{
        ClusterArn, FunctionArn, QueueArn, TaskDefinitionArn, TopicArn,
        ecs::{
            CapacityProviderStrategyItem, LaunchType, NetworkConfiguration, PlacementConstraint,
            PlacementStrategy,
        },
    },
    prelude::*,
    props,
};

/// Who is told, or what is done.
#[props]
pub enum TargetArn {
    /// A topic.
    Topic(TopicArn),
    /// A queue.
    Queue(QueueArn),
    /// A function.
    Function(FunctionArn),
    /// A cluster, which runs a task.
    Cluster(ClusterArn),
    /// A log group, by its ARN without `:*`; its name begins with `/aws/events/`.
    LogGroup(String),
    /// Something else, by its ARN: another bus, a state machine; for schedules a call of AWS such
    /// as `arn:aws:scheduler:::aws-sdk:ecs:updateService`.
    Other(String),
}

/// The task that a cluster runs.
#[props]
pub struct EcsParameters {
    /// The task definition; without a revision, the newest that there is then. AWS:
    /// `TaskDefinitionArn`.
    pub task_definition_arn: TaskDefinitionArn,
    /// How many, up to ten for a schedule. Default: one. AWS: `TaskCount`.
    #[prop(default = 1_u32)]
    pub task_count: u32,
    /// On what it runs, where no capacity provider says it. Default: as the cluster says. AWS:
    /// `LaunchType`.
    pub launch_type: Option<LaunchType>,
    /// On which of the cluster's capacity providers it runs; excludes `launch_type`. Default: as the
    /// cluster says. AWS: `CapacityProviderStrategy`.
    #[prop(default)]
    pub capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
    /// The version of Fargate. Default: the latest. AWS: `PlatformVersion`.
    pub platform_version: Option<String>,
    /// Its network interface, with awsvpc alone. Default: none. AWS: `NetworkConfiguration`.
    pub network_configuration: Option<NetworkConfiguration>,
    /// The group that it counts to. Default: its family. AWS: `Group`.
    pub group: Option<String>,
    /// Whether commands may be run in its containers (ECS Exec). Default: false. AWS:
    /// `EnableExecuteCommand`.
    #[prop(default = false)]
    pub enable_execute_command: bool,
    /// Whether ECS tags it with its cluster. Default: true. AWS: `EnableECSManagedTags`.
    #[prop(default = true)]
    pub enable_ecs_managed_tags: bool,
    /// Whether it gets the tags of its task definition. Default: true. AWS: `PropagateTags`.
    #[prop(default = true)]
    pub propagate_task_definition_tags: bool,
    /// How it chooses among instances, up to five rules. Default: AWS's own. AWS:
    /// `PlacementStrategy`.
    #[prop(default)]
    pub placement_strategies: Vec<PlacementStrategy>,
    /// Which instances it may run on, up to ten. Default: any. AWS: `PlacementConstraints`.
    #[prop(default)]
    pub placement_constraints: Vec<PlacementConstraint>,
}

/// The group of messages in a FIFO queue.
#[props]
pub struct SqsParameters {
    /// Its name. AWS: `MessageGroupId`.
    pub message_group_id: String,
}

/// How long and how often somebody is tried to be told.
#[props]
pub struct RetryPolicy {
    /// How long, from a minute to a day. Default: a day. AWS: `MaximumEventAgeInSeconds`.
    #[prop(default = Seconds(86_400))]
    pub maximum_event_age_in_seconds: Seconds,
    /// How often again, up to 185 times. Default: 185. AWS: `MaximumRetryAttempts`.
    #[prop(default = 185_u32)]
    pub maximum_retry_attempts: u32,
}

/// Where goes what could not be told.
#[props]
pub struct DeadLetterConfig {
    /// The queue. AWS: `Arn`.
    pub arn: QueueArn,
}
