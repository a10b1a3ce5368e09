//! Containers, as AWS tells them.

use std::collections::BTreeMap;

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::{
        SecretArn,
        ecs::{
            ContainerDefinitionArgs, ContainerDependencyArgs, ContainerSecretArgs,
            EnvironmentFileArgs, HealthCheckArgs, HostEntryArgs, MountPointArgs, PortMappingArgs,
            RepositoryCredentialsArgs, RestartPolicyArgs, SecretSourceArgs, SecretValueArgs,
            TransportProtocol, VersionConsistency,
        },
    },
    types::{MiB, Seconds},
    value::Value,
};

use super::{
    super::{
        numbers::{port, unsigned},
        word,
    },
    linux, logging,
};

/// Whether AWS filled it in. Where the task has the network to itself, ports of the container are
/// those of the task.
pub(super) fn filled(field: &str, value: &Value, within: &Value) -> bool {
    match field {
        "host_port" => within.field("container_port") == Some(value),
        "version_consistency" => value.as_str() == Some(VersionConsistency::Enabled.as_str()),
        _ => false,
    }
}

/// `None` if there is something in it that the catalogue has no word for.
pub(super) fn container(told: &sdk::ContainerDefinition) -> Option<ContainerDefinitionArgs> {
    let strings = |list: &[String]| Some(list.to_vec()).filter(|list| !list.is_empty());
    let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let labels = told.docker_labels().cloned().unwrap_or_default();
    let credentials = told.repository_credentials();
    Some(ContainerDefinitionArgs {
        name: told.name()?.to_owned(),
        image: told.image()?.to_owned(),
        repository_credentials: known(credentials, |it| {
            let credentials_parameter = word(it.credentials_parameter())?;
            Some(RepositoryCredentialsArgs { credentials_parameter })
        })?,
        version_consistency: known(told.version_consistency(), |it| word(it.as_str()))?,
        cpu: Some(told.cpu()).filter(|cpu| *cpu != 0).map(unsigned),
        memory: told.memory().map(unsigned).map(MiB),
        memory_reservation: told.memory_reservation().map(unsigned).map(MiB),
        essential: told.essential().unwrap_or(true),
        restart_policy: told.restart_policy().map(restarts),
        entry_point: strings(told.entry_point()),
        command: strings(told.command()),
        working_directory: owned(told.working_directory()),
        user: owned(told.user()),
        environment: variables(told.environment()),
        environment_files: all(told.environment_files(), file)?,
        secrets: all(told.secrets(), secret)?,
        port_mappings: all(told.port_mappings(), mapping)?,
        extra_hosts: all(told.extra_hosts(), host)?,
        hostname: owned(told.hostname()),
        health_check: told.health_check().map(health),
        depends_on: all(told.depends_on(), dependency)?,
        start_timeout: told.start_timeout().map(seconds),
        stop_timeout: told.stop_timeout().map(seconds),
        log_configuration: known(told.log_configuration(), logging::log_seen)?,
        firelens_configuration: known(told.firelens_configuration(), logging::router_seen)?,
        mount_points: all(told.mount_points(), mount)?,
        readonly_root_filesystem: told.readonly_root_filesystem().unwrap_or_default(),
        linux_parameters: told.linux_parameters().map(linux::parameters_seen),
        ulimits: all(told.ulimits(), linux::limit_seen)?,
        system_controls: all(told.system_controls(), linux::control_seen)?,
        privileged: told.privileged().unwrap_or_default(),
        docker_security_options: told.docker_security_options().to_vec(),
        docker_labels: labels.into_iter().collect(),
        interactive: told.interactive().unwrap_or_default(),
        pseudo_terminal: told.pseudo_terminal().unwrap_or_default(),
    })
}

/// A part that may be absent, read; `None` if it is there and can't be read.
fn known<T, U>(told: Option<T>, read: impl FnOnce(T) -> Option<U>) -> Option<Option<U>> {
    told.map_or(Some(None), |told| read(told).map(Some))
}

/// All of a list, read; `None` if one can't be.
pub(super) fn all<T, U>(told: &[T], read: impl Fn(&T) -> Option<U>) -> Option<Vec<U>> {
    told.iter().map(read).collect()
}

fn seconds(told: i32) -> Seconds {
    Seconds(unsigned(told))
}

fn restarts(told: &sdk::ContainerRestartPolicy) -> RestartPolicyArgs {
    RestartPolicyArgs {
        enabled: told.enabled(),
        ignored_exit_codes: told.ignored_exit_codes().to_vec(),
        restart_attempt_period: told.restart_attempt_period().map(seconds),
    }
}

fn health(told: &sdk::HealthCheck) -> HealthCheckArgs {
    HealthCheckArgs {
        command: told.command().to_vec(),
        interval: seconds(told.interval().unwrap_or(30)),
        timeout: seconds(told.timeout().unwrap_or(5)),
        retries: unsigned(told.retries().unwrap_or(3)),
        start_period: seconds(told.start_period().unwrap_or_default()),
    }
}

fn variables(told: &[sdk::KeyValuePair]) -> BTreeMap<String, String> {
    let pair = |pair: &sdk::KeyValuePair| {
        Some((pair.name()?.to_owned(), pair.value().unwrap_or_default().to_owned()))
    };
    told.iter().filter_map(pair).collect()
}

fn file(told: &sdk::EnvironmentFile) -> Option<EnvironmentFileArgs> {
    Some(EnvironmentFileArgs {
        value: told.value().to_owned(),
        file_type: word(told.r#type().as_str())?,
    })
}

/// `arn:aws:ssm:…` is a parameter; a secret has seven parts, and up to three behind them.
pub(super) fn secret(told: &sdk::Secret) -> Option<ContainerSecretArgs> {
    let from = told.value_from();
    let parts: Vec<&str> = from.splitn(10, ':').collect();
    let value_from = if parts.get(2) == Some(&"secretsmanager") {
        let part = |place: usize| {
            let part = parts.get(place).filter(|part| !part.is_empty());
            part.map(|part| (*part).to_owned())
        };
        let secret_arn: SecretArn = word(&parts[..parts.len().min(7)].join(":"))?;
        SecretSourceArgs::Secret(SecretValueArgs {
            secret_arn,
            json_key: part(7),
            version_stage: part(8),
            version_id: part(9),
        })
    } else {
        SecretSourceArgs::Parameter(word(from)?)
    };
    Some(ContainerSecretArgs { name: told.name().to_owned(), value_from })
}

fn mapping(told: &sdk::PortMapping) -> Option<PortMappingArgs> {
    let protocol = told.protocol().map(|it| it.as_str());
    Some(PortMappingArgs {
        container_port: told.container_port().map(port)?,
        host_port: told.host_port().filter(|port| *port != 0).map(port),
        protocol: protocol.map_or(Some(TransportProtocol::Tcp), word)?,
        name: told.name().map(str::to_owned),
        app_protocol: known(told.app_protocol(), |it| word(it.as_str()))?,
    })
}

fn host(told: &sdk::HostEntry) -> Option<HostEntryArgs> {
    Some(HostEntryArgs {
        hostname: told.hostname().to_owned(),
        ip_address: told.ip_address().parse().ok()?,
    })
}

fn dependency(told: &sdk::ContainerDependency) -> Option<ContainerDependencyArgs> {
    Some(ContainerDependencyArgs {
        container_name: told.container_name().to_owned(),
        condition: word(told.condition().as_str())?,
    })
}

fn mount(told: &sdk::MountPoint) -> Option<MountPointArgs> {
    Some(MountPointArgs {
        source_volume: told.source_volume()?.to_owned(),
        container_path: told.container_path()?.to_owned(),
        read_only: told.read_only().unwrap_or_default(),
    })
}
