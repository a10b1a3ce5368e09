//! What a task is: one container, which runs as nobody in particular and writes where it must.

use infra_core::{
    aws::{
        ecs::{
            ContainerDefinition, ContainerSecret, HealthCheck, KernelCapabilities, LinuxParameters,
            LogConfiguration, MountPoint, NetworkMode, PortMapping, TaskDefinition, Volume,
        },
        iam::Role,
        logs::LogGroup,
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{AppSettings, CONTAINER, Configuration, Foundation, Roles, STOP_TIMEOUT};
use crate::{
    Branch, Caches, DATABASE_NAME, DATAROOT, FILES_OWNER, HEALTH_PATH, LOCAL_CACHE, ports,
};

/// What a task is made of.
pub(super) struct Task<'a> {
    pub(super) on: &'a Foundation<'a>,
    pub(super) settings: &'a AppSettings,
    pub(super) logs: &'a LogGroup,
    pub(super) configuration: &'a Configuration,
    pub(super) admin: &'a Secret,
    /// Who Moodle logs in to the database as.
    pub(super) user: &'a Secret,
    /// The password of whoever logs in only to see whether that works.
    pub(super) prober: Option<&'a Secret>,
    /// The oldest PHP that works: an image with an older one refuses to start.
    pub(super) php: Branch,
}

/// Folders that each task has for itself, on the disk of its instance: the rest of its file system
/// is read-only.
const OWN: [(&str, &str); 3] =
    [("local-cache", LOCAL_CACHE), ("temporary", "/tmp"), ("run", "/run")];

/// The volume of the files that all tasks share.
const FILES: &str = "moodledata";

/// CPU and memory of what only talks to others.
const SMALL: (u32, MiB) = (256, MiB(256));

/// The folders that a part has for itself.
fn own(part: Part) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_needed = move |(_, path): &(&str, &str)| part.is_moodle() || *path == "/tmp";
    OWN.into_iter().filter(is_needed)
}

/// How long what had begun is let go on when a task is to end: as long as a request may take, and
/// less than the container is given.
fn drain(longest_request: Seconds) -> Seconds {
    const REST: u32 = 10;
    Seconds(longest_request.0.min(STOP_TIMEOUT.0 - REST))
}

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
    /// Looks whether files and database agree, and ends.
    Verify,
    /// Creates the users of the database, and ends.
    Users,
    /// Changes the user of the database, and ends.
    Rotate,
    /// Logs in as a person does, again and again.
    Probe,
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
            Self::Verify => "verify",
            Self::Users => "users",
            Self::Rotate => "rotate",
            Self::Probe => "probe",
        }
    }

    /// Whether it administers the database, as its first user.
    pub(super) fn is_administration(self) -> bool {
        matches!(self, Self::Users | Self::Rotate)
    }

    /// Whether Moodle runs in it: then it has Moodle's configuration, and its files.
    fn is_moodle(self) -> bool {
        !self.is_administration() && self != Self::Probe
    }
}

impl Task<'_> {
    /// The definition of a part, with further variables.
    pub(super) fn define(
        &self,
        stack: &Stack,
        part: Part,
        image: Input<String>,
        roles: &Roles,
        more: Vec<(String, Output<String>)>,
    ) -> TaskDefinition {
        let own = own(part).map(|(name, _)| Volume::new(name));
        let files = part.is_moodle().then(|| self.on.storage.files.volume(FILES));
        TaskDefinition::named(part.name())
            .family(format!("{}-{}-{}", stack.project(), stack.name(), part.name()))
            .network_mode(NetworkMode::Awsvpc)
            .maybe_task_role_arn(roles.of(part).map(Role::arn))
            .execution_role_arn(roles.execution_of(part).arn())
            .volumes(files.into_iter().chain(own).collect::<Vec<_>>())
            .container_definitions([self.container(part, image, more)])
            .create(stack)
    }

    fn container(
        &self,
        part: Part,
        image: Input<String>,
        more: Vec<(String, Output<String>)>,
    ) -> ContainerDefinition {
        let own = own(part).map(|(name, path)| MountPoint::new(name, path));
        let shared = part.is_moodle().then(|| MountPoint::new(FILES, DATAROOT));
        let logs = self.logs.log_group_name().map(|name| name.to_string());
        let capabilities = KernelCapabilities::new().drop(["ALL"]);
        let health = format!("curl -fsS http://localhost:{}{HEALTH_PATH}", ports::APP);
        let (cpu, memory) = match part {
            Part::Verify | Part::Users | Part::Rotate | Part::Probe => SMALL,
            _ => (self.settings.cpu, self.settings.memory),
        };
        let container = ContainerDefinition::new(CONTAINER, image)
            .cpu(cpu)
            .memory(memory)
            .user(FILES_OWNER.to_string())
            .readonly_root_filesystem(true)
            .linux_parameters(
                LinuxParameters::new().init_process_enabled(true).capabilities(capabilities),
            )
            .environment(self.environment(part).into_iter().chain(more).collect::<Vec<_>>())
            .secrets(self.secrets(part))
            .mount_points(shared.into_iter().chain(own).collect::<Vec<_>>())
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
            Part::Verify | Part::Users | Part::Rotate | Part::Probe => {
                container.command([part.name()])
            }
        }
    }

    /// What the entry point of the image goes by; `image/README.md` has all of it.
    fn environment(&self, part: Part) -> Vec<(String, Output<String>)> {
        let named = |(name, value): (&str, Output<String>)| (name.to_owned(), value);
        if part == Part::Probe {
            let domain = self.settings.domain.as_str();
            return vec![named(("PROBE_URL", interpolate!("https://{domain}")))];
        }
        let region = ("AWS_REGION", self.on.network.region.clone());
        if part.is_administration() {
            let host = interpolate!("{}", self.on.database.cluster.endpoint());
            let name = interpolate!("{DATABASE_NAME}");
            return [region, ("DB_HOST", host), ("DB_NAME", name)].map(named).into();
        }
        let store = self.on.caches.store.group.primary_endpoint();
        let bucket = self.on.storage.configuration.bucket_name();
        let bucket = interpolate!("{bucket}");
        let php = self.php.to_string();
        let (workers, seconds) = (workers(self.settings.memory), self.settings.web.longest_request);
        let more = [
            region,
            ("CACHE_STORE", interpolate!("{store}:{}", ports::CACHE)),
            ("PHP_WORKERS", interpolate!("{workers}")),
            ("LONGEST_REQUEST", interpolate!("{}", seconds.0)),
            ("DRAIN", interpolate!("{}", drain(seconds).0)),
            ("PHP_NEEDED", interpolate!("{php}")),
        ];
        let mut environment = self.configuration.environment(&bucket);
        environment.extend(more.map(named));
        environment
    }

    fn secrets(&self, part: Part) -> Vec<ContainerSecret> {
        let Caches { sessions, store, .. } = self.on.caches;
        let first = self.on.database.cluster.master_user_secret_arn();
        let login = || {
            [("DB_USER", "username"), ("DB_PASSWORD", "password")]
                .map(|(variable, key)| ContainerSecret::of_json(variable, self.user, key))
        };
        let master = || {
            [("DB_MASTER_USER", "username"), ("DB_MASTER_PASSWORD", "password")]
                .map(|(variable, key)| ContainerSecret::of_json(variable, &first, key))
        };
        let prober =
            || self.prober.map(|secret| ContainerSecret::of_secret("PROBE_PASSWORD", secret));
        let caches = || {
            [("SESSIONS_PASSWORD", &sessions.password), ("CACHE_STORE_PASSWORD", &store.password)]
                .map(|(variable, secret)| ContainerSecret::of_secret(variable, secret))
        };
        match part {
            Part::Web | Part::Cron | Part::Adhoc => {
                login().into_iter().chain(caches()).chain(self.settings.mail.secrets()).collect()
            }
            Part::Install => {
                let admin = ContainerSecret::of_secret("ADMIN_PASSWORD", self.admin);
                login().into_iter().chain(caches()).chain([admin]).chain(prober()).collect()
            }
            Part::Verify => login().into(),
            Part::Users => login().into_iter().chain(master()).collect(),
            // Who is used now it asks for itself: that may have changed since it started.
            Part::Rotate => master().into(),
            Part::Probe => prober().into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_go_on_for_as_long_as_they_may_and_their_task_is_there() {
        for longest in [1, 30, 80, 81, 300] {
            let drain = drain(Seconds(longest));
            assert!(drain.0 <= longest && drain < STOP_TIMEOUT, "{longest} s: {drain:?}");
        }
        assert_eq!((drain(Seconds(30)), drain(Seconds(300))), (Seconds(30), Seconds(80)));
    }
}
