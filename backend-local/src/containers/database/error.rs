//! [`DatabaseError`]: what a cluster of databases can't do, and what to do about it.

use super::{gtid::GtidError, sql::SqlError};
use crate::containers::{docker::DockerError, endpoint::EndpointError};

/// Why a cluster does not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// A cluster is of nodes.
    #[error("the cluster {cluster} has no node: give it one at least")]
    NoNodes {
        /// The cluster.
        cluster: String,
    },
    /// Two nodes can't be told apart.
    #[error("the nodes {one} and {other} of {cluster} have the same id or address: change one")]
    Twins {
        /// The cluster.
        cluster: String,
        /// One node.
        one: String,
        /// The other.
        other: String,
    },
    /// MySQL has no such parameter, or not under this name.
    #[error("`{name}` is no parameter of MySQL that can be set: {fix}")]
    UnknownParameter {
        /// Its name.
        name: String,
        /// What to do.
        fix: String,
    },
    /// The value of a parameter can't be used.
    #[error("`{value}` can't be the value of the parameter `{name}`: {fix}")]
    Value {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// What to do.
        fix: &'static str,
    },
    /// The name of the user is taken, or none.
    #[error(
        "`{user}` can't be the user of a database: choose a name of 1 to 32 letters that is not MySQL's own"
    )]
    NoUser {
        /// The name.
        user: String,
    },
    /// A name would leave its quotes or folder.
    #[error("`{id}` can't be the id of a snapshot: it is of letters, digits and `-`")]
    SnapshotName {
        /// The name.
        id: String,
    },
    /// Docker refuses.
    #[error(transparent)]
    Docker(#[from] DockerError),
    /// An endpoint does not do what it was told.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// MySQL refuses.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// MySQL says which transactions it has in a way that is not understood.
    #[error(transparent)]
    Gtid(#[from] GtidError),
    /// A node does not start.
    #[error("the node {node} does not start: {said}")]
    NoStart {
        /// The node.
        node: String,
        /// What it said last.
        said: String,
    },
    /// Nobody can take the writer's place.
    #[error("{node} can't become the writer of {cluster}: {reason}")]
    NoSwitch {
        /// The cluster.
        cluster: String,
        /// The node.
        node: String,
        /// Why not.
        reason: String,
    },
    /// There is no writer now.
    #[error("the cluster {cluster} has no writer now: wait until it is ready")]
    NoWriter {
        /// The cluster.
        cluster: String,
    },
    /// Something took too long.
    #[error("{what} took more than {seconds} s")]
    TooLong {
        /// What.
        what: String,
        /// How long it may take.
        seconds: u64,
    },
    /// There is one of that name already.
    #[error("there is a snapshot {id} already: delete it, or choose another name")]
    SnapshotThere {
        /// Its id.
        id: String,
    },
    /// There is none.
    #[error("there is no snapshot {id}: look at the list of snapshots")]
    NoSnapshot {
        /// Its id.
        id: String,
    },
    /// What was put away does not reach that moment.
    #[error("{cluster} can't be restored to {wanted} (ms since 1970): {reason}")]
    OutOfReach {
        /// The cluster whose data are wanted.
        cluster: String,
        /// The moment.
        wanted: u64,
        /// Why not.
        reason: String,
    },
    /// What was written is not put away.
    #[error("what was written could not be put away: {reason}")]
    NotPutAway {
        /// Why not.
        reason: String,
    },
    /// What was put away can't be read.
    #[error("the binary log {file} can't be read: {reason}")]
    Binlog {
        /// The file.
        file: String,
        /// Why not.
        reason: String,
    },
    /// Data are where a restore would put others.
    #[error("the volume {volume} has data already: restore to a cluster with another id")]
    NotEmpty {
        /// The volume.
        volume: String,
    },
    /// The manager has ended.
    #[error("the manager of {cluster} has ended: start it again")]
    Ended {
        /// The cluster.
        cluster: String,
    },
}
