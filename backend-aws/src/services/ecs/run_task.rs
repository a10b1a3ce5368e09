//! `aws:ecs:RunTask`.

use std::time::Duration;

use aws_sdk_ecs::{
    operation::run_task::RunTaskError,
    types::{self as sdk, DesiredStatus, TaskStopCode},
};
use infra_core::{
    aws::ecs::{self, ContainerOverrideArgs, RunTaskOutputs, TaskOverrideArgs},
    handler::{Context, HandlerError, Problem, TypedRequest},
};

use super::{
    MANY, numbers::int, placement, service::rollout::ended, task_definition::variables,
    unless_empty, word,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, Needs, OWN, On, passed},
    once::Runs,
};

pub(crate) struct RunTask;

type Asked<'a> = TypedRequest<'a, ecs::RunTask>;

const FIRST_LOOK: Duration = Duration::from_secs(1);
const SLOWEST_LOOK: Duration = Duration::from_secs(8);
const STOPPED: &str = "STOPPED";
/// What a task that ran too long is told.
const TOO_LONG: &str = "its `time_limit` is over";

/// What ended a task by itself, and no one else.
fn is_by_itself(task: &sdk::Task) -> bool {
    // Not every server says it.
    task.stop_code().is_none_or(|code| *code == TaskStopCode::EssentialContainerExited)
}

fn container(args: &ContainerOverrideArgs) -> sdk::ContainerOverride {
    sdk::ContainerOverride::builder()
        .name(&args.name)
        .set_command(args.command.clone())
        .set_environment(unless_empty(variables(&args.environment)))
        .set_cpu(args.cpu.map(int))
        .set_memory(args.memory.map(|memory| int(memory.0)))
        .set_memory_reservation(args.memory_reservation.map(|memory| int(memory.0)))
        .build()
}

fn overrides(args: &TaskOverrideArgs) -> sdk::TaskOverride {
    let containers = args.container_overrides.iter().map(container).collect();
    sdk::TaskOverride::builder()
        .set_container_overrides(unless_empty(containers))
        .set_cpu(args.cpu.map(|cpu| cpu.to_string()))
        .set_memory(args.memory.map(|memory| memory.0.to_string()))
        .set_task_role_arn(args.task_role_arn.as_ref().map(ToString::to_string))
        .set_execution_role_arn(args.execution_role_arn.as_ref().map(ToString::to_string))
        .build()
}

/// The family that a task definition's ARN names.
fn family(arn: &str) -> &str {
    let revision = super::name_of(arn);
    revision.split_once(':').map_or(revision, |(family, _)| family)
}

/// The task of a token, if it can still be seen: AWS tells of tasks for an hour after their end.
async fn find(aws: &Aws, request: &Asked<'_>, token: &str) -> Answer<Option<sdk::Task>> {
    let args = &request.args;
    let list = || aws.ecs().list_tasks().cluster(args.cluster.as_str());
    let running = list().started_by(token).send().await?.task_arns.unwrap_or_default();
    // Who started it can't be asked for together with its state.
    let ended = list().family(family(args.task_definition.as_str()));
    let ended = ended.desired_status(DesiredStatus::Stopped).into_paginator().items().send();
    let ended = ended.collect::<Result<Vec<_>, _>>().await?;
    let all: Vec<String> = running.into_iter().chain(ended).collect();
    for some in all.chunks(MANY) {
        let ask = aws.ecs().describe_tasks().cluster(args.cluster.as_str());
        let told = ask.set_tasks(Some(some.to_vec())).send().await?;
        let mut tasks = told.tasks.unwrap_or_default().into_iter();
        if let Some(task) = tasks.find(|task| task.started_by() == Some(token)) {
            return Ok(Some(task));
        }
    }
    Ok(None)
}

/// Starts the task of a token; `None` if the token was used by one that can't be seen any more.
async fn start(aws: &Aws, request: &Asked<'_>, token: &str) -> Answer<Option<sdk::Task>> {
    let args = &request.args;
    let network = args.network_configuration.as_ref().map(placement::network);
    let propagate =
        args.propagate_task_definition_tags.then_some(sdk::PropagateTags::TaskDefinition);
    let strategy = placement::strategy(&args.capacity_provider_strategy);
    let constraints = placement::constraints(&args.placement_constraints);
    let started = aws
        .ecs()
        .run_task()
        .client_token(token)
        .started_by(token)
        .count(1)
        .cluster(args.cluster.as_str())
        .task_definition(args.task_definition.as_str())
        .set_capacity_provider_strategy(unless_empty(strategy))
        .set_launch_type(args.launch_type.map(|it| it.as_str().into()))
        .set_platform_version(args.platform_version.clone())
        .set_network_configuration(network)
        .set_overrides(args.overrides.as_ref().map(overrides))
        .set_placement_strategy(unless_empty(placement::rules(&args.placement_strategies)))
        .set_placement_constraints(unless_empty(constraints))
        .set_group(args.group.clone())
        .enable_execute_command(args.enable_execute_command)
        .set_propagate_tags(propagate)
        .send()
        .await;
    let used = |error: &RunTaskError| error.is_conflict_exception();
    if started.as_ref().err().and_then(|error| error.as_service_error()).is_some_and(used) {
        return Ok(None);
    }
    let started = started?;
    if let Some(task) = started.tasks().first() {
        return Ok(Some(task.clone()));
    }
    let failure = started.failures().first();
    let reason = failure.and_then(|it| it.reason()).unwrap_or("for no reason that it says");
    let detail = failure.and_then(|it| it.detail()).unwrap_or_default();
    // Room for it may come: instances start and tasks end.
    let room = ["RESOURCE", "AGENT", "Capacity"].iter().any(|word| reason.starts_with(word));
    let problem = if room { Problem::Transient } else { Problem::Final };
    let message = format!("no task was started: {reason} {detail}");
    Err(Error::refused(problem, "ecs", "RunTask", message.trim_end()))
}

async fn describe(aws: &Aws, request: &Asked<'_>, arn: &str) -> Answer<Option<sdk::Task>> {
    let ask = aws.ecs().describe_tasks().cluster(request.args.cluster.as_str()).tasks(arn);
    let told = ask.send().await.if_found()?;
    Ok(told.and_then(|told| told.tasks.unwrap_or_default().into_iter().next()))
}

/// Waits for its end; stops it when its time is over. To fail for an answer that was lost would be
/// to run it again.
async fn wait(
    aws: &Aws,
    context: &Context,
    request: &Asked<'_>,
    mut task: sdk::Task,
) -> Answer<sdk::Task> {
    let arn = task.task_arn().unwrap_or_default().to_owned();
    let began = task.created_at().and_then(|at| at.to_millis().ok());
    let began = began.and_then(|at| u64::try_from(at).ok()).unwrap_or_else(|| context.clock.now());
    let limit = u64::from(request.args.time_limit.0) * 1_000;
    let (mut pace, mut told_to_stop) = (FIRST_LOOK, false);
    while task.last_status() != Some(STOPPED) {
        if context.cancel.is_cancelled() {
            let message = format!("{arn} is still running; the next run waits for its end");
            return Err(HandlerError::lost("ecs", "DescribeTasks", message).into());
        }
        let is_over = context.clock.now() >= began.saturating_add(limit);
        if is_over && !told_to_stop {
            let stop = aws.ecs().stop_task().cluster(request.args.cluster.as_str()).task(&arn);
            told_to_stop = stop.reason(TOO_LONG).send().await.is_ok();
        }
        context.note(format!("{arn}: {}", task.last_status().unwrap_or("in no state")));
        context.clock.sleep(pace).await;
        pace = (pace * 3 / 2).min(SLOWEST_LOOK);
        match describe(aws, request, &arn).await {
            Ok(Some(now)) => task = now,
            Ok(None) if is_over => {
                let message = format!("{arn} can't be seen any more");
                return Err(HandlerError::lost("ecs", "DescribeTasks", message).into());
            }
            Ok(None) => {}
            Err(Error(error)) if error.is_retryable() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(task)
}

/// The code of the first container that is essential to the definition.
async fn exit_code(aws: &Aws, task: &sdk::Task) -> Answer<Option<i32>> {
    let arn = task.task_definition_arn().unwrap_or_default();
    let told = aws.ecs().describe_task_definition().task_definition(arn).send().await?;
    let containers =
        told.task_definition().map(|it| it.container_definitions()).unwrap_or_default();
    let essential = containers.iter().find(|container| container.essential().unwrap_or(true));
    let name = essential.and_then(|container| container.name());
    let ended = task.containers().iter().find(|container| container.name() == name);
    Ok(ended.and_then(|container| container.exit_code()))
}

/// What an ended task comes to.
async fn outcome(aws: &Aws, request: &Asked<'_>, task: &sdk::Task) -> Answer<RunTaskOutputs> {
    let (arn, definition) =
        (task.task_arn().unwrap_or_default(), request.args.task_definition.as_str());
    let failed = |message: String| Error::refused(Problem::Final, "ecs", "RunTask", message);
    let Some(code) = exit_code(aws, task).await? else {
        return Err(failed(format!("{arn} of {definition} did not start: {}", ended(task))));
    };
    let accepted = &request.args.accepted_exit_codes;
    if !(accepted.contains(&code) && is_by_itself(task)) {
        let accepted: Vec<String> = accepted.iter().map(ToString::to_string).collect();
        return Err(failed(format!(
            "{arn} of {definition} ended with the code {code}, and `accepted_exit_codes` are {} \
             ({}); its log says why",
            accepted.join(", "),
            ended(task)
        )));
    }
    Ok(RunTaskOutputs {
        task_arn: word(arn),
        exit_code: Some(code),
        stopped_reason: Some(task.stopped_reason().unwrap_or_default().to_owned()),
    })
}

impl Runs for RunTask {
    type Type = ecs::RunTask;

    const NEEDS: Needs = &[
        CREATE.needs("ecs:DescribeTaskDefinition"),
        CREATE.needs("ecs:DescribeTasks").on(OWN),
        CREATE.needs("ecs:ListTasks").on(&[On::Arn(
            "arn:aws:ecs:{region}:{account}:container-instance/{cluster>cluster/}/*",
        )]),
        CREATE.needs("ecs:RunTask").on(&[On::Arn(
            "arn:aws:ecs:{region}:{account}:task-definition/{task_definition>task-definition/}*",
        )]),
        CREATE.needs("ecs:StopTask").on(OWN),
        passed!(CREATE, "ecs-tasks.amazonaws.com", "aws:ecs:TaskDefinition"),
        passed!(CREATE, "ecs-tasks.amazonaws.com"),
    ];

    async fn run(aws: &Aws, context: &Context, request: &Asked<'_>) -> Answer<RunTaskOutputs> {
        let mut attempt = 0;
        loop {
            let token = request.run_token(attempt);
            attempt += 1;
            let there = find(aws, request, &token).await?;
            let fresh = there.is_none();
            let task = match there {
                Some(task) => task,
                None => match start(aws, request, &token).await? {
                    Some(task) => task,
                    None => continue,
                },
            };
            // An earlier one that failed has come to nothing: another one takes its place.
            let was_over = task.last_status() == Some(STOPPED);
            let ended = wait(aws, context, request, task).await?;
            match outcome(aws, request, &ended).await {
                Err(error) if was_over && !fresh && !error.0.is_retryable() => {}
                other => return other,
            }
        }
    }
}
