//! [`Sim`]: the simulator as a backend.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use infra_core::{
    clock::{Clock, VirtualClock},
    cloudflare,
    handler::{Account, Backend, BackendError, BoxFuture, Place, PlaceRequest, Registry},
    schema::{Identity, Shape, TypeDef, TypeKind, Types},
    value::PropertiesBuilder,
};

use super::{
    World,
    api::Api,
    faults::{Chance, Faults, Hook},
    handler::SimHandler,
    log::{AccountLog, Replayed},
    lookup::SimLookup,
    special::{Asked, Special},
    specials,
    task::SimTask,
    workload::Workload,
};

/// Why the simulated account can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// Its file can't be read or written.
    #[error("the simulated account `{path}` can't be used")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Its file is damaged.
    #[error("the simulated account `{path}` is damaged at byte {offset}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        offset: u64,
    },
    /// Another process is using it.
    #[error("the simulated account `{path}` is being used by another process")]
    Busy {
        /// The file.
        path: PathBuf,
    },
}

/// How the simulator is.
#[derive(Clone, Default)]
pub struct SimOptions {
    /// The file of the account; in memory alone if `None`.
    pub account: Option<PathBuf>,
    /// When the world begins, in milliseconds since 1970.
    pub start: u64,
    /// How it fails.
    pub faults: Faults,
    /// Sees every call.
    pub hook: Option<Arc<dyn Hook>>,
    /// Types beside those of the catalogue: served by their schema alone.
    pub types: Vec<&'static TypeDef>,
    /// How many operations it bears at once.
    pub concurrency: Option<usize>,
    /// What containers of single tasks come to.
    pub workload: Option<Arc<dyn Workload>>,
    /// The time that it goes by; its own, which jumps, if `None`.
    pub clock: Option<Arc<dyn Clock>>,
    /// Whether things are ready, and gone, at once: somebody else makes them so.
    pub prompt: bool,
}

impl std::fmt::Debug for SimOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimOptions")
            .field("account", &self.account)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// The number of the simulated account.
pub(crate) const ACCOUNT: &str = "123456789012";
/// The id of the simulated account at Cloudflare.
const CLOUDFLARE_ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
/// The region of providers that name none.
pub(crate) const REGION: &str = "eu-central-1";

/// A simulator of AWS in this process. Clones share it.
#[derive(Clone)]
pub struct Sim {
    pub(super) api: Arc<Api>,
    registry: Arc<Registry>,
    concurrency: usize,
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sim").finish_non_exhaustive()
    }
}

/// A type that is served by its schema alone.
struct Plain(&'static TypeDef);

impl Special for Plain {
    fn ty(&self) -> &'static TypeDef {
        self.0
    }

    /// Text outputs that no id or ARN fills follow from the id and the properties that change
    /// them.
    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        for (slot, prop) in self.0.outputs() {
            let is_id = match self.0.identity {
                Identity::Generated { slot: id, .. } | Identity::Arn { slot: id } => id == slot,
                Identity::Named { .. } | Identity::Key { .. } => false,
            };
            let is_arn = self.0.arn.is_some_and(|arn| arn.slot == slot);
            if is_id || is_arn || !matches!(prop.shape, Shape::Text(_)) {
                continue;
            }
            let mut text = format!("{}-of-{}", prop.name, asked.id);
            for (input, _) in self.0.inputs() {
                if prop.changes_with(self.0.props, input) {
                    text.push_str(&format!("-{}", asked.inputs.get(input)));
                }
            }
            outputs.set(slot, text.into());
        }
    }
}

impl Sim {
    /// A new, empty world in memory.
    ///
    /// # Panics
    /// Never: a world in memory can't fail to open.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::open(SimOptions::default()).expect("a world in memory opens")
    }

    /// Opens a world.
    ///
    /// # Errors
    /// If its file can't be read, is damaged, or is in use.
    pub fn open(options: SimOptions) -> Result<Self, SimError> {
        let mut all = specials();
        for ty in &options.types {
            // Lives as long as the process, like the catalogue's own.
            all.push(Box::leak(Box::new(Plain(ty))));
        }
        let types: Types = all.iter().map(|special| special.ty()).collect();
        let (log, replayed) = match &options.account {
            Some(path) => AccountLog::open(path, &types)?,
            None => (AccountLog::default(), Replayed::default()),
        };
        let mut world = World::new(log, all.clone());
        let start = options.start.max(replayed.now);
        world.number = replayed.number;
        world.workload = options.workload;
        world.prompt = options.prompt;
        let clock = options.clock;
        let clock = clock.unwrap_or_else(|| Arc::new(VirtualClock::starting_at(start)));
        world.advance(start);
        for object in replayed.objects {
            world.insert(object);
        }
        world.recount();
        let api = Arc::new(Api {
            world: Mutex::new(world),
            clock,
            chance: Chance::new(options.faults.seed),
            faults: options.faults,
            hook: options.hook,
            veil: veil(),
        });
        let mut registry = Registry::new();
        for special in all {
            let ty = special.ty();
            let at_cloudflare = ty.provider() == cloudflare::KIND;
            let account = if at_cloudflare { CLOUDFLARE_ACCOUNT } else { ACCOUNT };
            let handler = SimHandler::new(Arc::clone(&api), ty, account, REGION);
            match ty.kind {
                TypeKind::Resource => registry.add(ty, Arc::new(handler)),
                TypeKind::Lookup => registry.add(ty, Arc::new(SimLookup(handler))),
                TypeKind::Task => registry.add(ty, Arc::new(SimTask(handler))),
            };
        }
        infra_core::local::register(&mut registry);
        let concurrency = options.concurrency.unwrap_or(1024);
        Ok(Self { api, registry: Arc::new(registry), concurrency })
    }

    /// Looks at the world.
    pub fn with_world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        let mut world = self.api.lock();
        world.advance(self.api.clock.now());
        look(&world)
    }

    /// The world's time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.api.clock.now()
    }
}

/// Secrets are digested with a fixed key: the account is to recognise them, and nothing in it is
/// worth more than a guess at them.
fn veil() -> [u8; 32] {
    *b"infra simulated account, no vault"[..32].first_chunk().expect("32 bytes were taken")
}

impl Backend for Sim {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.api.clock)
    }

    fn concurrency(&self) -> usize {
        self.concurrency
    }

    fn account(&self) -> Option<&dyn Account> {
        Some(self)
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        // What is not durable by now is what the caller is about to mention: it is taken here,
        // not when the disk has time for it.
        let flushed = self.api.lock().log.flush();
        Box::pin(async move {
            let Some(unsynced) = flushed.map_err(failed)? else { return Ok(()) };
            let synced = tokio::task::spawn_blocking(|| unsynced.sync()).await;
            let synced = synced.map_err(|error| BackendError::new(FAILED, error))?;
            self.api.lock().log.synced(synced.map_err(failed)?);
            Ok(())
        })
    }
}

const FAILED: &str = "the simulator failed";

pub(super) fn failed(error: SimError) -> BackendError {
    BackendError::new(FAILED, error)
}

/// The simulator as a place that a binary brings along. Its account is shared by all stacks of a
/// project folder, as a real one would be.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimPlace;

impl Place for SimPlace {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn is_real(&self) -> bool {
        false
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let account = Some(request.folder.join("sim").join("account.log"));
        let options = SimOptions { account, start: request.now, ..SimOptions::default() };
        match Sim::open(options) {
            Ok(sim) => Ok(Arc::new(sim)),
            Err(error) => {
                let help = match &error {
                    SimError::Busy { .. } => "wait until the other command has ended",
                    SimError::Damaged { .. } => "delete the file to begin with an empty account",
                    SimError::Io { .. } => "check that the folder can be written",
                };
                let mut error = BackendError::new("the simulator can't be opened", error);
                error.help = Some(help.to_owned());
                Err(error)
            }
        }
    }
}
