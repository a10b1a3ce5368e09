//! Starting and ending what runs: tasks on instances, and instances.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use infra_core::{
    aws::{
        ecs::{ContainerDefinitionArgs, HealthCheckArgs, SecretSourceArgs, VolumeArgs},
        efs,
    },
    clock::{Clock as _, SystemClock},
    engine::full_message,
};
use testcontainers::core::Healthcheck;

use super::{
    note::{INSTANCE, InstanceNote, MOUNTS, NOTE, TASK, TaskNote},
    recipe::Recipe,
    secrets::Secrets,
};
use crate::{
    containers::{
        agent::{Failure, Surroundings},
        docker::{Labels, Mounted, Network, Owner, Spec},
        files::{Files, Folder as Shared, Host, INSTANCE_IMAGE, devices, unmount_below},
        images::Images,
        parts::{Net, Subnet, Wanted, net::FILES_GROUP},
    },
    sim::View,
};

/// How often the health of a container is looked at, at most: AWS's half minute is long for who
/// watches a deployment on one machine.
const PACE: Duration = Duration::from_secs(5);

/// How long a task waits for files that the account has.
const FOUND: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(100);

/// What starts and ends what runs.
#[derive(Clone)]
pub(super) struct Launcher {
    pub(super) around: Surroundings,
    pub(super) net: Arc<Net>,
    pub(super) images: Images,
    pub(super) files: Arc<Mutex<BTreeMap<String, Arc<Files>>>>,
    pub(super) secrets: Secrets,
}

/// A task that is to start.
pub(super) struct Start<'a> {
    pub(super) token: &'a str,
    pub(super) owner: &'a str,
    pub(super) deployment: &'a str,
    pub(super) daemon: bool,
    pub(super) instance: &'a str,
    pub(super) zone: &'a str,
    pub(super) recipe: &'a Recipe,
}

fn failed(message: impl Into<String>) -> Failure {
    Failure { message: message.into(), is_final: false }
}

pub(super) fn interface_of(kind: &str, id: &str) -> String {
    format!("{kind}-{id}")
}

impl Launcher {
    fn owner(&self, kind: &str, id: &str, part: &str) -> Owner {
        let [account, kind, id, part] = [self.around.account(), kind, id, part].map(str::to_owned);
        Owner { account, kind, id, part }
    }

    /// The instance that a task runs on, as one that mounts files.
    pub(super) fn host(&self, instance: &str) -> Host {
        let folder = self.around.folder.path().join("instances").join(instance);
        Host {
            instance: self.owner(INSTANCE, instance, "").name(),
            folder: folder.to_string_lossy().into_owned(),
        }
    }

    /// Starts an instance, or finds it.
    pub(super) async fn launch(
        &self,
        token: &str,
        note: &InstanceNote,
        subnet: &Subnet,
        groups: &[String],
    ) -> Result<(), Failure> {
        self.images.ensure(INSTANCE_IMAGE, &|_| {}).await?;
        let address = Wanted {
            id: interface_of(INSTANCE, token),
            subnet: subnet.clone(),
            address: None,
            names: BTreeSet::new(),
            groups: groups.iter().cloned().chain([FILES_GROUP.to_owned()]).collect(),
            service: None,
            agent: vec![],
            endpoint: false,
        };
        let interface = self.net.interface(&address).await?;
        let host = self.host(token);
        let mut spec = Spec::new(
            self.owner(INSTANCE, token, ""),
            INSTANCE_IMAGE,
            Network::Of(interface.container),
        );
        if self.mounts_files() {
            host.prepare().await?;
            spec = spec.capability("SYS_ADMIN");
            spec.devices = vec!["/dev/fuse".to_owned()];
            spec.mounts = vec![host.bind()];
        }
        spec.labels.insert(NOTE.to_owned(), serde_json::to_string(note)?);
        self.around.docker.run(&spec).await?;
        Ok(())
    }

    /// Whether instances mount the files for their tasks.
    fn mounts_files(&self) -> bool {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.is_empty() || files.values().any(|files| matches!(**files, Files::Gluster(_)))
    }

    /// Ends an instance, and removes all that there is of it.
    pub(super) async fn terminate(&self, token: &str) -> Result<(), Failure> {
        let host = self.host(token);
        self.around.docker.remove(&host.instance).await?;
        let owner = self.owner(INSTANCE, token, "unmount");
        unmount_below(&self.around.docker, &owner, &host.folder).await?;
        self.net.remove(&interface_of(INSTANCE, token)).await
    }

    /// Starts a task, or goes on with its start.
    pub(super) async fn start(&self, view: &View, start: &Start<'_>) -> Result<(), Failure> {
        let recipe = start.recipe;
        let own = recipe.subnets.iter().find(|subnet| subnet.zone == start.zone);
        let Some(subnet) = own else {
            return Err(failed(format!("the task has no subnet in {}", start.zone)));
        };
        for container in &recipe.containers {
            let pulled = self.images.ensure(&container.image, &|_| {}).await;
            pulled.map_err(|error| {
                let why = full_message(&error);
                failed(format!("CannotPullContainerError: {why}"))
            })?;
        }
        let address = Wanted {
            id: interface_of(TASK, start.token),
            subnet: subnet.clone(),
            address: None,
            names: BTreeSet::new(),
            groups: recipe.groups.clone(),
            service: None,
            agent: vec![],
            endpoint: false,
        };
        let interface = self.net.interface(&address).await?;
        let note = TaskNote {
            owner: start.owner.to_owned(),
            deployment: start.deployment.to_owned(),
            revision: recipe.revision.id.clone(),
            instance: start.instance.to_owned(),
            room: recipe.revision.task.room,
            daemon: start.daemon,
            containers: recipe.revision.task.containers.clone(),
            grace: recipe.grace().as_secs(),
            address: interface.address,
            targets: recipe.targets.clone(),
        };
        let gateway = self.net.gateway(&subnet.vpc).await?;
        let emulator = format!("http://{gateway}:{}", self.around.settings.emulator);
        for container in &recipe.containers {
            let network = Network::Of(interface.container.clone());
            let spec = self.container(view, start, &note, container, network, &emulator).await?;
            self.around.docker.run(&spec).await.map_err(|error| {
                let why = full_message(&error);
                failed(format!("CannotStartContainerError: {why}"))
            })?;
        }
        Ok(())
    }

    async fn container(
        &self,
        view: &View,
        start: &Start<'_>,
        note: &TaskNote,
        container: &ContainerDefinitionArgs,
        network: Network,
        emulator: &str,
    ) -> Result<Spec, Failure> {
        let owner = self.owner(TASK, start.token, &container.name);
        let mut spec = Spec::new(owner, &container.image, network);
        spec.labels.insert(NOTE.to_owned(), serde_json::to_string(note)?);
        spec.labels.insert("infra.instance".to_owned(), start.instance.to_owned());
        spec.labels.insert("infra.zone".to_owned(), start.zone.to_owned());
        spec.environment = environment(start, container, emulator);
        for secret in &container.secrets {
            let text = match &secret.value_from {
                SecretSourceArgs::Secret(value) => {
                    let key = value.json_key.as_deref();
                    self.secrets.secret(view, value.secret_arn.as_str(), key).await
                }
                SecretSourceArgs::Parameter(parameter) => {
                    self.secrets.parameter(parameter.as_str()).await
                }
            };
            let text = text.map_err(|failure| {
                let why = failure.message;
                failed(format!("ResourceInitializationError: {}: {why}", secret.name))
            })?;
            spec.environment.insert(secret.name.clone(), text.expose().clone());
        }
        let mut program = container.entry_point.clone().unwrap_or_default().into_iter();
        spec.entrypoint = program.next();
        spec.command = program.chain(container.command.clone().unwrap_or_default()).collect();
        spec.user.clone_from(&container.user);
        spec.folder.clone_from(&container.working_directory);
        spec.read_only = container.readonly_root_filesystem;
        spec.memory = container.memory.map(|memory| i64::from(memory.0) << 20);
        spec.cpu_shares = container.cpu.map(|cpu| i64::from(cpu.max(2)));
        if let Some(linux) = &container.linux_parameters
            && let Some(capabilities) = &linux.capabilities
        {
            spec.drops_capabilities = capabilities.drop.iter().any(|it| it == "ALL");
            spec.capabilities.clone_from(&capabilities.add);
        }
        spec.health = container.health_check.as_ref().map(health);
        for mount in &container.mount_points {
            let volume = start.recipe.volumes.iter().find(|it| it.name == mount.source_volume);
            let Some(volume) = volume else { continue };
            let mounted =
                self.mounted(view, start, volume, &mount.container_path, mount.read_only).await?;
            spec.mounts.push(mounted);
        }
        let given = self.given(start.instance, &spec.mounts).await?;
        if !given.is_empty() {
            spec.labels.insert(MOUNTS.to_owned(), serde_json::to_string(&given)?);
        }
        if let Some(trust) = self.trust() {
            spec.mounts.push(Mounted::Host {
                path: trust.to_string_lossy().into_owned(),
                at: TRUSTED.to_owned(),
                read_only: true,
                shared: false,
            });
        }
        Ok(spec)
    }

    /// What a container is given of what its instance has mounted: where that is, and its device.
    async fn given(
        &self,
        instance: &str,
        mounts: &[Mounted],
    ) -> Result<BTreeMap<String, String>, Failure> {
        let folder = self.host(instance).folder;
        let is_own = |mounted: &Mounted, at: &str| match mounted {
            Mounted::Host { path, .. } => Path::new(path).starts_with(at),
            _ => false,
        };
        if !mounts.iter().any(|mounted| is_own(mounted, &folder)) {
            return Ok(BTreeMap::new());
        }
        let mut all = devices().await?;
        all.retain(|at, _| mounts.iter().any(|mounted| is_own(mounted, at)));
        Ok(all)
    }

    /// What this machine trusts, and its own authority.
    fn trust(&self) -> Option<PathBuf> {
        let path = self.around.folder.path().join("trusted.pem");
        path.exists().then_some(path)
    }

    async fn mounted(
        &self,
        view: &View,
        start: &Start<'_>,
        volume: &VolumeArgs,
        at: &str,
        read_only: bool,
    ) -> Result<Mounted, Failure> {
        if let Some(efs) = &volume.efs_volume_configuration {
            let files = self.files_of(efs.file_system_id.as_str()).await?;
            let point = efs.authorization_config.as_ref();
            let point = point.and_then(|config| config.access_point_id.as_ref());
            let folder = match point {
                Some(point) => access_point(view, point.as_str()),
                None => Shared::at(efs.root_directory.as_deref().unwrap_or("/")),
            };
            let host = self.host(start.instance);
            return Ok(files.mounted(&host, start.zone, &folder, at, read_only).await?);
        }
        if let Some(path) = volume.host.as_ref().and_then(|host| host.source_path.as_ref()) {
            let path = format!("{}{path}", self.host(start.instance).folder);
            tokio::fs::create_dir_all(&path).await?;
            return Ok(Mounted::Host { path, at: at.to_owned(), read_only, shared: false });
        }
        let owner = self.owner(TASK, start.token, &format!("volume-{}", volume.name));
        let name = self.around.docker.ensure_volume(&owner).await?;
        Ok(Mounted::Volume { name, at: at.to_owned(), read_only })
    }

    /// The files of a file system: an agent that was just started has to find them first.
    async fn files_of(&self, id: &str) -> Result<Arc<Files>, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let known = {
                let all = self.files.lock().unwrap_or_else(PoisonError::into_inner);
                all.get(id).cloned()
            };
            match known {
                Some(files) => return Ok(files),
                None if waited >= FOUND => {
                    return Err(failed(format!("the files of {id} are not there")));
                }
                None => tokio::time::sleep(STEP).await,
            }
            waited += STEP;
        }
    }

    /// Ends the containers of a task; they stay until it is forgotten.
    pub(super) async fn end(&self, names: &[String], grace: Duration) -> Result<(), Failure> {
        for name in names {
            self.around.docker.stop(name, grace).await?;
        }
        Ok(())
    }

    /// Removes all that there is of a task.
    pub(super) async fn forget(&self, token: &str) -> Result<(), Failure> {
        let labels = Labels::of_thing(self.around.account(), TASK, token);
        self.around.docker.remove_all(&labels).await?;
        self.net.remove(&interface_of(TASK, token)).await
    }
}

/// Where programs of Debian look for whom to trust.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The environment of a container: its own, and where AWS is here.
fn environment(
    start: &Start<'_>,
    container: &ContainerDefinitionArgs,
    emulator: &str,
) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let services = ["", "_S3", "_SECRETS_MANAGER", "_SNS", "_SSM"];
    for service in services {
        all.insert(format!("AWS_ENDPOINT_URL{service}"), emulator.to_owned());
    }
    all.insert("AWS_ACCESS_KEY_ID".to_owned(), crate::sim::ACCOUNT_NUMBER.to_owned());
    all.insert("AWS_SECRET_ACCESS_KEY".to_owned(), "local".to_owned());
    all.insert("ECS_CONTAINER_METADATA_ZONE".to_owned(), start.zone.to_owned());
    all.extend(container.environment.clone());
    all
}

fn health(check: &HealthCheckArgs) -> Healthcheck {
    let mut words = check.command.iter();
    let own = match words.next().map(String::as_str) {
        Some("CMD-SHELL") => Healthcheck::cmd_shell(words.cloned().collect::<Vec<_>>().join(" ")),
        Some("NONE") | None => Healthcheck::none(),
        Some("CMD") => Healthcheck::cmd(words.cloned()),
        Some(_) => Healthcheck::cmd(check.command.iter().cloned()),
    };
    let seconds = |seconds: infra_core::types::Seconds| Duration::from_secs(u64::from(seconds.0));
    own.with_interval(seconds(check.interval).min(PACE))
        .with_timeout(seconds(check.timeout))
        .with_retries(check.retries)
        .with_start_period(seconds(check.start_period))
}

/// The folder that an access point leads to, and whose it is.
fn access_point(view: &View, id: &str) -> Shared {
    type P = efs::AccessPoint;
    let point = view.find::<P>(id);
    let root = point.and_then(|point| point.get(P::ROOT_DIRECTORY));
    let Some(root) = root else { return Shared::root() };
    let mut folder = Shared::at(&root.path);
    if let Some(info) = root.creation_info {
        (folder.uid, folder.gid) = (info.owner_uid, info.owner_gid);
        folder.mode = u32::from_str_radix(&info.permissions, 8).unwrap_or(folder.mode);
    }
    folder
}

/// Now.
pub(super) fn now() -> crate::containers::scheduler::Moment {
    crate::containers::scheduler::Moment(SystemClock.now())
}
