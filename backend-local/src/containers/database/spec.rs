//! [`ClusterSpec`]: what a cluster of databases is to be.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddrV4},
    time::Duration,
};

use infra_core::Secret;

use super::{DatabaseError, parameters};
use crate::containers::docker::Owner;

/// The kind that containers and volumes of clusters are labelled with.
pub const KIND: &str = "rds";
/// Where MySQL listens, on nodes and endpoints.
pub const PORT: u16 = 3306;

/// A cluster: one node that is written, others that follow it, and two addresses that lead to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSpec {
    /// Whose it is.
    pub account: String,
    /// Its id, unique in the account.
    pub id: String,
    /// The image of its nodes: MySQL 8.4 or newer.
    pub image: String,
    /// Its nodes. The first one gets what is [restored](super::Database::restore).
    pub nodes: Vec<NodeSpec>,
    /// The address that leads to the writer.
    pub writer: EndpointSpec,
    /// The address that leads to a reader, or to the writer if there is none.
    pub reader: EndpointSpec,
    /// A database that is made if it is not there.
    pub database: Option<String>,
    /// The name of the user whom applications log in as. It may do everything that touches no server.
    pub user: String,
    /// The password of that user.
    pub password: Secret<String>,
    /// The password of the agent itself, which nobody else knows.
    pub admin_password: Secret<String>,
    /// The password that nodes follow each other with.
    pub replication_password: Secret<String>,
    /// What differs from the defaults: a parameter group's names and values.
    pub parameters: BTreeMap<String, String>,
    /// Whom the nodes say they are.
    pub tls: Tls,
    /// Whether connections without TLS are refused. The parameter of the same name goes before it.
    pub require_secure_transport: bool,
    /// How large it is.
    pub sizes: Sizes,
    /// What is kept for the restore to a point in time; `None` if nothing is.
    pub backup: Option<BackupSpec>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSpec {
    /// Its id, unique in the cluster.
    pub id: String,
    /// The zone that it is in: said in the status.
    pub zone: String,
    /// The container whose network it shares.
    pub interface: String,
    /// The address of that container.
    pub address: Ipv4Addr,
    /// Who becomes the writer: the lowest one among those who have everything.
    pub tier: u8,
}

impl NodeSpec {
    /// Where it listens.
    #[must_use]
    pub fn socket(&self) -> SocketAddrV4 {
        SocketAddrV4::new(self.address, PORT)
    }
}

/// An address that leads to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointSpec {
    /// The container whose network it shares.
    pub interface: String,
    /// The address of that container.
    pub address: Ipv4Addr,
    /// Its port.
    pub port: u16,
}

/// A certificate, as PEM. Its names are those of the endpoints, and the address of the writer's is
/// among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate, and what leads to the authority.
    pub certificate: String,
    /// Its key.
    pub key: Secret<String>,
    /// The certificate of the authority.
    pub authority: String,
}

/// How large a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// How many bytes of data each node keeps in memory.
    pub buffer_pool: u64,
    /// How much memory each node may have in all, in bytes.
    pub memory: Option<i64>,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { buffer_pool: 128 << 20, memory: None }
    }
}

/// What is kept for the restore to a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupSpec {
    /// How often what was written is put away: so much can be lost with all nodes.
    pub every: Duration,
    /// How often all data are copied: so much has to be replayed at most.
    pub whole_every: Duration,
    /// How long it is kept.
    pub retention: Duration,
}

impl Default for BackupSpec {
    fn default() -> Self {
        let day = Duration::from_secs(24 * 3600);
        Self { every: Duration::from_secs(60), whole_every: day, retention: 7 * day }
    }
}

impl ClusterSpec {
    /// Whose a part of it is.
    pub(super) fn owner(&self, part: String) -> Owner {
        Owner { account: self.account.clone(), kind: KIND.to_owned(), id: self.id.clone(), part }
    }

    /// Whose a node's container is.
    pub(super) fn node_owner(&self, node: &str) -> Owner {
        self.owner(format!("node-{node}"))
    }

    /// Whose the volume of a node's data is.
    pub(super) fn data_owner(&self, node: &str) -> Owner {
        self.owner(format!("data-{node}"))
    }

    /// Whose the volume of what is put away is.
    pub(super) fn backup_owner(&self) -> Owner {
        self.owner("backup".to_owned())
    }

    /// Whose the volume is that says, by being there, that the cluster has the data it is restored with.
    pub(super) fn restored_owner(&self) -> Owner {
        self.owner("restored".to_owned())
    }

    /// The node at an address.
    pub(super) fn at(&self, target: SocketAddrV4) -> Option<&NodeSpec> {
        self.nodes.iter().find(|node| node.socket() == target)
    }

    /// The node of an id.
    pub(super) fn node(&self, id: &str) -> Option<&NodeSpec> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Says what can't be so.
    ///
    /// # Errors
    /// If there is no node, two are one, or a parameter is not known.
    pub fn check(&self) -> Result<(), DatabaseError> {
        if self.nodes.is_empty() {
            return Err(DatabaseError::NoNodes { cluster: self.id.clone() });
        }
        for (index, node) in self.nodes.iter().enumerate() {
            let twin = |other: &&NodeSpec| other.id == node.id || other.address == node.address;
            if let Some(other) = self.nodes[..index].iter().find(twin) {
                let (one, other) = (other.id.clone(), node.id.clone());
                return Err(DatabaseError::Twins { cluster: self.id.clone(), one, other });
            }
        }
        let user = self.user.as_str();
        if user.is_empty() || user.len() > 32 || super::accounts::RESERVED.contains(&user) {
            return Err(DatabaseError::NoUser { user: self.user.clone() });
        }
        parameters::check(&self.parameters)
    }
}
