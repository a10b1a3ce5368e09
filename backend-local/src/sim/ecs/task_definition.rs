//! What is special about a task definition: what AWS checks when a revision is registered.

mod containers;
mod fargate;
mod volumes;

use infra_core::{
    aws::{
        RoleArn,
        ecs::{
            self, Compatibility, ContainerDefinitionArgs, EphemeralStorageArgs, IpcMode,
            NetworkMode, PidMode, TaskPlacementConstraintArgs, VolumeArgs,
        },
    },
    dsl::{Prop, ResourceType},
    schema::TypeDef,
    types::{MiB, PropertyType},
    value::{PropertiesBuilder, Slot, Value},
};

use super::cluster::INVALID;
use crate::sim::{
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, decoded, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&TaskDefinition];

/// What ecs says of a task definition that does not fit.
const CLIENT: &str = "ClientException";
const CODES: Codes = Codes {
    not_found: CLIENT,
    not_ready: CLIENT,
    exists: CLIENT,
    in_use: CLIENT,
    quota: "LimitExceededException",
};
/// AWS: "Supported values are between 128 CPU units and 196608 CPU units".
const CPU: std::ops::RangeInclusive<u32> = 128..=196_608;
/// AWS: "up to 10 constraints per task".
const CONSTRAINTS: usize = 10;
/// AWS: "Task definition size limit".
const SIZE: usize = 64 * 1024;

struct TaskDefinition;

impl Special for TaskDefinition {
    fn ty(&self) -> &'static TypeDef {
        ecs::TaskDefinition::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let family = asked.get(ecs::TaskDefinition::FAMILY).unwrap_or_default();
        if !is_word(&family) {
            let message = format!("`family` {family:?}: {WORD}");
            return Err(Refusal::invalid("family", INVALID, message));
        }
        let definition = Definition::asked(asked);
        check_size(&definition)?;
        containers::check(&definition)?;
        volumes::check(&definition)?;
        check_modes(&definition)?;
        let slot = ecs::TaskDefinition::CONTAINER_DEFINITIONS.slot;
        let size = asked.inputs.get(slot).to_string().len();
        if size > SIZE {
            let message = format!("`container_definitions` has {size} bytes; {SIZE} are allowed");
            return refused("container_definitions", message);
        }
        match definition.compatibilities.contains(&Compatibility::Fargate) {
            true => fargate::check(&definition),
            false => Ok(()),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let revision = asked.id.rsplit(':').next().and_then(|number| number.parse::<i64>().ok());
        tell(outputs, ecs::TaskDefinition::REVISION, revision.unwrap_or(1));
    }
}

/// A task definition as it is read here, and by what starts its tasks.
pub(super) struct Definition {
    pub(super) containers: Vec<ContainerDefinitionArgs>,
    pub(super) cpu: Option<u32>,
    pub(super) memory: Option<MiB>,
    pub(super) network_mode: NetworkMode,
    pub(super) task_role: Option<RoleArn>,
    pub(super) execution_role: Option<RoleArn>,
    pub(super) compatibilities: Vec<Compatibility>,
    volumes: Vec<VolumeArgs>,
    placement_constraints: Vec<TaskPlacementConstraintArgs>,
    pid_mode: Option<PidMode>,
    ipc_mode: Option<IpcMode>,
    ephemeral_storage: Option<EphemeralStorageArgs>,
    enable_fault_injection: bool,
}

impl Definition {
    fn asked(asked: &Asked<'_>) -> Self {
        Self::read(&|slot| asked.value(slot))
    }

    pub(super) fn of(object: &Object) -> Self {
        Self::read(&|slot| object.value(slot))
    }

    fn read<'v>(value: &dyn Fn(Slot) -> &'v Value) -> Self {
        type D = ecs::TaskDefinition;
        fn get<'v, T: PropertyType>(
            value: &dyn Fn(Slot) -> &'v Value,
            prop: Prop<ecs::TaskDefinition, T>,
        ) -> Option<T::Resolved> {
            decoded::<T>(value(prop.slot))
        }
        Self {
            containers: get(value, D::CONTAINER_DEFINITIONS).unwrap_or_default(),
            cpu: get(value, D::CPU),
            memory: get(value, D::MEMORY),
            network_mode: get(value, D::NETWORK_MODE).unwrap_or(NetworkMode::Bridge),
            task_role: get(value, D::TASK_ROLE_ARN),
            execution_role: get(value, D::EXECUTION_ROLE_ARN),
            compatibilities: get(value, D::REQUIRES_COMPATIBILITIES).unwrap_or_default(),
            volumes: get(value, D::VOLUMES).unwrap_or_default(),
            placement_constraints: get(value, D::PLACEMENT_CONSTRAINTS).unwrap_or_default(),
            pid_mode: get(value, D::PID_MODE),
            ipc_mode: get(value, D::IPC_MODE),
            ephemeral_storage: get(value, D::EPHEMERAL_STORAGE),
            enable_fault_injection: get(value, D::ENABLE_FAULT_INJECTION).unwrap_or(false),
        }
    }

    pub(super) fn container(&self, name: &str) -> Option<&ContainerDefinitionArgs> {
        self.containers.iter().find(|container| container.name == name)
    }

    /// Why its tasks can't run on Fargate, whatever it was checked for.
    pub(super) fn check_fargate(&self) -> Result<(), Refusal> {
        fargate::check(self)
    }
}

const WORD: &str = "1 to 255 letters, digits, _ and - are allowed";

fn is_word(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=255).contains(&name.len()) && name.bytes().all(fits)
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, CLIENT, message))
}

/// What containers keep for themselves is within what the task has.
fn check_size(definition: &Definition) -> Result<(), Refusal> {
    let containers = &definition.containers;
    if let Some(cpu) = definition.cpu {
        if !CPU.contains(&cpu) {
            let (first, last) = (CPU.start(), CPU.end());
            return refused("cpu", format!("`cpu` {cpu} must be between {first} and {last}"));
        }
        let kept: u32 = containers.iter().filter_map(|container| container.cpu).sum();
        if kept > cpu {
            let message =
                format!("`cpu` {cpu} of the task is less than {kept}, what its containers keep");
            return refused("cpu", message);
        }
    }
    let Some(memory) = definition.memory else { return Ok(()) };
    let kept: u32 =
        containers.iter().map(|container| reserved(container).map_or(0, |MiB(kept)| kept)).sum();
    if kept > memory.0 {
        let message = format!(
            "`memory` {memory} of the task is less than {kept} MiB, what its containers keep"
        );
        return refused("memory", message);
    }
    match containers.iter().find(|container| container.memory.is_some_and(|most| most > memory)) {
        Some(container) => {
            let name = &container.name;
            refused(
                "memory",
                format!("`memory` {memory} of the task is less than that of `{name}`"),
            )
        }
        None => Ok(()),
    }
}

/// The memory that is kept for a container.
pub(super) fn reserved(container: &ContainerDefinitionArgs) -> Option<MiB> {
    container.memory_reservation.or(container.memory)
}

fn check_modes(definition: &Definition) -> Result<(), Refusal> {
    if definition.placement_constraints.len() > CONSTRAINTS {
        let count = definition.placement_constraints.len();
        let message =
            format!("`placement_constraints` has {count} of them; {CONSTRAINTS} are allowed");
        return refused("placement_constraints", message);
    }
    let mode = definition.network_mode;
    if definition.enable_fault_injection && !matches!(mode, NetworkMode::Awsvpc | NetworkMode::Host)
    {
        let message = format!(
            "`enable_fault_injection` goes with the network modes awsvpc and host, not {mode}"
        );
        return refused("enable_fault_injection", message);
    }
    let fargate = definition.compatibilities.contains(&Compatibility::Fargate);
    if definition.ephemeral_storage.is_some() && !fargate {
        let message = "`ephemeral_storage` needs FARGATE among `requires_compatibilities`";
        return refused("ephemeral_storage", message);
    }
    Ok(())
}
