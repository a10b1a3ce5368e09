//! [`Balancers`]: load balancers, in the agent's own process.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use infra_core::{
    aws::{acm, elbv2},
    engine::full_message,
};
use tokio::task::JoinHandle;

use super::{
    Net, listeners,
    targets::{Targets, Wanted},
};
use crate::{
    containers::{
        agent::{
            Failure, Keeper, Kind, Notes, Part, Sample, Seen, Settings, Surroundings,
            protocol::{Level, PartReport, State, Which},
        },
        authority::Authority,
        balancer::{
            Balancer, BalancerConfig, BalancerError, Certificate, LoadBalancer as _, Protocol,
            TargetState, Tls,
        },
    },
    sim::View,
};

type L = elbv2::LoadBalancer;

/// What is wanted of a balancer: all but who serves, and its certificates by their names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wished {
    pub(super) config: BalancerConfig,
    /// The names that each listener's certificates are for, by the listener's ARN.
    pub(super) certificates: BTreeMap<String, Vec<Vec<String>>>,
    /// Why it can't be as it is wanted.
    pub(super) refused: Option<String>,
}

/// How long requests may go on when a balancer goes.
const PATIENCE: Duration = Duration::from_secs(2);

fn read(view: &View, settings: &Settings) -> BTreeMap<String, Wished> {
    let balancers = view.all::<L>().map(|balancer| {
        let (config, arns) = listeners::read(view, &balancer, settings);
        let names = |arn: &String| {
            type C = acm::Certificate;
            let certificate = view.find::<C>(arn);
            let mut names: Vec<String> = vec![];
            if let Some(certificate) = certificate {
                names.extend(certificate.get(C::DOMAIN_NAME));
                names.extend(certificate.get(C::SUBJECT_ALTERNATIVE_NAMES).unwrap_or_default());
            }
            // By these it is reached on this machine.
            names.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
            names.dedup();
            names
        };
        let certificates = arns
            .into_iter()
            .map(|(listener, arns)| (listener, arns.iter().map(names).collect()))
            .collect();
        let refused = listeners::unasked(view, balancer.arn());
        (balancer.id().to_owned(), Wished { config, certificates, refused })
    });
    balancers.collect()
}

struct Makes {
    authority: Authority,
    targets: Arc<Targets>,
}

/// A balancer that listens.
pub(super) struct Listens {
    balancer: Arc<Balancer>,
    groups: BTreeSet<String>,
    /// All but who serves.
    config: tokio::sync::watch::Sender<BalancerConfig>,
    follows: JoinHandle<()>,
}

impl Drop for Listens {
    fn drop(&mut self) {
        self.follows.abort();
    }
}

impl Makes {
    fn config(&self, around: &Surroundings, spec: &Wished) -> Result<BalancerConfig, Failure> {
        if let Some(message) = spec.refused.clone() {
            return Err(Failure { message, is_final: true });
        }
        let mut config = spec.config.clone();
        for listener in &mut config.listeners {
            let Protocol::Https(tls) = &mut listener.protocol else { continue };
            let names = spec.certificates.get(&listener.name).cloned().unwrap_or_default();
            for (index, names) in names.iter().enumerate() {
                let id = format!("{}-{index}", listener.name);
                let issued = self.authority.issue(&around.vault, &id, names)?;
                let chain = format!("{}{}", issued.certificate, issued.authority);
                tls.certificates.push(Certificate { chain, key: issued.key });
            }
        }
        Ok(config)
    }
}

/// With those who serve now.
fn with_targets(config: &BalancerConfig, wanted: &Wanted) -> BalancerConfig {
    let mut config = config.clone();
    for group in &mut config.groups {
        group.targets = wanted.get(&group.name).cloned().unwrap_or_default();
    }
    config
}

fn groups_of(config: &BalancerConfig) -> BTreeSet<String> {
    config.groups.iter().map(|group| group.name.clone()).collect()
}

/// Tells a balancer who serves, whenever that changes, and others how those are.
async fn follow(
    balancer: Arc<Balancer>,
    targets: Arc<Targets>,
    mut config: tokio::sync::watch::Receiver<BalancerConfig>,
    around: Surroundings,
) {
    let mut wanted = targets.heard();
    let mut status = balancer.status();
    loop {
        tokio::select! {
            changed = wanted.changed() => if changed.is_err() { return },
            changed = config.changed() => if changed.is_err() { return },
            changed = status.changed() => {
                if changed.is_err() {
                    return;
                }
                tell(&targets, &config.borrow(), &balancer);
                continue;
            }
        }
        let next = with_targets(&config.borrow_and_update(), &wanted.borrow_and_update());
        if let Err(error) = balancer.apply(next).await {
            around.log.line(full_message(&error));
        }
        tell(&targets, &config.borrow(), &balancer);
    }
}

fn tell(targets: &Targets, config: &BalancerConfig, balancer: &Balancer) {
    let status = balancer.status().borrow().clone();
    let seen = status.groups.into_iter().flat_map(|(group, status)| {
        status.targets.into_iter().map(move |(address, how)| (group.clone(), address, how))
    });
    targets.tell(&groups_of(config), seen.collect());
}

fn failed(error: BalancerError) -> Failure {
    match error {
        BalancerError::Config(_) => Failure::wrong(&error),
        error => Failure::of(&error),
    }
}

impl Kind for Makes {
    type Spec = Wished;
    type Thing = Listens;

    async fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Wished,
        _: &Notes,
    ) -> Result<Listens, Failure> {
        let config = self.config(around, spec)?;
        let begin = with_targets(&config, &self.targets.heard().borrow());
        let balancer = Arc::new(Balancer::start(begin).await.map_err(failed)?);
        self.targets.count(id, Some(balancer.metrics()));
        let groups = groups_of(&config);
        let (config, heard) = tokio::sync::watch::channel(config);
        let follows =
            follow(Arc::clone(&balancer), Arc::clone(&self.targets), heard, around.clone());
        Ok(Listens { balancer, groups, config, follows: tokio::spawn(follows) })
    }

    async fn change(
        &self,
        around: &Surroundings,
        _: &str,
        listens: &mut Listens,
        spec: &Wished,
        _: &Notes,
    ) -> Result<(), Failure> {
        let config = self.config(around, spec)?;
        let next = with_targets(&config, &self.targets.heard().borrow());
        listens.balancer.apply(next).await.map_err(failed)?;
        listens.groups = groups_of(&config);
        listens.config.send_replace(config);
        Ok(())
    }

    async fn remove(
        &self,
        _: &Surroundings,
        id: &str,
        listens: Option<Listens>,
    ) -> Result<(), Failure> {
        self.targets.count(id, None);
        if let Some(listens) = listens {
            self.targets.tell(&listens.groups, vec![]);
            listens.balancer.shutdown(PATIENCE).await;
        }
        Ok(())
    }

    fn see(&self, listens: &Listens) -> Seen {
        let status = listens.balancer.status().borrow().clone();
        let mut parts: Vec<(String, String)> = listens
            .balancer
            .addresses()
            .into_iter()
            .map(|(name, address)| (short(&name).to_owned(), format!("listens at {address}")))
            .collect();
        let mut redundant = true;
        for (group, status) in &status.groups {
            let count = |state: TargetState| {
                status.targets.values().filter(|target| target.state == state).count()
            };
            let healthy = count(TargetState::Healthy);
            redundant &= healthy > 1;
            let others = status.targets.len() - healthy;
            let how = format!("{healthy} targets are healthy, {others} are not");
            parts.push((short(group).to_owned(), how));
        }
        Seen { state: State::ready(), redundant, parts, events: vec![] }
    }

    async fn left(&self, _: &Surroundings) -> Result<Vec<String>, Failure> {
        // They ended with the agent that had them.
        Ok(vec![])
    }
}

/// The part of an ARN that people tell things by.
fn short(arn: &str) -> &str {
    let name = arn.rsplit(':').next().unwrap_or(arn);
    name.split('/').nth(1).map_or(name, |_| name)
}

/// Load balancers.
pub(super) struct Balancers {
    keeper: Keeper<Makes>,
    around: Surroundings,
    net: Arc<Net>,
    targets: Arc<Targets>,
    address: std::sync::Mutex<Option<String>>,
    listeners: std::sync::Mutex<BTreeSet<String>>,
}

impl Balancers {
    pub(super) fn new(
        around: &Surroundings,
        net: &Arc<Net>,
        authority: &Authority,
        targets: &Arc<Targets>,
    ) -> Self {
        let makes = Makes { authority: authority.clone(), targets: Arc::clone(targets) };
        Self {
            keeper: Keeper::new(makes, around),
            around: around.clone(),
            net: Arc::clone(net),
            targets: Arc::clone(targets),
            address: std::sync::Mutex::default(),
            listeners: std::sync::Mutex::default(),
        }
    }
}

impl Part for Balancers {
    fn name(&self) -> &'static str {
        "balancer"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:elbv2:LoadBalancer", "aws:elbv2:Listener"]
    }

    fn want(&self, view: &Arc<View>) {
        let balancers = read(view, &self.around.settings);
        let mut gateways: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for balancer in view.all::<L>() {
            let subnets = balancer.get(L::SUBNETS).unwrap_or_default();
            let subnet = subnets.iter().find_map(|id| super::Subnet::of(view, id.as_str()));
            let Some(subnet) = subnet else { continue };
            let groups = balancer.get(L::SECURITY_GROUPS).unwrap_or_default();
            let own = gateways.entry(subnet.vpc).or_default();
            own.extend(groups.iter().map(ToString::to_string));
        }
        self.net.stand_for(gateways);
        let listeners = balancers.values().flat_map(|wished| &wished.config.listeners);
        let listeners = listeners.map(|listener| listener.name.clone()).collect();
        *self.listeners.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = listeners;
        let https = balancers.values().flat_map(|wished| &wished.config.listeners);
        let mut addresses =
            https.filter(|listener| matches!(listener.protocol, Protocol::Https(_)));
        let address = addresses.next().map(|it| format!("https://localhost:{}", it.address.port()));
        *self.address.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = address;
        self.keeper.want(balancers);
    }

    fn state(&self, which: &Which) -> State {
        if which.ty == "aws:elbv2:LoadBalancer" {
            return self.keeper.seen(&which.id).state;
        }
        // A listener is its balancer's: `…:listener/app/name/id/…`.
        let balancer = which.id.replacen(":listener/", ":loadbalancer/", 1);
        let balancer = balancer.rsplit_once('/').map_or("", |(balancer, _)| balancer);
        let seen = self.keeper.seen(balancer);
        let listeners = self.listeners.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match seen.state.level {
            Level::Gone => State::default(),
            Level::Ready if !listeners.contains(&which.id) => State::default(),
            _ => seen.state,
        }
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.keeper.reports() }
    }

    fn samples(&self) -> Vec<Sample> {
        super::counted::samples(&self.targets)
    }

    fn address(&self) -> Option<String> {
        self.address.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Where a listener of a port is reached on this machine.
pub(super) fn local_address(settings: &Settings, port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, local_port(settings, port)))
}

/// The port of this machine in the place of one that people need not name.
pub(super) fn local_port(settings: &Settings, port: u16) -> u16 {
    match port {
        443 => settings.https,
        80 => settings.http,
        port => port,
    }
}

/// A listener that has its certificates later.
pub(super) fn https(min_version: crate::containers::balancer::TlsVersion) -> Protocol {
    Protocol::Https(Tls { certificates: vec![], min_version, trust_store: None })
}
