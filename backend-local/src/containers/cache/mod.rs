//! What an ElastiCache replication group of Redis is: a primary, replicas, sentinels, and the endpoints
//! that lead to them.
//!
//! | module | is |
//! |---|---|
//! | `spec` | [`CacheSpec`]: what is wanted |
//! | `parameters` | the parameters of a parameter group that there are |
//! | `settings` | the files that Redis and Sentinel read; no I/O |
//! | `look` | what a node says of itself |
//! | `decide` | what has to be done for there to be one primary; no I/O |
//! | `link` | connections to nodes and sentinels |
//! | `node` | the containers |
//! | `live` | settings and users of nodes that run |
//! | `group` | one round: look, decide, do |
//! | `manager` | [`Cache`]: rounds for ever, and what can be asked for |
//! | `snapshot` | dumps on volumes, and back |
//! | `status` | how it is, and what happened |
//!
//! The agent says who is the primary, and tells the sentinels. It sees at once that a container has ended,
//! and knows at that moment which replica has most; they go by what replicas told them up to ten seconds
//! ago, and stand in where no agent looks after the group. One of them that could not be told is ended,
//! since it would bring the others to what it knew. The agent lets go of a primary in one order alone:
//! **invariant:** the endpoint leads to a new primary only when the old one can't take
//! writes, because its container has ended (the agent kills it) or it has become a replica.
//!
//! **Invariant:** a container of a node starts as a replica, unless there is nobody to be a replica of. So
//! whoever comes back has nothing to say, and its old data goes.

mod decide;
mod error;
mod group;
mod link;
mod live;
mod look;
mod manager;
mod node;
mod parameters;
mod settings;
mod snapshot;
mod spec;
mod status;

pub use error::CacheError;
pub use manager::Cache;
pub use snapshot::{Snapshot, remove_snapshot, snapshots};
pub use spec::{Auth, CacheSpec, Place, Timing, Tls, User};
pub use status::{Event, State, Status};
