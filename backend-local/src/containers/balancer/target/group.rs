//! [`Group`]: the targets of a group, as they are wanted and as they are.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::watch,
    task::AbortHandle,
    time::{Instant, sleep},
};

use super::{
    REFUSALS, Roster, Target,
    check::check,
    health::{Event, Health, Thresholds},
    status::{BalancerStatus, GroupStatus, Reason, TargetState, TargetStatus},
};
use crate::containers::balancer::{
    clock::Clock,
    config::{Matcher, TargetGroup},
    lock::{Current, lock},
    metrics::{Gauges, Series},
};

/// What groups find around them.
#[derive(Clone, Debug)]
pub(in super::super) struct Surroundings {
    pub(in super::super) clock: Clock,
    pub(in super::super) status: Arc<watch::Sender<BalancerStatus>>,
    /// Where health checks run.
    pub(in super::super) handle: Handle,
    pub(in super::super) workers: usize,
}

/// The targets of a group.
#[derive(Debug)]
pub(in super::super) struct Group {
    pub(in super::super) name: String,
    pub(in super::super) series: Arc<Series>,
    around: Surroundings,
    roster: Current<Roster>,
    members: Mutex<Members>,
}

#[derive(Debug)]
struct Members {
    config: TargetGroup,
    used: bool,
    targets: BTreeMap<SocketAddr, Member>,
    draining: Vec<(Arc<Target>, Instant)>,
}

#[derive(Debug)]
struct Member {
    target: Arc<Target>,
    health: Health,
    /// Its health checks, if somebody needs them.
    checks: Option<AbortHandle>,
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(checks) = &self.checks {
            checks.abort();
        }
    }
}

impl Group {
    /// A group without targets; it gets them when it is [set](Self::set).
    pub(in super::super) fn new(
        name: &str,
        series: Arc<Series>,
        around: Surroundings,
    ) -> Arc<Self> {
        let config = TargetGroup::new(name, []);
        let (targets, draining) = (BTreeMap::new(), Vec::new());
        Arc::new(Self {
            name: name.to_owned(),
            series,
            around,
            roster: Current::new(Roster::default()),
            members: Mutex::new(Members { config, used: false, targets, draining }),
        })
    }

    /// Who may be asked now.
    pub(in super::super) fn roster(&self) -> Arc<Roster> {
        self.roster.get()
    }

    /// Makes it what it should be. Targets that stay keep their health and their connections.
    pub(in super::super) fn set(self: &Arc<Self>, config: &TargetGroup, used: bool) {
        let mut members = lock(&self.members);
        let gone = members.targets.keys().filter(|address| !config.targets.contains(address));
        let end = Instant::now() + config.deregistration_delay;
        for address in gone.copied().collect::<Vec<_>>() {
            if let Some(member) = members.targets.remove(&address) {
                members.draining.push((Arc::clone(&member.target), end));
            }
        }
        let checks_differ = members.config.health != config.health || members.used != used;
        (members.config, members.used) = (config.clone(), used);
        for address in &config.targets {
            let known = members.targets.contains_key(address);
            if !known {
                let target = self.join(&mut members, *address);
                let member = Member { target, health: Health::new(), checks: None };
                members.targets.insert(*address, member);
            }
            if (!known || checks_differ)
                && let Some(member) = members.targets.get_mut(address)
            {
                if let Some(checks) = member.checks.take() {
                    checks.abort();
                }
                member.checks = used.then(|| self.watch(&member.target, config));
            }
        }
        self.refresh(&mut members);
    }

    /// A new target, or one that was about to leave.
    fn join(&self, members: &mut Members, address: SocketAddr) -> Arc<Target> {
        let returns = members.draining.iter().position(|(target, _)| target.address == address);
        match returns {
            Some(at) => members.draining.swap_remove(at).0,
            None => Target::new(&self.name, address, self.around.workers),
        }
    }

    /// Checks a target for ever.
    fn watch(self: &Arc<Self>, target: &Arc<Target>, config: &TargetGroup) -> AbortHandle {
        let (group, target) = (Arc::downgrade(self), Arc::clone(target));
        let health = config.health.clone();
        let address = match health.port {
            Some(port) => SocketAddr::new(target.address.ip(), port),
            None => target.address,
        };
        let task = async move {
            // The configuration was checked.
            let Some(matcher) = Matcher::parse(&health.matcher) else { return };
            // While it is new it is asked more often: what counts against it does so at the usual pace.
            let (mut counts_from, mut is_new) = (Instant::now(), true);
            loop {
                let begun = Instant::now();
                let found = check(address, &health.path, health.timeout, &matcher).await;
                let Some(group) = group.upgrade() else { return };
                let is_good = found.is_ok();
                if is_good || !is_new || begun >= counts_from {
                    group.learn(&target, found.map_or_else(Event::Bad, |()| Event::Good));
                    counts_from = begun + health.interval;
                }
                is_new &= !is_good;
                drop(group);
                let pace = if is_new { health.interval.min(NEW) } else { health.interval };
                tokio::select! {
                    () = sleep(pace.saturating_sub(begun.elapsed())) => {}
                    () = target.suspect.notified() => sleep(health.timeout.min(SOON)).await,
                }
            }
        };
        self.around.handle.spawn(task).abort_handle()
    }

    /// A request got no connection to a target.
    pub(in super::super) fn refused(&self, target: &Arc<Target>) {
        if target.refusals.fetch_add(1, Relaxed) + 1 == REFUSALS {
            self.learn(target, Event::Refused);
            target.pool.clear();
            target.suspect.notify_one();
        }
    }

    fn learn(&self, target: &Arc<Target>, event: Event) {
        let mut members = lock(&self.members);
        let thresholds = Thresholds {
            healthy: members.config.health.healthy_threshold,
            unhealthy: members.config.health.unhealthy_threshold,
        };
        let slow_start = members.config.slow_start;
        let now = self.around.clock.millis();
        // Slow are only those who join others that are not.
        let others = members.targets.values().any(|member| {
            let healthy = member.health.status.state == TargetState::Healthy;
            healthy && !member.target.starts_slowly(slow_start, now)
        });
        let Some(member) = members.targets.get_mut(&target.address) else { return };
        let before = member.health.status.clone();
        let health = member.health.clone().next(event, thresholds);
        member.health = health;
        let after = &member.health.status;
        if *after == before {
            return;
        }
        if after.state == TargetState::Healthy {
            target.refusals.store(0, Relaxed);
            target.start_slowly((others && !slow_start.is_zero()).then_some(now));
        }
        self.refresh(&mut members);
    }

    /// Ends those that have drained, closes connections that idled too long, and takes note of how many
    /// are healthy. Says whether nobody drains any more.
    pub(in super::super) fn tick(&self, idle: Duration) -> bool {
        let mut members = lock(&self.members);
        let before = members.draining.len();
        members.draining.retain(|(target, end)| {
            let over = target.outstanding() == 0 || Instant::now() >= *end;
            if over {
                target.end();
            }
            !over
        });
        if members.draining.len() != before {
            self.publish(&members);
        }
        for member in members.targets.values() {
            member.target.pool.sweep(idle);
        }
        let healthy = members.count(TargetState::Healthy);
        let unhealthy = members.count(TargetState::Unhealthy);
        let gauges = Gauges { active_connections: 0, healthy, unhealthy };
        self.series.look(self.around.clock.unix_seconds(), gauges);
        members.draining.is_empty()
    }

    /// Cuts everything at once.
    pub(in super::super) fn end(&self) {
        let mut members = lock(&self.members);
        members.draining.drain(..).for_each(|(target, _)| target.end());
        members.targets.values().for_each(|member| member.target.end());
        members.targets.clear();
    }

    fn refresh(&self, members: &mut Members) {
        let of = |wanted: &[TargetState]| {
            let all = members.targets.values();
            let wanted = all.filter(|member| wanted.contains(&member.health.status.state));
            wanted.map(|member| Arc::clone(&member.target)).collect::<Vec<_>>()
        };
        let mut routable = of(&[TargetState::Healthy]);
        if routable.is_empty() {
            // Fail open: better an ill target than none.
            routable = of(&[TargetState::Unhealthy, TargetState::Initial]);
        }
        let config = &members.config;
        let roster = Roster::new(routable, config.algorithm, config.stickiness, config.slow_start);
        self.roster.set(roster.after(&self.roster.get()));
        self.publish(members);
    }

    fn publish(&self, members: &Members) {
        let status = |member: &Member| match members.used {
            true => member.health.status.clone(),
            false => TargetStatus { state: TargetState::Unused, reason: Some(Reason::unused()) },
        };
        let draining = |target: &Arc<Target>| {
            let reason = Some(Reason::draining());
            (target.address, TargetStatus { state: TargetState::Draining, reason })
        };
        let leaving = members.draining.iter().map(|(target, _)| draining(target));
        let staying = members.targets.iter().map(|(address, member)| (*address, status(member)));
        let targets = GroupStatus { targets: leaving.chain(staying).collect() };
        self.around.status.send_if_modified(|status| {
            if status.groups.get(&self.name) == Some(&targets) {
                return false;
            }
            status.groups.insert(self.name.clone(), targets);
            true
        });
    }
}

/// How often a target is checked that was never healthy yet, at least: who starts is not waited for as long
/// as it takes to find out that somebody has died.
const NEW: Duration = Duration::from_millis(500);
/// How soon a target is checked that refused connections.
const SOON: Duration = Duration::from_millis(500);

impl Members {
    fn count(&self, state: TargetState) -> u64 {
        let all = self.targets.values();
        all.filter(|member| member.health.status.state == state).count() as u64
    }
}
