//! [`Rollout`]: what a change of a site is, and the steps that a change of its version takes.
//!
//! ```text
//!   ConfigOnly        install ─► services, which roll; one that fails is taken back ─► maintenance off
//!   VersionChanging   maintenance on ─► snapshot ─► install (upgrades) ─► services ─► maintenance off
//! ```
//!
//! After an upgrade older code would meet tables that it does not know: services are not taken back
//! by themselves then. What takes back an upgrade is the snapshot: the program names the version
//! before and its image, `.restored_from` the snapshot and [`Rollout::ConfigOnly`], and `up` makes
//! the database of it, installs the older version on it and opens the site. A failed rollout leaves
//! the site closed; `up` goes on with it where it stopped. One that failed before the database was
//! upgraded can be given up: the program names the version before, and `up` opens the site.

use infra_core::{
    aws::{
        ecs::{
            ContainerOverride, DeploymentCircuitBreaker, NetworkConfiguration, RunTask,
            RunTaskBuilder, Service, ServiceDeployment, TaskDefinition, TaskOverride,
        },
        rds::{DbCluster, DbClusterSnapshot},
    },
    check::{Check, Planned},
    dsl::{Provided, ResourceType},
    graph::ProgramProblem,
    plan::{ChangeKind, PlannedChange},
    prelude::*,
    urn::Urn,
};

use super::{
    AppSettings, CONTAINER, Foundation,
    once::{for_triggers_alone, once, with_database},
};
use crate::{MoodleVersion, SettingsError};

/// What a change of a site is.
///
/// ```
/// use moodle_infra::{Moodle, MoodleVersion, Rollout};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let certificate: infra_core::aws::CertificateArn =
/// #     "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10"
/// #         .parse()?;
/// let from: MoodleVersion = "5.1.2".parse()?;
/// let site = Moodle::named("campus")
///     .domain("moodle.example.edu".parse()?)
///     .certificate(certificate)
///     .version("5.2.0".parse()?)
///     .rollout(Rollout::VersionChanging { from });
/// # let _ = site;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rollout {
    /// Of its configuration, its size, or what the image has beside Moodle's code. Tasks are
    /// replaced while the site is open, and if the new ones do not come up, the old ones stay.
    #[default]
    ConfigOnly,
    /// Of the version of Moodle or of a plugin. The site is closed and nothing runs in it, the
    /// database is copied and upgraded, all tasks are replaced, and the site is opened.
    ///
    /// It stays in the program until another version comes: it does something when the version
    /// changes, and never else. A configuration may change beside it.
    VersionChanging {
        /// The version that the site has now; the same as the new one where only a plugin changes.
        from: MoodleVersion,
    },
}

/// What takes back a change of the version.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// Closes the site, and waits until nothing runs in it.
    pub closed: RunTask,
    /// The database before the upgrade. It stays when the program no longer names it; whoever does
    /// not need it any more deletes it.
    pub snapshot: DbClusterSnapshot,
    /// What is to be done if the new version does not work.
    pub advice: Output<String>,
}

/// The task that closes the site where its version changes, and opens it where it does not.
const MAINTENANCE: &str = "maintenance";
/// The tag of services that says which version of Moodle they run.
const VERSION: &str = "moodle:version";
/// The tag of services that says which code their image has.
const CODE: &str = "moodle:code";

impl Rollout {
    /// # Errors
    /// If the version that a site has is newer than the one that it is to have.
    pub(super) fn check(self, to: MoodleVersion) -> Result<(), SettingsError> {
        match self {
            Self::VersionChanging { from } if from > to => {
                Err(SettingsError::Downgrade { from, to })
            }
            _ => Ok(()),
        }
    }

    /// What the role `install` of the image calls it.
    fn word(self) -> &'static str {
        match self {
            Self::ConfigOnly => "config-only",
            Self::VersionChanging { .. } => "version-changing",
        }
    }

    /// How services are replaced. One that does not come up is not waited for in either case.
    pub(super) fn deployment(self) -> ServiceDeployment {
        let taken_back = self == Self::ConfigOnly;
        ServiceDeployment::new()
            .deployment_circuit_breaker(DeploymentCircuitBreaker::new(true, taken_back))
    }
}

/// What tells one version from another: what depends on it runs when it changes.
pub(super) fn versions(settings: &AppSettings) -> Vec<(&'static str, String)> {
    let code = settings.code.iter().map(|code| (CODE, code.clone()));
    [(VERSION, settings.version.to_string())].into_iter().chain(code).collect()
}

/// One of the tasks by which a version comes about, in the network of the site.
pub(super) struct Steps<'a> {
    pub(super) on: &'a Foundation<'a>,
    pub(super) settings: &'a AppSettings,
    pub(super) definition: &'a TaskDefinition,
    pub(super) place: &'a NetworkConfiguration,
}

impl Steps<'_> {
    fn task(&self, name: &str) -> RunTaskBuilder<Provided, Provided> {
        let task = once(self.on, name, self.definition, self.place);
        with_database(self.on, task.triggers(versions(self.settings)))
    }

    /// Runs when the version changes, and not when the task is another for a different reason.
    fn of_version(&self, name: &str, word: &str) -> RunTaskBuilder<Provided, Provided> {
        let command = ContainerOverride::new(CONTAINER).command(["maintenance", word]);
        for_triggers_alone(self.task(name))
            .overrides(TaskOverride::new().container_overrides([command]))
    }

    /// Closes the site and copies its database, where its version changes.
    pub(super) fn begin(&self, stack: &Stack, users: &RunTask) -> Option<Recovery> {
        let Rollout::VersionChanging { from } = self.settings.rollout else { return None };
        let to = self.settings.version;
        let mut triggers = versions(self.settings);
        triggers.push(("moodle:from", from.to_string()));
        let closed =
            self.of_version(MAINTENANCE, "on").triggers(triggers).depends_on(users).create(stack);
        let code = self.settings.code.iter().map(|code| format!("-{code}"));
        let name = format!("{from}-to-{to}{}", code.collect::<String>());
        let name = name.replace(|it: char| !it.is_ascii_alphanumeric(), "-").to_lowercase();
        let snapshot = DbClusterSnapshot::named(format!("from-{name}"))
            .db_cluster_identifier(&self.on.database.cluster)
            .tags([("moodle:from", from.to_string()), ("moodle:to", to.to_string())])
            .retain_on_delete()
            .depends_on(&closed)
            .create(stack);
        let (copy, old, new) =
            (snapshot.db_cluster_snapshot_identifier(), from.to_string(), to.to_string());
        let advice = interpolate!(
            "if Moodle {new} does not work: say `.version` {old}, `.restored_from` {copy} and \
             Rollout::ConfigOnly, and run `up`; whatever was written since then is lost"
        );
        Some(Recovery { closed, snapshot, advice })
    }

    /// Installs into an empty database, and upgrades an older one where the version changes.
    pub(super) fn install(
        &self,
        stack: &Stack,
        users: &RunTask,
        recovery: Option<&Recovery>,
    ) -> RunTask {
        let word = [("ROLLOUT", self.settings.rollout.word())];
        let told = ContainerOverride::new(CONTAINER).environment(word);
        let task = self
            .task("install")
            .overrides(TaskOverride::new().container_overrides([told]))
            // How a version comes about is nothing to install again for.
            .ignore_changes(RunTask::OVERRIDES)
            .depends_on(users);
        match recovery {
            Some(recovery) => task.depends_on(&recovery.snapshot).create(stack),
            None => task.create(stack),
        }
    }

    /// Opens the site once all services run the version. It is part of every program, so that a
    /// site is opened whatever was interrupted: also when a change of the version is given up, since
    /// what closes the site in that program is what opens it in this one.
    pub(super) fn end(&self, stack: &Stack, services: [&Service; 3]) -> RunTask {
        let [web, cron, adhoc] = services;
        let name = match self.settings.rollout {
            Rollout::ConfigOnly => MAINTENANCE,
            Rollout::VersionChanging { .. } => "maintenance-off",
        };
        let task = self.of_version(name, "off");
        task.depends_on(web).depends_on(cron).depends_on(adhoc).create(stack)
    }
}

/// Where a site stands, its version changes only in a rollout that is made for it.
pub(super) struct VersionChange {
    settings: AppSettings,
    services: [usize; 3],
    database: usize,
}

impl VersionChange {
    pub(super) fn of(
        settings: &AppSettings,
        services: [&Service; 3],
        database: &DbCluster,
    ) -> Self {
        Self {
            settings: settings.clone(),
            services: services.map(|service| service.node().index()),
            database: database.node().index(),
        }
    }

    /// What is wrong with the change of a service.
    fn wrong(&self, planned: &Planned<'_>, change: &PlannedChange) -> Option<ProgramProblem> {
        let tags = change.properties.iter().find(|property| property.name == "tags")?;
        let about = |message: String, help: String| {
            Some(planned.about(&change.urn, message).property("tags").help(help))
        };
        let rollout = self.settings.rollout;
        if tags.old.first_unknown().is_some() {
            return (rollout == Rollout::ConfigOnly).then(|| {
                about(
                    "was not brought to its version by an earlier run, and the rollout is \
                 Rollout::ConfigOnly"
                        .to_owned(),
                    "keep Rollout::VersionChanging until `up` has nothing left to do".to_owned(),
                )
            })?;
        }
        let old = |key: &str| tags.old.field(key)?.as_str().map(ToOwned::to_owned);
        let (to, stands) = (self.settings.version.to_string(), old(VERSION)?);
        let change = versions(&self.settings).into_iter().find_map(|(key, new)| {
            let what = if key == VERSION { "Moodle" } else { "the code of the image" };
            old(key)
                .filter(|old| *old != new)
                .map(|old| format!("{what} changes from {old} to {new}"))
        })?;
        match rollout {
            Rollout::ConfigOnly => about(
                format!("{change}, and the rollout is Rollout::ConfigOnly"),
                format!(
                    "say `.rollout(Rollout::VersionChanging {{ from: \"{stands}\".parse()? }})`: the \
                     site is closed, its database copied and upgraded, and the site opened again"
                ),
            ),
            Rollout::VersionChanging { from } if from.to_string() != stands => about(
                format!("{change}, and the rollout is one from {from}; the site runs {stands}"),
                format!("say that it comes from {stands}, or bring it to {from} before {to}"),
            ),
            Rollout::VersionChanging { .. } => None,
        }
    }
}

impl Check for VersionChange {
    fn name(&self) -> &str {
        "version-changes-are-rolled-out-as-such"
    }

    fn plan(&self, planned: &Planned<'_>) -> Vec<ProgramProblem> {
        let urn = |place: usize| -> &Urn { &planned.program().nodes[place].urn };
        let changes = || planned.changes().iter();
        let restored = changes().any(|change| {
            let replaced =
                matches!(change.kind, ChangeKind::CreateThenDelete | ChangeKind::DeleteThenCreate);
            replaced && change.urn == *urn(self.database)
        });
        if restored {
            // The database is another one: of the version that its copy has.
            return vec![];
        }
        let of = |service: &Urn| changes().find(|change| change.urn == *service);
        let mut services = self.services.map(urn).into_iter().filter_map(of);
        let wrong = services.find_map(|change| self.wrong(planned, change));
        wrong.into_iter().collect()
    }
}
