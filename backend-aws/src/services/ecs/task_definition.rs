//! `aws:ecs:TaskDefinition`.

mod container;
mod container_seen;
mod linux;
mod logging;
mod volume;

use aws_sdk_ecs::types::{self as sdk, TaskDefinitionField, TaskDefinitionStatus};
use infra_core::{
    aws::ecs::{
        self, Compatibility, CpuArchitecture, EphemeralStorageArgs, OperatingSystemFamily,
        RuntimePlatformArgs, TaskPlacementConstraintArgs,
    },
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{GiB, IntoValue},
    value::Value,
};

use super::{
    is_said, new_tags,
    numbers::{int, unsigned},
    retag, tags, unless_empty, word, words,
};
use crate::{
    alike::{alike, in_order},
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, passed},
    resource::{Resource, recorded},
    seen::Seen,
};

pub(super) use container::variables;

pub(crate) struct TaskDefinition;

type Type = ecs::TaskDefinition;

fn platform(args: &RuntimePlatformArgs) -> sdk::RuntimePlatform {
    sdk::RuntimePlatform::builder()
        .cpu_architecture(args.cpu_architecture.as_str().into())
        .operating_system_family(args.operating_system_family.as_str().into())
        .build()
}

fn platform_seen(told: &sdk::RuntimePlatform) -> Option<RuntimePlatformArgs> {
    let (processor, system) = (told.cpu_architecture(), told.operating_system_family());
    Some(RuntimePlatformArgs {
        cpu_architecture: processor
            .map_or(Some(CpuArchitecture::X86_64), |it| word(it.as_str()))?,
        operating_system_family: system
            .map_or(Some(OperatingSystemFamily::Linux), |it| word(it.as_str()))?,
    })
}

fn constraint(args: &TaskPlacementConstraintArgs) -> sdk::TaskDefinitionPlacementConstraint {
    sdk::TaskDefinitionPlacementConstraint::builder()
        .r#type(args.constraint_type.as_str().into())
        .expression(&args.expression)
        .build()
}

fn constraint_seen(
    told: &sdk::TaskDefinitionPlacementConstraint,
) -> Option<TaskPlacementConstraintArgs> {
    Some(TaskPlacementConstraintArgs {
        expression: told.expression().unwrap_or_default().to_owned(),
        constraint_type: word(told.r#type()?.as_str())?,
    })
}

/// A number that AWS writes as text.
fn number(text: Option<&str>) -> Option<i64> {
    text.and_then(|text| text.parse().ok()).filter(|number| *number != 0)
}

/// A text that AWS leaves empty where nothing was said.
fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// A list of structures; one that the catalogue has no words for is told as such.
fn list<T: IntoValue>(items: impl Iterator<Item = Option<T>>) -> Value {
    let item = |item: Option<T>| item.map_or_else(|| "of an unknown kind".into(), T::into_value);
    Value::list(items.map(item))
}

/// All of a revision but its tags, which AWS tells beside it.
fn seen(request: &Request, told: &sdk::TaskDefinition) -> Seen {
    let before = |slot| request.inputs.get(slot);
    let containers = list(told.container_definitions().iter().map(container_seen::container));
    let slot = Type::CONTAINER_DEFINITIONS.slot;
    let containers = alike(before(slot), &containers, &container_seen::filled);
    let volumes = list(told.volumes().iter().map(volume::volume_seen));
    let volumes = alike(before(Type::VOLUMES.slot), &volumes, &volume::filled);
    let platform = told.runtime_platform().and_then(platform_seen);
    let platform = platform.filter(|_| is_said(request, Type::RUNTIME_PLATFORM.slot));
    let disk = told
        .ephemeral_storage()
        .map(|disk| EphemeralStorageArgs { size_in_gib: GiB(unsigned(disk.size_in_gib())) });
    let kinds = recorded(request, Type::REQUIRES_COMPATIBILITIES).unwrap_or_default();
    let told_kinds = told.requires_compatibilities().iter().map(|it| it.as_str());
    let kinds: Vec<Compatibility> = in_order(&kinds, words(&told_kinds.collect::<Vec<_>>()));
    Seen::new(told.task_definition_arn().unwrap_or_default())
        .text(Type::FAMILY, told.family())
        .value(Type::CONTAINER_DEFINITIONS, containers)
        .value(Type::CPU, number(told.cpu()).map(Value::Int).unwrap_or_default())
        .value(Type::MEMORY, number(told.memory()).map(Value::Int).unwrap_or_default())
        .text(
            Type::NETWORK_MODE,
            told.network_mode().map_or(Some("bridge"), |it| Some(it.as_str())),
        )
        .text(Type::TASK_ROLE_ARN, filled(told.task_role_arn()))
        .text(Type::EXECUTION_ROLE_ARN, filled(told.execution_role_arn()))
        .set(Type::REQUIRES_COMPATIBILITIES, kinds)
        .set(Type::RUNTIME_PLATFORM, platform)
        .value(Type::VOLUMES, volumes)
        .value(
            Type::PLACEMENT_CONSTRAINTS,
            list(told.placement_constraints().iter().map(constraint_seen)),
        )
        .text(Type::PID_MODE, filled(told.pid_mode().map(|it| it.as_str())))
        .text(Type::IPC_MODE, filled(told.ipc_mode().map(|it| it.as_str())))
        .set(Type::EPHEMERAL_STORAGE, disk)
        .set(Type::ENABLE_FAULT_INJECTION, told.enable_fault_injection().unwrap_or_default())
        .text(Type::TASK_DEFINITION_ARN, told.task_definition_arn())
        .set(Type::REVISION, i64::from(told.revision()))
}

/// A revision with its tags. One that was deregistered is there no longer: tasks that run of it
/// are all that keeps it.
async fn describe(aws: &Aws, arn: &str, request: Option<&Request>) -> Answer<Option<Seen>> {
    let ask = aws.ecs().describe_task_definition().task_definition(arn);
    let told = ask.include(TaskDefinitionField::Tags).send().await.if_found()?;
    let Some(told) = told else { return Ok(None) };
    let definition = told.task_definition().filter(|it| is_active(it));
    let seen = definition.map(|definition| match request {
        Some(request) => seen(request, definition),
        None => Seen::new(arn).text(Type::TASK_DEFINITION_ARN, Some(arn)),
    });
    Ok(seen.map(|seen| seen.tags(tags(told.tags()))))
}

fn is_active(definition: &sdk::TaskDefinition) -> bool {
    definition.status().is_none_or(|status| *status == TaskDefinitionStatus::Active)
}

impl Resource for TaskDefinition {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ecs:RegisterTaskDefinition").on(OWN),
        CREATE.and(UPDATE).needs("ecs:TagResource").on(OWN),
        UPDATE.needs("ecs:UntagResource").on(OWN),
        READ.and(LIST).needs("ecs:DescribeTaskDefinition"),
        READ.and(LIST).needs("ecs:ListTaskDefinitions"),
        DELETE.needs("ecs:DeleteTaskDefinitions").on(OWN),
        DELETE.needs("ecs:DeregisterTaskDefinition"),
        passed!(CREATE, "ecs-tasks.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let disk = args.ephemeral_storage.as_ref().map(|disk| {
            sdk::EphemeralStorage::builder().size_in_gib(int(disk.size_in_gib.0)).build()
        });
        let kinds = args.requires_compatibilities.iter().map(|it| it.as_str().into()).collect();
        let register = aws
            .ecs()
            .register_task_definition()
            .family(&args.family)
            .set_container_definitions(Some(
                args.container_definitions.iter().map(container::container).collect(),
            ))
            .set_cpu(args.cpu.map(|cpu| cpu.to_string()))
            .set_memory(args.memory.map(|memory| memory.0.to_string()))
            .network_mode(args.network_mode.as_str().into())
            .set_task_role_arn(args.task_role_arn.as_ref().map(ToString::to_string))
            .set_execution_role_arn(args.execution_role_arn.as_ref().map(ToString::to_string))
            .set_requires_compatibilities(unless_empty(kinds))
            .set_runtime_platform(args.runtime_platform.as_ref().map(platform))
            .set_volumes(unless_empty(args.volumes.iter().map(volume::volume).collect()))
            .set_placement_constraints(unless_empty(
                args.placement_constraints.iter().map(constraint).collect(),
            ))
            .set_pid_mode(args.pid_mode.map(|it| it.as_str().into()))
            .set_ipc_mode(args.ipc_mode.map(|it| it.as_str().into()))
            .set_ephemeral_storage(disk)
            // AWS takes it with awsvpc and host alone, where it is false by itself.
            .set_enable_fault_injection(Some(true).filter(|_| args.enable_fault_injection))
            .set_tags(Some(new_tags(request)));
        let made = register.send().await?;
        let incomplete = || Error::incomplete("ecs", "RegisterTaskDefinition", "taskDefinition");
        Ok(seen(request, made.task_definition().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        retag(aws, &request.id, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        describe(aws, &request.id, Some(request)).await
    }

    /// It is deregistered first; what a crash left deregistered counts as gone.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        if describe(aws, arn, None).await?.is_none() {
            let message = format!("there is no active {arn}");
            return Err(Error::refused(
                Problem::NotFound,
                "ecs",
                "DeregisterTaskDefinition",
                message,
            ));
        }
        aws.ecs().deregister_task_definition().task_definition(arn).send().await?;
        let deleted = aws.ecs().delete_task_definitions().task_definitions(arn).send().await?;
        match deleted.failures().first() {
            None => Ok(Deletion::Gone),
            Some(failure) => {
                let why = failure.reason().unwrap_or("for no reason that it says").to_owned();
                Err(Error::refused(Problem::Final, "ecs", "DeleteTaskDefinitions", why))
            }
        }
    }

    /// AWS lists revisions without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ecs().list_task_definitions().status(TaskDefinitionStatus::Active);
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for arn in all {
            listed.extend(describe(aws, &arn, None).await?);
        }
        Ok(listed)
    }
}
