//! MySQL with replicas: what RDS is. One node is written and others follow it; a fixed address leads to
//! the writer, another one to a reader.
//!
//! | module | is |
//! |---|---|
//! | [`ClusterSpec`] (`spec`), [`Timing`] | what is wanted, and how long things may take |
//! | [`Database`] (`manager`), [`Handle`] | a cluster in the hands of the agent; what others may ask of it |
//! | [`ClusterStatus`] (`status`) | how it is |
//! | `keeper`, `guard`, `mend`, `tended` | the task that watches and mends: its loop, the writer, the others, a node |
//! | `decide` | its decisions, without any doing |
//! | `look`, `gtid` | what a node says of itself; sets of transactions |
//! | `node`, `options`, `accounts`, `parameters` | a node's container, its settings, who logs in |
//! | `follow` | how a node follows the writer, and takes its place |
//! | `backup`, `snapshot` | what is kept of the data, while the cluster serves |
//! | `restore`, `replay`, `binlog` | a new cluster from that |
//! | `sql`, `helper` | MySQL's client, with patience; a container that reads and writes volumes |
//!
//! **Invariant**: at most one node takes writes. Every node starts closed (`super_read_only`), and none is
//! opened before the one that was the writer is dead (killed, and seen to be) or closed.
//!
//! **Invariant**: no row that was acknowledged is lost while one node that has it lives. Commits wait for
//! a replica; while they do not, a dead writer is waited for before a replica takes its place; among
//! replicas, whoever lacks a transaction that another one has is none to choose.

mod accounts;
mod backup;
mod binlog;
mod decide;
mod error;
mod follow;
mod gtid;
mod guard;
mod handle;
mod helper;
mod keeper;
mod look;
mod manager;
mod mend;
mod node;
mod options;
mod parameters;
mod replay;
mod restore;
mod snapshot;
mod spec;
mod sql;
mod status;
mod tended;
mod timing;

pub use error::DatabaseError;
pub use gtid::{GtidError, GtidSet};
pub use handle::Handle;
pub use manager::Database;
pub use parameters::{Applies, applies};
pub use snapshot::{SNAPSHOT_KIND, SnapshotInfo, delete_snapshot, snapshots};
pub use spec::{BackupSpec, ClusterSpec, EndpointSpec, KIND, NodeSpec, PORT, Sizes, Tls};
pub use sql::SqlError;
pub use status::{ClusterStatus, Event, Level, NodeStatus, Role};
pub use timing::Timing;
