//! [`App`]: Moodle itself, as tasks behind the balancer.

mod configuration;
mod roles;
mod runners;
mod scaling;
mod task;

use infra_core::{
    aws::{
        ec2::SecurityGroup,
        ecs::{
            CapacityProviderStrategyItem, NetworkConfiguration, PlacementStrategy, RunTask,
            Service, ServiceBuilder, ServiceDeployment, ServiceLoadBalancer, Switch,
            TaskDefinition,
        },
        logs::{LogGroup, Retention},
        secretsmanager,
    },
    dsl::Provided,
    local::RandomPassword,
    prelude::*,
};

pub(crate) use self::{roles::EXECUTION_POLICY, task::workers};
pub use self::{configuration::Configuration, runners::Runners, scaling::Scaling};
use self::{
    roles::Roles,
    task::{Part, Task},
};
use crate::{
    Balancer, Caches, Database, Domain, Hosts, Mail, MoodleVersion, Network, SecurityGroups,
    SettingsError, Storage, WebSettings, ports,
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
    /// How many tasks work off what pages left for later: one at least, or it is never done.
    pub adhoc: u32,
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
}

impl AppSettings {
    /// Six tasks of one CPU and 3 GiB, and two for what is left for later.
    #[must_use]
    pub fn new(domain: Domain, version: MoodleVersion) -> Self {
        let web = WebSettings::default();
        Self {
            domain,
            version,
            cpu: 1024,
            memory: MiB(3072),
            tasks: 6,
            min_tasks: 3,
            max_tasks: 6,
            is_scheduled: false,
            adhoc: 2,
            web,
            mail: Mail::None,
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
/// Each task reads its [`Configuration`] from S3 at its start, and its passwords from Secrets Manager. A
/// change of either rolls the service: new tasks come up beside the old ones, and if they do not,
/// the old ones stay.
#[derive(Clone, Debug)]
pub struct App {
    /// What the tasks say.
    pub logs: LogGroup,
    /// What the tasks are told at their start.
    pub configuration: Configuration,
    /// The secret that holds the password of the first user, `admin`.
    pub admin: secretsmanager::Secret,
    /// What a task is.
    pub task_definition: TaskDefinition,
    /// Installs into an empty database, and upgrades an older one.
    pub install: RunTask,
    /// What keeps the tasks running.
    pub service: Service,
    /// By what the number of tasks grows and shrinks.
    pub scaling: Scaling,
    /// What works beside the web.
    pub runners: Runners,
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
        settings.web.check()?;
        let (min, max) = (settings.min_tasks, settings.max_tasks);
        if min == 0 || min > max || !(min..=max).contains(&settings.tasks) {
            return Err(SettingsError::Tasks { min, max, tasks: settings.tasks });
        }
        let stack = &stack.component(name);
        let logs = LogGroup::named("moodle").retention_in_days(Retention::Days90).create(stack);
        let configuration = Configuration::create(stack, on, settings, needs.web_root);
        let admin = admin(stack);
        let roles = Roles::create(stack, on, &admin, settings);
        let task = Task {
            on,
            settings,
            logs: &logs,
            configuration: &configuration,
            admin: &admin,
            php: needs.php,
        };
        let image = image.into_input();
        let define = |part| task.define(stack, part, image.clone(), &roles);
        let (task_definition, install_definition) = (define(Part::Web), define(Part::Install));
        let within = |group: &SecurityGroup| {
            NetworkConfiguration::private(on.network.app_subnets(), [group])
        };
        let place = within(&groups.app);
        let install = install(stack, on, &install_definition, place.clone());
        let definitions = (define(Part::Cron), define(Part::Adhoc));
        let apart = within(&groups.runners);
        let runners = Runners::create(stack, on, definitions, &apart, settings.adhoc, &install);
        let behind = ServiceLoadBalancer::new(&on.balancer.tasks, CONTAINER, ports::APP);
        let service =
            service("moodle", on, &task_definition, place, settings.tasks, (100, 200), &install)
                .load_balancers([behind])
                .health_check_grace_period(Seconds(120))
                .create(stack);
        let scaling = Scaling::create(stack, on, &service, settings);
        Ok(Self { scaling, runners, logs, configuration, admin, task_definition, install, service })
    }
}

/// The password of the first user, who is made when the site is installed.
fn admin(stack: &Stack) -> secretsmanager::Secret {
    // Moodle's rule for passwords asks for a letter of each case, a digit and something else.
    let password = RandomPassword::named("admin").length(32_u32).create(stack);
    secretsmanager::Secret::named("admin-password")
        .description("The password of Moodle's first user")
        .secret_string(password.password())
        .create(stack)
}

fn capacity(hosts: &Hosts) -> [CapacityProviderStrategyItem; 1] {
    [CapacityProviderStrategyItem::new(&hosts.capacity)]
}

/// One task that runs to its end, before the services get the same version.
fn install(
    stack: &Stack,
    on: &Foundation<'_>,
    task_definition: &TaskDefinition,
    place: NetworkConfiguration,
) -> RunTask {
    let task = RunTask::named("install")
        .cluster(&on.hosts.cluster)
        .task_definition(task_definition)
        .capacity_provider_strategy(capacity(on.hosts))
        .network_configuration(place);
    let machines = on.database.instances.iter();
    machines.fold(task, |task, machine| task.depends_on(machine)).create(stack)
}

/// A service over all zones, which rolls out once the installation is done. During a rollout there
/// are `least` to `most` percent of its tasks.
fn service(
    name: &str,
    on: &Foundation<'_>,
    task_definition: &TaskDefinition,
    place: NetworkConfiguration,
    tasks: u32,
    (least, most): (u32, u32),
    install: &RunTask,
) -> ServiceBuilder<Provided, Provided> {
    let deployment =
        ServiceDeployment::guarded().minimum_healthy_percent(least).maximum_percent(most);
    // AWS moves a task by starting another one first.
    let rebalancing = if most > 100 { Switch::Enabled } else { Switch::Disabled };
    Service::named(name)
        .cluster(&on.hosts.cluster)
        .task_definition(task_definition)
        .desired_count(tasks)
        .capacity_provider_strategy(capacity(on.hosts))
        .network_configuration(place)
        .deployment_configuration(deployment)
        .placement_strategies([
            PlacementStrategy::spread("attribute:ecs.availability-zone"),
            PlacementStrategy::binpack("memory"),
        ])
        .availability_zone_rebalancing(rebalancing)
        .depends_on(install)
}
