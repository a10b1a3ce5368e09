//! [`Agent`]: the process that looks after what a place has, where a place has one.

use std::path::PathBuf;

use super::{BackendError, BoxFuture, PlaceRequest};

/// How a thing is that an agent looks after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentThing {
    /// Its physical id.
    pub id: String,
    /// `ready`, `pending`, `failed`, `gone`.
    pub state: String,
    /// What it waits for, or how it is, in words; may be empty.
    pub message: String,
    /// Whether the loss of any one of its parts would be borne.
    pub redundant: bool,
    /// What it consists of: name, and how that is.
    pub parts: Vec<(String, String)>,
}

/// An agent that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentStatus {
    /// Its process.
    pub process: u32,
    /// Since when, in milliseconds since 1970.
    pub since: u64,
    /// What it looks after, by what that is: `database`.
    pub things: Vec<(String, Vec<AgentThing>)>,
    /// Where people reach what it serves.
    pub address: Option<String>,
    /// The certificate of the authority that people have to trust for that.
    pub authority: Option<PathBuf>,
    /// Its status page.
    pub page: Option<String>,
}

/// The process that looks after what a place has. It outlives the commands, and is started by those
/// that need it.
pub trait Agent: Send + Sync {
    /// Starts it, if it does not run; whether it was started.
    ///
    /// # Errors
    /// If it does not come up, with what it says.
    fn start<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<bool, BackendError>>;

    /// Ends it; what it looks after goes on alone. Whether it ran.
    ///
    /// # Errors
    /// If it does not end.
    fn stop<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<bool, BackendError>>;

    /// How it is; `None` if it does not run.
    ///
    /// # Errors
    /// If it runs and does not answer.
    fn status<'a>(
        &'a self,
        request: &'a PlaceRequest,
    ) -> BoxFuture<'a, Result<Option<AgentStatus>, BackendError>>;

    /// The file that it writes its log into.
    ///
    /// # Errors
    /// If its folder can't be made.
    fn log(&self, request: &PlaceRequest) -> Result<PathBuf, BackendError>;

    /// Is the agent, until it is told to end. `key` is a file with the key that seals what it must
    /// keep; it is made if it is not there.
    ///
    /// # Errors
    /// If another one runs, or its files can't be used.
    fn run<'a>(
        &'a self,
        request: &'a PlaceRequest,
        key: PathBuf,
    ) -> BoxFuture<'a, Result<(), BackendError>>;
}
