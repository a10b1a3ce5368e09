//! [`ContainersPlace`] and [`ContainersBackend`].

use std::{sync::Arc, time::Duration};

use infra_core::{
    clock::{Clock, SystemClock},
    handler::{
        Account, Agent, Backend, BackendError, BoxFuture, Drills, Place, PlaceRequest, Registry,
    },
    schema::TypeKind,
};

#[cfg(feature = "localstack")]
use super::emulated::Emulated;
use super::{
    ground::Ground,
    live::Live,
    routes::{Route, route},
    task::LiveTask,
};
use crate::{
    containers::{
        agent::{FilesBy, Folder, Process},
        files::NfsClient,
    },
    sim::{Sim, SimError, SimOptions},
};

/// How many operations a machine bears at once.
const CONCURRENCY: usize = 32;

/// Containers on this machine.
pub struct ContainersBackend {
    sim: Sim,
    registry: Registry,
}

impl std::fmt::Debug for ContainersBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContainersBackend").finish_non_exhaustive()
    }
}

impl ContainersBackend {
    /// The containers of a folder, with its agent, which is started when it is needed.
    ///
    /// # Errors
    /// If the account can't be opened.
    pub fn open(folder: &Folder, process: Process, port: u16) -> Result<Self, SimError> {
        #[cfg(not(feature = "localstack"))]
        let _ = port;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sim = Sim::open(SimOptions {
            account: Some(folder.account()),
            start: clock.now(),
            clock: Some(clock),
            prompt: true,
            ..SimOptions::default()
        })?;
        let ground = Ground::new(process);
        #[cfg(feature = "localstack")]
        let emulator = emulator(port);
        let mut registry = Registry::new();
        for ty in sim.registry().types().iter() {
            let Some(wanted) = sim.registry().get(ty.name).cloned() else { continue };
            let (sim, ground) = (sim.clone(), ground.clone());
            match (route(ty), ty.kind) {
                (Route::Containers, TypeKind::Task) => {
                    registry.add(ty, Arc::new(LiveTask { sim, ground, ty }))
                }
                (Route::Containers, TypeKind::Resource) => {
                    registry.add(ty, Arc::new(Live { wanted, sim, ground, ty }))
                }
                #[cfg(feature = "localstack")]
                (Route::Emulator, TypeKind::Resource) => match emulator.registry().get(ty.name) {
                    Some(there) => {
                        let there = Arc::clone(there);
                        registry.add(ty, Arc::new(Emulated { there, sim, ground, ty }))
                    }
                    None => registry.add(ty, wanted),
                },
                _ => registry.add(ty, wanted),
            };
        }
        Ok(Self { sim, registry })
    }
}

impl Backend for ContainersBackend {
    fn name(&self) -> &'static str {
        "containers"
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn settle_time(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        self.sim.sync()
    }

    fn account(&self) -> Option<&dyn Account> {
        Some(&self.sim)
    }
}

/// AWS's API, at the emulator's port of this machine.
#[cfg(feature = "localstack")]
fn emulator(port: u16) -> backend_aws::AwsBackend {
    backend_aws::AwsBackend::new(backend_aws::AwsOptions {
        region: Some(crate::sim::USUAL_REGION.to_owned()),
        endpoint: Some(format!("http://127.0.0.1:{port}")),
        // The emulator takes the account from who asks: that of the things in containers.
        credentials: Some((crate::sim::ACCOUNT_NUMBER.to_owned(), "local".to_owned())),
        ..backend_aws::AwsOptions::default()
    })
}

/// Containers as a place that a binary brings along:
/// `App::new("campus").place(ContainersPlace::default())`.
#[derive(Clone, Debug, Default)]
pub struct ContainersPlace;

/// What makes a program the agent of a folder.
fn agent_arguments(request: &PlaceRequest) -> Vec<String> {
    let folder = std::path::absolute(&request.folder).unwrap_or_else(|_| request.folder.clone());
    let folder = folder.to_string_lossy().into_owned();
    let words = ["--backend", "containers", "--state-dir", &folder, "agent", "run"];
    words.map(str::to_owned).to_vec()
}

impl ContainersPlace {
    /// The folder of a project, and its agent.
    ///
    /// # Errors
    /// If the folder can't be made.
    pub fn process(request: &PlaceRequest) -> Result<(Folder, Process), BackendError> {
        let folder = Folder::of(&request.folder).map_err(|error| {
            BackendError::new("the folder of the containers can't be made", error)
        })?;
        let process = Process::of(&folder, agent_arguments(request));
        Ok((folder, process))
    }
}

/// Files that this machine can't mount are refused before the choice is kept, and anything is built.
fn can_have_files(folder: &Folder) -> Result<(), BackendError> {
    let wrong = |error| BackendError::new("the files of the site can't be kept so", error);
    let said = FilesBy::said().map_err(wrong)?;
    if said != FilesBy::Nfs || !folder.is_new() {
        return Ok(());
    }
    NfsClient::of_this_machine().and_then(NfsClient::check).map_err(|error| {
        let mut error = BackendError::new("`INFRA_FILES=nfs` is not possible here", error);
        let help = "say `INFRA_FILES=gluster`, the default, or `INFRA_FILES=volume`";
        error.help = Some(help.to_owned());
        error
    })
}

impl Place for ContainersPlace {
    fn name(&self) -> &'static str {
        "containers"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["local"]
    }

    fn is_real(&self) -> bool {
        false
    }

    fn is_simulated(&self) -> bool {
        false
    }

    fn agent(&self) -> Option<&dyn Agent> {
        Some(self)
    }

    fn drills(&self) -> Option<&dyn Drills> {
        Some(self)
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let (folder, process) = Self::process(request)?;
        can_have_files(&folder)?;
        let settings = folder.settings().map_err(|error| {
            BackendError::new("the settings of the containers can't be read", error)
        })?;
        let opened = ContainersBackend::open(&folder, process, settings.emulator);
        let backend = opened.map_err(|error| {
            let help = match &error {
                SimError::Busy { .. } => "wait until the other command has ended",
                SimError::Damaged { .. } => {
                    "`agent stop`, remove its containers by their label, and delete the file"
                }
                SimError::Io { .. } => "check that the folder can be written",
            };
            let mut error =
                BackendError::new("the account of the containers can't be opened", error);
            error.help = Some(help.to_owned());
            error
        })?;
        Ok(Arc::new(backend))
    }
}
