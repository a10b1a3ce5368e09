//! [`Net`]: the networks of the VPCs, the interfaces that other parts need on them, and what may talk
//! to whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use infra_core::{aws::ec2, handler::BoxFuture};
use ipnet::Ipv4Net;
use tokio::sync::Notify;

use super::groups;
use crate::{
    containers::{
        agent::{
            AgentError, DrillAct, Failure, Part, Surroundings, chain,
            protocol::{Level, PartReport, State, ThingReport, Which},
            replace,
        },
        network::{
            Firewall, Gateway, Interface, InterfaceSpec, Member, NetworkError, Peer, Policy, Ports,
            Protocol, Rule, SecurityGroup, Vpc, VpcSpec,
        },
    },
    sim::View,
};

/// An interface that a part needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its id.
    pub id: String,
    /// The subnet that it is in.
    pub subnet: Subnet,
    /// Its address, as on AWS; the next free one if none is given.
    pub address: Option<Ipv4Addr>,
    /// The names that others on the network find it by.
    pub names: BTreeSet<String>,
    /// The security groups that it is in.
    pub groups: BTreeSet<String>,
    /// The managed service that it is a part of.
    pub service: Option<String>,
    /// The ports of it that the agent talks to itself.
    pub agent: Vec<Ports>,
    /// Whether an endpoint is there.
    pub endpoint: bool,
}

/// A subnet, as far as interfaces go by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The VPC that it is in.
    pub vpc: String,
    /// Its availability zone.
    pub zone: String,
    /// Its addresses, as on AWS.
    pub range: Ipv4Net,
}

impl Subnet {
    /// A subnet of the account.
    #[must_use]
    pub fn of(view: &View, id: &str) -> Option<Self> {
        type S = ec2::Subnet;
        let subnet = view.find::<S>(id)?;
        Some(Self {
            vpc: subnet.get(S::VPC_ID)?.to_string(),
            zone: subnet.get(S::AVAILABILITY_ZONE)?.to_string(),
            range: subnet.get(S::CIDR_BLOCK)?,
        })
    }
}

/// The group of those who keep files and of the instances that mount them for their tasks. On AWS it
/// is tasks that mount EFS, and the groups of the program are about those.
pub(super) const FILES_GROUP: &str = "infra-files";

fn files_group() -> SecurityGroup {
    let own = Rule { protocol: Protocol::All, peer: Peer::Group(FILES_GROUP.to_owned()) };
    SecurityGroup { id: FILES_GROUP.to_owned(), ingress: vec![own.clone()], egress: vec![own] }
}

/// A VPC that is there, and who is on it.
struct There {
    vpc: Arc<Vpc>,
    members: BTreeMap<String, Member>,
    /// Whether an earlier agent made it, and this one has not asked for it yet.
    left: bool,
}

#[derive(Default)]
struct Known {
    /// Whether the account was read: before that nothing is known to be unwanted.
    told: bool,
    /// Those that the account has.
    wanted: BTreeMap<String, VpcSpec>,
    there: BTreeMap<String, There>,
    failed: BTreeMap<String, String>,
    groups: BTreeMap<String, Vec<SecurityGroup>>,
    /// The groups of what the agent itself is, by VPC.
    gateways: BTreeMap<String, BTreeSet<String>>,
    cut: BTreeSet<String>,
}

/// The networks of the VPCs, and what is on them.
pub struct Net {
    around: Surroundings,
    firewall: Firewall,
    known: Mutex<Known>,
    /// Something about rules or networks changed.
    changed: Notify,
    /// One at a time makes or removes a network.
    making: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Net {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Net").finish_non_exhaustive()
    }
}

impl Net {
    /// Nothing yet.
    #[must_use]
    pub fn new(around: &Surroundings) -> Arc<Self> {
        let net = Arc::new(Self {
            around: around.clone(),
            firewall: Firewall::new(&around.docker, around.account()),
            known: Mutex::default(),
            changed: Notify::new(),
            making: tokio::sync::Mutex::default(),
        });
        tokio::spawn(Arc::clone(&net).keep());
        net
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network of a VPC; made if it is not there.
    async fn vpc(&self, id: &str) -> Result<Arc<Vpc>, Failure> {
        let _making = self.making.lock().await;
        let spec = {
            let known = self.known();
            if let Some(there) = known.there.get(id).filter(|there| !there.left) {
                return Ok(Arc::clone(&there.vpc));
            }
            known.wanted.get(id).cloned()
        };
        let Some(spec) = spec else {
            let message = format!("the VPC {id} is not there");
            return Err(Failure { message, is_final: false });
        };
        let vpc = Arc::new(Vpc::ensure(&self.around.docker, &spec).await?);
        if let Some(moved) = vpc.moved() {
            self.around
                .log
                .line(format_args!("{id} has {} here: {} are taken", moved.local, spec.range));
        }
        // Who is on it stays there when an agent goes: rules are about all of them.
        let there: BTreeSet<String> =
            vpc.interfaces().await?.into_iter().map(|interface| interface.id).collect();
        let mut members = self.remembered(id)?;
        members.retain(|id, _| there.contains(id));
        let there = There { vpc: Arc::clone(&vpc), members, left: false };
        self.known().there.insert(id.to_owned(), there);
        Ok(vpc)
    }

    /// Who was on a VPC's network when an agent last said so.
    fn remembered(&self, vpc: &str) -> Result<BTreeMap<String, Member>, AgentError> {
        let path = self.around.folder.members();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(BTreeMap::new());
            }
            Err(source) => return Err(AgentError::File { path, what: "read", source }),
        };
        let mut all: BTreeMap<String, BTreeMap<String, Member>> = serde_json::from_slice(&bytes)
            .map_err(|source| AgentError::Damaged { path, source })?;
        Ok(all.remove(vpc).unwrap_or_default())
    }

    /// Writes down who is on the networks.
    fn remember(&self) -> Result<(), AgentError> {
        let known = self.known();
        let all: BTreeMap<&String, &BTreeMap<String, Member>> = known
            .there
            .iter()
            .filter(|(_, there)| !there.left)
            .map(|(id, there)| (id, &there.members))
            .collect();
        let path = self.around.folder.members();
        let bytes = serde_json::to_vec(&all)
            .map_err(|source| AgentError::Damaged { path: path.clone(), source })?;
        // Held until it is written: a later one must not be overtaken.
        replace(&path, &bytes)
    }

    /// An interface; made if it is not there, and open as its groups say when this returns.
    ///
    /// # Errors
    /// If there is no such VPC yet, or Docker refuses.
    pub async fn interface(&self, wanted: &Wanted) -> Result<Interface, Failure> {
        let vpc = self.vpc(&wanted.subnet.vpc).await?;
        let spec = InterfaceSpec {
            id: wanted.id.clone(),
            zone: wanted.subnet.zone.clone(),
            subnet: wanted.subnet.range,
            address: wanted.address,
            names: wanted.names.clone(),
            groups: wanted.groups.clone(),
        };
        let interface = vpc.ensure_interface(&spec).await?;
        let member = Member {
            id: wanted.id.clone(),
            address: interface.address,
            zone: wanted.subnet.zone.clone(),
            groups: wanted.groups.clone(),
            service: wanted.service.clone(),
            agent: wanted.agent.clone(),
            endpoint: wanted.endpoint,
        };
        if let Some(there) = self.known().there.get_mut(&wanted.subnet.vpc) {
            there.members.insert(wanted.id.clone(), member);
        }
        self.remember()?;
        match self.apply(&wanted.subnet.vpc).await {
            // That another one went meanwhile is nothing to this one.
            Err(NetworkError::Rules { interface: other, others: 0, .. }) if other != wanted.id => {
                self.changed.notify_one();
            }
            applied => applied?,
        }
        Ok(interface)
    }

    /// Removes an interface, if it is there. Who shares it goes before.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove(&self, id: &str) -> Result<(), Failure> {
        for there in self.known().there.values_mut() {
            there.members.remove(id);
        }
        self.remember()?;
        Ok(crate::containers::network::remove_interface(
            &self.around.docker,
            self.around.account(),
            id,
        )
        .await?)
    }

    /// The address of this machine on a VPC.
    ///
    /// # Errors
    /// If there is no such VPC yet, or Docker refuses.
    pub async fn gateway(&self, vpc: &str) -> Result<Ipv4Addr, Failure> {
        Ok(self.vpc(vpc).await?.gateway())
    }

    /// The name of a VPC's network.
    ///
    /// # Errors
    /// If there is no such VPC yet, or Docker refuses.
    pub async fn network(&self, vpc: &str) -> Result<Arc<Vpc>, Failure> {
        self.vpc(vpc).await
    }

    /// The agent is something itself in a VPC: load balancers, in these groups.
    pub fn stand_for(&self, gateways: BTreeMap<String, BTreeSet<String>>) {
        let mut known = self.known();
        if known.gateways != gateways {
            known.gateways = gateways;
            self.changed.notify_one();
        }
    }

    /// Cuts availability zones off, and no others.
    ///
    /// # Errors
    /// If some interface can't be told.
    pub async fn cut(&self, zones: BTreeSet<String>) -> Result<(), Failure> {
        let vpcs: Vec<String> = {
            let mut known = self.known();
            known.cut = zones;
            known.there.keys().cloned().collect()
        };
        for vpc in vpcs {
            self.apply(&vpc).await?;
        }
        Ok(())
    }

    /// Puts the rules of a VPC in place.
    async fn apply(&self, vpc: &str) -> Result<(), NetworkError> {
        let policy = {
            let known = self.known();
            let Some(there) = known.there.get(vpc) else { return Ok(()) };
            let mut groups = known.groups.get(vpc).cloned().unwrap_or_default();
            groups.push(files_group());
            let is_known = |id: &String| groups.iter().any(|group| group.id == *id);
            // A group that is on its way out lets nothing through.
            let members = there.members.values().cloned().map(|mut member| {
                member.groups.retain(is_known);
                member
            });
            let own = known.gateways.get(vpc).cloned().unwrap_or_default();
            Policy {
                ranges: there.vpc.ranges(),
                interfaces: members.collect(),
                gateway: Gateway {
                    address: there.vpc.gateway(),
                    groups: own.into_iter().filter(is_known).collect(),
                    services: vec![Ports::one(self.around.settings.emulator)],
                    resolvers: BTreeSet::new(),
                },
                groups,
                cut: known.cut.clone(),
            }
        };
        self.firewall.apply(&policy).await.map(drop)
    }

    /// Keeps networks and rules as the account says.
    async fn keep(self: Arc<Self>) {
        loop {
            self.changed.notified().await;
            let (wanted, there): (Vec<String>, Vec<String>) = {
                let known = self.known();
                if !known.told {
                    continue;
                }
                (known.wanted.keys().cloned().collect(), known.there.keys().cloned().collect())
            };
            let mut wrong = BTreeMap::new();
            for id in &wanted {
                let made = match self.vpc(id).await {
                    Ok(_) => self.apply(id).await.map_err(Failure::from),
                    Err(failure) => Err(failure),
                };
                if let Err(failure) = made {
                    self.around.log.line(&failure.message);
                    wrong.insert(id.clone(), failure.message);
                }
            }
            for id in there.iter().filter(|id| !wanted.contains(id)) {
                if let Err(error) = self.remove_vpc(id).await {
                    wrong.insert(id.clone(), error);
                }
            }
            let again = !wrong.is_empty();
            self.known().failed = wrong;
            if again {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                self.changed.notify_one();
            }
        }
    }

    async fn remove_vpc(&self, id: &str) -> Result<(), String> {
        let _making = self.making.lock().await;
        let there = self.known().there.get(id).map(|there| Arc::clone(&there.vpc));
        if let Some(vpc) = there {
            Vpc::clone(&vpc).remove().await.map_err(|error| chain(&error))?;
            self.known().there.remove(id);
        }
        Ok(())
    }

    /// The networks that earlier agents made, so that they go too if nobody wants them.
    async fn find_what_was_left(&self) -> Result<(), Failure> {
        for vpc in Vpc::all(&self.around.docker, self.around.account()).await? {
            let mut known = self.known();
            let id = vpc.id().to_owned();
            let there = There { vpc: Arc::new(vpc), members: BTreeMap::new(), left: true };
            known.there.entry(id).or_insert(there);
        }
        Ok(())
    }
}

impl Part for Net {
    fn name(&self) -> &'static str {
        "network"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:ec2:Vpc"]
    }

    fn want(&self, view: &Arc<View>) {
        let mut known = self.known();
        let vpcs = view.all::<ec2::Vpc>().filter_map(|vpc| {
            let range = vpc.get(ec2::Vpc::CIDR_BLOCK)?;
            let id = vpc.id().to_owned();
            Some((id.clone(), VpcSpec::new(self.around.account(), id, range)))
        });
        known.wanted = vpcs.collect();
        known.told = true;
        known.groups = groups::of(view);
        drop(known);
        self.changed.notify_one();
    }

    fn state(&self, which: &Which) -> State {
        let known = self.known();
        let there = known.there.contains_key(&which.id);
        match (known.failed.get(&which.id), there) {
            (Some(failed), _) => State::pending(failed),
            (None, true) if known.wanted.contains_key(&which.id) => State::ready(),
            (None, true) => State::pending("its network is being removed"),
            (None, false) if known.wanted.contains_key(&which.id) => {
                State::pending("its network is being made")
            }
            (None, false) => State::default(),
        }
    }

    fn report(&self) -> PartReport {
        let known = self.known();
        let things = known.there.iter().map(|(id, there)| ThingReport {
            id: id.clone(),
            level: Level::Ready,
            message: format!("{} here", there.vpc.ranges().local()),
            redundant: true,
            parts: there
                .members
                .values()
                .map(|member| {
                    let cut = if known.cut.contains(&member.zone) { ", cut off" } else { "" };
                    (member.id.clone(), format!("{} in {}{cut}", member.address, member.zone))
                })
                .collect(),
            events: vec![],
        });
        PartReport { name: self.name().to_owned(), things: things.collect() }
    }

    fn drill<'a>(&'a self, act: &'a DrillAct) -> BoxFuture<'a, Result<Option<String>, AgentError>> {
        Box::pin(async move {
            let DrillAct::Cut(zones) = act else { return Ok(None) };
            let cut = self.cut(zones.clone()).await;
            cut.map_err(|failure| AgentError::Refused { said: failure.message })?;
            let names: Vec<&str> = zones.iter().map(String::as_str).collect();
            Ok(Some(names.join(", ")))
        })
    }
}

/// Begins with what earlier agents left.
pub(super) async fn begin(net: &Arc<Net>) {
    while let Err(failure) = net.find_what_was_left().await {
        net.around.log.line(failure.message);
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    net.changed.notify_one();
}
