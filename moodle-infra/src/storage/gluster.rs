//! [`Gluster`]: shared files on three machines of one's own, in three zones.

use infra_core::{
    aws::{
        SecurityGroupId,
        ec2::{
            Instance, NetworkInterface, NetworkInterfaceSpecification, Volume as Disk,
            VolumeAttachment,
        },
        ecs::Volume,
        iam::InstanceProfile,
        ssm::{Architecture, DebianAmi},
    },
    prelude::*,
};

use super::{
    FILES_OWNER, HostMount,
    host_mount::{Client, WaitsFor},
};
use crate::{
    Network, SettingsError, SiteKey, Zone,
    iam::{SESSION_MANAGER, instance_role},
    ports,
};

/// How the machines are to be that keep the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlusterSettings {
    /// The type of each: `m7g.large`. Changes in place, one machine after the other, with a stop and
    /// a start.
    pub instance_type: String,
    /// The architecture of that type.
    pub architecture: Architecture,
    /// How large the disk of each is: all files are on every one. It only grows.
    pub disk: GiB,
    /// How many reads and writes a second each disk has, 3,000 to 80,000.
    pub iops: u32,
    /// The key that encrypts the disks. Default: AWS's own. Another one replaces them.
    pub key: SiteKey,
}

impl Default for GlusterSettings {
    /// Three `m7g.large` with 500 GiB each.
    fn default() -> Self {
        Self {
            instance_type: "m7g.large".to_owned(),
            architecture: Architecture::Arm64,
            disk: GiB(500),
            iops: 3000,
            key: SiteKey::default(),
        }
    }
}

impl GlusterSettings {
    /// # Errors
    /// If there are no disks of that size or with so many operations. Source: the EBS guide, "General
    /// Purpose SSD volumes": gp3.
    fn check(&self) -> Result<(), SettingsError> {
        let (disk, iops) = (self.disk.0, self.iops);
        let most = disk.saturating_mul(500).clamp(3_000, 80_000);
        if (1..=65_536).contains(&disk) && (3_000..=most).contains(&iops) {
            return Ok(());
        }
        Err(SettingsError::GlusterDisk { disk, iops, most })
    }
}

/// How many machines there are: each has all files, and two of them are a majority.
const NODES: usize = 3;

/// What the volume is called.
const VOLUME: &str = "moodledata";

/// Where each machine mounts its disk.
const BRICKS: &str = "/bricks";

/// What differs from a volume's own options. A write needs two of three machines, so that no two
/// halves go apart; a lost machine is given up after ten seconds, and not after 42, in which all that
/// touches files stands still; and nobody outside the network is let in.
const OPTIONS: &str = "\
cluster.quorum-type auto
cluster.server-quorum-type server
network.ping-timeout 10
cluster.self-heal-daemon on
performance.client-io-threads on";

/// What every machine does at its first start, and at that of one that takes its place.
const NODE: &str = include_str!("gluster_node.sh");

/// A volume of GlusterFS over three machines in three zones, each of which has all files.
///
/// Each machine has a disk and a network interface that outlive it: a machine that takes another
/// one's place has its address and its files, and what was written meanwhile is copied to it. If the
/// disk is lost too, all of it is copied.
#[derive(Clone, Copy, Debug)]
pub struct Gluster {
    /// The machines, in the order of the zones.
    pub nodes: [Instance; 3],
    /// Their disks.
    pub disks: [Disk; 3],
    /// Their addresses, which stay.
    pub interfaces: [NetworkInterface; 3],
    /// What gives each machine its disk.
    pub attachments: [VolumeAttachment; 3],
}

impl Gluster {
    #[track_caller]
    pub(super) fn create(
        stack: &Stack,
        network: &Network,
        group: Input<SecurityGroupId>,
        settings: &GlusterSettings,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let zones = network.zones.len();
        let zones: &[Zone; NODES] =
            network.zones.first_chunk().ok_or(SettingsError::GlusterZones { zones })?;
        // Not in the data subnets: those do not reach the packages.
        let interfaces = zones.each_ref().map(|zone| {
            NetworkInterface::named(format!("files-{}", zone.letter))
                .description("Shared files: stays when its machine goes")
                .subnet_id(&zone.app)
                .groups([group.clone()])
                .create(stack)
        });
        let disks = zones.each_ref().map(|zone| {
            Disk::named(format!("files-{}", zone.letter))
                .availability_zone(&zone.name)
                .size(settings.disk)
                .iops(settings.iops)
                .encrypted(true)
                .maybe_kms_key_id(settings.key.get())
                .create(stack)
        });
        let image = DebianAmi::lookup("files").architecture(settings.architecture).create(stack);
        let profile = profile(stack);
        let [first, second, third] = addresses(&interfaces);
        let all = interpolate!("{first} {second} {third}");
        let nodes = std::array::from_fn(|place| {
            let (interface, disk) = (&interfaces[place], &disks[place]);
            Instance::named(format!("files-{}", zones[place].letter))
                .image_id(image.image_id())
                .instance_type(settings.instance_type.as_str())
                .network_interfaces([NetworkInterfaceSpecification::existing(interface)])
                .iam_instance_profile(&profile)
                .user_data(first_script(interface, disk, &all))
                .disable_api_termination(true)
                .monitoring(true)
                .delete_before_replace()
                .create(stack)
        });
        let attachments = std::array::from_fn(|place| {
            VolumeAttachment::named(format!("files-{}", zones[place].letter))
                .volume_id(&disks[place])
                .instance_id(&nodes[place])
                .device("/dev/sdf")
                .create(stack)
        });
        Ok(Self { nodes, disks, interfaces, attachments })
    }

    pub(super) fn volume(name: &str) -> Volume {
        Volume::folder(name, HostMount::FOLDER)
    }

    /// Reads and writes go to all machines; the first one that answers says which there are.
    pub(super) fn host_mount(&self) -> HostMount {
        let [first, second, third] = addresses(&self.interfaces);
        let folder = HostMount::FOLDER;
        let options = interpolate!("_netdev,backup-volfile-servers={second}:{third}");
        let line = interpolate!("{first}:/{VOLUME} {folder} glusterfs {options} 0 0");
        HostMount { line, client: Client::Gluster, waits_for: WaitsFor::Disks(self.attachments) }
    }

    /// The ARNs of the disks.
    pub(super) fn arns(&self) -> Vec<Output<String>> {
        self.disks.iter().map(|disk| disk.arn()).collect()
    }
}

fn addresses(interfaces: &[NetworkInterface; NODES]) -> [Output<String>; NODES] {
    interfaces.each_ref().map(|interface| interpolate!("{}", interface.private_ip_address()))
}

fn first_script(interface: &NetworkInterface, disk: &Disk, all: &Output<String>) -> Output<String> {
    let (own, disk) = (interface.private_ip_address(), disk.volume_id());
    let (lowest, highest) = ports::BRICKS;
    interpolate!(
        "#!/bin/bash
# Written by the site's infrastructure program.
set -euo pipefail
SELF={own}
NODES='{all}'
DISK={disk}
PORTS='{lowest} {highest}'
VOLUME={VOLUME}
BRICKS={BRICKS}
OPTIONS='{OPTIONS}
storage.owner-uid {FILES_OWNER}
storage.owner-gid {FILES_OWNER}'
{NODE}"
    )
}

/// What a machine may: be looked into by Session Manager.
fn profile(stack: &Stack) -> InstanceProfile {
    let role = instance_role(stack, "files", &[SESSION_MANAGER]);
    InstanceProfile::named("files").role_name(&role).create(stack)
}
