//! What the controller's task is.

use infra_core::{
    aws::{
        ecs::{
            ContainerDefinition, ContainerSecret, HealthCheck, KernelCapabilities, LinuxParameters,
            LogConfiguration, MountPoint, NetworkMode, PortMapping, TaskDefinition, Volume,
        },
        efs::AccessPoint,
        logs::LogGroup,
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{CONTAINER, DeliverySettings, ImageRepository, Roles, USER, door::HEALTH};
use crate::{Efs, Foundation, ports};

/// Folders that the task has for itself, on the disk of its instance: the rest of its file system
/// is read-only.
const OWN: [(&str, &str); 3] =
    [("temporary", "/tmp"), ("run", "/run/jenkins"), ("unpacked", "/var/cache/jenkins")];

const HOME: (&str, &str) = ("home", "/var/jenkins_home");

/// The host's Docker, which builds images.
const DOCKER: (&str, &str) = ("docker", "/var/run/docker.sock");

/// What the task is made of.
pub(super) struct Task<'a> {
    pub(super) on: &'a Foundation<'a>,
    pub(super) settings: &'a DeliverySettings,
    pub(super) images: &'a ImageRepository,
    pub(super) logs: &'a LogGroup,
    pub(super) files: &'a Efs,
    pub(super) home: &'a AccessPoint,
    pub(super) admin: &'a Secret,
    pub(super) roles: &'a Roles,
}

impl Task<'_> {
    pub(super) fn define(&self, stack: &Stack) -> TaskDefinition {
        let mut volumes = vec![self.files.volume_at(HOME.0, Some(self.home))];
        volumes.extend(OWN.map(|(name, _)| Volume::new(name)));
        if self.builds() {
            let (name, path) = DOCKER;
            volumes.push(Volume::folder(name, path));
        }
        TaskDefinition::named("jenkins")
            .family(format!("{}-{}-jenkins", stack.project(), stack.name()))
            .network_mode(NetworkMode::Awsvpc)
            .task_role_arn(self.roles.task.arn())
            .execution_role_arn(self.roles.execution.arn())
            .volumes(volumes)
            .container_definitions([self.container()])
            .create(stack)
    }

    /// Whether builds run here, and not on agents.
    fn builds(&self) -> bool {
        self.settings.executors > 0
    }

    fn container(&self) -> ContainerDefinition {
        let logs = self.logs.log_group_name().map(|name| name.to_string());
        let mut mounts: Vec<MountPoint> =
            OWN.into_iter().chain([HOME]).map(|(name, path)| MountPoint::new(name, path)).collect();
        if self.builds() {
            mounts.push(MountPoint::new(DOCKER.0, DOCKER.1));
        }
        let health = format!("curl -fsS http://localhost:{}{HEALTH}", ports::APP);
        let container = ContainerDefinition::new(CONTAINER, self.settings.image.clone())
            .cpu(self.settings.cpu)
            .memory(self.settings.memory)
            .readonly_root_filesystem(true)
            .port_mappings([PortMapping::new(ports::APP)])
            .health_check(HealthCheck::shell(&health).start_period(Seconds(300)))
            // What runs is written down first; a build goes on after the restart.
            .stop_timeout(Seconds(120))
            .environment(self.environment())
            .secrets(self.secrets())
            .mount_points(mounts)
            .log_configuration(LogConfiguration::awslogs(logs, &self.on.network.region, CONTAINER));
        if self.builds() {
            // It begins as root, to become a user of the group of the host's Docker, and keeps
            // nothing of it.
            let capabilities = KernelCapabilities::only(&["SETUID", "SETGID"]);
            container.linux_parameters(LinuxParameters::new().capabilities(capabilities))
        } else {
            let capabilities = KernelCapabilities::new().drop(["ALL"]);
            container
                .user(USER.to_string())
                .linux_parameters(LinuxParameters::new().capabilities(capabilities))
        }
    }

    /// What the image and the stages go by; `moodle-infra/delivery/README.md` has all of it.
    fn environment(&self) -> Vec<(String, Input<String>)> {
        let settings = self.settings;
        let label = if self.builds() { "delivery" } else { "controller" };
        let variables: [(&str, Input<String>); 8] = [
            ("AWS_REGION", (&self.on.network.region).into_input()),
            ("CONTROLLER_LABELS", label.into_input()),
            ("DEPLOY_ROLE", settings.deploy_role.clone().into_text()),
            ("EXECUTORS", settings.executors.to_string().into_input()),
            ("GIT_URL", settings.git.url.as_str().into_input()),
            ("INFRA", settings.program.as_str().into_input()),
            ("JENKINS_URL", format!("{}/", settings.domain.url()).into_input()),
            ("REPOSITORY", self.images.uri.clone()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn secrets(&self) -> Vec<ContainerSecret> {
        let mut secrets = vec![ContainerSecret::of_secret("ADMIN_PASSWORD", self.admin)];
        if let Some(git) = &self.settings.git.credentials {
            secrets.push(ContainerSecret::of_json("GIT_USERNAME", git.clone(), "username"));
            secrets.push(ContainerSecret::of_json("GIT_PASSWORD", git.clone(), "password"));
        }
        if let Some(passphrase) = &self.settings.passphrase {
            secrets.push(ContainerSecret::of_secret("INFRA_PASSPHRASE", passphrase.clone()));
        }
        secrets
    }
}
