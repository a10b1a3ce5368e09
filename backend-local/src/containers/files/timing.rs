//! [`Timing`]: how long is waited, for all kinds of files.

use std::time::Duration;

/// How long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long between two looks at the servers.
    pub look: Duration,
    /// How long between two thorough looks, while all is well and no server was started since: at what
    /// each server has, and what clients of the volume see. Other looks are at the containers alone.
    pub thorough: Duration,
    /// How long a server may hang before it is killed and started again.
    pub hung: Duration,
    /// How long a command of GlusterFS may take that asks one server alone.
    pub ask: Duration,
    /// How long one may take that asks all of them, some of which may hang.
    pub ask_all: Duration,
    /// How long one may take that moves files.
    pub work: Duration,
    /// How long servers may take to find each other.
    pub together: Duration,
    /// How long files may wait to be brought up to date, with all servers there, before the servers
    /// are told to.
    pub heal: Duration,
    /// How long a mount may take.
    pub mount: Duration,
    /// How long a look at a mount may take.
    pub touch: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(1),
            thorough: Duration::from_secs(6),
            // A server that is only slow answers within its clients' patience (network.ping-timeout).
            hung: Duration::from_secs(30),
            ask: Duration::from_secs(5),
            ask_all: Duration::from_secs(20),
            work: Duration::from_secs(180),
            together: Duration::from_secs(60),
            heal: Duration::from_secs(5),
            mount: Duration::from_secs(30),
            // Longer than one server that hangs holds an operation up.
            touch: Duration::from_secs(15),
        }
    }
}
