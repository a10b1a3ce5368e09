//! [`Delivery`]: Jenkins, which builds the site's image and rolls its service.

mod door;
mod roles;
mod settings;
mod task;

use infra_core::{
    aws::{
        ec2::SecurityGroup,
        ecs::{
            CapacityProviderStrategyItem, NetworkConfiguration, Service, ServiceDeployment,
            ServiceLoadBalancer, Switch, TaskDefinition,
        },
        efs::{AccessPoint, CreationInfo, PosixUser, RootDirectory},
        elbv2::{ListenerRule, TargetGroup},
        iam::Role,
        logs::{LogGroup, Retention},
        secretsmanager::Secret,
    },
    prelude::*,
};

pub use self::settings::{DeliverySettings, GitRepository, ImageRepository};
use self::{door::Door, roles::Roles, task::Task};
use crate::{Efs, Foundation, SecurityGroups, SettingsError, app::admin, ports};

/// What the container is called, within its task.
const CONTAINER: &str = "jenkins";
/// The user that Jenkins runs as, and its home belongs to.
const USER: u32 = 1000;

/// The controller of the pipeline in `moodle-infra/delivery`: a service of one task, whose home is
/// on the site's file system, and which is reached by a name of its own from given addresses alone.
///
/// There is never a second task, not even during a rollout: Jenkins's home takes one at a time. All
/// that it is told stands in its image or in the task, so that nothing but the history of builds is
/// in the home.
///
/// ```
/// use infra_core::{aws::RoleArn, prelude::*};
/// use moodle_infra::{DeliverySettings, GitRepository, ImageRepository, Moodle};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// # let certificate: infra_core::aws::CertificateArn =
/// #     "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10"
/// #         .parse()?;
/// let registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
/// let arn = "arn:aws:ecr:eu-central-1:123456789012:repository/moodle";
/// # let trust = infra_core::aws::iam::PolicyDocument::assumed_by_service("ec2.amazonaws.com");
/// # let deploy = infra_core::aws::iam::Role::named("deploy")
/// #     .assume_role_policy_document(trust)
/// #     .create(&stack);
/// let delivery = DeliverySettings::new(
///     "delivery.example.edu".parse()?,
///     ["192.0.2.0/24".parse()?],
///     format!("{registry}/controller@sha256:{}", "0".repeat(64)),
///     GitRepository::public("https://git.example.edu/site.git"),
///     ImageRepository::new(format!("{registry}/moodle"), arn),
///     deploy.arn(),
/// );
/// Moodle::named("campus")
///     .domain("moodle.example.edu".parse()?)
///     .certificate(certificate)
///     .delivery(delivery)
///     .create(&stack)?;
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What Jenkins says.
    pub logs: LogGroup,
    /// Its home on the shared file system.
    pub home: AccessPoint,
    /// The secret that holds the password of its administrator, `admin`.
    pub admin: Secret,
    /// What builds run as: whoever deploys must let this role take on the deploy role.
    pub role: Role,
    /// Who reaches it, and whom it reaches.
    pub security_group: SecurityGroup,
    /// Jenkins behind the balancer.
    pub target_group: TargetGroup,
    /// What lets those in who may come, and turns the others away.
    pub rules: Vec<ListenerRule>,
    /// What the task is.
    pub task_definition: TaskDefinition,
    /// What keeps it running.
    pub service: Service,
}

impl Delivery {
    /// The controller of a site in a component of its own. `edge` is who reaches the balancer as it
    /// is: it is opened for those of [`DeliverySettings::reached_from`] who are not among them.
    ///
    /// # Errors
    /// If it would be reached by everybody or by nobody, or nothing says where images are pushed to:
    /// here there is no site that has a repository of its own.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        on: &Foundation<'_>,
        groups: &SecurityGroups,
        edge: &[Ipv4Net],
        settings: &DeliverySettings,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let images = settings.repository.as_ref().ok_or(SettingsError::DeliveryRepository)?;
        let stack = &stack.component(name);
        let why = "its home takes one controller at a time; the site goes on without it";
        stack.allow("single-point-of-failure", "Service/jenkins", why);
        let logs = LogGroup::named("jenkins")
            .retention_in_days(Retention::Days90)
            .maybe_kms_key_id(settings.key.get())
            .create(stack);
        let files = on.storage.files.efs().ok_or(SettingsError::DeliveryStorage)?;
        let home = home(stack, files);
        let (admin, _) = admin(stack, "The password of the administrator of Jenkins", settings.key);
        let door = Door::create(stack, on, groups, edge, settings);
        let roles = Roles::create(stack, on, (settings, images), files, &home, &admin);
        let task = Task {
            on,
            settings,
            images,
            logs: &logs,
            files,
            home: &home,
            admin: &admin,
            roles: &roles,
        };
        let task_definition = task.define(stack);
        let service = service(stack, on, &task_definition, &door, files);
        let Door { security_group, target_group, rules } = door;
        let role = roles.task;
        Ok(Self {
            logs,
            home,
            admin,
            role,
            security_group,
            target_group,
            rules,
            task_definition,
            service,
        })
    }
}

/// Jenkins's folder on the file system, with the owner that it runs as.
fn home(stack: &Stack, files: &Efs) -> AccessPoint {
    let owner = CreationInfo::new(USER, USER, "0700");
    AccessPoint::named("home")
        .file_system_id(&files.file_system)
        .posix_user(PosixUser::new(USER, USER))
        .root_directory(RootDirectory::new().path("/jenkins").creation_info(owner))
        .create(stack)
}

/// One task: an old one ends before a new one begins.
fn service(
    stack: &Stack,
    on: &Foundation<'_>,
    task_definition: &TaskDefinition,
    door: &Door,
    files: &Efs,
) -> Service {
    let behind = ServiceLoadBalancer::new(&door.target_group, CONTAINER, ports::APP);
    let deployment =
        ServiceDeployment::guarded().minimum_healthy_percent(0_u32).maximum_percent(100_u32);
    let service = Service::named("jenkins")
        .cluster(&on.hosts.cluster)
        .task_definition(task_definition)
        .desired_count(1_u32)
        .capacity_provider_strategy([CapacityProviderStrategyItem::new(&on.hosts.capacity)])
        .network_configuration(NetworkConfiguration::private(
            on.network.app_subnets(),
            [&door.security_group],
        ))
        .deployment_configuration(deployment)
        .availability_zone_rebalancing(Switch::Disabled)
        .load_balancers([behind])
        // Jenkins reads all its plugins before it answers.
        .health_check_grace_period(Seconds(600));
    // A task whose files can't be mounted does not start, and a target group without a rule is no
    // balancer's.
    let service = door.rules.iter().fold(service, |service, rule| service.depends_on(rule));
    let mounts = files.mount_targets.iter();
    mounts.fold(service, |service, target| service.depends_on(target)).create(stack)
}
