//! Task definitions that AWS refuses.

use crate::conformance::Refused;
use infra_core::{
    aws::{
        ecs::{
            ApplicationProtocol, Compatibility, ContainerCondition, ContainerDefinition,
            ContainerDependency, ContainerSecret, EfsAuthorizationConfig, EfsVolumeConfiguration,
            EnvironmentFile, EphemeralStorage, HealthCheck, HostVolume, IpcMode, LinuxParameters,
            LogConfiguration, LogDriver, MountPoint, NetworkMode, PortMapping, RestartPolicy,
            Switch, TaskDefinition, TransportProtocol, Ulimit, UlimitName, Volume,
        },
        efs::{AccessPoint, FileSystem},
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{of, on_fargate, web};

fn container(stack: &Stack, container: ContainerDefinition) {
    of("subject", [container]).create(stack);
}

fn volume(stack: &Stack, change: impl FnOnce(Volume) -> Volume) {
    of("subject", [web()]).volumes([change(Volume::new("files"))]).create(stack);
}

/// Two containers, of which the first waits for the second.
fn waits(stack: &Stack, condition: ContainerCondition, other: ContainerDefinition) {
    let first = web().depends_on([ContainerDependency::new("other", condition)]);
    of("subject", [first, other]).create(stack);
}

fn other() -> ContainerDefinition {
    ContainerDefinition::new("other", "registry.example.org/other:1").memory(MiB(64))
}

pub(super) const ON_INSTANCES: &[Refused] = &[
    Refused {
        property: "family",
        build: |stack| {
            TaskDefinition::named("subject")
                .family("campus web")
                .container_definitions([web()])
                .create(stack);
        },
        says: "1 to 255 letters, digits, _ and - are allowed",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            of("subject", Vec::<ContainerDefinition>::new()).create(stack);
        },
        says: "there are 0; 1 to 10 are allowed",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            of("subject", [web(), web()]).create(stack);
        },
        says: "two are called `web`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, web().essential(false)),
        says: "none is `essential`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, ContainerDefinition::new("web", "moodle:5.0")),
        says: "`web` has neither `memory` nor `memory_reservation`, and the task no `memory`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, web().memory_reservation(MiB(512))),
        says: "`memory` 512 MiB of `web` must be more than its `memory_reservation` 512 MiB",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, web().memory(MiB(4))),
        says: "4 MiB of `web` is less than 6 MiB",
    },
    Refused {
        property: "memory",
        build: |stack| {
            of("subject", [web(), other()]).memory(MiB(512)).create(stack);
        },
        says: "512 MiB of the task is less than 576 MiB, what its containers keep",
    },
    Refused {
        property: "cpu",
        build: |stack| {
            of("subject", [web().cpu(512_u32)]).cpu(256_u32).create(stack);
        },
        says: "256 of the task is less than 512",
    },
    Refused {
        property: "cpu",
        build: |stack| {
            of("subject", [web()]).cpu(64_u32).create(stack);
        },
        says: "64 must be between 128 and 196608",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let mapping = PortMapping::new(8080_u16).host_port(80_u16);
            of("subject", [web().port_mappings([mapping])])
                .network_mode(NetworkMode::Awsvpc)
                .create(stack);
        },
        says: "`host_port` 80 of `web` must be the `container_port` 8080 in the network mode awsvpc",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let mapping = PortMapping::new(8080_u16);
            of("subject", [web(), other().port_mappings([mapping])])
                .network_mode(NetworkMode::Awsvpc)
                .create(stack);
        },
        says: "the port 8080 (tcp) of `other` is taken",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            of("subject", [web()]).network_mode(NetworkMode::None).create(stack);
        },
        says: "`web` has `port_mappings`, which the network mode none has not",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            of("subject", [web().hostname("web")]).network_mode(NetworkMode::Awsvpc).create(stack);
        },
        says: "`hostname` of `web` does not go with the network mode awsvpc",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let udp = PortMapping::new(53_u16).protocol(TransportProtocol::Udp);
            let udp = udp.app_protocol(ApplicationProtocol::Http);
            container(stack, web().port_mappings([udp]));
        },
        says: "`app_protocol` of the port 53 of `web` goes with tcp",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let secret = Secret::named("db").secret_string("hunter2").create(stack);
            container(stack, web().secrets([ContainerSecret::of_secret("DB", &secret)]));
        },
        says: "which ECS reads as `execution_role_arn`; the task has none",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let secret = Secret::named("db").secret_string("hunter2").create(stack);
            let secret = ContainerSecret::of_secret("DB", &secret);
            let role = super::role(stack, "start");
            of("subject", [web().environment([("DB", "db")]).secrets([secret])])
                .execution_role_arn(role.arn())
                .create(stack);
        },
        says: "the variable DB of `web` is given twice",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            container(stack, web().environment_files([EnvironmentFile::new("web.txt")]));
        },
        says: "must be the ARN of an object that ends in .env",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            container(stack, web().log_configuration(LogConfiguration::new(LogDriver::Awslogs)));
        },
        says: "`log_configuration` of `web` needs the option awslogs-group",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let log = LogConfiguration::new(LogDriver::Awsfirelens);
            container(stack, web().log_configuration(log));
        },
        says: "no container has a `firelens_configuration`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, web().health_check(HealthCheck::new(["curl"]))),
        says: "begins with CMD or CMD-SHELL",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            container(stack, web().health_check(HealthCheck::shell("true").timeout(Seconds(90))));
        },
        says: "`health_check.timeout` 90 of `web` must be between 2 and 60",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            container(stack, web().ulimits([Ulimit::new(UlimitName::Nofile, 2_i64, 1_i64)]));
        },
        says: "the limit nofile of `web` has `soft_limit` 2 above `hard_limit` 1",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            container(stack, web().linux_parameters(LinuxParameters::new().swappiness(10_u32)));
        },
        says: "goes with `max_swap`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let restart = RestartPolicy::new(true).restart_attempt_period(Seconds(10));
            container(stack, web().restart_policy(restart));
        },
        says: "10 s of `web` must be between 60 and 1800 s",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let wait = ContainerDependency::new("other", ContainerCondition::Start);
            container(stack, web().depends_on([wait]));
        },
        says: "`web` waits for `other`, which the task does not have",
    },
    Refused {
        property: "container_definitions",
        build: |stack| waits(stack, ContainerCondition::Healthy, other()),
        says: "`web` waits until `other` is healthy, which has no `health_check`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| waits(stack, ContainerCondition::Success, other()),
        says: "`web` waits for the end of `other`, which is `essential`",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let back = ContainerDependency::new("web", ContainerCondition::Start);
            waits(stack, ContainerCondition::Start, other().depends_on([back]));
        },
        says: "`web` never starts: its `depends_on` lead in a circle",
    },
    Refused {
        property: "container_definitions",
        build: |stack| container(stack, web().mount_points([MountPoint::new("files", "/data")])),
        says: "`web` mounts files, which is not among `volumes`",
    },
    Refused {
        property: "volumes",
        build: |stack| {
            let files = FileSystem::named("files").create(stack);
            volume(stack, |volume| {
                volume
                    .host(HostVolume::new())
                    .efs_volume_configuration(EfsVolumeConfiguration::new(&files))
            });
        },
        says: "files is one of `host`, `docker_volume_configuration` and `efs_volume_configuration`",
    },
    Refused {
        property: "volumes",
        build: |stack| {
            let files = FileSystem::named("files").create(stack);
            let point = AccessPoint::named("files").file_system_id(&files).create(stack);
            let by_point = EfsAuthorizationConfig::new().access_point_id(&point);
            let efs = EfsVolumeConfiguration::new(&files).authorization_config(by_point);
            volume(stack, |volume| volume.efs_volume_configuration(efs.root_directory("/web")));
        },
        says: "`root_directory` /web does not go with an access point",
    },
    Refused {
        property: "volumes",
        build: |stack| {
            let files = FileSystem::named("files").create(stack);
            let by_role = EfsAuthorizationConfig::new().iam(Switch::Enabled);
            let efs = EfsVolumeConfiguration::new(&files)
                .transit_encryption(Switch::Disabled)
                .authorization_config(by_role);
            volume(stack, |volume| volume.efs_volume_configuration(efs));
        },
        says: "an access point and IAM need `transit_encryption` ENABLED",
    },
    Refused {
        property: "volumes",
        build: |stack| {
            let volumes = [Volume::new("files"), Volume::new("files")];
            of("subject", [web()]).volumes(volumes).create(stack);
        },
        says: "two `volumes` are called files",
    },
    Refused {
        property: "enable_fault_injection",
        build: |stack| {
            of("subject", [web()]).enable_fault_injection(true).create(stack);
        },
        says: "goes with the network modes awsvpc and host, not bridge",
    },
    Refused {
        property: "ephemeral_storage",
        build: |stack| {
            let disk = EphemeralStorage::new(GiB(30));
            of("subject", [web()]).ephemeral_storage(disk).create(stack);
        },
        says: "needs FARGATE among `requires_compatibilities`",
    },
    Refused {
        property: "task_role_arn",
        build: |stack| {
            of("subject", [web()])
                .task_role_arn("arn:aws:iam::123456789012:role/nobody")
                .create(stack);
        },
        says: "does not exist",
    },
];

pub(super) const ON_FARGATE: &[Refused] = &[
    Refused {
        property: "network_mode",
        build: |stack| {
            on_fargate("subject").network_mode(NetworkMode::Bridge).create(stack);
        },
        says: "bridge: Fargate needs awsvpc",
    },
    Refused {
        property: "cpu",
        build: |stack| {
            on_fargate("subject").cpu(300_u32).create(stack);
        },
        says: "300: on Fargate a task has 256, 512, 1024, 2048, 4096, 8192, 16384",
    },
    Refused {
        property: "memory",
        build: |stack| {
            on_fargate("subject").memory(GiB(8)).create(stack);
        },
        says: "8192 MiB: with `cpu` 512 a task on Fargate has 1024 to 4096 MiB",
    },
    Refused {
        property: "memory",
        build: |stack| {
            of("subject", [web()])
                .network_mode(NetworkMode::Awsvpc)
                .requires_compatibilities([Compatibility::Fargate])
                .cpu(512_u32)
                .create(stack);
        },
        says: "`memory` is needed for Fargate",
    },
    Refused {
        property: "ipc_mode",
        build: |stack| {
            on_fargate("subject").ipc_mode(IpcMode::Host).create(stack);
        },
        says: "can't be given so for Fargate",
    },
    Refused {
        property: "ephemeral_storage",
        build: |stack| {
            let disk = EphemeralStorage::new(GiB(20));
            on_fargate("subject").ephemeral_storage(disk).create(stack);
        },
        says: "20 GiB must be between 21 and 200 GiB",
    },
    Refused {
        property: "volumes",
        build: |stack| {
            on_fargate("subject").volumes([Volume::folder("run", "/run")]).create(stack);
        },
        says: "run is of the instance, which Fargate does not have",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            on_fargate("subject").container_definitions([web().privileged(true)]).create(stack);
        },
        says: "`privileged` of `web` does not go with Fargate",
    },
    Refused {
        property: "container_definitions",
        build: |stack| {
            let slow = web().stop_timeout(Seconds(180));
            on_fargate("subject").container_definitions([slow]).create(stack);
        },
        says: "180 s of `web` is above 120 s, the most on Fargate",
    },
];
