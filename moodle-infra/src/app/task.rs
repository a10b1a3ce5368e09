//! What a task is: one container, which runs as nobody in particular and writes where it must.

use infra_core::{
    aws::{
        ecs::{
            ContainerDefinition, ContainerSecret, HealthCheck, KernelCapabilities, LinuxParameters,
            LogConfiguration, MountPoint, NetworkMode, PortMapping, TaskDefinition, Volume,
        },
        logs::LogGroup,
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{AppSettings, CONTAINER, Configuration, Foundation, Roles, STOP_TIMEOUT};
use crate::{Branch, Caches, DATAROOT, FILES_OWNER, HEALTH_PATH, LOCAL_CACHE, ports};

/// What a task is made of.
pub(super) struct Task<'a> {
    pub(super) on: &'a Foundation<'a>,
    pub(super) settings: &'a AppSettings,
    pub(super) logs: &'a LogGroup,
    pub(super) configuration: &'a Configuration,
    pub(super) admin: &'a Secret,
    /// The oldest PHP that works: an image with an older one refuses to start.
    pub(super) php: Branch,
}

/// Folders that each task has for itself, on the disk of its instance: the rest of its file system
/// is read-only.
const OWN: [(&str, &str); 3] =
    [("local-cache", LOCAL_CACHE), ("temporary", "/tmp"), ("run", "/run")];

/// The volume of the files that all tasks share.
const FILES: &str = "moodledata";

/// How many requests of PHP a task has room for at once: what one takes as a rule, beside what all
/// share (compiled code, the web server).
pub(crate) fn workers(memory: MiB) -> u32 {
    const SHARED: u32 = 512;
    const EACH: u32 = 160;
    (memory.0.saturating_sub(SHARED) / EACH).max(2)
}

/// Which part of the site a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Answers requests.
    Web,
    /// Installs or upgrades, and ends: it alone is given the first user's password.
    Install,
    /// Runs Moodle's schedule.
    Cron,
    /// Works off what pages left for later.
    Adhoc,
}

/// How long what runs beside the web is given to finish: as long as one piece of Moodle's schedule
/// may take, half an hour (`task_scheduled_max_runtime`).
const RUNNER_STOP_TIMEOUT: Seconds = Seconds(1800);

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "moodle",
            Self::Install => "install",
            Self::Cron => "cron",
            Self::Adhoc => "adhoc",
        }
    }
}

impl Task<'_> {
    pub(super) fn define(
        &self,
        stack: &Stack,
        part: Part,
        image: Input<String>,
        roles: &Roles,
    ) -> TaskDefinition {
        let own = OWN.map(|(name, _)| Volume::new(name));
        TaskDefinition::named(part.name())
            .family(format!("{}-{}-{}", stack.project(), stack.name(), part.name()))
            .network_mode(NetworkMode::Awsvpc)
            .task_role_arn(roles.task.arn())
            .execution_role_arn(roles.execution.arn())
            .volumes(
                [self.on.storage.files.volume(FILES)].into_iter().chain(own).collect::<Vec<_>>(),
            )
            .container_definitions([self.container(part, image)])
            .create(stack)
    }

    fn container(&self, part: Part, image: Input<String>) -> ContainerDefinition {
        let own = OWN.map(|(name, path)| MountPoint::new(name, path));
        let shared = MountPoint::new(FILES, DATAROOT);
        let logs = self.logs.log_group_name().map(|name| name.to_string());
        let capabilities = KernelCapabilities::new().drop(["ALL"]);
        let health = format!("curl -fsS http://localhost:{}{HEALTH_PATH}", ports::APP);
        let container = ContainerDefinition::new(CONTAINER, image)
            .cpu(self.settings.cpu)
            .memory(self.settings.memory)
            .user(FILES_OWNER.to_string())
            .readonly_root_filesystem(true)
            .linux_parameters(
                LinuxParameters::new().init_process_enabled(true).capabilities(capabilities),
            )
            .environment(self.environment())
            .secrets(self.secrets(part))
            .mount_points([shared].into_iter().chain(own).collect::<Vec<_>>())
            .log_configuration(LogConfiguration::awslogs(
                logs,
                &self.on.network.region,
                part.name(),
            ));
        match part {
            Part::Web => container
                .port_mappings([PortMapping::new(ports::APP)])
                .health_check(HealthCheck::shell(&health).start_period(Seconds(60)))
                .stop_timeout(STOP_TIMEOUT),
            Part::Install | Part::Cron | Part::Adhoc => {
                container.command([part.name()]).stop_timeout(RUNNER_STOP_TIMEOUT)
            }
        }
    }

    /// What the entry point of the image goes by; `image/README.md` has all of it.
    fn environment(&self) -> Vec<(String, Output<String>)> {
        let store = self.on.caches.store.group.primary_endpoint();
        let bucket = self.on.storage.configuration.bucket_name();
        let bucket = interpolate!("{bucket}");
        let php = self.php.to_string();
        let (workers, seconds) = (workers(self.settings.memory), self.settings.web.longest_request);
        let more = [
            ("AWS_REGION", self.on.network.region.clone()),
            ("CACHE_STORE", interpolate!("{store}:{}", ports::CACHE)),
            ("PHP_WORKERS", interpolate!("{workers}")),
            ("LONGEST_REQUEST", interpolate!("{}", seconds.0)),
            ("PHP_NEEDED", interpolate!("{php}")),
        ];
        let mut environment = self.configuration.environment(&bucket);
        environment.extend(more.map(|(name, value)| (name.to_owned(), value)));
        environment
    }

    fn secrets(&self, part: Part) -> Vec<ContainerSecret> {
        let Caches { sessions, store } = self.on.caches;
        let database = self.on.database.cluster.master_user_secret_arn();
        let mut secrets = vec![
            ContainerSecret::of_json("DB_USER", &database, "username"),
            ContainerSecret::of_json("DB_PASSWORD", &database, "password"),
            ContainerSecret::of_secret("SESSIONS_PASSWORD", &sessions.password),
            ContainerSecret::of_secret("CACHE_STORE_PASSWORD", &store.password),
        ];
        secrets.extend(self.settings.mail.secrets());
        if part == Part::Install {
            secrets.push(ContainerSecret::of_secret("ADMIN_PASSWORD", self.admin));
        }
        secrets
    }
}
