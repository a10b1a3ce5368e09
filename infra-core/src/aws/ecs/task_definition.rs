//! AWS: ecs RegisterTaskDefinition, TagResource, DescribeTaskDefinition, DeregisterTaskDefinition,
//! DeleteTaskDefinitions.

mod container;
mod linux;
mod logging;
mod volume;

pub use container::*;
pub use linux::*;
pub use logging::*;
pub use volume::*;

use crate::{
    aws::{RoleArn, TaskDefinitionArn},
    prelude::*,
    props, resource,
};

/// What a task is made of: containers that run together on one machine.
///
/// AWS changes no task definition: whatever changes makes a new revision of the family, to which
/// services move before the old one goes. Tags alone change in place.
///
/// ```
/// use infra_core::{
///     aws::ecs::{ContainerDefinition, LogConfiguration, NetworkMode, PortMapping, TaskDefinition},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let web = ContainerDefinition::new("web", "registry.example.org/moodle:5.0")
///     .port_mappings([PortMapping::new(8080_u16)])
///     .environment([("MOODLE_URL", "https://moodle.example.org")])
///     .log_configuration(LogConfiguration::awslogs("/campus/web", "eu-central-1", "web"))
///     .stop_timeout(Seconds(90));
/// let task = TaskDefinition::named("web")
///     .family("campus-web")
///     .network_mode(NetworkMode::Awsvpc)
///     .cpu(1024_u32)
///     .memory(GiB(2))
///     .container_definitions([web])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ecs:TaskDefinition", create = "1s", delete = "1s")]
pub struct TaskDefinition {
    /// The family that revisions are counted within, up to 255 letters, digits, `_` and `-`.
    /// Several stacks should not share one. Changing it makes the first revision of another family.
    /// AWS: `Family`.
    #[prop(replace)]
    pub family: String,
    /// The containers, up to ten, one of which is essential at least. Changing one makes a new
    /// revision. AWS: `ContainerDefinitions`.
    #[prop(replace)]
    pub container_definitions: Vec<ContainerDefinition>,
    /// Processor for all containers together in units of 1024 for a virtual processor, 128 to
    /// 196,608; on instances no more than one has. Default: none; then containers say what they
    /// reserve. Changing it makes a new revision. AWS: `Cpu`.
    #[prop(replace)]
    pub cpu: Option<u32>,
    /// Memory for all containers together, a hard limit; on instances less than one has. Default:
    /// none; then each container says it. Changing it makes a new revision. AWS: `Memory`.
    #[prop(replace)]
    pub memory: Option<MiB>,
    /// How containers reach the network. Default: bridge. Changing it makes a new revision. AWS:
    /// `NetworkMode`.
    #[prop(replace, default = NetworkMode::Bridge)]
    pub network_mode: NetworkMode,
    /// The role that containers act as. Default: none. Changing it makes a new revision. AWS:
    /// `TaskRoleArn`.
    #[prop(replace, needs = ready)]
    pub task_role_arn: Option<RoleArn>,
    /// The role that ECS acts as to pull images, read secrets and write logs; needed for secrets.
    /// Default: none. Changing it makes a new revision. AWS: `ExecutionRoleArn`.
    #[prop(replace, needs = ready)]
    pub execution_role_arn: Option<RoleArn>,
    /// For what AWS checks it. Default: nothing in particular. Changing it makes a new revision.
    /// AWS: `RequiresCompatibilities`.
    #[prop(replace, default, set)]
    pub requires_compatibilities: Vec<Compatibility>,
    /// The processor and system that images are made for. Default: whatever the instance has.
    /// Changing it makes a new revision. AWS: `RuntimePlatform`.
    #[prop(replace)]
    pub runtime_platform: Option<RuntimePlatform>,
    /// The volumes that containers may mount. Default: none. Changing one makes a new revision.
    /// AWS: `Volumes`.
    #[prop(replace, default)]
    pub volumes: Vec<Volume>,
    /// Which instances it may run on. Default: any. Changing one makes a new revision. AWS:
    /// `PlacementConstraints`.
    #[prop(replace, default)]
    pub placement_constraints: Vec<TaskPlacementConstraint>,
    /// Whose processes containers see. Default: each its own. Changing it makes a new revision.
    /// AWS: `PidMode`.
    #[prop(replace)]
    pub pid_mode: Option<PidMode>,
    /// Whose shared memory and semaphores containers see. Default: as Docker says. Changing it
    /// makes a new revision. AWS: `IpcMode`.
    #[prop(replace)]
    pub ipc_mode: Option<IpcMode>,
    /// The disk on Fargate. Default: 20 GiB. Changing it makes a new revision. AWS:
    /// `EphemeralStorage`.
    #[prop(replace)]
    pub ephemeral_storage: Option<EphemeralStorage>,
    /// Whether faults may be injected, for drills. Default: false. Changing it makes a new
    /// revision. AWS: `EnableFaultInjection`.
    #[prop(replace, default = false)]
    pub enable_fault_injection: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN of the revision. AWS: `TaskDefinitionArn`.
    #[output(id, arn = "arn:aws:ecs:{region}:{account}:task-definition/{family}:{number}", at = exists)]
    pub task_definition_arn: TaskDefinitionArn,
    /// The number of the revision. AWS: DescribeTaskDefinition, `revision`.
    #[output(at = exists)]
    pub revision: i64,
}

/// How containers reach the network.
#[props(words = "lower")]
pub enum NetworkMode {
    /// By a network interface of the task's own, with security groups of its own.
    Awsvpc,
    /// By the instance's, through Docker's bridge: ports of the instance lead to ports of
    /// containers.
    Bridge,
    /// By the instance's, as if there were no containers.
    Host,
    /// Not at all.
    None,
}

/// For what a task definition is checked.
#[props]
pub enum Compatibility {
    /// For instances.
    #[prop("EC2")]
    Ec2,
    /// For Fargate.
    #[prop("FARGATE")]
    Fargate,
}

/// The processor and system that images are made for.
#[props]
pub struct RuntimePlatform {
    /// The processor. Default: x86. AWS: `CpuArchitecture`.
    #[prop(default = CpuArchitecture::X86_64)]
    pub cpu_architecture: CpuArchitecture,
    /// The system. Default: Linux, which is all that there is here. AWS:
    /// `OperatingSystemFamily`.
    #[prop(default = OperatingSystemFamily::Linux)]
    pub operating_system_family: OperatingSystemFamily,
}

/// The processor that images are made for.
#[props]
pub enum CpuArchitecture {
    /// Intel's and AMD's.
    #[prop("X86_64")]
    X86_64,
    /// Amazon's Graviton.
    #[prop("ARM64")]
    Arm64,
}

/// The system that images are made for.
#[props(words = "UPPER")]
pub enum OperatingSystemFamily {
    /// Linux.
    Linux,
}

/// Which instances a task may run on.
#[props]
pub struct TaskPlacementConstraint {
    /// An expression of the cluster query language, such as
    /// `attribute:ecs.instance-type =~ m7g.*`. AWS: `Expression`.
    pub expression: String,
    /// What must hold. Default: the expression, which is all that there is. AWS: `Type`.
    #[prop(default = TaskPlacementConstraintType::MemberOf)]
    pub constraint_type: TaskPlacementConstraintType,
}

/// What must hold of an instance for a task.
#[props]
pub enum TaskPlacementConstraintType {
    /// An expression holds.
    #[prop("memberOf")]
    MemberOf,
}

/// Whose processes containers see.
#[props(words = "lower")]
pub enum PidMode {
    /// The instance's.
    Host,
    /// Those of all containers of the task.
    Task,
}

/// Whose shared memory and semaphores containers see.
#[props(words = "lower")]
pub enum IpcMode {
    /// The instance's.
    Host,
    /// Those of all containers of the task.
    Task,
    /// Each its own.
    None,
}

/// The disk of a task on Fargate.
#[props]
pub struct EphemeralStorage {
    /// Its size, 21 to 200 GiB. AWS: `SizeInGiB`.
    pub size_in_gib: GiB,
}
