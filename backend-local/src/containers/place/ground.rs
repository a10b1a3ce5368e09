//! [`Ground`]: the agent, started when something is first asked of it.

use std::sync::Arc;

use infra_core::{
    engine::full_message,
    handler::{Deletion, HandlerError, Problem},
};
use tokio::sync::OnceCell;

use crate::containers::agent::{AgentError, Client, Process};

/// The agent of a folder, started when something is first asked of it: looking at a plan starts
/// nothing.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    process: Process,
    started: Arc<OnceCell<()>>,
}

impl Ground {
    pub(super) fn new(process: Process) -> Self {
        Self { process, started: Arc::default() }
    }

    /// The agent, which runs.
    pub(super) async fn agent(&self) -> Result<&Client, AgentError> {
        let start = || async { self.process.start().await.map(drop) };
        self.started.get_or_try_init(start).await?;
        Ok(self.process.client())
    }
}

/// Whether a deletion came to the end of a thing, by itself or before: whoever asked for it first may
/// have been killed since.
pub(super) fn is_gone(deleted: &Result<Deletion, HandlerError>) -> bool {
    match deleted {
        Ok(deleted) => *deleted == Deletion::Gone,
        Err(error) => error.problem == Problem::NotFound,
    }
}

/// What goes wrong between us and the agent may go by: nothing was lost.
pub(super) fn lost(
    service: &'static str,
    operation: &'static str,
) -> impl FnOnce(AgentError) -> HandlerError {
    move |error| {
        let message = full_message(&error);
        HandlerError {
            source: Some(error.into()),
            ..HandlerError::lost(service, operation, message)
        }
    }
}
