//! Where state is kept.
//!
//! [`StateStore`] is the contract; [`MemoryStore`] and [`LocalStore`] keep it here, backends bring
//! further ones. A store keeps bytes: what they mean is the matter of
//! [`format`](super::format). All stores pass the same conformance tests.

mod local;
mod memory;

pub use local::LocalStore;
pub use memory::MemoryStore;

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

/// Why a store could not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else is at work on the same stack.
    #[error("the stack is locked by {holder}")]
    Held {
        /// Who.
        holder: Holder,
    },
    /// This run lost its lease: somebody took over. Nothing was written.
    #[error("another run took over this stack")]
    Fenced,
    /// The lease of this run ran out, and could not be made good again.
    #[error("this run's hold on the stack ran out")]
    Expired,
    /// A file failed.
    #[error("`{place}` can't be {what}")]
    Io {
        /// Which file or object.
        place: String,
        /// What was to be done with it.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// A service that keeps state refused, or failed for too long.
    #[error("`{place}` can't be {what}")]
    Service {
        /// Which object.
        place: String,
        /// What was to be done with it.
        what: &'static str,
        /// What to do about it.
        help: Option<String>,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Who holds a lease.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The user, the machine, the command: whatever helps to find the person.
    pub who: String,
    /// Since when, in seconds since 1970.
    pub since: u64,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.who.is_empty() {
            return f.write_str("another run");
        }
        f.write_str(&self.who)
    }
}

/// The right to write, from [`StateStore::acquire`]. The epoch tells it from earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Rises with every lease.
    pub epoch: u64,
}

/// A piece of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands, for messages: a file's path, an object's key.
    pub place: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a store holds.
pub struct Loaded {
    /// The last checkpoint, and where it stands.
    pub checkpoint: Option<(String, Box<dyn BufRead + Send>)>,
    /// The journal since, in order.
    pub journal: Vec<Segment>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let checkpoint = self.checkpoint.as_ref().map(|(place, _)| place);
        f.debug_struct("Loaded")
            .field("checkpoint", &checkpoint)
            .field("segments", &self.journal.len())
            .finish()
    }
}

/// Writes a checkpoint's bytes.
pub type WriteCheckpoint<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + Send + 'a;

/// Keeps the state of one stack.
///
/// **Contract.** At most one lease is good at a time. [`append`](Self::append) and
/// [`checkpoint`](Self::checkpoint) of a lease that is no longer good change nothing and say
/// [`StoreError::Fenced`]. What `append` was given is durable when it returns. A crash during
/// `append` may leave any prefix of the batch; a crash during `checkpoint` leaves the old
/// checkpoint with its journal or the new one with an empty journal, nothing between.
///
/// A lease may end by itself, where nobody is told that its holder died. Then the store knows how
/// long a call to the cloud can take, gives the stack to nobody else before the calls of the old
/// holder have come to their end, and says by [`may_call`](Self::may_call) until when it may begin
/// any.
#[async_trait::async_trait]
pub trait StateStore: Send + Sync {
    /// What is there. Needs no lease.
    ///
    /// # Errors
    /// If it can't be read.
    async fn load(&self) -> Result<Loaded, StoreError>;

    /// Takes the lease.
    ///
    /// # Errors
    /// If somebody else holds it, or the place can't be written.
    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError>;

    /// Whether a call to the cloud that changes something may begin now under the lease: whatever
    /// it does is over before anybody can take the stack over. Asked before every such call, so it
    /// waits for nothing. Always, where a lease ends with the process of its holder.
    fn may_call(&self, lease: &Lease) -> bool {
        let _ = lease;
        true
    }

    /// Makes the lease good again for calls, if nobody took over: what a process does that was
    /// frozen, or could not renew its lease in time.
    ///
    /// # Errors
    /// If somebody took over, or that can't be found out.
    async fn hold(&self, lease: &Lease) -> Result<(), StoreError> {
        let _ = lease;
        Ok(())
    }

    /// Adds a batch to the journal, create-if-absent under (epoch, sequence number).
    ///
    /// # Errors
    /// If the lease is no longer good, or writing fails.
    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError>;

    /// Replaces the checkpoint and empties the journal.
    ///
    /// # Errors
    /// If the lease is no longer good, or writing fails.
    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError>;

    /// Cuts the journal to this many bytes: the torn end of a crash.
    ///
    /// # Errors
    /// If the lease is no longer good, or writing fails.
    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError>;

    /// Gives the lease back.
    ///
    /// # Errors
    /// If writing fails.
    async fn release(&self, lease: Lease) -> Result<(), StoreError>;

    /// Takes the lease away from whoever holds it, for `state unlock`. Says who it was.
    ///
    /// # Errors
    /// If writing fails, or the holder is alive and can't be put out.
    async fn break_lease(&self) -> Result<Option<Holder>, StoreError>;

    /// Earlier checkpoints that are still kept: where they stand, the newest first.
    ///
    /// # Errors
    /// If they can't be listed.
    async fn history(&self) -> Result<Vec<String>, StoreError>;
}
