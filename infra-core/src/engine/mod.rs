//! Carrying out plans.
//!
//! ```text
//!   Engine::up ─► Session (lease, state, journal)
//!                   │ settle: what became of interrupted operations
//!                   │ plan
//!                   │ Run: starts ready steps ─► Operation (lifecycle) ─► calls of handlers
//!                   │        ▲  journal, durable before the call  │          │
//!                   │        └────────── answers ◄────────────────┴──────────┘
//!                   └ checkpoint
//! ```
//!
//! Read in this order: [`Engine`] (what callers see), `lifecycle` (one operation: one enum, one
//! total function), `run` (all of them at once), `begin` (how a step starts), `session` (state,
//! journal and lease).

mod adopt;
mod ask;
mod begin;
mod call;
mod destroy;
mod error;
mod import;
mod journal;
mod leased;
mod lifecycle;
mod manage;
mod options;
mod outcome;
mod preview;
mod rebuild;
mod refresh;
mod run;
mod saved;
mod schedule;
mod session;
mod settle;
mod up;
mod world;

pub use crate::plan::SavedPlan;
pub use error::{EngineError, StepError, StepFailure, full_message};
pub use import::Importing;
pub use manage::RecordPattern;
pub use options::{EngineOptions, UpOptions};
pub use outcome::{CriticalStep, Outcome};
pub use preview::Preview;
pub use rebuild::{Lost, RebuildOptions, Rebuilt};
pub use refresh::{Drift, DriftKind, RefreshOutcome};
pub use session::Opened;

use std::sync::Arc;

use crate::{
    event::{EVENT_VERSION, Event, EventKind, Listener, Silent},
    handler::{Backend, Cancel},
    state::{
        seal::{KeySource, Sealer},
        store::StateStore,
    },
};

/// Deploys programs to a backend and keeps their state in a store.
///
/// One engine works on one stack at a time; the store's lease keeps others out.
pub struct Engine {
    backend: Arc<dyn Backend>,
    store: Arc<dyn StateStore>,
    sealer: Sealer,
    listener: Arc<dyn Listener>,
    cancel: Cancel,
    options: EngineOptions,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("backend", &self.backend.name()).finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine that deploys to `backend` and keeps state in `store`.
    #[must_use]
    pub fn new(backend: Arc<dyn Backend>, store: Arc<dyn StateStore>) -> Self {
        Self {
            backend,
            store,
            sealer: Sealer::new(None),
            listener: Arc::new(Silent),
            cancel: Cancel::default(),
            options: EngineOptions::default(),
        }
    }

    /// The same, sealing secrets with this key. Without one, programs with secrets are refused.
    #[must_use]
    pub fn with_key(mut self, source: Arc<dyn KeySource>) -> Self {
        self.sealer = Sealer::new(Some(source));
        self
    }

    /// The same, telling this listener what happens.
    #[must_use]
    pub fn with_listener(mut self, listener: Arc<dyn Listener>) -> Self {
        self.listener = listener;
        self
    }

    /// The same, stopping when asked through this.
    #[must_use]
    pub fn with_cancel(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same, with other options.
    #[must_use]
    pub fn with_options(mut self, options: EngineOptions) -> Self {
        self.options = options;
        self
    }

    /// The backend.
    #[must_use]
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.backend
    }

    fn emit(&self, kind: EventKind) {
        let at = self.backend.clock().now();
        self.listener.event(&Event { version: EVENT_VERSION, at, kind });
    }
}
