//! AWS: efs CreateMountTarget, ModifyMountTargetSecurityGroups, DescribeMountTargets,
//! DescribeMountTargetSecurityGroups, DeleteMountTarget.

use crate::{
    aws::{FileSystemId, MountTargetId, SecurityGroupId, SubnetId},
    prelude::*,
    resource,
};

/// Where machines of one availability zone mount a file system: a network interface in a subnet.
///
/// A file system has one in a zone at most, whatever its subnet, so that a replacement deletes the
/// old one first. It takes its time to go, and holds its subnet and security groups until then;
/// the file system can't go before it.
///
/// ```
/// use infra_core::{aws::{SecurityGroupId, SubnetId, efs::{FileSystem, MountTarget}}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let subnet = SubnetId::parse("subnet-0123456789abcdef0").unwrap();
/// # let nfs = SecurityGroupId::parse("sg-0123456789abcdef0").unwrap();
/// let files = FileSystem::named("moodledata").create(&stack);
/// MountTarget::named("moodledata-a")
///     .file_system_id(&files)
///     .subnet_id(subnet)
///     .security_groups([nfs])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:efs:MountTarget",
    unique(file_system_id, subnet_id),
    find = key,
    delete_first,
    create = "90s",
    delete = "60s"
)]
pub struct MountTarget {
    /// The file system. Changing it replaces the mount target. AWS: `FileSystemId`.
    #[prop(replace, needs = ready)]
    pub file_system_id: FileSystemId,
    /// The subnet; its zone is the mount target's, and its VPC that of the file system's other
    /// mount targets. Changing it replaces the mount target. AWS: `SubnetId`.
    #[prop(replace)]
    pub subnet_id: SubnetId,
    /// Who may reach it, one to five groups of the subnet's VPC that let in TCP port 2049. Change
    /// in place. AWS: `SecurityGroups`.
    #[prop(set)]
    pub security_groups: Vec<SecurityGroupId>,
    /// The address, within the subnet's range. Default: AWS chooses. Changing it replaces the mount
    /// target. AWS: `IpAddress`.
    #[prop(replace, computed, at = exists)]
    pub ip_address: Option<Ipv4Addr>,
    /// The id. AWS: `Id`.
    #[output(id = "fsmt-", at = exists)]
    pub mount_target_id: MountTargetId,
    /// The network interface that AWS makes for it. AWS: `NetworkInterfaceId`.
    #[output(at = exists)]
    pub network_interface_id: String,
    /// The zone of its subnet. AWS: `AvailabilityZoneName`.
    #[output(at = exists)]
    pub availability_zone_name: String,
}
