//! [`Remote`]: what keeps state and keys elsewhere than on this machine, named by URLs.

use std::sync::Arc;

use super::{BackendError, Endpoints};
use crate::state::{seal::KeySource, store::StateStore};

/// What a [`Remote`] is told when it is opened.
#[derive(Clone, Debug)]
pub struct RemoteRequest {
    /// What names it: `s3://bucket/prefix`, `awskms://alias/state`.
    pub url: String,
    /// Where it is if neither the URL nor the environment says: the region of the binary.
    pub region: String,
    /// Servers that stand in for the cloud.
    pub endpoints: Endpoints,
    /// The project.
    pub project: String,
    /// The stack.
    pub stack: String,
    /// The place that the stack is deployed to: `aws`. Each has a state of its own.
    pub place: String,
}

/// Keeps state, or seals its data keys, elsewhere than on this machine. A binary brings it along
/// with a [`Place`](super::Place) or by itself; the scheme of a URL says which one is meant.
pub trait Remote: Send + Sync {
    /// The schemes of URLs by which it keeps state, each with an example of one.
    fn states(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The schemes of URLs that name keys, each with an example of one.
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Where the state of a stack is kept. Called with the schemes of [`states`](Self::states)
    /// alone.
    ///
    /// # Errors
    /// If the URL names none, with what to do.
    fn state(&self, request: &RemoteRequest) -> Result<Arc<dyn StateStore>, BackendError>;

    /// What seals the data key of a stack. Called with the schemes of [`keys`](Self::keys) alone.
    ///
    /// # Errors
    /// If the URL names none, with what to do.
    fn key(&self, request: &RemoteRequest) -> Result<Arc<dyn KeySource>, BackendError>;
}
