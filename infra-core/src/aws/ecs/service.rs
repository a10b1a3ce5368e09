//! AWS: ecs CreateService, UpdateService, TagResource, DescribeServices, DeleteService.

mod balancing;
mod deployment;

pub use balancing::*;
pub use deployment::*;

use super::{
    CapacityProviderStrategyItem, LaunchType, NetworkConfiguration, PlacementConstraint,
    PlacementStrategy, Switch,
};
use crate::{
    aws::{ClusterName, ServiceArn, TaskDefinitionArn},
    prelude::*,
    props, resource,
};

/// Keeps tasks running in a cluster, replaces those that fail, and puts them behind load balancers.
///
/// It is ready when it is stable: all its tasks run and are healthy. A change of the task
/// definition, or of anything that tasks are started with, is a deployment; the circuit breaker
/// takes back one that fails. Whatever scales the service owns how many tasks there are:
/// `desired_count` is what it starts with, and no later difference.
///
/// Deletion ends the tasks first, as their load balancers let them finish; capacity providers,
/// their group and the cluster can go when they are gone.
///
/// ```
/// use infra_core::{
///     aws::{
///         ClusterName, TargetGroupArn, TaskDefinitionArn,
///         ecs::{Service, ServiceDeployment, ServiceLoadBalancer},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let cluster = ClusterName::parse("web").unwrap();
/// # let task = TaskDefinitionArn::parse("arn:aws:ecs:eu-central-1:123456789012:task-definition/campus-web:1").unwrap();
/// # let group = TargetGroupArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/6d0ecf831eec9f09").unwrap();
/// Service::named("web")
///     .cluster(cluster)
///     .task_definition(task)
///     .desired_count(4_u32)
///     .load_balancers([ServiceLoadBalancer::new(group, "web", 8080_u16)])
///     .health_check_grace_period(Seconds(120))
///     .deployment_configuration(ServiceDeployment::guarded())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ecs:Service",
    find = token,
    unique(cluster, service_name),
    after(
        "aws:ecs:ClusterCapacityProviders",
        this = "cluster",
        that = "cluster",
        why = "a service names providers that its cluster has, and keeps them from being taken away"
    ),
    after(
        "aws:elbv2:Listener",
        this = "load_balancers.target_group_arn \
                | load_balancers.advanced_configuration.alternate_target_group_arn",
        that = "default_actions.forward.target_groups.target_group_arn",
        why = "AWS takes a target group for a service only when a load balancer uses it, and tasks \
               finish what they are at as long as it does"
    ),
    after(
        "aws:elbv2:ListenerRule",
        this = "load_balancers.target_group_arn \
                | load_balancers.advanced_configuration.alternate_target_group_arn",
        that = "actions.forward.target_groups.target_group_arn",
        why = "AWS takes a target group for a service only when a load balancer uses it, and tasks \
               finish what they are at as long as it does"
    ),
    after(
        "aws:efs:MountTarget",
        this = "task_definition->volumes.efs_volume_configuration.file_system_id",
        that = "file_system_id",
        why = "tasks do not start before they can mount their file systems, and hang when these go"
    ),
    after(
        "aws:iam:RolePolicyAttachment",
        this = "task_definition->execution_role_arn | task_definition->task_role_arn",
        that = "role_name",
        why = "tasks use their roles' permissions from their start until they are gone"
    ),
    after(
        "aws:iam:RolePolicy",
        this = "task_definition->execution_role_arn | task_definition->task_role_arn",
        that = "role_name",
        why = "tasks use their roles' permissions from their start until they are gone"
    ),
    create = "2min",
    update = "2min",
    delete = "90s"
)]
pub struct Service {
    /// The cluster. Changing it replaces the service. AWS: `Cluster`.
    #[prop(replace, needs = ready)]
    pub cluster: ClusterName,
    /// The task definition's revision. Changes in place, by a deployment. AWS: `TaskDefinition`.
    pub task_definition: TaskDefinitionArn,
    /// The name, up to 255 letters, digits, `_` and `-`, unique in the cluster. Default: made up
    /// from project, stack and name. Changing it replaces the service. AWS: `ServiceName`.
    #[prop(replace, name(255, word))]
    pub service_name: Option<String>,
    /// Whether it keeps a number of tasks, or one on every instance. Default: a number. Changing it
    /// replaces the service. AWS: `SchedulingStrategy`.
    #[prop(replace, default = SchedulingStrategy::Replica)]
    pub scheduling_strategy: SchedulingStrategy,
    /// How many tasks there are at the beginning; not with `daemon`. Default: 1. Afterwards
    /// whatever scales the service owns it: a change is no difference, and a replacement starts
    /// with as many as there are. AWS: `DesiredCount`.
    #[prop(initial_only)]
    pub desired_count: Option<u32>,
    /// On which of the cluster's capacity providers tasks run; excludes `launch_type`. Default: as
    /// the cluster says. Changes in place, by a deployment. AWS: `CapacityProviderStrategy`.
    #[prop(default)]
    pub capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
    /// On what tasks run, where no capacity provider says it. Default: as the cluster says, else on
    /// instances. Changing it replaces the service. AWS: `LaunchType`.
    #[prop(replace)]
    pub launch_type: Option<LaunchType>,
    /// The version of Fargate. Default: the latest. Changes in place, by a deployment. AWS:
    /// `PlatformVersion`.
    pub platform_version: Option<String>,
    /// Network interfaces of tasks, with awsvpc alone. Default: none. Changes in place, by a
    /// deployment. AWS: `NetworkConfiguration`.
    pub network_configuration: Option<NetworkConfiguration>,
    /// The target groups that tasks are put into, up to five, each used by a load balancer. Default:
    /// none. Change in place, by a deployment. AWS: `LoadBalancers`.
    #[prop(default)]
    pub load_balancers: Vec<ServiceLoadBalancer>,
    /// How long health checks of a new task do not count; more than it takes to start. Default: 0.
    /// Changes in place. AWS: `HealthCheckGracePeriodSeconds`.
    pub health_check_grace_period: Option<Seconds>,
    /// The name of AWS Cloud Map that tasks are found by. Default: none. Changes in place, by a
    /// deployment. AWS: `ServiceRegistries`.
    #[prop(default)]
    pub service_registries: Vec<ServiceRegistry>,
    /// How a deployment goes, and what takes it back. Default: AWS's own: tasks are doubled and
    /// halved, and nothing is taken back. Changes in place. AWS: `DeploymentConfiguration`.
    pub deployment_configuration: Option<ServiceDeployment>,
    /// How tasks are spread over instances, up to five rules. Default: over zones. Change in place,
    /// by a deployment. AWS: `PlacementStrategies`.
    #[prop(default)]
    pub placement_strategies: Vec<PlacementStrategy>,
    /// Which instances tasks may run on, up to ten. Default: any. Change in place, by a deployment.
    /// AWS: `PlacementConstraints`.
    #[prop(default)]
    pub placement_constraints: Vec<PlacementConstraint>,
    /// Whether tasks move until zones have as many of them; not with `daemon`, and with room above
    /// 100 percent. Default: they do; with `daemon` they do not. Changes in place. AWS:
    /// `AvailabilityZoneRebalancing`.
    pub availability_zone_rebalancing: Option<Switch>,
    /// Whether commands may be run in its containers (ECS Exec). Default: false. Changes in place,
    /// by a deployment. AWS: `EnableExecuteCommand`.
    #[prop(default = false)]
    pub enable_execute_command: bool,
    /// Whether AWS tags tasks with cluster and service. Default: false. Changes in place, by a
    /// deployment. AWS: `EnableECSManagedTags`.
    #[prop(default = false)]
    pub enable_ecs_managed_tags: bool,
    /// Whose tags tasks get. Default: nobody's. Changes in place, by a deployment. AWS:
    /// `PropagateTags`.
    pub propagate_tags: Option<PropagateTags>,
    /// How often CloudWatch gets its figures. Default: every minute. Changes in place. AWS:
    /// `Monitoring`.
    pub monitoring: Option<ServiceMonitoring>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ServiceArn`.
    #[output(
        id,
        arn = "arn:aws:ecs:{region}:{account}:service/{cluster>cluster/}/{service_name}",
        at = exists
    )]
    pub service_arn: ServiceArn,
}

/// Whether a service keeps a number of tasks, or one on every instance.
#[props(words = "UPPER")]
pub enum SchedulingStrategy {
    /// A number.
    Replica,
    /// One on every instance.
    Daemon,
}

/// Whose tags tasks get.
#[props(words = "UPPER")]
pub enum PropagateTags {
    /// The service's.
    Service,
    /// The task definition's.
    TaskDefinition,
}

/// How often CloudWatch gets figures of a service.
#[props]
pub struct ServiceMonitoring {
    /// Which figures, and how often; one or two. AWS: `MetricConfigurations`.
    pub metric_configurations: Vec<MetricConfiguration>,
}

/// Which figures, and how often.
#[props]
pub struct MetricConfiguration {
    /// Which. AWS: `MetricNames`.
    pub metric_names: Vec<ServiceMetric>,
    /// Every 20 or 60 s. AWS: `ResolutionSeconds`.
    pub resolution_seconds: Seconds,
}

/// A figure of a service.
#[props]
pub enum ServiceMetric {
    /// Processor in use.
    #[prop("CPUUtilization")]
    CpuUtilization,
    /// Memory in use.
    #[prop("MemoryUtilization")]
    MemoryUtilization,
}
