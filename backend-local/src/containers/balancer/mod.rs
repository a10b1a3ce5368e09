//! The load balancer: TLS, listener rules, health checks, draining, metrics.
//!
//! It is what an Application Load Balancer is, in this process and on threads of its own.
//!
//! ```text
//! accept ────> serve ─────> proxy ──────> target
//!  listener     client      one request    group, roster, pool, health
//!  TLS          connection    │
//!                             └─ routing: rules, conditions, redirections
//! ```
//!
//! | type | is |
//! |---|---|
//! | [`BalancerConfig`] | all that it is told |
//! | [`LoadBalancer`] | what the rest of this crate knows of a balancer |
//! | [`Balancer`] | the one that there is, on hyper and rustls |
//! | [`BalancerStatus`] | how targets are |
//! | [`Metrics`] | what it counted, under CloudWatch's names |
//!
//! **Invariants:** a configuration is taken as a whole or not at all; no change of it ends a connection
//! of a client or a request; nothing of a body is kept but what is on its way.

mod accept;
mod alarms;
mod chance;
mod client;
mod clock;
mod config;
mod connections;
mod cookie;
mod error;
mod listener;
mod live;
mod lock;
mod metrics;
mod patience;
mod proxy;
mod routing;
mod serve;
mod shared;
mod target;
mod tls;
mod upload;
mod workers;

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

pub use self::{
    config::{
        Action, Algorithm, Attributes, BalancerConfig, Certificate, Condition, FixedResponse,
        Forward, ForwardedFor, HealthCheck, Listener, Protocol, QueryPattern, Redirect, Rule,
        TargetGroup, Tls, TlsVersion, Weighted,
    },
    error::{BalancerError, ConfigError},
    live::Balancer,
    metrics::{Latency, Metric, Metrics, MetricsSnapshot, MetricsTotal, Point, Resolution},
    target::{BalancerStatus, GroupStatus, Reason, TargetState, TargetStatus},
};

/// A load balancer. Whoever leads one knows no more of it than this, so that another proxy may take the
/// place of [`Balancer`].
pub trait LoadBalancer: Send + Sync {
    /// Makes it what a configuration says, at once and as a whole. Connections and requests go on:
    /// requests that have begun end as they began, others find the new rules. Targets that are no
    /// more drain.
    ///
    /// # Errors
    /// If the configuration makes no sense or an address is taken. Then nothing has changed.
    fn apply(&self, config: BalancerConfig) -> BoxFuture<'_, Result<(), BalancerError>>;

    /// Where its listeners listen, by name.
    fn addresses(&self) -> BTreeMap<String, SocketAddr>;

    /// How its targets are.
    fn status(&self) -> watch::Receiver<BalancerStatus>;

    /// What it counted.
    fn metrics(&self) -> Metrics;

    /// Accepts nothing any more, and waits for what has begun, but no longer than that.
    fn shutdown(&self, patience: Duration) -> BoxFuture<'_, ()>;
}
