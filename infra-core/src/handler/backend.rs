//! [`Backend`]: a place that programs can be deployed to.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use super::{Agent, BoxFuture, Drills, Need, Registry, Remote};
use crate::{clock::Clock, dsl::Provider, value::Value};

/// Why a backend can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct BackendError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What it came from.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl BackendError {
    /// An error that something caused.
    pub fn new(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), help: None, source: Some(source.into()) }
    }
}

/// A place that programs can be deployed to: the simulator, containers on this machine, AWS.
pub trait Backend: Send + Sync {
    /// Its name: `sim`, `containers`, `aws`. Recorded in the state; another one is refused.
    fn name(&self) -> &'static str;

    /// The handlers.
    fn registry(&self) -> &Registry;

    /// The time that it goes by.
    fn clock(&self) -> Arc<dyn Clock>;

    /// How many operations it bears at once.
    fn concurrency(&self) -> usize;

    /// How long something may exist and not be visible yet.
    fn settle_time(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// Makes durable what its handlers did so far. The engine calls this before every write of
    /// its journal, so that the journal never mentions what a power failure could undo.
    ///
    /// # Errors
    /// If that fails; the run stops.
    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Which account it is, and where things go whose provider names no region:
    /// `123456789012/eu-central-1`. The first deployment writes it into the state, and later runs
    /// on that state are refused anywhere else. Default: there is one alone.
    ///
    /// # Errors
    /// If that can't be told: nobody is logged in.
    fn home(&self) -> BoxFuture<'_, Result<Option<String>, BackendError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Checks that a provider can be used: credentials are there and belong to the account.
    ///
    /// # Errors
    /// If not, with what to do.
    fn check_provider<'a>(
        &'a self,
        provider: &'a Provider,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        let _ = provider;
        Box::pin(std::future::ready(Ok(())))
    }

    /// What it must be allowed to do beside what its handlers ask for: finding out who it is.
    fn needs(&self) -> &'static [Need] {
        &[]
    }

    /// The account behind it, if it can be looked at and changed behind the engine's back.
    fn account(&self) -> Option<&dyn Account> {
        None
    }
}

/// A thing in an account, as the account has it.
#[derive(Clone, Debug)]
pub struct AccountObject {
    /// Its type.
    pub ty: String,
    /// Its physical id.
    pub id: String,
    /// Where: `123456789012/eu-central-1`.
    pub region: String,
    /// `live`, `deleting`.
    pub life: String,
    /// Its properties and outputs by name, its tags included.
    pub properties: Vec<(String, Value)>,
}

/// An account that can be looked at and changed behind the engine's back.
pub trait Account: Send + Sync {
    /// Everything in it, by type and id.
    fn objects(&self) -> Vec<AccountObject>;

    /// Changes a property of a thing.
    ///
    /// # Errors
    /// If there is no such thing or property, or the value does not fit.
    fn set(&self, id: &str, property: &str, value: &str) -> Result<(), BackendError>;

    /// Deletes a thing, whatever depends on it.
    ///
    /// # Errors
    /// If there is none.
    fn remove(&self, id: &str) -> Result<(), BackendError>;
}

/// Servers that speak a cloud's API in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Where all services are that are not named below: `http://localhost:4566`.
    pub all: Option<String>,
    /// Where single services are, by name.
    pub services: BTreeMap<String, String>,
    /// Whether the server checks no credentials: some are made up.
    pub unchecked: bool,
}

impl Endpoints {
    /// Whether everything is at the cloud itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.services.is_empty()
    }
}

/// What a place is told when it is opened.
#[derive(Clone, Debug)]
pub struct PlaceRequest {
    /// Where things go whose provider names no region, if the environment does not say: that of the
    /// binary.
    pub region: String,
    /// Servers that stand in for the cloud; none of a place that does not
    /// [take them](Place::takes_endpoints).
    pub endpoints: Endpoints,
    /// The folder in which things are kept beside the project (`.infra`).
    pub folder: PathBuf,
    /// The project.
    pub project: String,
    /// The stack.
    pub stack: String,
    /// Now, in milliseconds since 1970.
    pub now: u64,
    /// Whether to open it only to look: another process may be at work.
    pub read_only: bool,
}

/// A kind of backend that a binary brings along: opened when a command needs it.
pub trait Place: Send + Sync {
    /// Its name: what `--backend` takes.
    fn name(&self) -> &'static str;

    /// Other names for it.
    fn aliases(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether what it deploys is real: then commands ask before they change anything, and
    /// secrets need a passphrase or a key service.
    fn is_real(&self) -> bool;

    /// Whether what it deploys only seems to be there: nobody is served, and its time is made up.
    fn is_simulated(&self) -> bool {
        !self.is_real()
    }

    /// The process that looks after what it deploys, if there is one.
    fn agent(&self) -> Option<&dyn Agent> {
        None
    }

    /// What takes away parts of what it deploys while people use that, if it can be done.
    fn drills(&self) -> Option<&dyn Drills> {
        None
    }

    /// Whether servers can stand in for it ([`Endpoints`]).
    fn takes_endpoints(&self) -> bool {
        false
    }

    /// What it brings along that keeps state and keys elsewhere than on this machine.
    fn remote(&self) -> Option<&dyn Remote> {
        None
    }

    /// Whether names there are those of everybody: then a program can't have domains that are
    /// nobody's. A server that stands in for a cloud has no names.
    fn is_public(&self, endpoints: &Endpoints) -> bool {
        self.is_real() && endpoints.is_empty()
    }

    /// Opens it.
    ///
    /// # Errors
    /// If it can't be reached, with what to do.
    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError>;
}
