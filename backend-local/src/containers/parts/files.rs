//! [`SharedFiles`]: file systems of EFS: on GlusterFS, by NFS, or in one volume.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::try_join_all;
use infra_core::aws::efs;

use super::{Net, Subnet, Wanted, net::FILES_GROUP};
use crate::{
    containers::{
        agent::{
            Failure, FilesBy, Keeper, Kind, Notes, Part, Seen, Surroundings,
            protocol::{Level, PartReport, State, Which},
        },
        docker::Labels,
        files::{
            Files, FilesState, GLUSTER_IMAGE, Gluster, GlusterSpec, KIND, NFS_IMAGE, NFS_PORT, Nfs,
            NfsClient, NfsSpec, Server, SimpleFiles, Timing, remove_all,
        },
        images::Images,
        network::Ports,
    },
    sim::View,
};

/// What is wanted of a file system: where it is reached.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FileSystem {
    targets: Vec<Target>,
}

#[derive(Clone, Debug, PartialEq)]
struct Target {
    id: String,
    subnet: Subnet,
    groups: BTreeSet<String>,
}

/// File systems that are there, by id.
pub(super) type Shared = Arc<Mutex<BTreeMap<String, Arc<Files>>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(view: &View) -> BTreeMap<String, FileSystem> {
    type T = efs::MountTarget;
    let mut systems: BTreeMap<String, FileSystem> = view
        .all::<efs::FileSystem>()
        .map(|system| (system.id().to_owned(), FileSystem { targets: vec![] }))
        .collect();
    for target in view.all::<T>() {
        let system = target.get(T::FILE_SYSTEM_ID);
        let Some(system) = system.and_then(|id| systems.get_mut(id.as_str())) else { continue };
        let subnet = target.get(T::SUBNET_ID).and_then(|id| Subnet::of(view, id.as_str()));
        let Some(subnet) = subnet else { continue };
        let groups = target.get(T::SECURITY_GROUPS).unwrap_or_default();
        let groups = groups.iter().map(ToString::to_string).collect();
        system.targets.push(Target { id: target.id().to_owned(), subnet, groups });
    }
    for system in systems.values_mut() {
        system.targets.sort_by(|a, b| a.subnet.zone.cmp(&b.subnet.zone));
    }
    systems
}

/// Mount targets come one after the other: who begins with the first would put all servers into its
/// zone.
const TOGETHER: Duration = Duration::from_millis(1500);
/// So many servers have all files.
const SERVERS: usize = 3;

struct Systems {
    net: Arc<Net>,
    images: Images,
    shared: Shared,
    latest: Arc<Mutex<BTreeMap<String, FileSystem>>>,
}

/// What ids of interfaces of file systems begin with.
const PREFIX: &str = "files-";

fn interface_of(system: &str, index: usize) -> String {
    format!("{PREFIX}{system}-{index}")
}

/// Groups, and the one of those who keep files.
fn with_files(groups: &BTreeSet<String>) -> BTreeSet<String> {
    let mut groups = groups.clone();
    groups.insert(FILES_GROUP.to_owned());
    groups
}

fn target_of(target: &str) -> String {
    format!("{PREFIX}{target}")
}

impl Systems {
    async fn servers(
        &self,
        id: &str,
        wanted: &FileSystem,
        count: usize,
        ports: &[Ports],
    ) -> Result<Vec<Server>, Failure> {
        let servers = (0..count).map(async |index| {
            let target = &wanted.targets[index % wanted.targets.len()];
            let address = Wanted {
                id: interface_of(id, index),
                subnet: target.subnet.clone(),
                address: None,
                names: BTreeSet::new(),
                groups: with_files(&target.groups),
                service: Some(id.to_owned()),
                agent: ports.to_vec(),
                endpoint: false,
            };
            let interface = self.net.interface(&address).await?;
            Ok(Server {
                id: format!("server-{index}"),
                zone: interface.zone,
                interface: interface.container,
                address: interface.address,
            })
        });
        try_join_all(servers).await
    }

    /// The addresses at which each zone reaches the one server of NFS.
    async fn targets(&self, id: &str, wanted: &FileSystem) -> Result<Vec<Server>, Failure> {
        let targets = wanted.targets.iter().map(async |target| {
            let address = Wanted {
                id: target_of(&target.id),
                subnet: target.subnet.clone(),
                address: None,
                names: BTreeSet::new(),
                groups: target.groups.clone(),
                service: Some(id.to_owned()),
                agent: vec![Ports::one(NFS_PORT)],
                endpoint: true,
            };
            let interface = self.net.interface(&address).await?;
            Ok(Server {
                id: target.id.clone(),
                zone: interface.zone,
                interface: interface.container,
                address: interface.address,
            })
        });
        try_join_all(targets).await
    }

    async fn begin(
        &self,
        around: &Surroundings,
        id: &str,
        wanted: &FileSystem,
        notes: &Notes,
    ) -> Result<Files, Failure> {
        let docker = &around.docker;
        Ok(match around.settings.files {
            FilesBy::Gluster => {
                self.images.ensure(GLUSTER_IMAGE, &|event| notes.image(&event)).await?;
                let servers = self.servers(id, wanted, SERVERS, &[Ports::ALL]).await?;
                let spec = GlusterSpec::new(around.account(), id, servers);
                Files::Gluster(Gluster::start(docker, spec, Timing::default())?)
            }
            FilesBy::Nfs => {
                // A server that no task can use only costs the time until one tries.
                NfsClient::of_this_machine()
                    .and_then(NfsClient::check)
                    .map_err(|error| Failure { is_final: true, ..Failure::of(&error) })?;
                self.images.ensure(NFS_IMAGE, &|event| notes.image(&event)).await?;
                let mut servers = self.servers(id, wanted, 1, &[Ports::ALL]).await?;
                let server = servers.remove(0);
                let targets = self.targets(id, wanted).await?;
                let spec = NfsSpec::new(around.account(), id, server, targets);
                Files::Nfs(Nfs::start(docker, spec, Timing::default())?)
            }
            FilesBy::Volume => {
                Files::Simple(SimpleFiles::start(docker, around.account(), id).await?)
            }
        })
    }
}

impl Kind for Systems {
    type Spec = FileSystem;
    /// `None` while it has no mount target.
    type Thing = Option<Arc<Files>>;

    async fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &FileSystem,
        notes: &Notes,
    ) -> Result<Self::Thing, Failure> {
        let mut thing = None;
        self.change(around, id, &mut thing, spec, notes).await?;
        Ok(thing)
    }

    async fn change(
        &self,
        around: &Surroundings,
        id: &str,
        thing: &mut Self::Thing,
        spec: &FileSystem,
        notes: &Notes,
    ) -> Result<(), Failure> {
        if spec.targets.is_empty() || thing.is_some() {
            return Ok(());
        }
        tokio::time::sleep(TOGETHER).await;
        let latest = lock(&self.latest).get(id).cloned().unwrap_or_else(|| spec.clone());
        let files = Arc::new(self.begin(around, id, &latest, notes).await?);
        lock(&self.shared).insert(id.to_owned(), Arc::clone(&files));
        *thing = Some(files);
        Ok(())
    }

    async fn remove(
        &self,
        around: &Surroundings,
        id: &str,
        thing: Option<Self::Thing>,
    ) -> Result<(), Failure> {
        lock(&self.shared).remove(id);
        match thing.flatten().map(Arc::try_unwrap) {
            Some(Ok(files)) => files.remove().await?,
            Some(Err(_)) => {
                let message = format!("{id} is still mounted");
                return Err(Failure { message, is_final: false });
            }
            None => remove_all(&around.docker, around.account(), id).await?,
        }
        lock(&self.latest).remove(id);
        self.net.remove_of(id, PREFIX, &BTreeSet::new()).await
    }

    fn see(&self, thing: &Self::Thing) -> Seen {
        let Some(files) = thing else {
            let state = State::pending("it has no mount target yet");
            return Seen { state, redundant: true, ..Seen::default() };
        };
        let status = files.status();
        let level = match status.state {
            FilesState::Ready | FilesState::Degraded => Level::Ready,
            FilesState::Failed => Level::Failed,
            FilesState::Starting => Level::Pending,
        };
        let parts = status.servers.iter().map(|server| {
            let up = if server.up { "up" } else { "down" };
            let pending = match server.pending {
                Some(0) | None => String::new(),
                Some(pending) => format!(", {pending} files to heal"),
            };
            (server.id.clone(), format!("{up} in {}{pending}", server.zone))
        });
        Seen {
            parts: parts.collect(),
            state: State { level, message: status.message, ..State::default() },
            redundant: status.full_redundancy,
            events: files.events().into_iter().map(|event| (event.at, event.words)).collect(),
        }
    }

    async fn left(&self, around: &Surroundings) -> Result<Vec<String>, Failure> {
        let labels = Labels::of_kind(around.account(), KIND);
        let mut ids = self.net.services(PREFIX);
        for seen in around.docker.find(&labels).await? {
            ids.extend(seen.owner().map(|owner| owner.id));
        }
        ids.extend(around.docker.volumes(&labels).await?.into_iter().map(|(_, owner)| owner.id));
        Ok(ids.into_iter().collect())
    }
}

/// File systems of EFS.
pub(super) struct SharedFiles {
    keeper: Keeper<Systems>,
    latest: Arc<Mutex<BTreeMap<String, FileSystem>>>,
}

impl SharedFiles {
    pub(super) fn new(
        around: &Surroundings,
        net: &Arc<Net>,
        images: &Images,
        shared: &Shared,
    ) -> Self {
        let latest = Arc::<Mutex<BTreeMap<String, FileSystem>>>::default();
        let systems = Systems {
            net: Arc::clone(net),
            images: images.clone(),
            shared: Arc::clone(shared),
            latest: Arc::clone(&latest),
        };
        Self { keeper: Keeper::new(systems, around), latest }
    }
}

impl Part for SharedFiles {
    fn name(&self) -> &'static str {
        "files"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:efs:FileSystem", "aws:efs:MountTarget"]
    }

    fn want(&self, view: &Arc<View>) {
        let systems = read(view);
        lock(&self.latest).clone_from(&systems);
        self.keeper.want(systems);
    }

    fn state(&self, which: &Which) -> State {
        if which.ty == "aws:efs:FileSystem" {
            let seen = self.keeper.seen(&which.id);
            // It is there before anybody can reach it.
            return match seen.state.level {
                Level::Pending if lock(&self.latest).contains_key(&which.id) => State::ready(),
                _ => seen.state,
            };
        }
        let systems = lock(&self.latest);
        let home = systems
            .iter()
            .find(|(_, system)| system.targets.iter().any(|target| target.id == which.id));
        let Some((id, _)) = home else { return State::default() };
        let id = id.clone();
        drop(systems);
        let seen = self.keeper.seen(&id);
        State { outputs: BTreeMap::new(), ..seen.state }
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.keeper.reports() }
    }
}
