//! [`Listener`]: where a balancer listens.

use std::net::SocketAddr;

use infra_core::types::Secret;

use super::rule::{Action, Rule};

/// Where a balancer listens, and what it does with what it hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Its name; unique in the balancer.
    pub name: String,
    /// Its address. With port 0 the system chooses one, which stays as long as the listener.
    pub address: SocketAddr,
    /// What it speaks.
    pub protocol: Protocol,
    /// What is tried first, by priority.
    pub rules: Vec<Rule>,
    /// What is done if no rule is met.
    pub default: Action,
}

/// What a listener speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1, and HTTP/2 for clients that begin with it.
    Http,
    /// The same within TLS.
    Https(Tls),
}

/// How a listener speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Its certificates. Clients get the first that is for the name they ask for, else the first.
    pub certificates: Vec<Certificate>,
    /// The oldest version that it speaks (the security policy).
    pub min_version: TlsVersion,
    /// Who must have signed certificates of clients, as PEM: mutual TLS. `None`: clients need none.
    pub trust_store: Option<String>,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    V1_2,
    /// TLS 1.3.
    V1_3,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Itself, then who signed it, as PEM.
    pub chain: String,
    /// Its key, as PEM.
    pub key: Secret<String>,
}
