//! Containers of a task.

use std::collections::BTreeMap;

use super::{
    FirelensConfiguration, LinuxParameters, LogConfiguration, MountPoint, SystemControl, Ulimit,
};
use crate::{
    aws::{ParameterArn, SecretArn},
    prelude::*,
    props,
};

/// A container of a task.
#[props]
pub struct ContainerDefinition {
    /// The name, up to 255 letters, digits, `_` and `-`, unique in the task. AWS: `Name`.
    pub name: String,
    /// The image: a repository with a tag or, better, a digest. AWS: `Image`.
    pub image: String,
    /// Who may pull it, for registries other than ECR that ask. Default: anybody. AWS:
    /// `RepositoryCredentials`.
    pub repository_credentials: Option<RepositoryCredentials>,
    /// Whether the tag stands for the same image as long as a deployment lasts. Default: it does.
    /// AWS: `VersionConsistency`.
    pub version_consistency: Option<VersionConsistency>,
    /// Processor that is kept for it, in units of 1024 for a virtual processor; together no more
    /// than the task has. Default: none is kept. AWS: `Cpu`.
    pub cpu: Option<u32>,
    /// Memory beyond which it is killed, from 6 MiB; together no more than the task has. Default:
    /// the task's. AWS: `Memory`.
    pub memory: Option<MiB>,
    /// Memory that is kept for it, less than `memory`. Default: `memory`. AWS:
    /// `MemoryReservation`.
    pub memory_reservation: Option<MiB>,
    /// Whether the task ends when it ends. Default: true. AWS: `Essential`.
    #[prop(default = true)]
    pub essential: bool,
    /// Whether it is started again by itself when it ends. Default: it is not. AWS:
    /// `RestartPolicy`.
    pub restart_policy: Option<RestartPolicy>,
    /// What runs in it, before `command`. Default: the image's. AWS: `EntryPoint`.
    pub entry_point: Option<Vec<String>>,
    /// What runs in it, or the arguments of `entry_point`. Default: the image's. AWS: `Command`.
    pub command: Option<Vec<String>>,
    /// Where it runs. Default: the image's. AWS: `WorkingDirectory`.
    pub working_directory: Option<String>,
    /// As whom it runs: a name or number, with a group behind a colon. Default: the image's. AWS:
    /// `User`.
    pub user: Option<String>,
    /// Its environment; no place for secrets. Default: empty. AWS: `Environment`.
    #[prop(default)]
    pub environment: BTreeMap<String, String>,
    /// Files of S3 with more of it, up to ten. Default: none. AWS: `EnvironmentFiles`.
    #[prop(default)]
    pub environment_files: Vec<EnvironmentFile>,
    /// Secrets that ECS puts into the environment when the container starts; needs the task's
    /// `execution_role_arn`. Default: none. AWS: `Secrets`.
    #[prop(default)]
    pub secrets: Vec<ContainerSecret>,
    /// Ports that it listens on. Default: none. AWS: `PortMappings`.
    #[prop(default)]
    pub port_mappings: Vec<PortMapping>,
    /// Names that it knows beside those of DNS; not with awsvpc. Default: none. AWS: `ExtraHosts`.
    #[prop(default)]
    pub extra_hosts: Vec<HostEntry>,
    /// Its own name; not with awsvpc. Default: made up. AWS: `Hostname`.
    pub hostname: Option<String>,
    /// How it is seen whether it works. Default: it works as long as it runs. AWS: `HealthCheck`.
    pub health_check: Option<HealthCheck>,
    /// What other containers must have come to before it starts. Default: nothing. AWS:
    /// `DependsOn`.
    #[prop(default)]
    pub depends_on: Vec<ContainerDependency>,
    /// How long those that wait for it wait. Default: 3 minutes. AWS: `StartTimeout`.
    pub start_timeout: Option<Seconds>,
    /// How long it has to end before it is killed; at least as long as its target group lets
    /// targets finish. On Fargate 120 s at most. Default: 30 s. AWS: `StopTimeout`.
    pub stop_timeout: Option<Seconds>,
    /// Where it writes what it says. Default: as Docker says. AWS: `LogConfiguration`.
    pub log_configuration: Option<LogConfiguration>,
    /// That it routes logs of the other containers. Default: it does not. AWS:
    /// `FirelensConfiguration`.
    pub firelens_configuration: Option<FirelensConfiguration>,
    /// Where volumes of the task are mounted. Default: none. AWS: `MountPoints`.
    #[prop(default)]
    pub mount_points: Vec<MountPoint>,
    /// Whether it can write nowhere but to volumes. Default: false. AWS:
    /// `ReadonlyRootFilesystem`.
    #[prop(default = false)]
    pub readonly_root_filesystem: bool,
    /// What Linux gives it. Default: what Docker does. AWS: `LinuxParameters`.
    pub linux_parameters: Option<LinuxParameters>,
    /// Limits of its processes. Default: those of Docker. AWS: `Ulimits`.
    #[prop(default)]
    pub ulimits: Vec<Ulimit>,
    /// Settings of the kernel. Default: none. AWS: `SystemControls`.
    #[prop(default)]
    pub system_controls: Vec<SystemControl>,
    /// Whether it may do on the instance what root may; not on Fargate. Default: false. AWS:
    /// `Privileged`.
    #[prop(default = false)]
    pub privileged: bool,
    /// Profiles of AppArmor or SELinux, and `no-new-privileges`; not on Fargate. Default: none.
    /// AWS: `DockerSecurityOptions`.
    #[prop(default)]
    pub docker_security_options: Vec<String>,
    /// Labels that Docker knows it by. Default: none. AWS: `DockerLabels`.
    #[prop(default)]
    pub docker_labels: BTreeMap<String, String>,
    /// Whether somebody may type into it. Default: false. AWS: `Interactive`.
    #[prop(default = false)]
    pub interactive: bool,
    /// Whether it has a terminal. Default: false. AWS: `PseudoTerminal`.
    #[prop(default = false)]
    pub pseudo_terminal: bool,
}

/// Who may pull an image.
#[props]
pub struct RepositoryCredentials {
    /// The secret with user and password. AWS: `CredentialsParameter`.
    pub credentials_parameter: SecretArn,
}

/// Whether a tag stands for the same image as long as a deployment lasts.
#[props(words = "lower")]
pub enum VersionConsistency {
    /// It does.
    Enabled,
    /// It is looked up whenever a task starts.
    Disabled,
}

/// That a container is started again by itself.
#[props]
pub struct RestartPolicy {
    /// Whether it is. AWS: `Enabled`.
    pub enabled: bool,
    /// Exit codes after which it is not, up to 50. Default: none. AWS: `IgnoredExitCodes`.
    #[prop(default)]
    pub ignored_exit_codes: Vec<i32>,
    /// How long it must have run, 60 to 1800 s. Default: 300 s. AWS: `RestartAttemptPeriod`.
    pub restart_attempt_period: Option<Seconds>,
}

/// A file of S3 with variables of the environment.
#[props]
pub struct EnvironmentFile {
    /// The ARN of the object, whose name ends in `.env`: that of the bucket, and what is in it.
    /// AWS: `Value`.
    pub value: String,
    /// What it is. Default: an object of S3, which is all that there is. AWS: `Type`.
    #[prop(default = EnvironmentFileType::S3)]
    pub file_type: EnvironmentFileType,
}

/// What a file of variables is.
#[props(words = "lower")]
pub enum EnvironmentFileType {
    /// An object of S3.
    S3,
}

/// A secret that ECS puts into a container's environment, or tells its log driver.
#[props]
pub struct ContainerSecret {
    /// The variable, or the option. AWS: `Name`.
    pub name: String,
    /// Where the value comes from. AWS: `ValueFrom`.
    pub value_from: SecretSource,
}

impl ContainerSecret {
    /// The whole value of a secret.
    pub fn of_secret(name: &str, secret: impl IntoInput<SecretArn>) -> Self {
        Self::new(name, SecretSource::secret(SecretValue::new(secret)))
    }

    /// A key of a secret whose value is a JSON object.
    pub fn of_json(name: &str, secret: impl IntoInput<SecretArn>, key: &str) -> Self {
        Self::new(name, SecretSource::secret(SecretValue::new(secret).json_key(key)))
    }
}

/// Where the value of a secret comes from.
#[props]
pub enum SecretSource {
    /// From Secrets Manager.
    Secret(SecretValue),
    /// From a parameter of Systems Manager, of this region or another.
    Parameter(ParameterArn),
}

/// A secret of Secrets Manager, or a part of it. AWS writes these with colons behind the ARN.
#[props]
pub struct SecretValue {
    /// The secret.
    pub secret_arn: SecretArn,
    /// The key, where the value is a JSON object. Default: the whole value.
    pub json_key: Option<String>,
    /// The stage; excludes `version_id`. Default: `AWSCURRENT`.
    pub version_stage: Option<String>,
    /// The version; excludes `version_stage`. Default: the current one.
    pub version_id: Option<String>,
}

/// A port that a container listens on.
#[props]
pub struct PortMapping {
    /// The port. AWS: `ContainerPort`.
    pub container_port: u16,
    /// The port of the instance that leads to it: with bridge any, with awsvpc and host the same.
    /// Default: with bridge a free one, which load balancers find by themselves. AWS: `HostPort`.
    pub host_port: Option<u16>,
    /// The protocol. Default: TCP. AWS: `Protocol`.
    #[prop(default = TransportProtocol::Tcp)]
    pub protocol: TransportProtocol,
    /// A name for it. Default: none. AWS: `Name`.
    pub name: Option<String>,
    /// What is spoken there. Default: not said. AWS: `AppProtocol`.
    pub app_protocol: Option<ApplicationProtocol>,
}

/// How a port is reached.
#[props(words = "lower")]
pub enum TransportProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// What is spoken on a port.
#[props(words = "lower")]
pub enum ApplicationProtocol {
    /// HTTP/1.1.
    Http,
    /// HTTP/2.
    #[prop("http2")]
    Http2,
    /// gRPC.
    Grpc,
}

/// A name that a container knows beside those of DNS.
#[props]
pub struct HostEntry {
    /// The name. AWS: `Hostname`.
    pub hostname: String,
    /// The address. AWS: `IpAddress`.
    pub ip_address: Ipv4Addr,
}

/// How it is seen whether a container works: a command in it that ends with 0 if it does.
#[props]
pub struct HealthCheck {
    /// The command, beginning with `CMD` (as it stands) or `CMD-SHELL` (by the shell). AWS:
    /// `Command`.
    pub command: Vec<String>,
    /// How often, every 5 to 300 s. Default: 30 s. AWS: `Interval`.
    #[prop(default = Seconds(30))]
    pub interval: Seconds,
    /// How long it may take, 2 to 60 s. Default: 5 s. AWS: `Timeout`.
    #[prop(default = Seconds(5))]
    pub timeout: Seconds,
    /// How often it may fail, 1 to 10 times. Default: 3. AWS: `Retries`.
    #[prop(default = 3_u32)]
    pub retries: u32,
    /// How long failures do not count at the beginning, 0 to 300 s. Default: 0. AWS:
    /// `StartPeriod`.
    #[prop(default = Seconds(0))]
    pub start_period: Seconds,
}

impl HealthCheck {
    /// A command for the shell.
    pub fn shell(command: &str) -> Self {
        Self::new(["CMD-SHELL", command])
    }
}

/// What another container must have come to.
#[props]
pub struct ContainerDependency {
    /// The other container. AWS: `ContainerName`.
    pub container_name: String,
    /// What it must have come to. AWS: `Condition`.
    pub condition: ContainerCondition,
}

/// What a container must have come to.
#[props(words = "UPPER")]
pub enum ContainerCondition {
    /// It started.
    Start,
    /// It ended; not for one that is essential.
    Complete,
    /// It ended with 0; not for one that is essential.
    Success,
    /// Its health check is good.
    Healthy,
}
