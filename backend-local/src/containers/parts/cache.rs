//! [`Caches`]: replication groups of ElastiCache, as Redis in containers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::future::try_join_all;
use infra_core::{Secret, aws::elasticache, value::Value};

use super::{Net, Subnet, Wanted};
use crate::{
    containers::{
        agent::{
            Failure, Keeper, Kind, Notes, Part, Seen, Surroundings,
            protocol::{Level, PartReport, State, Which},
        },
        authority::Authority,
        cache::{Auth, Cache, CacheSpec, Place, State as CacheState, Timing, Tls},
        docker::Labels,
        images::Images,
        network::Ports,
    },
    sim::View,
};

/// The image of caches. Valkey speaks the same, and goes by the same commands.
const IMAGE: &str = "redis:7";
/// The kind that containers of caches are labelled with.
const KIND: &str = "elasticache";
/// How the ids of interfaces of caches begin.
const PREFIX: &str = "cache-";
/// Where sentinels listen.
const SENTINEL: u16 = 26379;
/// So many sentinels agree about who is the primary.
const SENTINELS: usize = 3;
/// How much memory a cache has for its data on this machine, in bytes.
const MEMORY: u64 = 64 << 20;
/// The property with the password that clients give.
const TOKEN: &str = "auth_token";

type R = elasticache::ReplicationGroup;

/// What is wanted of a replication group.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    groups: BTreeSet<String>,
    subnets: Vec<Subnet>,
    nodes: usize,
    port: u16,
    parameters: BTreeMap<String, String>,
    tls: bool,
    /// Whether clients give a password, and when it is another one, which is the vault's.
    token: Option<Value>,
    endpoint: String,
    reader_endpoint: String,
    /// Whether it is one that spreads its data.
    has_shards: bool,
}

fn read(view: &View) -> BTreeMap<String, Group> {
    let groups = view.all::<R>().filter_map(|group| {
        type S = elasticache::SubnetGroup;
        type P = elasticache::ParameterGroup;
        let subnets = group.get(R::CACHE_SUBNET_GROUP_NAME)?;
        let subnets = view.find::<S>(subnets.as_str())?.get(S::SUBNET_IDS)?;
        let parameters = group
            .get(R::CACHE_PARAMETER_GROUP_NAME)
            .and_then(|name| view.find::<P>(name.as_str())?.get(P::PARAMETERS));
        let security = group.get(R::SECURITY_GROUP_IDS).unwrap_or_default();
        Some((
            group.id().to_owned(),
            Group {
                groups: security.iter().map(ToString::to_string).collect(),
                subnets: subnets.iter().filter_map(|id| Subnet::of(view, id.as_str())).collect(),
                nodes: group.get(R::NUM_CACHE_CLUSTERS).unwrap_or(1) as usize,
                port: group.get(R::PORT).unwrap_or(6379),
                parameters: of_redis(parameters.unwrap_or_default()),
                tls: group.get(R::TRANSIT_ENCRYPTION_ENABLED).unwrap_or(false),
                token: group.mark(R::AUTH_TOKEN),
                // One that spreads its data has another one.
                endpoint: group.get(R::PRIMARY_ENDPOINT).unwrap_or_default(),
                reader_endpoint: group.get(R::READER_ENDPOINT).unwrap_or_default(),
                has_shards: group.get(R::PRIMARY_ENDPOINT).is_none(),
            },
        ))
    });
    groups.collect()
}

/// Without what says that there is one shard, as there always is here.
fn of_redis(mut parameters: BTreeMap<String, String>) -> BTreeMap<String, String> {
    parameters.retain(|name, value| name != "cluster-enabled" || value != "no");
    parameters
}

struct Groups {
    net: Arc<Net>,
    authority: Authority,
    images: Images,
}

fn interface_of(id: &str, part: &str) -> String {
    format!("{PREFIX}{id}-{part}")
}

fn which(id: &str) -> Which {
    Which { ty: "aws:elasticache:ReplicationGroup".to_owned(), id: id.to_owned() }
}

impl Groups {
    async fn place(
        &self,
        id: &str,
        part: &str,
        index: usize,
        wanted: &Group,
        names: BTreeSet<String>,
    ) -> Result<Place, Failure> {
        let Some(subnet) = wanted.subnets.get(index % wanted.subnets.len().max(1)) else {
            let message = format!("the subnets of {id} are not there");
            return Err(Failure { message, is_final: false });
        };
        let endpoint = !part.starts_with("node-") && !part.starts_with("sentinel-");
        let address = Wanted {
            id: interface_of(id, part),
            subnet: subnet.clone(),
            address: None,
            names,
            groups: wanted.groups.clone(),
            service: Some(id.to_owned()),
            agent: vec![Ports::one(wanted.port), Ports::one(SENTINEL)],
            endpoint,
        };
        let interface = self.net.interface(&address).await?;
        Ok(Place {
            id: part.to_owned(),
            interface: interface.container,
            address: interface.address,
        })
    }

    async fn spec(
        &self,
        around: &Surroundings,
        id: &str,
        wanted: &Group,
    ) -> Result<CacheSpec, Failure> {
        if wanted.has_shards {
            let message = format!(
                "{id} spreads its data over shards, and caches have one here: leave it out of what goes to \
                 `containers`"
            );
            return Err(Failure { message, is_final: true });
        }
        let places = |kind: &'static str, many: usize| {
            try_join_all((0..many).map(move |index| async move {
                let part = format!("{kind}-{index}");
                self.place(id, &part, index, wanted, BTreeSet::new()).await
            }))
        };
        let (nodes, sentinels, primary, reader) = tokio::try_join!(
            places("node", wanted.nodes),
            places("sentinel", if wanted.nodes > 1 { SENTINELS } else { 0 }),
            self.place(id, "primary", 0, wanted, [wanted.endpoint.clone()].into()),
            self.place(id, "reader", 1, wanted, [wanted.reader_endpoint.clone()].into()),
        )?;
        let tls = if wanted.tls {
            let mut names = vec![wanted.endpoint.clone(), wanted.reader_endpoint.clone()];
            let places = nodes.iter().chain(&sentinels).chain([&primary, &reader]);
            names.extend(places.map(|place| place.address.to_string()));
            let issued = self.authority.issue(&around.vault, &format!("cache-{id}"), &names)?;
            Some(Tls {
                certificate: issued.certificate,
                key: issued.key,
                authority: issued.authority,
                name: wanted.endpoint.clone(),
            })
        } else {
            None
        };
        let own = which(id);
        let auth = match (wanted.token.is_some(), around.vault.get(&own, TOKEN)?) {
            (false, _) => Auth::Open,
            (true, Some(token)) => Auth::Tokens(self.tokens(around, &own, token)?),
            (true, None) => {
                let message = "its password was not told yet".to_owned();
                return Err(Failure { message, is_final: false });
            }
        };
        Ok(CacheSpec {
            account: around.account().to_owned(),
            id: id.to_owned(),
            image: IMAGE.to_owned(),
            nodes,
            sentinels,
            primary,
            reader,
            port: wanted.port,
            memory: MEMORY,
            parameters: wanted.parameters.clone(),
            tls,
            auth,
            administration: around.vault.get_or_make(&own, "administration")?,
            restore: None,
            timing: Timing::default(),
        })
    }

    /// The password that holds, and the one before it: who was given that goes on.
    fn tokens(
        &self,
        around: &Surroundings,
        own: &Which,
        token: Secret<String>,
    ) -> Result<Vec<Secret<String>>, Failure> {
        let (vault, last, before) = (&around.vault, "last_token", "token_before");
        match vault.get(own, last)? {
            Some(known) if known == token => {}
            Some(known) => {
                vault.keep(own, before, &known)?;
                vault.keep(own, last, &token)?;
            }
            None => vault.keep(own, last, &token)?,
        }
        let mut tokens: Vec<Secret<String>> = vault.get(own, before)?.into_iter().collect();
        tokens.push(token);
        Ok(tokens)
    }
}

impl Kind for Groups {
    type Spec = Group;
    type Thing = Cache;

    async fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Group,
        notes: &Notes,
    ) -> Result<Cache, Failure> {
        self.images.ensure(IMAGE, &|event| notes.image(&event)).await?;
        let wanted = self.spec(around, id, spec).await?;
        let started = Cache::start(&around.docker, wanted);
        started.map_err(|error| Failure::wrong(&error))
    }

    async fn change(
        &self,
        around: &Surroundings,
        id: &str,
        cache: &mut Cache,
        spec: &Group,
        _: &Notes,
    ) -> Result<(), Failure> {
        cache.apply(self.spec(around, id, spec).await?).await?;
        let nodes = (0..spec.nodes).map(|index| interface_of(id, &format!("node-{index}")));
        self.net.remove_of(id, &interface_of(id, "node-"), &nodes.collect()).await
    }

    async fn remove(
        &self,
        around: &Surroundings,
        id: &str,
        thing: Option<Cache>,
    ) -> Result<(), Failure> {
        if let Some(cache) = thing {
            cache.remove().await?;
        }
        around.docker.remove_all(&Labels::of_thing(around.account(), KIND, id)).await?;
        self.net.remove_of(id, &interface_of(id, ""), &BTreeSet::new()).await
    }

    fn see(&self, cache: &Cache) -> Seen {
        let status = cache.status().borrow().clone();
        let level = match status.state {
            CacheState::Ready | CacheState::Degraded => Level::Ready,
            CacheState::Failed | CacheState::Starting => Level::Pending,
        };
        let primary = status.primary.map(|node| ("primary".to_owned(), node));
        Seen {
            state: State { level, message: status.message, ..State::default() },
            redundant: status.redundant,
            parts: primary.into_iter().collect(),
            events: cache.events().into_iter().map(|event| (event.at, event.words)).collect(),
        }
    }

    async fn left(&self, around: &Surroundings) -> Result<Vec<String>, Failure> {
        let mut ids = self.net.services(PREFIX);
        for seen in around.docker.find(&Labels::of_kind(around.account(), KIND)).await? {
            ids.extend(seen.owner().map(|owner| owner.id));
        }
        Ok(ids.into_iter().collect())
    }
}

/// Replication groups of ElastiCache.
pub(super) struct Caches(Keeper<Groups>);

impl Caches {
    pub(super) fn new(
        around: &Surroundings,
        net: &Arc<Net>,
        authority: &Authority,
        images: &Images,
    ) -> Self {
        let groups =
            Groups { net: Arc::clone(net), authority: authority.clone(), images: images.clone() };
        Self(Keeper::new(groups, around))
    }
}

impl Part for Caches {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:elasticache:ReplicationGroup"]
    }

    fn want(&self, view: &Arc<View>) {
        self.0.want(read(view));
    }

    fn state(&self, which: &Which) -> State {
        self.0.seen(&which.id).state
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.0.reports() }
    }
}
