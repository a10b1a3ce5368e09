//! [`HostMount`]: how an instance mounts files for all its tasks, before it joins its cluster.

use infra_core::{
    aws::{autoscaling::GroupBuilder, ec2::VolumeAttachment, efs::MountTarget},
    dsl::Provided,
    prelude::*,
};

use super::FILES_OWNER;

/// How an instance mounts files for all its tasks.
#[derive(Clone, Debug)]
pub(crate) struct HostMount {
    /// The line of `fstab`.
    pub(super) line: Output<String>,
    /// What knows how to mount it.
    pub(super) client: Client,
    /// What has to be there before an instance can mount anything.
    pub(super) waits_for: WaitsFor,
}

/// What knows how to mount a kind of file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// The kernel.
    Nfs,
    /// The helper of EFS.
    EfsHelper,
    /// The client of GlusterFS, which Debian has and Amazon Linux has not.
    Gluster,
}

/// What has to be there before an instance can mount anything.
#[derive(Clone, Debug)]
pub(super) enum WaitsFor {
    /// The doors to a file system of EFS.
    Targets(Vec<MountTarget>),
    /// The disks of the machines that keep the files.
    Disks([VolumeAttachment; 3]),
}

impl HostMount {
    /// Where plain NFS is mounted: the folder of the site is in it.
    pub(super) const ROOT: &'static str = "/mnt/files";
    /// The folder that tasks are given.
    pub(super) const FOLDER: &'static str = "/mnt/files/moodledata";

    /// Whether instances have to run Debian for it.
    pub(crate) fn needs_debian(&self) -> bool {
        self.client == Client::Gluster
    }

    /// A group of instances that waits for what they mount.
    pub(crate) fn before(
        &self,
        group: GroupBuilder<Provided, Provided, Provided>,
    ) -> GroupBuilder<Provided, Provided, Provided> {
        match &self.waits_for {
            WaitsFor::Targets(targets) => {
                targets.iter().fold(group, |group, target| group.depends_on(target))
            }
            WaitsFor::Disks(disks) => {
                disks.iter().fold(group, |group, disk| group.depends_on(disk))
            }
        }
    }

    /// The part of an instance's first script that mounts, and checks by writing. An instance that
    /// can't is of no use: it ends, and its group starts another one. Later starts mount before
    /// ECS's agent runs.
    pub(crate) fn script(&self) -> Output<String> {
        let line = &self.line;
        let client = match self.client {
            Client::Nfs => "rpm --query --quiet nfs-utils || dnf install --assumeyes nfs-utils",
            Client::EfsHelper => {
                "rpm --query --quiet amazon-efs-utils || dnf install --assumeyes amazon-efs-utils"
            }
            Client::Gluster => "apt-get install --yes -qq glusterfs-client",
        };
        let (folder, owner) = (Self::FOLDER, FILES_OWNER);
        interpolate!(
            "give_up() {{
    echo 'the shared files cannot be used: the instance ends' >&2
    systemctl poweroff
    exit 1
}}
{{ {client}; }} || give_up
line='{line}'
place=$(echo \"$line\" | cut -d ' ' -f 2)
mkdir -p \"$place\"
grep -qxF \"$line\" /etc/fstab || echo \"$line\" >> /etc/fstab
# A name that was made a moment ago may take a minute and a half to be known.
tries=0
until mountpoint -q \"$place\" || timeout 60 mount \"$place\"; do
    tries=$((tries + 1))
    [ \"$tries\" -lt 30 ] || give_up
    sleep 5
done
[ -d {folder} ] || install -d -o {owner} -g {owner} -m 0750 {folder} || give_up
probe={folder}/.probe-$$
timeout 60 setpriv --reuid {owner} --regid {owner} --clear-groups \\
    sh -c \"echo ok > $probe && rm $probe\" || give_up
mkdir -p /etc/systemd/system/ecs.service.d
cat > /etc/systemd/system/ecs.service.d/files.conf <<END
[Unit]
RequiresMountsFor=$place
END
systemctl daemon-reload
"
        )
    }
}
