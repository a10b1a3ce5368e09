//! Containers, for AWS.

use std::collections::BTreeMap;

use aws_sdk_ecs::types as sdk;
use infra_core::{
    aws::ecs::{
        ContainerDefinitionArgs, ContainerDependencyArgs, ContainerSecretArgs, EnvironmentFileArgs,
        HealthCheckArgs, HostEntryArgs, MountPointArgs, PortMappingArgs, RestartPolicyArgs,
        SecretSourceArgs, SecretValueArgs,
    },
    types::Seconds,
};

use super::{
    super::{numbers::int, unless_empty},
    linux, logging,
};

pub(super) fn container(args: &ContainerDefinitionArgs) -> sdk::ContainerDefinition {
    let builder = sdk::ContainerDefinition::builder()
        .name(&args.name)
        .image(&args.image)
        .set_version_consistency(args.version_consistency.map(|it| it.as_str().into()))
        .set_cpu(args.cpu.map(int))
        .set_memory(args.memory.map(|memory| int(memory.0)))
        .set_memory_reservation(args.memory_reservation.map(|memory| int(memory.0)))
        .essential(args.essential)
        .set_restart_policy(args.restart_policy.as_ref().map(restarts))
        .set_hostname(args.hostname.clone())
        .set_health_check(args.health_check.as_ref().map(health))
        .set_start_timeout(args.start_timeout.map(seconds))
        .set_stop_timeout(args.stop_timeout.map(seconds))
        .readonly_root_filesystem(args.readonly_root_filesystem)
        .privileged(args.privileged)
        .interactive(args.interactive)
        .pseudo_terminal(args.pseudo_terminal);
    with_surroundings(with_process(builder, args), args).build()
}

type Builder = sdk::builders::ContainerDefinitionBuilder;

/// What runs, and with what.
fn with_process(builder: Builder, args: &ContainerDefinitionArgs) -> Builder {
    let credentials = args.repository_credentials.as_ref().map(|credentials| {
        sdk::RepositoryCredentials::builder()
            .credentials_parameter(credentials.credentials_parameter.as_str())
            .build()
            .expect("the secret is there")
    });
    let files = args.environment_files.iter().map(file).collect();
    builder
        .set_repository_credentials(credentials)
        .set_entry_point(args.entry_point.clone())
        .set_command(args.command.clone())
        .set_working_directory(args.working_directory.clone())
        .set_user(args.user.clone())
        .set_environment(unless_empty(variables(&args.environment)))
        .set_environment_files(unless_empty(files))
        .set_secrets(unless_empty(args.secrets.iter().map(secret).collect()))
        .set_docker_security_options(unless_empty(args.docker_security_options.clone()))
        .set_docker_labels(
            Some(args.docker_labels.clone().into_iter().collect())
                .filter(|_| !args.docker_labels.is_empty()),
        )
}

/// What is around it: ports, files, logs, other containers.
fn with_surroundings(builder: Builder, args: &ContainerDefinitionArgs) -> Builder {
    let controls = args.system_controls.iter().map(linux::control).collect();
    builder
        .set_port_mappings(unless_empty(args.port_mappings.iter().map(mapping).collect()))
        .set_extra_hosts(unless_empty(args.extra_hosts.iter().map(host).collect()))
        .set_depends_on(unless_empty(args.depends_on.iter().map(dependency).collect()))
        .set_log_configuration(args.log_configuration.as_ref().map(logging::log))
        .set_firelens_configuration(args.firelens_configuration.as_ref().map(logging::router))
        .set_mount_points(unless_empty(args.mount_points.iter().map(mount).collect()))
        .set_linux_parameters(args.linux_parameters.as_ref().map(linux::parameters))
        .set_ulimits(unless_empty(args.ulimits.iter().map(linux::limit).collect()))
        .set_system_controls(unless_empty(controls))
}

fn seconds(seconds: Seconds) -> i32 {
    int(seconds.0)
}

fn restarts(args: &RestartPolicyArgs) -> sdk::ContainerRestartPolicy {
    sdk::ContainerRestartPolicy::builder()
        .enabled(args.enabled)
        .set_ignored_exit_codes(unless_empty(args.ignored_exit_codes.clone()))
        .set_restart_attempt_period(args.restart_attempt_period.map(seconds))
        .build()
        .expect("whether it is is there")
}

fn health(args: &HealthCheckArgs) -> sdk::HealthCheck {
    sdk::HealthCheck::builder()
        .set_command(Some(args.command.clone()))
        .interval(seconds(args.interval))
        .timeout(seconds(args.timeout))
        .retries(int(args.retries))
        .start_period(seconds(args.start_period))
        .build()
        .expect("the command is there")
}

/// Variables of an environment, of a definition or of one task.
pub(in super::super) fn variables(all: &BTreeMap<String, String>) -> Vec<sdk::KeyValuePair> {
    let pair = |(name, value)| sdk::KeyValuePair::builder().name(name).value(value).build();
    all.iter().map(pair).collect()
}

fn file(args: &EnvironmentFileArgs) -> sdk::EnvironmentFile {
    sdk::EnvironmentFile::builder()
        .value(&args.value)
        .r#type(args.file_type.as_str().into())
        .build()
        .expect("value and type are there")
}

pub(super) fn secret(args: &ContainerSecretArgs) -> sdk::Secret {
    let from = match &args.value_from {
        SecretSourceArgs::Secret(secret) => secret_text(secret),
        SecretSourceArgs::Parameter(parameter) => parameter.to_string(),
    };
    let secret = sdk::Secret::builder().name(&args.name).value_from(from);
    secret.build().expect("name and source are there")
}

/// AWS writes key, stage and version behind the ARN, in this order; those at the end may be
/// missing.
fn secret_text(args: &SecretValueArgs) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let parts = [part(&args.json_key), part(&args.version_stage), part(&args.version_id)];
    if parts.iter().all(String::is_empty) {
        return args.secret_arn.to_string();
    }
    format!("{}:{}", args.secret_arn, parts.join(":"))
}

fn mapping(args: &PortMappingArgs) -> sdk::PortMapping {
    sdk::PortMapping::builder()
        .container_port(args.container_port.into())
        .set_host_port(args.host_port.map(Into::into))
        .protocol(args.protocol.as_str().into())
        .set_name(args.name.clone())
        .set_app_protocol(args.app_protocol.map(|it| it.as_str().into()))
        .build()
}

fn host(args: &HostEntryArgs) -> sdk::HostEntry {
    sdk::HostEntry::builder()
        .hostname(&args.hostname)
        .ip_address(args.ip_address.to_string())
        .build()
        .expect("name and address are there")
}

fn dependency(args: &ContainerDependencyArgs) -> sdk::ContainerDependency {
    sdk::ContainerDependency::builder()
        .container_name(&args.container_name)
        .condition(args.condition.as_str().into())
        .build()
        .expect("name and condition are there")
}

fn mount(args: &MountPointArgs) -> sdk::MountPoint {
    sdk::MountPoint::builder()
        .source_volume(&args.source_volume)
        .container_path(&args.container_path)
        .read_only(args.read_only)
        .build()
}
