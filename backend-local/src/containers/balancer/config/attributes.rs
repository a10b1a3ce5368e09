//! [`Attributes`]: what holds for the whole balancer.

use std::time::Duration;

/// What holds for the whole balancer. The defaults are those of AWS, where AWS has the attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// How long nothing may move on a connection, and how long a target may take to begin its answer
    /// (`idle_timeout.timeout_seconds`).
    pub idle_timeout: Duration,
    /// How old a client's connection may become before the next answer on it is the last
    /// (`client_keep_alive.seconds`).
    pub client_keep_alive: Duration,
    /// Whether header fields whose names hold anything but letters, digits and hyphens are dropped
    /// (`routing.http.drop_invalid_header_fields.enabled`).
    pub drop_invalid_header_fields: bool,
    /// What happens to `X-Forwarded-For` (`routing.http.xff_header_processing.mode`).
    pub forwarded_for: ForwardedFor,
    /// Whether the client's port is in `X-Forwarded-For` too (`routing.http.xff_client_port.enabled`).
    pub forwarded_client_port: bool,
    /// Whether `Host` reaches targets as it came; else a listener's unusual port is added to it
    /// (`routing.http.preserve_host_header.enabled`).
    pub preserve_host: bool,
    /// How many connections of clients there may be; more are refused.
    pub max_connections: usize,
    /// How long a target may take to accept a connection. AWS takes ten seconds; on one machine an
    /// address that is silent for one is dead.
    pub connect_timeout: Duration,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(60),
            client_keep_alive: Duration::from_secs(3600),
            drop_invalid_header_fields: false,
            forwarded_for: ForwardedFor::Append,
            forwarded_client_port: false,
            preserve_host: false,
            max_connections: 8000,
            connect_timeout: Duration::from_secs(1),
        }
    }
}

/// What happens to `X-Forwarded-For`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedFor {
    /// The client's address is added to what the client sent.
    #[default]
    Append,
    /// It reaches targets as the client sent it.
    Preserve,
    /// It reaches no target.
    Remove,
}
