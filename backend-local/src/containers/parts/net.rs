//! [`Net`]: the networks of the VPCs, the interfaces that other parts need on them, and what may talk
//! to whom.

mod services;
mod together;
mod wanted;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use infra_core::{aws::ec2, engine::full_message, handler::BoxFuture};
use tokio::sync::Notify;

use self::together::Together;
pub use self::wanted::{Subnet, Wanted};
use super::groups;
use crate::{
    containers::{
        agent::{
            AgentError, DrillAct, Failure, Part, Surroundings,
            protocol::{Level, PartReport, State, ThingReport, Which},
            replace,
        },
        endpoint::NETWORK_IMAGE,
        images::{ImageEvent, Images},
        network::{
            Firewall, Gateway, Interface, InterfaceSpec, Member, NetworkError, Peer, Policy, Ports,
            Protocol, Rule, SecurityGroup, Vpc, VpcSpec,
        },
    },
    sim::View,
};

/// The group of those who keep files and of the instances that mount them for their tasks. On AWS it
/// is tasks that mount EFS, and the groups of the program are about those.
pub(super) const FILES_GROUP: &str = "infra-files";

fn files_group() -> SecurityGroup {
    let own = Rule { protocol: Protocol::All, peer: Peer::Group(FILES_GROUP.to_owned()) };
    SecurityGroup { id: FILES_GROUP.to_owned(), ingress: vec![own.clone()], egress: vec![own] }
}

/// Who is on the networks, by VPC and id.
type Members = BTreeMap<String, BTreeMap<String, Member>>;

/// What an earlier agent wrote down of that.
fn remembered(path: PathBuf) -> Result<Members, AgentError> {
    match std::fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|source| AgentError::Damaged { path, source })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Members::new()),
        Err(source) => Err(AgentError::File { path, what: "read", source }),
    }
}

/// A VPC that is there.
struct There {
    vpc: Arc<Vpc>,
    /// Whether an earlier agent made it, and this one has not asked for it yet.
    left: bool,
    /// A change of rules is one of many interfaces, and many come at the same time.
    rules: Arc<Together>,
}

impl There {
    fn new(vpc: Vpc, left: bool) -> Self {
        Self { vpc: Arc::new(vpc), left, rules: Arc::default() }
    }
}

#[derive(Default)]
struct Known {
    /// Whether the account was read: before that nothing is known to be unwanted.
    told: bool,
    /// Those that the account has.
    wanted: BTreeMap<String, VpcSpec>,
    there: BTreeMap<String, There>,
    /// Who is on them, and on those that this agent has not asked for yet.
    members: Members,
    failed: BTreeMap<String, String>,
    /// What networks that are being made wait for.
    awaited: Option<String>,
    groups: BTreeMap<String, Vec<SecurityGroup>>,
    /// The groups of what the agent itself is, by VPC.
    gateways: BTreeMap<String, BTreeSet<String>>,
    cut: BTreeSet<String>,
    failing: BTreeSet<String>,
}

/// The networks of the VPCs, and what is on them.
pub struct Net {
    around: Surroundings,
    images: Images,
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
    /// Knows who was on the networks when an agent last said so, and nothing else yet.
    ///
    /// # Errors
    /// If what was written down of that can't be read.
    pub fn new(around: &Surroundings, images: &Images) -> Result<Arc<Self>, AgentError> {
        let known = Known { members: remembered(around.folder.members())?, ..Known::default() };
        let net = Arc::new(Self {
            around: around.clone(),
            images: images.clone(),
            firewall: Firewall::new(&around.docker, around.account()),
            known: Mutex::new(known),
            changed: Notify::new(),
            making: tokio::sync::Mutex::default(),
        });
        tokio::spawn(Arc::clone(&net).keep());
        Ok(net)
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
        // All that will be on it begins with an interface.
        let tell = |event: ImageEvent| {
            if let Some(words) = event.in_words() {
                self.known().awaited = Some(words);
            }
        };
        self.images.ensure(NETWORK_IMAGE, &tell).await?;
        self.known().awaited = None;
        let made = There::new(Vpc::ensure(&self.around.docker, &spec).await?, false);
        let vpc = Arc::clone(&made.vpc);
        if let Some(moved) = vpc.moved() {
            self.around
                .log
                .line(format_args!("{id} has {} here: {} are taken", moved.local, spec.range));
        }
        self.remove_what_is_nobodys(&vpc).await?;
        // Who is on it stays there when an agent goes: rules are about all of them.
        let there: BTreeSet<String> =
            vpc.interfaces().await?.into_iter().map(|interface| interface.id).collect();
        self.remember(|all| {
            if let Some(members) = all.get_mut(id) {
                members.retain(|id, _| there.contains(id));
            }
        })?;
        self.known().there.insert(id.to_owned(), made);
        Ok(vpc)
    }

    /// Changes who is on the networks, and writes it down.
    fn remember(&self, change: impl FnOnce(&mut Members)) -> Result<(), AgentError> {
        // Held until it is written: a later one must not be overtaken.
        let mut known = self.known();
        let before = known.members.clone();
        change(&mut known.members);
        if known.members == before {
            return Ok(());
        }
        let path = self.around.folder.members();
        let written = serde_json::to_vec(&known.members)
            .map_err(|source| AgentError::Damaged { path: path.clone(), source })
            .and_then(|bytes| replace(&path, &bytes));
        if written.is_err() {
            known.members = before;
        }
        written
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
            zone: (!wanted.endpoint).then(|| wanted.subnet.zone.clone()),
            groups: wanted.groups.clone(),
            service: wanted.service.clone(),
            agent: wanted.agent.clone(),
            endpoint: wanted.endpoint,
        };
        self.remember(|all| {
            let members = all.entry(wanted.subnet.vpc.clone()).or_default();
            members.insert(wanted.id.clone(), member);
        })?;
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
        self.remember(|all| {
            for members in all.values_mut() {
                members.remove(id);
            }
        })?;
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

    /// The agent is something itself in a VPC: load balancers, in these groups.
    pub fn stand_for(&self, gateways: BTreeMap<String, BTreeSet<String>>) {
        let mut known = self.known();
        if known.gateways != gateways {
            known.gateways = gateways;
            self.changed.notify_one();
        }
    }

    /// Cuts availability zones off, and no others; in some that fail, connections end with whoever has
    /// them, and there are no new ones.
    ///
    /// # Errors
    /// If some interface can't be told.
    pub async fn cut(
        &self,
        zones: BTreeSet<String>,
        failing: BTreeSet<String>,
    ) -> Result<(), Failure> {
        let vpcs: Vec<String> = {
            let mut known = self.known();
            (known.cut, known.failing) = (zones, failing);
            known.there.keys().cloned().collect()
        };
        for vpc in vpcs {
            self.apply(&vpc).await?;
        }
        Ok(())
    }

    /// Puts the rules of a VPC in place.
    async fn apply(&self, vpc: &str) -> Result<(), NetworkError> {
        let rules = self.known().there.get(vpc).map(|there| Arc::clone(&there.rules));
        let Some(rules) = rules else { return Ok(()) };
        rules.run(async || self.apply_alone(vpc).await).await
    }

    async fn apply_alone(&self, vpc: &str) -> Result<(), NetworkError> {
        let policy = {
            let known = self.known();
            let Some(there) = known.there.get(vpc) else { return Ok(()) };
            let mut groups = known.groups.get(vpc).cloned().unwrap_or_default();
            groups.push(files_group());
            let is_known = |id: &String| groups.iter().any(|group| group.id == *id);
            // A group that is on its way out lets nothing through.
            let members = known.members.get(vpc).filter(|_| !there.left).into_iter();
            let members = members.flat_map(BTreeMap::values).cloned().map(|mut member| {
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
                failing: known.failing.clone(),
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
            self.remove_what_is_nobodys(&vpc).await.map_err(|failure| failure.message)?;
            Vpc::clone(&vpc).remove().await.map_err(|error| full_message(&error))?;
            self.known().there.remove(id);
            let forgotten = self.remember(|all| {
                all.remove(id);
            });
            forgotten.map_err(|error| full_message(&error))?;
        }
        Ok(())
    }

    /// Removes interfaces that were made when an agent ended which had not written them down yet, or which had
    /// struck them out and not removed them.
    async fn remove_what_is_nobodys(&self, vpc: &Vpc) -> Result<(), Failure> {
        let there = vpc.interfaces().await?;
        let nobodys: Vec<String> = {
            let known = self.known();
            let members = known.members.get(vpc.id());
            let is_known = |id: &String| members.is_some_and(|members| members.contains_key(id));
            there.into_iter().map(|interface| interface.id).filter(|id| !is_known(id)).collect()
        };
        for id in nobodys {
            self.remove(&id).await?;
        }
        Ok(())
    }

    /// The networks that earlier agents made, so that they go too if nobody wants them.
    async fn find_what_was_left(&self) -> Result<(), Failure> {
        for vpc in Vpc::all(&self.around.docker, self.around.account()).await? {
            let mut known = self.known();
            let id = vpc.id().to_owned();
            known.there.entry(id).or_insert(There::new(vpc, true));
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
                let awaited = known.awaited.as_deref();
                State::pending(awaited.unwrap_or("its network is being made"))
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
            parts: known
                .members
                .get(id)
                .filter(|_| !there.left)
                .into_iter()
                .flat_map(BTreeMap::values)
                .map(|member| {
                    let zone = member.zone.iter().map(|zone| format!(" in {zone}"));
                    let cut = member.is_in(&known.cut).then(|| ", cut off".to_owned());
                    let said =
                        zone.chain(cut).fold(member.address.to_string(), |all, it| all + &it);
                    (member.id.clone(), said)
                })
                .collect(),
            events: vec![],
        });
        PartReport { name: self.name().to_owned(), things: things.collect() }
    }

    fn drill<'a>(&'a self, act: &'a DrillAct) -> BoxFuture<'a, Result<Option<String>, AgentError>> {
        Box::pin(async move {
            let none = BTreeSet::new();
            let (zones, cut) = match act {
                DrillAct::Fail(zones) => (zones, self.cut(none, zones.clone()).await),
                DrillAct::Cut(zones) => (zones, self.cut(zones.clone(), none).await),
                _ => return Ok(None),
            };
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
