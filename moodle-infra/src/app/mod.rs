//! [`App`]: Moodle itself, as tasks behind the balancer.

mod configuration;
mod once;
mod probe;
mod rehearsal;
mod roles;
mod rollout;
mod runners;
mod scaling;
mod task;
mod users;

use infra_core::{
    aws::{
        ec2::SecurityGroup,
        ecs::{
            CapacityProviderStrategyItem, NetworkConfiguration, PlacementStrategy, RunTask,
            Service, ServiceBuilder, ServiceLoadBalancer, Switch, TaskDefinition,
        },
        logs::{LogGroup, Retention},
        secretsmanager,
    },
    dsl::Provided,
    local::RandomPassword,
    prelude::*,
};

pub(crate) use self::task::workers;
pub use self::{
    configuration::Configuration,
    probe::Probe,
    rollout::{Recovery, Rollout},
    runners::Runners,
    scaling::{AdhocScaling, Scaling},
    users::{DatabaseUsers, Rotation},
};
use self::{
    roles::Roles,
    rollout::{Steps, VersionChange, versions},
    task::{Part, Task},
};
use crate::{
    Balancer, Caches, Database, Domain, Hosts, Mail, MoodleVersion, Network, SecurityGroups,
    SettingsError, SiteKey, Storage, WebSettings, ports,
};

/// How long a container is given to end: longer than the balancer sends it requests
/// ([`DRAIN`](crate::DRAIN)).
pub const STOP_TIMEOUT: Seconds = Seconds(90);

/// What the container is called, within its task.
const CONTAINER: &str = "moodle";

/// How the application is to be.
#[derive(Clone, Debug)]
pub struct AppSettings {
    /// The name that the site is reached by.
    pub domain: Domain,
    /// The version of Moodle that the image holds.
    pub version: MoodleVersion,
    /// How much of a CPU each task has, in 1024ths.
    pub cpu: u32,
    /// How much memory each task has.
    pub memory: MiB,
    /// What tells the code of the image from other code of that version: what its plugins are, as
    /// the build of the image tells. Default: nothing; then a change of a plugin's version is only
    /// noticed by the image itself, which refuses to upgrade in a [`Rollout::ConfigOnly`].
    pub code: Option<String>,
    /// What the next change of the site is.
    pub rollout: Rollout,
    /// When Moodle gets another user of its database, with a new password.
    pub rotation: ScheduleExpression,
    /// Any text, such as a day: another one looks whether each file that the database knows is
    /// there, and `up` fails if one is not. Default: none, nothing is looked at.
    pub rehearse: Option<String>,
    /// Whether somebody logs in every minute, by the name of the site and as a person does: a
    /// [`Probe`]. Default: nobody.
    pub probe: bool,
    /// How few tasks work off what pages left for later: one at least, or it is never done.
    pub adhoc: u32,
    /// How many of these there may be.
    pub max_adhoc: u32,
    /// With how many tasks the service starts; later its scaling says how many there are.
    pub tasks: u32,
    /// How few tasks there may be: one in each zone survives the loss of a zone.
    pub min_tasks: u32,
    /// How many tasks there may be.
    pub max_tasks: u32,
    /// Whether a schedule says how few there may be, once they are there.
    pub is_scheduled: bool,
    /// What a request may be.
    pub web: WebSettings,
    /// How it writes to people.
    pub mail: Mail,
    /// Who may say, besides what stands in the network and the ranges of [`WebSettings::edge`], from
    /// which address a request came.
    pub trusted: Output<Vec<Ipv4Net>>,
    /// The key that encrypts logs and passwords; that of the bucket of the configuration, too.
    /// Default: AWS's own.
    pub key: SiteKey,
}

/// The first of each month, while few are there.
const MONTHLY: &str = "cron(0 3 1 * ? *)";

impl AppSettings {
    /// Six tasks of one CPU and 3 GiB, two to four for what is left for later, and another password
    /// of the database on the first of each month, at 3 o'clock UTC.
    #[must_use]
    pub fn new(domain: Domain, version: MoodleVersion) -> Self {
        let web = WebSettings::default();
        Self {
            domain,
            version,
            code: None,
            rollout: Rollout::ConfigOnly,
            rotation: MONTHLY.parse().expect("the text is a schedule"),
            rehearse: None,
            probe: false,
            cpu: 1024,
            memory: MiB(3072),
            tasks: 6,
            min_tasks: 3,
            max_tasks: 6,
            is_scheduled: false,
            adhoc: 2,
            max_adhoc: 4,
            web,
            mail: Mail::None,
            trusted: Output::plain(vec![]),
            key: SiteKey::default(),
        }
    }
}

/// What the application stands on.
#[derive(Clone, Copy, Debug)]
pub struct Foundation<'a> {
    /// Where its tasks get their addresses.
    pub network: &'a Network,
    /// What its tasks run on.
    pub hosts: &'a Hosts,
    /// What sends it requests.
    pub balancer: &'a Balancer,
    /// Its files and its configuration.
    pub storage: &'a Storage,
    /// Its database.
    pub database: &'a Database,
    /// Its caches.
    pub caches: &'a Caches,
}

/// Moodle as a service of alike tasks over all zones, installed before the first of them starts.
///
/// Each task reads its [`Configuration`] from S3 at its start, and its passwords from Secrets Manager.
/// A change of the configuration rolls the services, as [`Rollout`] says; the password of the
/// database's user is changed by a [`Rotation`], which rolls them itself.
#[derive(Clone, Debug)]
pub struct App {
    /// What the tasks say.
    pub logs: LogGroup,
    /// What the tasks are told at their start.
    pub configuration: Configuration,
    /// The secret that holds the password of the first user, `admin`.
    pub admin: secretsmanager::Secret,
    /// That password: secret, so that it is shown only to who asks for secrets.
    pub admin_password: Output<Secret<String>>,
    /// Who Moodle logs in to the database as.
    pub users: DatabaseUsers,
    /// What gives it another user and password.
    pub rotation: Rotation,
    /// What a task is.
    pub task_definition: TaskDefinition,
    /// What takes back a change of the version, in a rollout of one.
    pub recovery: Option<Recovery>,
    /// Installs into an empty database, and upgrades an older one.
    pub install: RunTask,
    /// What keeps the tasks running.
    pub service: Service,
    /// By what the number of tasks grows and shrinks.
    pub scaling: Scaling,
    /// What works beside the web.
    pub runners: Runners,
    /// Somebody who logs in every minute, if that was asked for.
    pub probe: Option<Probe>,
    /// Found that files and database agree, if that was asked for.
    pub verified: Option<RunTask>,
    /// Opens the site, if it was closed, when all services run its version.
    pub opened: RunTask,
}

impl App {
    /// The application in a component of its own.
    ///
    /// # Errors
    /// If that version of Moodle does not work with the database, or no request could be as the
    /// settings have it.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        on: &Foundation<'_>,
        image: impl IntoInput<String>,
        groups: &SecurityGroups,
        settings: &AppSettings,
    ) -> Result<Self, SettingsError> {
        let needs = settings.version.needs_with(&on.database.engine_version)?;
        settings.check()?;
        let stack = &stack.component(name);
        let logs = LogGroup::named("moodle")
            .retention_in_days(Retention::Days90)
            .maybe_kms_key_id(settings.key.get())
            .create(stack);
        let configuration = Configuration::create(stack, on, settings, needs.web_root);
        let (admin, admin_password) =
            admin(stack, "The password of Moodle's first user", settings.key);
        let user = DatabaseUsers::secret(stack, settings.key);
        let prober = settings.probe.then(|| Probe::password(stack, settings.key));
        let passwords: Vec<_> = [&admin].into_iter().chain(&prober).collect();
        let roles = Roles::create(stack, on, &passwords, &user, settings);
        let task = Task {
            on,
            settings,
            logs: &logs,
            configuration: &configuration,
            admin: &admin,
            user: &user,
            prober: prober.as_ref(),
            php: needs.php,
        };
        let image = image.into_input();
        let define = |part| task.define(stack, part, image.clone(), &roles, vec![]);
        let (task_definition, install_definition) = (define(Part::Web), define(Part::Install));
        let within = |group: &SecurityGroup| {
            NetworkConfiguration::private(on.network.app_subnets(), [group])
        };
        let (place, apart) = (within(&groups.app), within(&groups.runners));
        let users = DatabaseUsers::create(stack, on, user, define(Part::Users), &apart);
        let steps = Steps { on, settings, definition: &install_definition, place: &place };
        let recovery = steps.begin(stack, &users.create);
        let install = steps.install(stack, &users.create, recovery.as_ref());
        let verified = settings.rehearse.as_ref().map(|text| {
            rehearsal::create(stack, on, text, &define(Part::Verify), &place, &install)
        });
        let definitions = (define(Part::Cron), define(Part::Adhoc));
        let kept = Kept { on, settings, install: &install };
        let runners = Runners::create(stack, &kept, definitions, &apart);
        let probe = prober
            .map(|password| Probe::create(stack, &kept, password, define(Part::Probe), &apart));
        let behind = ServiceLoadBalancer::new(&on.balancer.tasks, CONTAINER, ports::APP);
        let service = kept
            .running("moodle", &task_definition, place.clone(), settings.tasks, (100, 200))
            .load_balancers([behind])
            .health_check_grace_period(Seconds(120))
            .create(stack);
        let services = [&service, &runners.cron, &runners.adhoc];
        stack.check(VersionChange::of(settings, services, &on.database.cluster));
        Ok(Self {
            opened: steps.end(stack, services),
            rotation: Rotation::create(stack, &task, image.clone(), &roles, services, apart),
            scaling: Scaling::create(stack, on, &service, settings),
            recovery,
            verified,
            probe,
            users,
            runners,
            logs,
            configuration,
            admin,
            admin_password,
            task_definition,
            install,
            service,
        })
    }
}

impl AppSettings {
    /// # Errors
    /// If no request could be as the settings have it, there are no such numbers of tasks, or the
    /// version would be taken back.
    fn check(&self) -> Result<(), SettingsError> {
        self.web.check()?;
        self.rollout.check(self.version)?;
        let all = [
            (self.min_tasks, self.max_tasks, self.tasks),
            (self.adhoc, self.max_adhoc, self.adhoc),
        ];
        for (min, max, tasks) in all {
            if min == 0 || min > max || !(min..=max).contains(&tasks) {
                return Err(SettingsError::Tasks { min, max, tasks });
            }
        }
        Ok(())
    }
}

/// The password of an administrator: Moodle's first user, who is made when the site is installed, or
/// that of what stands beside it.
#[track_caller]
pub(crate) fn admin(
    stack: &Stack,
    description: &str,
    key: SiteKey,
) -> (secretsmanager::Secret, Output<Secret<String>>) {
    password_of(stack, "admin", description, key)
}

/// The password of somebody who logs in.
#[track_caller]
fn password_of(
    stack: &Stack,
    name: &str,
    description: &str,
    key: SiteKey,
) -> (secretsmanager::Secret, Output<Secret<String>>) {
    // Moodle's rule for passwords asks for a letter of each case, a digit and something else.
    let password = RandomPassword::named(name).length(32_u32).create(stack);
    let secret = secretsmanager::Secret::named(format!("{name}-password"))
        .description(description)
        .secret_string(password.password())
        .maybe_kms_key_id(key.get())
        .create(stack);
    (secret, password.password())
}

fn capacity(hosts: &Hosts) -> [CapacityProviderStrategyItem; 1] {
    [CapacityProviderStrategyItem::new(&hosts.capacity)]
}

/// What is kept running once the installation is done.
struct Kept<'a> {
    on: &'a Foundation<'a>,
    settings: &'a AppSettings,
    install: &'a RunTask,
}

impl Kept<'_> {
    /// A service over all zones. During a rollout there are `least` to `most` percent of its tasks.
    fn running(
        &self,
        name: &str,
        task_definition: &TaskDefinition,
        place: NetworkConfiguration,
        tasks: u32,
        (least, most): (u32, u32),
    ) -> ServiceBuilder<Provided, Provided> {
        let deployment = self.settings.rollout.deployment();
        let deployment = deployment.minimum_healthy_percent(least).maximum_percent(most);
        // AWS moves a task by starting another one first.
        let rebalancing = if most > 100 { Switch::Enabled } else { Switch::Disabled };
        Service::named(name)
            .cluster(&self.on.hosts.cluster)
            .task_definition(task_definition)
            .desired_count(tasks)
            .capacity_provider_strategy(capacity(self.on.hosts))
            .network_configuration(place)
            .deployment_configuration(deployment)
            .placement_strategies([
                PlacementStrategy::spread("attribute:ecs.availability-zone"),
                PlacementStrategy::binpack("memory"),
            ])
            .availability_zone_rebalancing(rebalancing)
            .tags(versions(self.settings))
            .depends_on(self.install)
    }
}
