//! What instances are made of, and its small structures.

use super::{
    BlockDeviceMapping, CapacityReservationSpecification, InstanceMarketOptions,
    InstanceRequirements, MetadataOptions, NetworkInterfaceSpecification, Placement,
};
use crate::{
    aws::{AmiId, InstanceProfileArn, InstanceProfileName, SecurityGroupId},
    prelude::*,
    props,
};

/// What instances are made of. Everything may be left out; what is left out is decided by whoever
/// starts instances from the template, or by AWS.
// AWS lets what a template refers to be deleted. The references bind here all the same: instances
// that are started from the template would not come up, and those that run keep their groups and
// subnets from being deleted until they are gone.
#[props]
pub struct LaunchTemplateData {
    /// The image. Default: none. AWS: `ImageId`.
    pub image_id: Option<AmiId>,
    /// The type, such as `m7g.large`; excludes `instance_requirements`. Default: none. AWS:
    /// `InstanceType`.
    pub instance_type: Option<String>,
    /// What types are to have, for whoever chooses among several; excludes `instance_type`.
    /// Default: none. AWS: `InstanceRequirements`.
    pub instance_requirements: Option<InstanceRequirements>,
    /// The role of the instances. Default: none. AWS: `IamInstanceProfile`.
    pub iam_instance_profile: Option<IamInstanceProfile>,
    /// What runs at the first start: a script or cloud-config as plain text, at most 16 KiB, which
    /// is encoded on its way to AWS. No place for secrets: whoever may describe the template reads
    /// it. Default: none. AWS: `UserData`.
    pub user_data: Option<String>,
    /// The groups of the first network interface; excludes `network_interfaces`. Default: none.
    /// AWS: `SecurityGroupIds`.
    pub security_group_ids: Option<Vec<SecurityGroupId>>,
    /// The network interfaces, where groups alone do not say enough. Default: none. AWS:
    /// `NetworkInterfaces`.
    pub network_interfaces: Option<Vec<NetworkInterfaceSpecification>>,
    /// The volumes. Default: those of the image. AWS: `BlockDeviceMappings`.
    pub block_device_mappings: Option<Vec<BlockDeviceMapping>>,
    /// How instances learn about themselves. Default: by sessions alone, from the machine itself
    /// alone. AWS: `MetadataOptions`.
    #[prop(default = MetadataOptions::new())]
    pub metadata_options: MetadataOptions,
    /// Whether CloudWatch gets figures every minute. Default: every five minutes. AWS:
    /// `Monitoring`.
    pub monitoring: Option<Monitoring>,
    /// What burstable types (t3, t4g) do when their credits are used up. Default: that of the
    /// type. AWS: `CreditSpecification`.
    pub credit_specification: Option<CreditSpecification>,
    /// Where instances are put. Default: AWS chooses. AWS: `Placement`.
    pub placement: Option<Placement>,
    /// The cores. Default: all of the type, with all threads. AWS: `CpuOptions`.
    pub cpu_options: Option<CpuOptions>,
    /// Whether capacity that was reserved is used. Default: open reservations are. AWS:
    /// `CapacityReservationSpecification`.
    pub capacity_reservation_specification: Option<CapacityReservationSpecification>,
    /// Whether instances are bought as spare capacity. Default: on demand. AWS:
    /// `InstanceMarketOptions`.
    pub instance_market_options: Option<InstanceMarketOptions>,
    /// Whether traffic to volumes has a bandwidth of its own; nearly all types always do. Default:
    /// that of the type. AWS: `EbsOptimized`.
    pub ebs_optimized: Option<bool>,
    /// The key pair for SSH, by name. Default: none. AWS: `KeyName`.
    pub key_name: Option<String>,
    /// Whether the API refuses to stop instances. Default: false. AWS: `DisableApiStop`.
    pub disable_api_stop: Option<bool>,
    /// Whether the API refuses to terminate instances; Auto Scaling does so all the same. Default:
    /// false. AWS: `DisableApiTermination`.
    pub disable_api_termination: Option<bool>,
    /// What a shutdown from inside does. Default: stop. AWS:
    /// `InstanceInitiatedShutdownBehavior`.
    pub instance_initiated_shutdown_behavior: Option<ShutdownBehavior>,
    /// Whether AWS moves an instance off broken hardware. Default: it does. AWS:
    /// `MaintenanceOptions`.
    pub maintenance_options: Option<MaintenanceOptions>,
    /// Host names. Default: those of the subnet. AWS: `PrivateDnsNameOptions`.
    pub private_dns_name_options: Option<PrivateDnsNameOptions>,
    /// Tags of what is started from the template. Default: none. AWS: `TagSpecifications`.
    pub tag_specifications: Option<Vec<TagSpecification>>,
}

/// The role of instances: by ARN or by name, one of the two.
// EC2 starts nothing with a profile that it does not see yet.
#[props]
pub struct IamInstanceProfile {
    /// The ARN of the profile. Default: none. AWS: `Arn`.
    #[prop(needs = ready)]
    pub arn: Option<InstanceProfileArn>,
    /// The name of the profile. Default: none. AWS: `Name`.
    #[prop(needs = ready)]
    pub name: Option<InstanceProfileName>,
}

/// How often CloudWatch gets figures.
#[props]
pub struct Monitoring {
    /// Whether every minute (paid) or every five (free). AWS: `Enabled`.
    pub enabled: bool,
}

/// What burstable types do when their credits are used up.
#[props]
pub struct CreditSpecification {
    /// Whether they slow down or cost more. AWS: `CpuCredits`.
    pub cpu_credits: CpuCredits,
}

/// What burstable types do when their credits are used up.
#[props(words = "lower")]
pub enum CpuCredits {
    /// They slow down.
    Standard,
    /// They go on, for money.
    Unlimited,
}

/// The cores of instances, where licences or threads speak against all of them.
#[props]
pub struct CpuOptions {
    /// How many cores. Default: all of the type. AWS: `CoreCount`.
    pub core_count: Option<u32>,
    /// How many threads for each core, 1 or 2. Default: all of the type. AWS: `ThreadsPerCore`.
    pub threads_per_core: Option<u32>,
}

/// What a shutdown from inside does.
#[props(words = "lower")]
pub enum ShutdownBehavior {
    /// The instance can be started again.
    Stop,
    /// The instance is gone.
    Terminate,
}

/// What AWS does about broken hardware.
#[props]
pub struct MaintenanceOptions {
    /// Whether an instance is moved off it. Default: it is, where the type allows it. AWS:
    /// `AutoRecovery`.
    #[prop(default = AutoRecovery::Default)]
    pub auto_recovery: AutoRecovery,
}

/// Whether AWS moves an instance off broken hardware.
#[props(words = "lower")]
pub enum AutoRecovery {
    /// Where the type allows it.
    Default,
    /// Never.
    Disabled,
}

/// Host names of instances within the VPC.
#[props]
pub struct PrivateDnsNameOptions {
    /// What they are made of. Default: that of the subnet. AWS: `HostnameType`.
    pub hostname_type: Option<HostnameType>,
    /// Whether names made of the id are answered with IPv4 addresses. Default: that of the subnet.
    /// AWS: `EnableResourceNameDnsARecord`.
    pub enable_resource_name_dns_a_record: Option<bool>,
}

/// What a host name is made of.
#[props(words = "kebab")]
pub enum HostnameType {
    /// The IPv4 address.
    IpName,
    /// The id of the instance.
    ResourceName,
}

/// Tags of one kind of thing that is started from a template.
#[props]
pub struct TagSpecification {
    /// The kind of thing. AWS: `ResourceType`.
    pub resource_type: TaggedResourceType,
    /// The tags. AWS: `Tags`.
    pub tags: Tags,
}

/// What can be tagged when instances are started.
#[props(words = "kebab")]
pub enum TaggedResourceType {
    /// Instances.
    Instance,
    /// Volumes.
    Volume,
    /// Network interfaces.
    NetworkInterface,
    /// Requests for spare capacity.
    SpotInstancesRequest,
}
