//! [`Balancer`]: a load balancer on hyper and rustls.

use std::{
    collections::{BTreeMap, HashSet},
    net::SocketAddr,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use futures_util::future::{BoxFuture, join_all};
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{interval, timeout},
};

use super::{
    BalancerConfig, BalancerError, BalancerStatus, LoadBalancer, Metrics,
    clock::Clock,
    config::{Listener, Protocol, TargetGroup, check},
    connections::Connections,
    error::{ConfigError, Place},
    listener::{Manner, Open, bind},
    lock::lock,
    metrics::{Gauges, Scopes, Series},
    routing::{Groups, Routes},
    shared::Shared,
    target::{Group, Surroundings},
    tls,
    workers::Workers,
};

/// How often it is looked at who has drained, and what idles.
const TICK: Duration = Duration::from_millis(100);

/// A load balancer on hyper and rustls. When it is dropped it ends at once, and all its connections.
#[derive(Debug)]
pub struct Balancer {
    inner: Arc<Inner>,
    ticks: AbortHandle,
}

struct Inner {
    shared: Arc<Shared>,
    around: Surroundings,
    workers: Arc<Workers>,
    scopes: Arc<RwLock<Scopes>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    config: BalancerConfig,
    listeners: Vec<Arc<Open>>,
    groups: Groups,
    /// Those that are no more, while their targets drain.
    retired: Vec<Arc<Group>>,
}

/// What a configuration says, ready to be. Nothing has changed yet.
struct Prepared {
    groups: Groups,
    listeners: Vec<(Arc<Open>, Change)>,
}

/// What becomes of a listener.
enum Change {
    /// It begins.
    Begin(std::net::TcpListener),
    /// It goes on in another manner.
    GoOn(Box<Manner>),
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Balancer")
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.ticks.abort();
        lock(&self.inner.state).stop();
    }
}

impl Balancer {
    /// Starts one.
    ///
    /// # Errors
    /// If the configuration makes no sense, an address is taken, or no threads can be started.
    pub async fn start(config: BalancerConfig) -> Result<Self, BalancerError> {
        let started = Workers::start().map_err(|source| BalancerError::Threads { source })?;
        let (workers, clock) = (Arc::new(started), Clock::start());
        let shared = Arc::new(Shared {
            clock,
            series: Arc::default(),
            clients: Connections::default(),
            targets: Connections::default(),
        });
        let around = Surroundings {
            clock,
            status: Arc::new(watch::Sender::default()),
            handle: workers.first().clone(),
            workers: workers.count(),
        };
        let scopes = Arc::default();
        let inner = Arc::new(Inner { shared, around, workers, scopes, state: Mutex::default() });
        inner.apply(config)?;
        let ticking = Arc::downgrade(&inner);
        let ticks = inner.workers.first().spawn(async move {
            let mut ticks = interval(TICK);
            loop {
                ticks.tick().await;
                let Some(inner) = ticking.upgrade() else { return };
                inner.tick();
            }
        });
        Ok(Self { inner, ticks: ticks.abort_handle() })
    }

    /// What it was told last.
    #[must_use]
    pub fn config(&self) -> BalancerConfig {
        lock(&self.inner.state).config.clone()
    }
}

impl LoadBalancer for Balancer {
    fn apply(&self, config: BalancerConfig) -> BoxFuture<'_, Result<(), BalancerError>> {
        Box::pin(async move { self.inner.apply(config) })
    }

    fn addresses(&self) -> BTreeMap<String, SocketAddr> {
        let state = lock(&self.inner.state);
        // In the order of the configuration: a listener may have another name since it began.
        let listeners = state.config.listeners.iter().zip(&state.listeners);
        listeners.map(|(listener, open)| (listener.name.clone(), open.address)).collect()
    }

    fn status(&self) -> watch::Receiver<BalancerStatus> {
        self.inner.around.status.subscribe()
    }

    fn metrics(&self) -> Metrics {
        Metrics {
            clock: self.inner.shared.clock,
            balancer: Arc::clone(&self.inner.shared.series),
            groups: Arc::clone(&self.inner.scopes),
        }
    }

    fn shutdown(&self, patience: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let closed = lock(&self.inner.state).close();
            let all = join_all(closed.iter().map(|open| open.closing.closed()));
            // Whoever takes longer is cut.
            let _ = timeout(patience, all).await;
            lock(&self.inner.state).stop();
        })
    }
}

impl Inner {
    fn apply(&self, config: BalancerConfig) -> Result<(), BalancerError> {
        check(&config)?;
        let mut state = lock(&self.state);
        let prepared = self.prepare(&state, &config)?;
        self.commit(&mut state, config, prepared);
        Ok(())
    }

    /// Everything that can fail.
    fn prepare(&self, state: &State, config: &BalancerConfig) -> Result<Prepared, BalancerError> {
        let group = |group: &TargetGroup| {
            let retired = || state.retired.iter().find(|retired| retired.name == group.name);
            let known = state.groups.get(&group.name).or_else(retired).cloned();
            let made = known.unwrap_or_else(|| self.group(&group.name));
            (group.name.clone(), made)
        };
        let groups: Groups = config.groups.iter().map(group).collect();
        let mut listeners = Vec::new();
        for listener in &config.listeners {
            let manner = manner(listener, config, &groups)?;
            let known = state.listeners.iter().find(|open| open.is(listener));
            listeners.push(match known {
                Some(open) => (Arc::clone(open), Change::GoOn(Box::new(manner))),
                None => {
                    let (name, address) = (listener.name.clone(), listener.address);
                    let taken = |source| BalancerError::Bind { listener: name, address, source };
                    let bound = bind(address).and_then(|bound| Ok((bound.local_addr()?, bound)));
                    let (address, bound) = bound.map_err(taken)?;
                    (Open::new(listener, address, manner), Change::Begin(bound))
                }
            });
        }
        Ok(Prepared { groups, listeners })
    }

    fn group(&self, name: &str) -> Arc<Group> {
        Group::new(name, Arc::default(), self.around.clone())
    }

    /// Nothing here can fail.
    fn commit(&self, state: &mut State, config: BalancerConfig, prepared: Prepared) {
        let used: HashSet<_> = config.listeners.iter().flat_map(Routes::forwards).collect();
        for group in &config.groups {
            if let Some(live) = prepared.groups.get(&group.name) {
                self.write_scope(&group.name, Some(&live.series));
                live.set(group, used.contains(group.name.as_str()));
            }
        }
        let mut listeners = Vec::new();
        for (open, change) in prepared.listeners {
            match change {
                Change::GoOn(manner) => open.manner.set(*manner),
                Change::Begin(bound) => open.accept(bound, &self.shared, &self.workers),
            }
            listeners.push(open);
        }
        for open in std::mem::replace(&mut state.listeners, listeners) {
            if !state.listeners.iter().any(|stays| Arc::ptr_eq(stays, &open)) {
                open.closing.send_replace(true);
            }
        }
        for (name, group) in std::mem::replace(&mut state.groups, prepared.groups) {
            if state.groups.contains_key(&name) {
                continue;
            }
            let before = state.config.groups.iter().find(|group| group.name == name);
            if let Some(before) = before {
                group.set(&TargetGroup { targets: Default::default(), ..before.clone() }, false);
                state.retired.push(group);
            }
        }
        state.retired.retain(|retired| !state.groups.contains_key(&retired.name));
        state.config = config;
    }

    fn tick(&self) {
        let mut state = lock(&self.state);
        let now = self.shared.clock.unix_seconds();
        let idle = state.config.attributes.idle_timeout;
        for group in state.groups.values() {
            group.tick(idle);
        }
        let retired = std::mem::take(&mut state.retired);
        for group in retired {
            if !group.tick(idle) {
                state.retired.push(group);
            } else {
                self.write_scope(&group.name, None);
                self.around.status.send_modify(|status| {
                    status.groups.remove(&group.name);
                });
            }
        }
        let connections = self.shared.clients.count() + self.shared.targets.count();
        let count = |wanted| {
            let status = self.around.status.borrow();
            let groups = status.groups.values().flat_map(|group| group.targets.values());
            groups.filter(|target| target.state == wanted).count() as u64
        };
        let gauges = Gauges {
            active_connections: connections as u64,
            healthy: count(super::TargetState::Healthy),
            unhealthy: count(super::TargetState::Unhealthy),
        };
        self.shared.series.look(now, gauges);
    }

    fn write_scope(&self, name: &str, series: Option<&Arc<Series>>) {
        let mut scopes = self.scopes.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        match series {
            Some(series) => scopes.insert(name.to_owned(), Arc::clone(series)),
            None => scopes.remove(name),
        };
    }
}

impl State {
    /// Closes all listeners.
    fn close(&mut self) -> Vec<Arc<Open>> {
        let listeners = std::mem::take(&mut self.listeners);
        for open in &listeners {
            open.closing.send_replace(true);
        }
        listeners
    }

    /// Ends everything.
    fn stop(&mut self) {
        self.close();
        let retired = self.retired.drain(..);
        std::mem::take(&mut self.groups).into_values().chain(retired).for_each(|group| group.end());
    }
}

fn manner(
    listener: &Listener,
    config: &BalancerConfig,
    groups: &Groups,
) -> Result<Manner, ConfigError> {
    let tls = match &listener.protocol {
        Protocol::Http => None,
        Protocol::Https(tls) => Some(tls::server(tls, &Place::listener(&listener.name))?),
    };
    let (routes, attributes) = (Routes::new(listener, groups)?, config.attributes.clone());
    Ok(Manner { routes, tls, attributes })
}
