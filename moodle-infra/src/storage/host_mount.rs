//! [`HostMount`]: how an instance mounts files for all its tasks, before it joins its cluster.

use infra_core::{aws::efs::MountTarget, prelude::*};

use super::FILES_OWNER;

/// How an instance mounts files for all its tasks.
#[derive(Clone, Debug)]
pub(crate) struct HostMount {
    /// The line of `fstab`.
    line: Output<String>,
    /// The package of Amazon Linux that knows how to mount it.
    package: &'static str,
    /// What has to be there before an instance can mount anything.
    pub(crate) waits_for: Vec<MountTarget>,
}

impl HostMount {
    /// Where plain NFS is mounted: the folder of the site is in it.
    pub(super) const ROOT: &'static str = "/mnt/files";
    /// The folder that tasks are given.
    pub(super) const FOLDER: &'static str = "/mnt/files/moodledata";

    pub(super) fn new(
        line: Output<String>,
        package: &'static str,
        waits_for: Vec<MountTarget>,
    ) -> Self {
        Self { line, package, waits_for }
    }

    /// The part of an instance's first script that mounts, and checks by writing. An instance that
    /// can't is of no use: it ends, and its group starts another one. Later starts mount before
    /// ECS's agent runs.
    pub(crate) fn script(&self) -> Output<String> {
        let (line, package) = (&self.line, self.package);
        let (folder, owner) = (Self::FOLDER, FILES_OWNER);
        interpolate!(
            "give_up() {{
    echo 'the shared files cannot be used: the instance ends' >&2
    systemctl poweroff
    exit 1
}}
rpm --query --quiet {package} || dnf install --assumeyes {package} || give_up
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
