//! What AWS refuses of containers: names, memory, ports, secrets, what waits for what.

use std::collections::BTreeSet;

use infra_core::{
    aws::ecs::{
        ContainerCondition as Condition, ContainerDefinitionArgs, HealthCheckArgs, LogDriver,
        NetworkMode, TransportProtocol,
    },
    types::{MiB, Seconds},
};

use super::{Definition, WORD, is_word};
use crate::sim::refusal::Refusal;

/// AWS: "Containers per task definition".
const CONTAINERS: usize = 10;
/// Docker keeps no less.
const MEMORY: MiB = MiB(6);
const ENVIRONMENT_FILES: usize = 10;

type Checked = Result<(), Refusal>;

/// Everything stands in one property; the message says where in it.
pub(super) fn refused(message: impl AsRef<str>) -> Checked {
    let message = format!("`container_definitions`: {}", message.as_ref());
    super::refused("container_definitions", message)
}

pub(super) fn check(definition: &Definition) -> Checked {
    let containers = &definition.containers;
    if !(1..=CONTAINERS).contains(&containers.len()) {
        let count = containers.len();
        return refused(format!("there are {count}; 1 to {CONTAINERS} are allowed"));
    }
    for (place, container) in containers.iter().enumerate() {
        let name = &container.name;
        if !is_word(name) {
            return refused(format!("`name` {name:?}: {WORD}"));
        }
        if containers[..place].iter().any(|other| other.name == *name) {
            return refused(format!("two are called `{name}`"));
        }
        check_memory(definition, container)?;
        check_ports(definition, container)?;
        check_environment(definition, container)?;
        check_logs(definition, container)?;
        check_rest(definition, container)?;
        check_waits(definition, container)?;
    }
    if !containers.iter().any(|container| container.essential) {
        return refused("none is `essential`; the task ends when such a one does");
    }
    check_host_ports(definition)?;
    check_circles(containers)
}

fn check_memory(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let name = &container.name;
    let (hard, soft) = (container.memory, container.memory_reservation);
    if hard.is_none() && soft.is_none() && definition.memory.is_none() {
        return refused(format!(
            "`{name}` has neither `memory` nor `memory_reservation`, and the task no `memory`"
        ));
    }
    for (what, size) in [("memory", hard), ("memory_reservation", soft)] {
        if let Some(size) = size.filter(|size| *size < MEMORY) {
            return refused(format!("`{what}` {size} of `{name}` is less than {MEMORY}"));
        }
    }
    match (hard, soft) {
        (Some(hard), Some(soft)) if soft >= hard => refused(format!(
            "`memory` {hard} of `{name}` must be more than its `memory_reservation` {soft}"
        )),
        _ => Ok(()),
    }
}

fn check_ports(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let (name, mode) = (&container.name, definition.network_mode);
    if mode == NetworkMode::None && !container.port_mappings.is_empty() {
        return refused(format!(
            "`{name}` has `port_mappings`, which the network mode none has not"
        ));
    }
    let mut names = BTreeSet::new();
    for mapping in &container.port_mappings {
        let port = mapping.container_port;
        if port == 0 {
            return refused(format!("`container_port` 0 of `{name}` is none"));
        }
        let own = matches!(mode, NetworkMode::Awsvpc | NetworkMode::Host);
        if let Some(host) = mapping.host_port.filter(|host| own && *host != port) {
            return refused(format!(
                "`host_port` {host} of `{name}` must be the `container_port` {port} in the network \
                 mode {mode}"
            ));
        }
        if let Some(label) = &mapping.name
            && !names.insert(label.as_str())
        {
            return refused(format!("two `port_mappings` of `{name}` are called {label}"));
        }
        if mapping.app_protocol.is_some() && mapping.protocol == TransportProtocol::Udp {
            return refused(format!("`app_protocol` of the port {port} of `{name}` goes with tcp"));
        }
    }
    Ok(())
}

/// A port of the instance, or of the task's own interface, leads to one container.
fn check_host_ports(definition: &Definition) -> Checked {
    let mut taken: BTreeSet<(u16, &str)> = BTreeSet::new();
    for container in &definition.containers {
        for mapping in &container.port_mappings {
            let host = match definition.network_mode {
                NetworkMode::Awsvpc | NetworkMode::Host => Some(mapping.container_port),
                NetworkMode::Bridge | NetworkMode::None => mapping.host_port,
            };
            let host = host.filter(|port| *port != 0);
            if let Some(port) =
                host.filter(|port| !taken.insert((*port, mapping.protocol.as_str())))
            {
                let (name, protocol) = (&container.name, mapping.protocol);
                return refused(format!(
                    "the port {port} ({protocol}) of `{name}` is taken by another port mapping"
                ));
            }
        }
    }
    Ok(())
}

fn check_environment(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let name = &container.name;
    if container.environment_files.len() > ENVIRONMENT_FILES {
        let count = container.environment_files.len();
        return refused(format!(
            "`{name}` has {count} `environment_files`; {ENVIRONMENT_FILES} are allowed"
        ));
    }
    if let Some(file) = container
        .environment_files
        .iter()
        .find(|file| !(file.value.starts_with("arn:") && file.value.ends_with(".env")))
    {
        let file = &file.value;
        return refused(format!(
            "`environment_files` {file} of `{name}` must be the ARN of an object that ends in .env"
        ));
    }
    let log = container.log_configuration.as_ref();
    let secret = !container.secrets.is_empty()
        || !container.environment_files.is_empty()
        || container.repository_credentials.is_some()
        || log.is_some_and(|log| !log.secret_options.is_empty());
    if secret && definition.execution_role.is_none() {
        return refused(format!(
            "`{name}` has secrets, credentials or files of variables, which ECS reads as \
             `execution_role_arn`; the task has none"
        ));
    }
    let mut names: BTreeSet<&str> = container.environment.keys().map(String::as_str).collect();
    match container.secrets.iter().find(|secret| !names.insert(secret.name.as_str())) {
        Some(secret) => {
            let twice = &secret.name;
            refused(format!("the variable {twice} of `{name}` is given twice"))
        }
        None => Ok(()),
    }
}

fn check_logs(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let name = &container.name;
    let Some(log) = &container.log_configuration else { return Ok(()) };
    if log.log_driver == LogDriver::Awslogs {
        let needed = ["awslogs-group", "awslogs-region"];
        if let Some(option) = needed.into_iter().find(|option| !log.options.contains_key(*option)) {
            return refused(format!("`log_configuration` of `{name}` needs the option {option}"));
        }
    }
    let routed = definition.containers.iter().any(|other| other.firelens_configuration.is_some());
    if log.log_driver == LogDriver::Awsfirelens && !routed {
        return refused(format!(
            "`{name}` logs by awsfirelens, and no container has a `firelens_configuration`"
        ));
    }
    Ok(())
}

fn check_rest(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let name = &container.name;
    if definition.network_mode == NetworkMode::Awsvpc {
        let given = [
            ("hostname", container.hostname.is_some()),
            ("extra_hosts", !container.extra_hosts.is_empty()),
        ];
        if let Some((what, _)) = given.into_iter().find(|(_, given)| *given) {
            return refused(format!(
                "`{what}` of `{name}` does not go with the network mode awsvpc"
            ));
        }
    }
    if let Some(limit) = container
        .ulimits
        .iter()
        .find(|limit| limit.hard_limit >= 0 && limit.soft_limit > limit.hard_limit)
    {
        return refused(format!(
            "the limit {} of `{name}` has `soft_limit` {} above `hard_limit` {}",
            limit.name, limit.soft_limit, limit.hard_limit
        ));
    }
    if let Some(linux) = &container.linux_parameters
        && let Some(swappiness) = linux.swappiness
        && (swappiness > 100 || linux.max_swap.is_none())
    {
        return refused(format!(
            "`swappiness` {swappiness} of `{name}` is between 0 and 100, and goes with `max_swap`"
        ));
    }
    if let Some(restart) = &container.restart_policy
        && let Some(Seconds(period)) = restart.restart_attempt_period
        && !(60..=1800).contains(&period)
    {
        return refused(format!(
            "`restart_attempt_period` {period} s of `{name}` must be between 60 and 1800 s"
        ));
    }
    match &container.health_check {
        Some(check) => check_health(name, check),
        None => Ok(()),
    }
}

fn check_health(name: &str, check: &HealthCheckArgs) -> Checked {
    let known = ["CMD", "CMD-SHELL", "NONE"];
    let first = check.command.first().map(String::as_str).unwrap_or_default();
    if !known.contains(&first) || first != "NONE" && check.command.len() < 2 {
        return refused(format!(
            "`health_check.command` of `{name}` begins with CMD or CMD-SHELL and goes on with a \
             command; it begins with {first:?}"
        ));
    }
    let numbers = [
        ("interval", check.interval.0, 5..=300),
        ("timeout", check.timeout.0, 2..=60),
        ("retries", check.retries, 1..=10),
        ("start_period", check.start_period.0, 0..=300),
    ];
    for (what, number, allowed) in numbers {
        if !allowed.contains(&number) {
            let (first, last) = (allowed.start(), allowed.end());
            return refused(format!(
                "`health_check.{what}` {number} of `{name}` must be between {first} and {last}"
            ));
        }
    }
    Ok(())
}

/// What a container waits for is there, and can come to what is waited for.
fn check_waits(definition: &Definition, container: &ContainerDefinitionArgs) -> Checked {
    let name = &container.name;
    for wait in &container.depends_on {
        let (other, condition) = (&wait.container_name, wait.condition);
        let Some(found) = definition.container(other) else {
            return refused(format!("`{name}` waits for `{other}`, which the task does not have"));
        };
        if condition == Condition::Healthy && found.health_check.is_none() {
            return refused(format!(
                "`{name}` waits until `{other}` is healthy, which has no `health_check`"
            ));
        }
        if matches!(condition, Condition::Complete | Condition::Success) && found.essential {
            return refused(format!(
                "`{name}` waits for the end of `{other}`, which is `essential`: the task ends with it"
            ));
        }
    }
    Ok(())
}

/// No container waits for itself, however many stand between.
fn check_circles(containers: &[ContainerDefinitionArgs]) -> Checked {
    let mut started: BTreeSet<&str> = BTreeSet::new();
    loop {
        let free = containers.iter().find(|container| {
            let waits = container.depends_on.iter();
            !started.contains(container.name.as_str())
                && waits.clone().all(|wait| started.contains(wait.container_name.as_str()))
        });
        match free {
            Some(container) => started.insert(&container.name),
            None => break,
        };
    }
    match containers.iter().find(|container| !started.contains(container.name.as_str())) {
        Some(container) => {
            refused(format!("`{}` never starts: its `depends_on` lead in a circle", container.name))
        }
        None => Ok(()),
    }
}
