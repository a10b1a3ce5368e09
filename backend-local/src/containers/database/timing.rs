//! [`Timing`]: how long things may take.

use std::time::Duration;

/// How often the manager looks, and how long it waits. The defaults are those of the product; tests
/// have shorter ones.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How often each node is looked at.
    pub look_every: Duration,
    /// How long a node may take to answer that.
    pub look_patience: Duration,
    /// After so many looks without an answer a node that runs is dead. One that does not run is at
    /// once.
    pub misses: u32,
    /// How long a commit of the writer waits for a replica before it goes on without.
    pub replica_patience: Duration,
    /// How long a replica may take to apply what it has received, before it becomes the writer.
    pub apply_patience: Duration,
    /// How long a writer that is alone in having all rows may take to come back, before a replica
    /// that lacks some takes its place.
    pub return_patience: Duration,
    /// How long nodes are waited for when none is the writer.
    pub election_patience: Duration,
    /// How long a node may take to start.
    pub start_patience: Duration,
    /// How long a statement of the manager may take.
    pub statement_patience: Duration,
    /// How long a copy of all data may take.
    pub copy_patience: Duration,
    /// How long a node may take to stop when it is told to.
    pub stop_grace: Duration,
    /// How long a node is left alone after something failed with it.
    pub retry_after: Duration,
    /// A replica that is further behind is no reader.
    pub lag_limit: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            look_every: Duration::from_millis(500),
            look_patience: Duration::from_millis(900),
            misses: 3,
            replica_patience: seconds(2),
            apply_patience: seconds(30),
            return_patience: seconds(30),
            election_patience: seconds(60),
            start_patience: seconds(180),
            statement_patience: seconds(10),
            copy_patience: seconds(3600),
            stop_grace: seconds(30),
            retry_after: seconds(2),
            lag_limit: seconds(10),
        }
    }
}
