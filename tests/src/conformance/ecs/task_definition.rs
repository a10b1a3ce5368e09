//! The cases of `aws:ecs:TaskDefinition`: on instances, and on Fargate.

mod differences;
mod refused;

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::{
        ecs::{
            ApplicationProtocol, Compatibility, ContainerCondition, ContainerDefinition,
            ContainerDependency, ContainerSecret, CpuArchitecture, DockerVolumeConfiguration,
            DockerVolumeScope, EfsAuthorizationConfig, EfsVolumeConfiguration, EnvironmentFile,
            EphemeralStorage, FirelensConfiguration, FirelensType, HealthCheck, HostEntry, IpcMode,
            KernelCapabilities, LinuxParameters, LogConfiguration, LogDriver, MountPoint,
            NetworkMode, PidMode, PortMapping, RepositoryCredentials, RestartPolicy,
            RuntimePlatform, Switch, SystemControl, TaskDefinition, TaskDefinitionBuilder,
            TaskPlacementConstraint, Tmpfs, TransportProtocol, Ulimit, UlimitName,
            VersionConsistency, Volume,
        },
        efs::{AccessPoint, FileSystem},
        iam::Role,
        secretsmanager::Secret,
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::iam::role::trust;

type Subject = TaskDefinitionBuilder<Provided, Provided>;

const IMAGE: &str = "registry.example.org/moodle:5.0";

/// A role that tasks may take on.
pub(crate) fn role(stack: &Stack, name: &str) -> Role {
    Role::named(name).assume_role_policy_document(trust("ecs-tasks.amazonaws.com")).create(stack)
}

/// A container that answers on a port.
pub(crate) fn web() -> ContainerDefinition {
    ContainerDefinition::new("web", IMAGE)
        .memory(MiB(512))
        .port_mappings([PortMapping::new(8080_u16)])
}

/// A definition with these containers.
pub(crate) fn of(name: &str, containers: impl IntoInput<Vec<ContainerDefinition>>) -> Subject {
    TaskDefinition::named(name).family("campus-web").container_definitions(containers)
}

/// A container with everything that one can have.
fn whole(secret: &Secret) -> ContainerDefinition {
    let linux = LinuxParameters::new()
        .capabilities(KernelCapabilities::only(&["NET_BIND_SERVICE"]))
        .init_process_enabled(true)
        .shared_memory_size(MiB(64))
        .tmpfs([Tmpfs::new("/tmp", MiB(64)).mount_options(["noexec"])])
        .max_swap(MiB(0))
        .swappiness(10_u32);
    let mapping = PortMapping::new(8080_u16)
        .host_port(8080_u16)
        .protocol(TransportProtocol::Tcp)
        .name("web")
        .app_protocol(ApplicationProtocol::Http);
    web()
        .repository_credentials(RepositoryCredentials::new(secret))
        .version_consistency(VersionConsistency::Enabled)
        .cpu(512_u32)
        .memory_reservation(MiB(256))
        .restart_policy(
            RestartPolicy::new(true).ignored_exit_codes([0]).restart_attempt_period(Seconds(180)),
        )
        .entry_point(["/entrypoint"])
        .command(["php-fpm"])
        .working_directory("/var/www")
        .user("33:33")
        .environment([("MOODLE_URL", "https://moodle.example.org")])
        .environment_files([EnvironmentFile::new("arn:aws:s3:::campus/web.env")])
        .secrets([
            ContainerSecret::of_json("DB_PASSWORD", secret, "password"),
            ContainerSecret::of_secret("DB", secret),
        ])
        .port_mappings([mapping])
        .extra_hosts([HostEntry::new("db", Ipv4Addr::new(10, 0, 0, 5))])
        .hostname("web")
        .health_check(HealthCheck::shell("curl -f localhost:8080").start_period(Seconds(60)))
        .depends_on([ContainerDependency::new("router", ContainerCondition::Start)])
        .start_timeout(Seconds(120))
        .stop_timeout(Seconds(90))
        .log_configuration(LogConfiguration::new(LogDriver::Awsfirelens).options([("Name", "s3")]))
        .mount_points([
            MountPoint::new("files", "/data"),
            MountPoint::new("cache", "/cache").read_only(true),
        ])
        .readonly_root_filesystem(true)
        .linux_parameters(linux)
        .ulimits([Ulimit::new(UlimitName::Nofile, 1024_i64, 4096_i64)])
        .system_controls([SystemControl::new("net.core.somaxconn", "1024")])
        .docker_security_options(["no-new-privileges"])
        .docker_labels([("role", "web")])
}

fn router() -> ContainerDefinition {
    ContainerDefinition::new("router", "registry.example.org/fluent-bit:4")
        .memory(MiB(64))
        .essential(false)
        .firelens_configuration(FirelensConfiguration::new(FirelensType::Fluentbit))
}

fn volumes(files: &FileSystem, point: &AccessPoint) -> Vec<Volume> {
    let by_point = EfsAuthorizationConfig::new().access_point_id(point).iam(Switch::Enabled);
    let efs = EfsVolumeConfiguration::new(files)
        .authorization_config(by_point)
        .transit_encryption_port(2999_u16);
    let cache = DockerVolumeConfiguration::new()
        .scope(DockerVolumeScope::Shared)
        .autoprovision(true)
        .driver("local")
        .labels([("role", "cache")]);
    vec![
        Volume::new("files").efs_volume_configuration(efs),
        Volume::new("cache").docker_volume_configuration(cache),
    ]
}

const ON_INSTANCES: Case = Case {
    ty: TaskDefinition::definition,
    build: |stack, v| {
        let [task, job, start, other] =
            ["task", "job", "start", "other"].map(|name| role(stack, name));
        let secret = Secret::named("db").secret_string("hunter2").create(stack);
        let files = FileSystem::named("files").create(stack);
        let point = AccessPoint::named("files").file_system_id(&files).create(stack);
        let more = Volume::folder("run", "/run/campus");
        TaskDefinition::named("subject")
            .family(v.pick("family", "campus-web", "campus-site"))
            .container_definitions(v.pick(
                "container_definitions",
                vec![whole(&secret), router()],
                vec![whole(&secret).command(["apache2"]), router()],
            ))
            .cpu(v.pick("cpu", 1024_u32, 2048))
            .memory(v.pick("memory", MiB(1024), MiB(2048)))
            .network_mode(v.pick("network_mode", NetworkMode::Bridge, NetworkMode::Host))
            .task_role_arn(v.pick("task_role_arn", task.arn(), job.arn()))
            .execution_role_arn(v.pick("execution_role_arn", start.arn(), other.arn()))
            .requires_compatibilities(v.pick(
                "requires_compatibilities",
                vec![],
                vec![Compatibility::Ec2],
            ))
            .runtime_platform(v.pick(
                "runtime_platform",
                RuntimePlatform::new(),
                RuntimePlatform::new().cpu_architecture(CpuArchitecture::Arm64),
            ))
            .volumes(v.pick("volumes", volumes(&files, &point), {
                let mut all = volumes(&files, &point);
                all.push(more);
                all
            }))
            .placement_constraints(v.pick(
                "placement_constraints",
                vec![],
                vec![TaskPlacementConstraint::new("attribute:ecs.instance-type =~ m7g.*")],
            ))
            .pid_mode(v.pick("pid_mode", PidMode::Task, PidMode::Host))
            .ipc_mode(v.pick("ipc_mode", IpcMode::None, IpcMode::Task))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: refused::ON_INSTANCES,
    fixed: &[
        ("ephemeral_storage", "is of Fargate, which the second case is for"),
        ("enable_fault_injection", "goes with awsvpc, which the second case has"),
    ],
    cfn: Cfn {
        name: "AWS::ECS::TaskDefinition",
        differs: differences::ALL,
        renamed: differences::RENAMED,
    },
};

/// A definition for Fargate.
pub(crate) fn on_fargate(name: &str) -> Subject {
    of(name, [web()])
        .network_mode(NetworkMode::Awsvpc)
        .requires_compatibilities([Compatibility::Fargate])
        .cpu(512_u32)
        .memory(GiB(1))
}

const ON_FARGATE: Case = Case {
    ty: TaskDefinition::definition,
    build: |stack, v| {
        on_fargate("subject")
            .ephemeral_storage(v.pick(
                "ephemeral_storage",
                EphemeralStorage::new(GiB(21)),
                EphemeralStorage::new(GiB(100)),
            ))
            .enable_fault_injection(v.pick("enable_fault_injection", false, true))
            .create(stack);
    },
    refused: refused::ON_FARGATE,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[ON_INSTANCES, ON_FARGATE];
