//! [`CacheError`]: why a cache is not as it was wanted, and what to do.

use crate::containers::{docker::DockerError, endpoint::EndpointError};

/// Why a cache is not as it was wanted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// It can't be as it is said to be.
    #[error("the cache {id} can't be so: {reason}")]
    Spec {
        /// The cache.
        id: String,
        /// Why not.
        reason: String,
    },
    /// Parameters that nobody knows.
    #[error(
        "no parameters of caches on this machine: {names}; leave them out here, or look for the spelling"
    )]
    UnknownParameters {
        /// Which ones, separated by commas.
        names: String,
    },
    /// A parameter has a value that it can't have.
    #[error("the parameter {name} can't be `{value}`: it is {kind}")]
    Parameter {
        /// Which one.
        name: String,
        /// Its value.
        value: String,
        /// What it is.
        kind: String,
    },
    /// A certificate or its authority can't be read.
    #[error("the {what} of the cache can't be read: give it as PEM")]
    Pem {
        /// Which text.
        what: &'static str,
        /// Why not.
        source: rustls::pki_types::pem::Error,
    },
    /// The settings of TLS can't be used.
    #[error("the TLS of the cache can't be used")]
    Tls(#[source] rustls::Error),
    /// The name of the certificate is none.
    #[error("`{0}` is no name that a certificate can have")]
    Name(String),
    /// A node can't be reached.
    #[error("{part} can't be reached")]
    Unreachable {
        /// The node or sentinel.
        part: String,
        /// What happened.
        source: std::io::Error,
    },
    /// A node refuses something.
    #[error("{part} refuses {what}")]
    Refused {
        /// The node or sentinel.
        part: String,
        /// What it was told, without secrets.
        what: String,
        /// What it said.
        source: redis::RedisError,
    },
    /// Docker refuses something.
    #[error("can't {doing}")]
    Docker {
        /// What was being done.
        doing: String,
        /// What it said.
        source: DockerError,
    },
    /// An endpoint does not do what it is told.
    #[error("the endpoint {part} does not follow")]
    Endpoint {
        /// Which one.
        part: String,
        /// Why not.
        source: EndpointError,
    },
    /// There is no such snapshot.
    #[error("there is no snapshot {0}: look which there are")]
    NoSnapshot(String),
    /// There is a snapshot of that name.
    #[error("there is a snapshot {0}: choose another name, or delete it first")]
    SnapshotThere(String),
    /// There is no primary now.
    #[error("{0} has no primary at the moment: wait until it is ready")]
    NoPrimary(String),
    /// Nobody could take over.
    #[error("no replica of {0} can take over: wait until it is ready")]
    NoReplica(String),
    /// It takes longer than it may.
    #[error("{id} is not ready after {seconds} s: {message}")]
    NotReady {
        /// The cache.
        id: String,
        /// How long was waited.
        seconds: u64,
        /// What it waits for.
        message: String,
    },
}

impl CacheError {
    /// For `map_err`: what was being done.
    pub(super) fn docker(doing: impl Into<String>) -> impl FnOnce(DockerError) -> Self {
        let doing = doing.into();
        move |source| Self::Docker { doing, source }
    }

    /// With what lies below it, for people.
    pub(super) fn told(&self) -> String {
        infra_core::engine::full_message(self)
    }
}
