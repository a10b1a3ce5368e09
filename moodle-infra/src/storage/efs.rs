//! [`Efs`]: shared files on a file system that AWS keeps in all zones.

use infra_core::{
    aws::{
        SecurityGroupId,
        ecs::{EfsAuthorizationConfig, EfsVolumeConfiguration, Switch, Volume},
        efs::{
            AccessPoint, BackupPolicy, CreationInfo, FileSystem, LifecyclePolicy, MountTarget,
            PosixUser, RootDirectory, Transition,
        },
        iam::{PolicyDocument, Principal, Statement},
    },
    prelude::*,
};

use super::{
    FILES_OWNER, HostMount,
    host_mount::{Client, WaitsFor},
};
use crate::{Network, SiteKey};

/// How tasks come to files on EFS.
///
/// EFS lets an access point be mounted by its own helper alone, which speaks TLS: plain NFS has
/// neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mount {
    /// Each task mounts them as a volume of its own: with TLS, by the access point, and with its
    /// own role. ECS starts a TLS proxy for each task.
    #[default]
    Task,
    /// Each instance mounts them once, for all its tasks, by the helper of EFS: with TLS, by the
    /// access point, and with the role of the instance.
    Helper,
    /// Each instance mounts them once, by NFS 4.1 from its `fstab`: nothing between kernel and
    /// server, and the least work for the CPU. Not encrypted on its way within the VPC; the
    /// security group alone says who may.
    Nfs,
}

/// How a file system of EFS is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EfsSettings {
    /// How tasks come to it.
    pub mount: Mount,
    /// Whether AWS makes a backup every day by a plan of its own, which it keeps for 35 days.
    pub daily_backups: bool,
    /// The key that encrypts it. Default: AWS's own. Another one replaces it.
    pub key: SiteKey,
}

impl Default for EfsSettings {
    /// Mounted by tasks, and backed up every day.
    fn default() -> Self {
        Self { mount: Mount::default(), daily_backups: true, key: SiteKey::default() }
    }
}

/// A file system of EFS with a mount target in each zone, encrypted.
#[derive(Clone, Debug)]
pub struct Efs {
    /// The file system.
    pub file_system: FileSystem,
    /// The folder of the site in it, with the owner that the application runs as. None with plain
    /// NFS, which can't mount one: instances make the folder.
    pub moodledata: Option<AccessPoint>,
    /// How each zone reaches it.
    pub mount_targets: Vec<MountTarget>,
    /// How tasks come to it.
    pub mount: Mount,
}

impl Efs {
    #[track_caller]
    pub(super) fn create(
        stack: &Stack,
        network: &Network,
        group: Input<SecurityGroupId>,
        settings: EfsSettings,
    ) -> Self {
        let EfsSettings { mount, daily_backups, key } = settings;
        let encrypted_on_its_way = mount != Mount::Nfs;
        let file_system = FileSystem::named("files")
            .maybe_kms_key_id(key.get())
            .backup_policy(if daily_backups {
                BackupPolicy::enabled()
            } else {
                BackupPolicy::disabled()
            })
            .lifecycle_policies([
                LifecyclePolicy::to_ia(Transition::After30Days),
                LifecyclePolicy::back_after_1_access(),
            ])
            .maybe_file_system_policy(encrypted_on_its_way.then(tls_alone))
            .create(stack);
        let owner = CreationInfo::new(FILES_OWNER, FILES_OWNER, "0750");
        let moodledata = encrypted_on_its_way.then(|| {
            AccessPoint::named("moodledata")
                .file_system_id(&file_system)
                .posix_user(PosixUser::new(FILES_OWNER, FILES_OWNER))
                .root_directory(RootDirectory::new().path("/moodledata").creation_info(owner))
                .create(stack)
        });
        let mount_targets = network.zones.iter().map(|zone| {
            MountTarget::named(format!("files-{}", zone.letter))
                .file_system_id(&file_system)
                .subnet_id(&zone.data)
                .security_groups([group.clone()])
                .create(stack)
        });
        let mount_targets = mount_targets.collect();
        Self { file_system, moodledata, mount_targets, mount }
    }

    pub(super) fn volume(&self, name: &str) -> Volume {
        if self.mount != Mount::Task {
            return Volume::folder(name, HostMount::FOLDER);
        }
        self.volume_at(name, self.moodledata.as_ref())
    }

    /// A volume that a task mounts by the EFS helper, with TLS and the task's own role.
    pub(crate) fn volume_at(&self, name: &str, point: Option<&AccessPoint>) -> Volume {
        let access =
            EfsAuthorizationConfig::new().maybe_access_point_id(point).iam(Switch::Enabled);
        let files = EfsVolumeConfiguration::new(&self.file_system)
            .transit_encryption(Switch::Enabled)
            .authorization_config(access);
        Volume::new(name).efs_volume_configuration(files)
    }

    pub(super) fn statement(&self) -> Option<Statement> {
        self.moodledata.as_ref().map(|point| self.statement_at(point))
    }

    /// Through an access point alone.
    pub(crate) fn statement_at(&self, point: &AccessPoint) -> Statement {
        let point = point.arn();
        Statement::allow()
            .actions(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"])
            .resources([interpolate!("{}", self.file_system.arn())])
            .conditions_push(
                "StringEquals",
                [("elasticfilesystem:AccessPointArn", [interpolate!("{point}")])],
            )
    }

    pub(super) fn host_mount(&self, region: &Output<String>) -> Option<HostMount> {
        let id = self.file_system.file_system_id();
        let waits_for = WaitsFor::Targets(self.mount_targets.clone());
        match (self.mount, self.moodledata) {
            (Mount::Task, _) => None,
            (Mount::Nfs, _) => {
                let source = interpolate!("{id}.efs.{region}.amazonaws.com:/");
                let line = interpolate!("{source} {} nfs4 {NFS_OPTIONS} 0 0", HostMount::ROOT);
                Some(HostMount { line, client: Client::Nfs, waits_for })
            }
            (Mount::Helper, point) => {
                let point = point?.access_point_id();
                let folder = HostMount::FOLDER;
                let options = interpolate!("_netdev,noresvport,tls,iam,accesspoint={point}");
                let line = interpolate!("{id}:/ {folder} efs {options} 0 0");
                Some(HostMount { line, client: Client::EfsHelper, waits_for })
            }
        }
    }
}

/// As EFS advises for NFS without its helper: large blocks, and patience in place of errors that
/// would lose what was written. `noresvport` lets a connection come back from another port.
const NFS_OPTIONS: &str = "_netdev,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,\
    retrans=2,noresvport";

/// Nobody comes in without TLS. Who may come in is said by roles.
fn tls_alone() -> PolicyDocument {
    PolicyDocument::new([Statement::deny()
        .principals([Principal::everyone()])
        .actions(["*"])
        .resources(["*"])
        .conditions_push("Bool", [("aws:SecureTransport", ["false"])])])
}
