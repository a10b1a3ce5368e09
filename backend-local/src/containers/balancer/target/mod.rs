//! Targets: who is well, who is next, and the connections to them.
//!
//! | type | is |
//! |---|---|
//! | [`Group`] | targets by name of the group, as they are wanted and as they are |
//! | [`Roster`] | those that may be asked now; replaced whenever somebody's health changes |
//! | [`Target`] | one of them |
//! | `Health` | what is known of one; a fold over what its checks found |

mod check;
mod group;
mod health;
mod pool;
mod roster;
mod status;
mod tasks;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::sync::Notify;

pub use self::status::{BalancerStatus, GroupStatus, Reason, TargetState, TargetStatus};
pub(super) use self::{
    group::{Group, Surroundings},
    pool::{Connection, Failure, Pool},
    roster::Roster,
    tasks::Tasks,
};

/// How often a target may refuse a connection before it is out at once.
const REFUSALS: u32 = 2;

/// A target of a group.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) address: SocketAddr,
    /// What the cookie says.
    pub(super) token: String,
    pub(super) pool: Pool,
    /// Requests that are not answered yet.
    outstanding: AtomicUsize,
    /// Refused connections since the last that was not.
    refusals: AtomicU32,
    /// When its slow start began, in the clock's milliseconds; 0: it has its full share.
    slow_since: AtomicU64,
    /// What it saved up of its share, in thousandths of a request.
    saved: AtomicU32,
    /// Its health is to be looked at now.
    suspect: Notify,
    /// Its connections.
    pub(super) tasks: Tasks,
}

impl Target {
    fn new(group: &str, address: SocketAddr, workers: usize) -> Arc<Self> {
        Arc::new(Self {
            address,
            token: super::cookie::token(&["target", group, &address.to_string()]),
            pool: Pool::new(workers),
            outstanding: AtomicUsize::new(0),
            refusals: AtomicU32::new(0),
            slow_since: AtomicU64::new(0),
            saved: AtomicU32::new(0),
            suspect: Notify::new(),
            tasks: Tasks::new(),
        })
    }

    pub(super) fn outstanding(&self) -> usize {
        self.outstanding.load(Relaxed)
    }

    /// Nobody speaks with it any more.
    fn end(&self) {
        self.tasks.end();
        self.pool.clear();
    }
}

/// A request that a target has not answered yet.
#[derive(Debug)]
pub(super) struct Outstanding(Arc<Target>);

impl Outstanding {
    pub(super) fn at(target: &Arc<Target>) -> Self {
        target.outstanding.fetch_add(1, Relaxed);
        Self(Arc::clone(target))
    }

    pub(super) fn target(&self) -> &Arc<Target> {
        &self.0
    }
}

impl Drop for Outstanding {
    fn drop(&mut self) {
        self.0.outstanding.fetch_sub(1, Relaxed);
    }
}
