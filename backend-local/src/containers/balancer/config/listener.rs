//! [`Listener`]: where a balancer listens.

use std::net::SocketAddr;

use infra_core::types::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rule::{Action, Rule};

/// Where a balancer listens, and what it does with what it hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Its name; unique in the balancer.
    pub name: String,
    /// Its address. With port 0 the system chooses one, which stays as long as the listener.
    pub address: SocketAddr,
    /// What it speaks.
    pub protocol: Protocol,
    /// What is tried first, by priority.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What is done if no rule is met.
    pub default: Action,
}

/// What a listener speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// HTTP/1.1, and HTTP/2 for clients that begin with it.
    Http,
    /// The same within TLS.
    Https(Tls),
}

/// How a listener speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tls {
    /// Its certificates. Clients get the first that is for the name they ask for, else the first.
    pub certificates: Vec<Certificate>,
    /// The oldest version that it speaks (the security policy).
    #[serde(default)]
    pub min_version: TlsVersion,
    /// Who must have signed certificates of clients, as PEM: mutual TLS. `None`: clients need none.
    #[serde(default)]
    pub trust_store: Option<String>,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    #[serde(rename = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V1_3,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Itself, then who signed it, as PEM.
    pub chain: String,
    /// Its key, as PEM. It is serialised in clear: whoever keeps a configuration guards it.
    #[serde(serialize_with = "expose", deserialize_with = "hide")]
    pub key: Secret<String>,
}

fn expose<S: Serializer>(key: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.expose())
}

fn hide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret<String>, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}
