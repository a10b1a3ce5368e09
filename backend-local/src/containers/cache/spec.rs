//! [`CacheSpec`]: the cache that is wanted.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddrV4},
    time::Duration,
};

use infra_core::Secret;

use super::{CacheError, parameters};
use crate::containers::docker::{Labels, Network, Owner};

/// What containers of caches are labelled as being for.
pub(super) const KIND: &str = "elasticache";

/// Where sentinels listen.
pub(super) const SENTINEL_PORT: u16 = 26379;

/// What sentinels call the group.
pub(super) const NAME: &str = "cache";

/// The user that the agent, the sentinels and the replicas are.
pub(super) const AGENT: &str = "infra-agent";

/// The cache that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheSpec {
    /// The account.
    pub account: String,
    /// The id of the replication group.
    pub id: String,
    /// The image of Redis.
    pub image: String,
    /// Its nodes. The first one is the primary when there has been none.
    pub nodes: Vec<Place>,
    /// Its sentinels: three or five, none if there is one node alone. They may share the interfaces of
    /// nodes and endpoints.
    pub sentinels: Vec<Place>,
    /// The endpoint that leads to the primary.
    pub primary: Place,
    /// The endpoint that leads to a replica, to the primary if there is none.
    pub reader: Place,
    /// Where nodes and endpoints listen.
    pub port: u16,
    /// How many bytes of data a node holds.
    pub memory: u64,
    /// The parameters of its parameter group that are not the defaults.
    pub parameters: BTreeMap<String, String>,
    /// With TLS: then there is no port without.
    pub tls: Option<Tls>,
    /// Who may log in.
    pub auth: Auth,
    /// The password of the agent's own user. It stays the same.
    pub administration: Secret<String>,
    /// The snapshot that it is made of.
    pub restore: Option<String>,
    /// How long is waited for what.
    pub timing: Timing,
}

/// Where a node, a sentinel or an endpoint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name within the group: `001`, `sentinel-a`.
    pub id: String,
    /// The container whose network it shares.
    pub interface: String,
    /// The address of that.
    pub address: Ipv4Addr,
}

impl Place {
    pub(super) fn network(&self) -> Network {
        Network::Of(self.interface.clone())
    }
}

/// What TLS needs. Texts are PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate of nodes and endpoints, with those between it and the authority.
    pub certificate: String,
    /// Its key.
    pub key: Secret<String>,
    /// Who has signed it.
    pub authority: String,
    /// A name of the certificate: what the agent takes nodes for, whose addresses it knows alone.
    pub name: String,
}

/// Who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Whoever can connect.
    Open,
    /// Whoever has one of these tokens. While a token is rotated there are two; once it is set, one.
    Tokens(Vec<Secret<String>>),
    /// The users of a user group.
    Users(Vec<User>),
}

/// A user of a user group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name. `default` is who logs in without one.
    pub name: String,
    /// What it may do: `on ~app:* +@all`.
    pub access: String,
    /// Its passwords; none if it needs none.
    pub passwords: Vec<Secret<String>>,
}

/// How long is waited for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How often all nodes are asked.
    pub look: Duration,
    /// How often while there is no primary.
    pub haste: Duration,
    /// How long a node may take to say how it is.
    pub glance: Duration,
    /// How long it may take to do what it is told.
    pub answer: Duration,
    /// How long sentinels wait for an answer of the primary before they take it for dead: much longer than
    /// the agent, which knows what each replica has. They stand in where no agent looks after the group.
    pub down_after: Duration,
    /// How long a primary may answer nobody before the agent ends it. A busy laptop is slow at times.
    pub hang: Duration,
    /// How long any other one may, and how long one is waited for that may be alone in having the data.
    pub patience: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            look: Duration::from_millis(300),
            haste: Duration::from_millis(50),
            glance: Duration::from_secs(1),
            answer: Duration::from_secs(2),
            down_after: Duration::from_secs(10),
            hang: Duration::from_secs(3),
            patience: Duration::from_secs(10),
        }
    }
}

impl CacheSpec {
    /// Whether it can be.
    ///
    /// # Errors
    /// If a parameter is unknown or has a value that it can't have, if places are missing, or a name is
    /// given twice.
    pub fn check(&self) -> Result<(), CacheError> {
        parameters::check(&self.parameters)?;
        let wrong =
            |reason: &str| CacheError::Spec { id: self.id.clone(), reason: reason.to_owned() };
        let mut names = BTreeSet::new();
        let places = self.nodes.iter().chain(&self.sentinels).chain([&self.primary, &self.reader]);
        if let Some(twice) = places.map(|place| &place.id).find(|id| !names.insert(*id)) {
            return Err(wrong(&format!("{twice} is the name of two of its parts")));
        }
        match (self.nodes.len(), self.sentinels.len()) {
            (0, _) => return Err(wrong("it has no nodes")),
            (1, 0) | (2.., 3 | 5) => {}
            (1, _) => return Err(wrong("sentinels have nobody to promote beside its one node")),
            _ => {
                return Err(wrong(
                    "it needs three or five sentinels, so that most of them can agree",
                ));
            }
        }
        let Auth::Users(users) = &self.auth else { return Ok(()) };
        if !users.iter().any(|user| user.name == "default") {
            return Err(wrong("its user group has no user of the name `default`"));
        }
        if users.iter().any(|user| user.name == AGENT) {
            return Err(wrong(&format!("the name `{AGENT}` is taken")));
        }
        match users.iter().find(|user| user.access.contains(['>', '<', '#', '!'])) {
            Some(user) => Err(wrong(&format!(
                "the access string of {} has passwords: give them apart",
                user.name
            ))),
            None => Ok(()),
        }
    }

    /// Whose a part of it is.
    pub(super) fn owner(&self, part: &str) -> Owner {
        let [account, kind, id, part] = [&self.account, KIND, &self.id, part].map(str::to_owned);
        Owner { account, kind, id, part }
    }

    /// What all its parts are labelled with.
    pub(super) fn labels(&self) -> Labels {
        Labels::of_thing(&self.account, KIND, &self.id)
    }

    /// Where a node listens.
    pub(super) fn address(&self, node: &Place) -> SocketAddrV4 {
        SocketAddrV4::new(node.address, self.port)
    }

    /// So many sentinels agree with each other.
    pub(super) fn quorum(&self) -> usize {
        self.sentinels.len() / 2 + 1
    }
}
