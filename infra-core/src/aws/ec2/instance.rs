//! AWS: ec2 RunInstances, ModifyInstanceAttribute, ModifyInstanceMetadataOptions,
//! ModifyInstanceCreditSpecification, AssociateIamInstanceProfile,
//! ReplaceIamInstanceProfileAssociation, MonitorInstances, UnmonitorInstances, StopInstances,
//! StartInstances, CreateTags, DescribeInstances, TerminateInstances.

use super::{
    BlockDeviceMapping, CpuOptions, CreditSpecification, InstanceTenancy, MetadataOptions,
    NetworkInterfaceSpecification, PrivateDnsNameOptions, ShutdownBehavior,
};
use crate::{
    aws::{
        AmiId, InstanceId, InstanceProfileName, SecurityGroupId, SubnetId, VpcId,
        autoscaling::LaunchTemplateSpecification,
    },
    prelude::*,
    resource,
};

/// A single machine, for what can't be one of many alike.
///
/// What only runs the site's containers belongs into a group
/// ([`autoscaling::Group`](crate::aws::autoscaling::Group)), which replaces what fails. A machine
/// that keeps something keeps it on a [`Volume`](super::Volume), and its address with a
/// [`NetworkInterface`](super::NetworkInterface): both outlive it.
///
/// An interface or address that the old and the new machine of a replacement share must be let go
/// first: ask for `delete_before_replace`.
///
/// ```
/// use infra_core::{
///     aws::ec2::{Instance, NetworkInterface, NetworkInterfaceSpecification, Subnet, Vpc},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// # let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(&stack);
/// let interface = NetworkInterface::named("files-a").subnet_id(&subnet).create(&stack);
/// Instance::named("files-a")
///     .image_id("ami-0123456789abcdef0")
///     .instance_type("m7g.large")
///     .network_interfaces([NetworkInterfaceSpecification::existing(&interface)])
///     .delete_before_replace()
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:Instance",
    find = token,
    exclusive(subnet_id, network_interfaces),
    exclusive(security_group_ids, network_interfaces),
    exclusive(private_ip_address, network_interfaces),
    protection(disable_api_termination = false),
    after(
        "aws:iam:RolePolicyAttachment",
        this = "iam_instance_profile->role_name",
        that = "role_name",
        why = "an instance uses its role's permissions from its start until it is gone"
    ),
    after(
        "aws:iam:RolePolicy",
        this = "iam_instance_profile->role_name",
        that = "role_name",
        why = "an instance uses its role's permissions from its start until it is gone"
    ),
    create = "30s",
    delete = "60s"
)]
pub struct Instance {
    /// The image. Default: that of the launch template. Changing it replaces the instance. AWS:
    /// `ImageId`.
    #[prop(replace)]
    pub image_id: Option<AmiId>,
    /// The type, such as `m7g.large`. Default: that of the launch template. Changes in place, with
    /// a stop and a start. AWS: `InstanceType`.
    pub instance_type: Option<String>,
    /// The subnet; excludes `network_interfaces`. Default: that of the launch template. Changing
    /// it replaces the instance. AWS: `SubnetId`.
    #[prop(replace)]
    pub subnet_id: Option<SubnetId>,
    /// Its primary address; excludes `network_interfaces`. Default: AWS chooses. Changing it
    /// replaces the instance. AWS: `PrivateIpAddress`.
    #[prop(computed, replace, at = exists)]
    pub private_ip_address: Option<Ipv4Addr>,
    /// The security groups; excludes `network_interfaces`. Default: those of the launch template,
    /// else the VPC's default group. Change in place. AWS: `SecurityGroupIds`.
    #[prop(set)]
    pub security_group_ids: Option<Vec<SecurityGroupId>>,
    /// The network interfaces, new ones or ones that exist. Default: one in `subnet_id`. Changing
    /// them replaces the instance. AWS: `NetworkInterfaces`.
    #[prop(replace)]
    pub network_interfaces: Option<Vec<NetworkInterfaceSpecification>>,
    /// A launch template, for whatever is not said here. Default: none. Changing it replaces the
    /// instance. AWS: `LaunchTemplate`.
    #[prop(replace)]
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// The instance profile, whose role it has. Default: that of the launch template. Changes in
    /// place. AWS: `IamInstanceProfile`.
    #[prop(needs = ready)]
    pub iam_instance_profile: Option<InstanceProfileName>,
    /// What runs at the first start: a script or cloud-config as plain text, at most 16 KiB, which
    /// is encoded on its way to AWS. No place for secrets: whoever may describe the instance reads
    /// it. Default: that of the launch template. Changing it replaces the instance, since it runs
    /// but once. AWS: `UserData`.
    #[prop(replace)]
    pub user_data: Option<String>,
    /// The volumes that come and, if they say so, go with it. Default: those of the image.
    /// Changing them replaces the instance. AWS: `BlockDeviceMappings`.
    #[prop(replace)]
    pub block_device_mappings: Option<Vec<BlockDeviceMapping>>,
    /// How it learns about itself. Default: by sessions alone, from the machine itself alone.
    /// Changes in place. AWS: ModifyInstanceMetadataOptions, `MetadataOptions`.
    #[prop(default = MetadataOptions::new())]
    pub metadata_options: MetadataOptions,
    /// Whether CloudWatch gets figures every minute (paid) or every five (free). Default: false.
    /// Changes in place. AWS: `Monitoring`.
    #[prop(default = false)]
    pub monitoring: bool,
    /// What a burstable type (t3, t4g) does when its credits are used up. Default: that of the
    /// type. Changes in place. AWS: `CreditSpecification`.
    pub credit_specification: Option<CreditSpecification>,
    /// The cores. Default: all of the type, with all threads. Changing them replaces the instance.
    /// AWS: `CpuOptions`.
    #[prop(replace)]
    pub cpu_options: Option<CpuOptions>,
    /// Whether traffic to volumes has a bandwidth of its own; nearly all types always do. Default:
    /// that of the type. Changes in place, with a stop and a start. AWS: `EbsOptimized`.
    pub ebs_optimized: Option<bool>,
    /// The key pair for SSH, by name. Default: none. Changing it replaces the instance. AWS:
    /// `KeyName`.
    #[prop(replace)]
    pub key_name: Option<String>,
    /// Whether AWS refuses to terminate it. Default: false. Changes in place. AWS:
    /// `DisableApiTermination`.
    #[prop(default = false)]
    pub disable_api_termination: bool,
    /// What a shutdown from inside does. Default: stop. Changes in place. AWS:
    /// `InstanceInitiatedShutdownBehavior`.
    #[prop(default = ShutdownBehavior::Stop)]
    pub instance_initiated_shutdown_behavior: ShutdownBehavior,
    /// Whether it takes only what is for itself: false for a machine that passes packets on. Not
    /// with an interface that exists, which says it itself. Default: true. Changes in place. AWS:
    /// `SourceDestCheck`.
    #[prop(separate)]
    pub source_dest_check: Option<bool>,
    /// On whose hardware. Default: that of the VPC. Changing it replaces the instance. AWS:
    /// `Placement`, `Tenancy`.
    #[prop(replace)]
    pub tenancy: Option<InstanceTenancy>,
    /// The placement group, by name: close together, or apart. Default: none. Changing it replaces
    /// the instance. AWS: `Placement`, `GroupName`.
    #[prop(replace)]
    pub placement_group_name: Option<String>,
    /// Host names. Default: those of the subnet. Changing them replaces the instance. AWS:
    /// `PrivateDnsNameOptions`.
    #[prop(replace)]
    pub private_dns_name_options: Option<PrivateDnsNameOptions>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `InstanceId`.
    #[output(id = "i-", at = exists)]
    pub instance_id: InstanceId,
    /// The VPC. AWS: `VpcId`.
    #[output(at = exists)]
    pub vpc_id: VpcId,
    /// The zone, that of its subnet. AWS: `Placement`, `AvailabilityZone`.
    #[output(at = exists)]
    pub availability_zone: String,
    /// Its name within the VPC. AWS: `PrivateDnsName`.
    #[output(at = exists)]
    pub private_dns_name: String,
    /// Its public address; absent if it has none. Another one after each stop. AWS:
    /// `PublicIpAddress`.
    #[output(changes_with(instance_type, ebs_optimized))]
    pub public_ip: Option<Ipv4Addr>,
    /// Its public name; absent if it has none. AWS: `PublicDnsName`.
    #[output(changes_with(instance_type, ebs_optimized))]
    pub public_dns_name: Option<String>,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:instance/{id}", at = exists)]
    pub arn: String,
}
