//! [`Hosts`]: the instances that tasks run on.

use infra_core::{
    aws::{
        AmiId, SecurityGroupId,
        autoscaling::{Group, HealthCheckType, LaunchTemplateSpecification, MetricsCollection},
        ec2::{
            BlockDeviceMapping, EbsBlockDevice, IamInstanceProfile, LaunchTemplate,
            LaunchTemplateData, Monitoring, TagSpecification, TaggedResourceType,
        },
        ecs::{
            AccountSetting, AccountSettingName, AccountSettingValue, CapacityProvider,
            CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders, ContainerInsights,
            ManagedScaling, Switch,
        },
        iam::{InstanceProfile, PolicyDocument, RolePolicy},
        ssm::{Architecture, DebianAmi, EcsOptimizedAmi},
    },
    prelude::*,
};

use crate::{
    Files, Network, STOP_TIMEOUT, SettingsError, SiteKey,
    iam::{SESSION_MANAGER, instance_role},
    storage::HostMount,
};

/// How the instances are to be.
#[derive(Clone, Debug)]
pub struct HostSettings {
    /// The type: `m7g.xlarge`. Its processors say how many tasks fit on it, four on an `xlarge`;
    /// without trunks its network interfaces do, three.
    pub instance_type: String,
    /// The architecture of that type, and of the image.
    pub architecture: Architecture,
    /// An image of your own, made from the one that they would start with. Default: the newest that
    /// AWS (or Debian, where they mount GlusterFS) publishes, which stays until it is looked for anew.
    pub image: Option<AmiId>,
    /// How few there may be: one in each zone survives the loss of a zone.
    pub min: u32,
    /// How many there may be.
    pub max: u32,
    /// How large the disk of each is, for images and logs.
    pub disk: GiB,
    /// Whether a schedule says how few there may be, once they are there.
    pub is_scheduled: bool,
    /// Whether tasks get their network interfaces from a trunk.
    pub trunking: Trunking,
    /// The key that encrypts their disks; its policy lets Auto Scaling use it. Default: AWS's own.
    pub key: SiteKey,
}

/// Whether tasks get their network interfaces from a trunk (ECS's `awsvpcTrunking`): an instance
/// then holds as many as it has processors and memory for, and not one for each interface of its
/// own.
///
/// It is a setting of the whole account in one region, so that one program has it, once. It counts
/// for instances that start afterwards: those that run already get no trunk.
#[derive(Clone, Copy, Debug, Default)]
pub enum Trunking {
    /// They do, and the account is told so here, before instances start. Deletion takes it back,
    /// also for what stands beside.
    #[default]
    Here,
    /// They do, and another site of the same stack tells the account: its
    /// [`Hosts::trunking`](crate::Hosts).
    With(AccountSetting),
    /// They do, and somebody else has told the account: another stack, or a person. Where that is
    /// not so, tasks find no room. The rule `task-interfaces` does not see it: a
    /// [`Moodle`](crate::Moodle) allows what breaks it, others do so themselves.
    Elsewhere,
    /// They do not.
    Off,
}

impl Trunking {
    /// Whether there are trunks.
    #[must_use]
    pub fn is_on(self) -> bool {
        !matches!(self, Self::Off)
    }

    /// What has to be set before instances start.
    fn create(self, stack: &Stack) -> Option<AccountSetting> {
        match self {
            Self::Here => {
                let setting = AccountSetting::named("trunking")
                    .name(AccountSettingName::AwsvpcTrunking)
                    .value(AccountSettingValue::Enabled)
                    .create(stack);
                Some(setting)
            }
            Self::With(setting) => Some(setting),
            Self::Elsewhere | Self::Off => None,
        }
    }
}

impl Default for HostSettings {
    /// Three to twelve `m7g.xlarge` with 50 GiB.
    fn default() -> Self {
        Self {
            instance_type: "m7g.xlarge".to_owned(),
            architecture: Architecture::Arm64,
            image: None,
            min: 3,
            max: 12,
            disk: GiB(50),
            is_scheduled: false,
            trunking: Trunking::Here,
            key: SiteKey::default(),
        }
    }
}

/// A cluster of instances in the app subnets, which come and go as the tasks need them.
///
/// They run the newest image of Amazon Linux for ECS, or one of your own, have encrypted disks and no key: whoever has
/// to look in does so by Session Manager.
#[derive(Clone, Copy, Debug)]
pub struct Hosts {
    /// The cluster that tasks run in.
    pub cluster: Cluster,
    /// The instances.
    pub group: Group,
    /// What starts and ends them.
    pub capacity: CapacityProvider,
    /// What gives the cluster its instances.
    pub capacity_of_cluster: ClusterCapacityProviders,
    /// What gives tasks more network interfaces than instances have, if this program says so.
    pub trunking: Option<AccountSetting>,
}

impl Hosts {
    /// The instances of a site in a component of their own. `files` are those that they mount for
    /// their tasks, if tasks do not mount them by themselves.
    ///
    /// # Errors
    /// If there can be fewer than none, or none at all.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        security_group: impl IntoInput<SecurityGroupId>,
        files: Option<&Files>,
        settings: &HostSettings,
    ) -> Result<Self, SettingsError> {
        let (min, max) = (settings.min, settings.max);
        if max == 0 || min > max {
            return Err(SettingsError::Hosts { min, max });
        }
        let stack = &stack.component(name);
        let cluster =
            Cluster::named("web").container_insights(ContainerInsights::Enabled).create(stack);
        let mount = files.and_then(|files| files.host_mount(&network.region));
        let profile = profile(stack, files.filter(|_| mount.is_some()));
        let first = FirstStart {
            debian: mount.as_ref().is_some_and(HostMount::needs_debian),
            script: user_data(&cluster, mount.as_ref(), &network.region, settings),
        };
        let template = template(stack, &profile, first, security_group.into_input(), settings);
        let trunking = settings.trunking.create(stack);
        let group = Group::named("web")
            .min_size(min)
            .max_size(max)
            .vpc_zone_identifier(network.app_subnets())
            .launch_template(LaunchTemplateSpecification::latest(&template))
            .health_check_type([HealthCheckType::Ec2])
            .health_check_grace_period(Seconds(120))
            .default_instance_warmup(Seconds(60))
            .new_instances_protected_from_scale_in(true)
            // Whoever deletes the whole site deletes its instances too, busy or not.
            .force_delete(true)
            .metrics_collection([MetricsCollection::new()]);
        let group =
            if settings.is_scheduled { group.ignore_changes(Group::MIN_SIZE) } else { group };
        // An instance mounts before it joins.
        let group = match &mount {
            Some(mount) => mount.before(group),
            None => group,
        };
        // An instance gets its trunk as it starts, or never.
        let group = match &trunking {
            Some(setting) => group.depends_on(setting),
            None => group,
        };
        let group = group.create(stack);
        let capacity = CapacityProvider::named("web")
            .auto_scaling_group_arn(group.auto_scaling_group_arn())
            // A tenth stays free, so that what is new finds room before instances have started.
            .managed_scaling(ManagedScaling::new().target_capacity(90_u32))
            .managed_termination_protection(Switch::Enabled)
            .managed_draining(Switch::Enabled)
            .create(stack);
        let capacity_of_cluster = ClusterCapacityProviders::named("web")
            .cluster(&cluster)
            .capacity_providers([&capacity])
            .default_capacity_provider_strategy([CapacityProviderStrategyItem::new(&capacity)])
            .create(stack);
        Ok(Self { cluster, group, capacity, capacity_of_cluster, trunking })
    }
}

/// What an instance starts with.
struct FirstStart {
    /// Whether it runs Debian, or Amazon Linux for ECS.
    debian: bool,
    /// What it does then.
    script: Output<String>,
}

fn template(
    stack: &Stack,
    profile: &InstanceProfile,
    first: FirstStart,
    security_group: Input<SecurityGroupId>,
    settings: &HostSettings,
) -> LaunchTemplate {
    let architecture = settings.architecture;
    let image = match &settings.image {
        Some(image) => Output::plain(image.clone()),
        None if first.debian => {
            DebianAmi::lookup("hosts").architecture(architecture).create(stack).image_id()
        }
        None => {
            EcsOptimizedAmi::lookup("hosts").architecture(architecture).create(stack).image_id()
        }
    };
    let disk = EbsBlockDevice::new()
        .volume_size(settings.disk)
        .encrypted(true)
        .maybe_kms_key_id(settings.key.get());
    let disk = BlockDeviceMapping::new("/dev/xvda").ebs(disk);
    let named = TagSpecification::new(TaggedResourceType::Volume, [("Layer", "app")]);
    let data = LaunchTemplateData::new()
        .image_id(image)
        .instance_type(settings.instance_type.as_str())
        .iam_instance_profile(IamInstanceProfile::new().arn(profile.arn()))
        .security_group_ids([security_group])
        .block_device_mappings([disk])
        .monitoring(Monitoring::new(true))
        .tag_specifications([named])
        .user_data(first.script);
    LaunchTemplate::named("web").launch_template_data(data).create(stack)
}

/// What every instance does at its first start: it mounts the files, if tasks don't, and joins its
/// cluster. Tasks get their own role and never that of the instance, and time to finish what they
/// are at.
fn user_data(
    cluster: &Cluster,
    mount: Option<&HostMount>,
    region: &Output<String>,
    settings: &HostSettings,
) -> Output<String> {
    let (name, stop) = (cluster.cluster_name(), STOP_TIMEOUT.0);
    let join = interpolate!(
        "cat >> /etc/ecs/ecs.config <<'END'
ECS_CLUSTER={name}
ECS_AWSVPC_BLOCK_IMDS=true
ECS_ENABLE_CONTAINER_METADATA=true
ECS_CONTAINER_STOP_TIMEOUT={stop}s
ECS_IMAGE_PULL_BEHAVIOR=prefer-cached
END
"
    );
    let Some(mount) = mount else { return interpolate!("#!/bin/sh\n{join}") };
    let mounted = mount.script();
    if !mount.needs_debian() {
        return interpolate!("#!/bin/sh\n{mounted}{join}");
    }
    let agents = debian_agents(region, settings.architecture);
    let start = "systemctl enable ecs\nsystemctl start --no-block ecs\n";
    interpolate!("#!/bin/sh\n{agents}{mounted}{join}{start}")
}

/// What Amazon Linux for ECS has and Debian has not: the agents of ECS and Session Manager.
fn debian_agents(region: &Output<String>, architecture: Architecture) -> Output<String> {
    let architecture = match architecture {
        Architecture::X86_64 => "amd64",
        Architecture::Arm64 => "arm64",
    };
    interpolate!(
        "export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install --yes -qq ca-certificates curl docker.io
fetch() {{ curl --fail --silent --show-error --retry 10 --output \"$1\" \"$2\"; }}
s3=https://s3.{region}.amazonaws.com
fetch /tmp/ecs.deb \"$s3/amazon-ecs-agent-{region}/amazon-ecs-init-latest.{architecture}.deb\"
fetch /tmp/ssm.deb \"$s3/amazon-ssm-{region}/latest/debian_{architecture}/amazon-ssm-agent.deb\"
dpkg --install /tmp/ecs.deb /tmp/ssm.deb
mkdir -p /etc/ecs
"
    )
}

/// What instances may: register with their cluster, be looked into by Session Manager, and mount
/// the files if they are who does that.
fn profile(stack: &Stack, files: Option<&Files>) -> InstanceProfile {
    let register =
        ("ecs", "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role");
    let role = instance_role(stack, "host", &[register, SESSION_MANAGER]);
    if let Some(statement) = files.and_then(Files::statement) {
        RolePolicy::named("host-files")
            .role_name(&role)
            .policy_name("files")
            .policy_document(PolicyDocument::new([statement]))
            .create(stack);
    }
    InstanceProfile::named("host").role_name(&role).create(stack)
}
