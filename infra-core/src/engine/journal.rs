//! [`Journal`]: what happens to state, on its way to the store.

use std::sync::Arc;

use super::{EngineError, leased::Leave};
use crate::{
    handler::Backend,
    mutants::{Mutant, Mutants},
    state::{
        Change, State,
        format::{encode_entry, encode_header},
        store::{Lease, StateStore, StoreError},
    },
};

/// What happens to state, on its way to the store. Entries are collected and written together: as
/// soon as nobody has anything else to do, or a batch is full.
pub(super) struct Journal {
    store: Arc<dyn StateStore>,
    backend: Arc<dyn Backend>,
    /// `None`: nothing is written (a preview).
    lease: Option<Lease>,
    base: u64,
    sequence: u64,
    pending: Vec<u8>,
    /// How many entries there were, and how many of them are durable.
    entries: u64,
    durable: u64,
    /// Bytes written since the last checkpoint.
    written: u64,
    headed: bool,
    mutants: Mutants,
}

/// How many bytes make a batch that does not wait for more: making a batch durable takes the disk
/// about as long as the engine takes for a thousand entries.
const BATCH: usize = 256 << 10;

/// Ends when a batch is durable.
pub(super) type Append = futures_util::future::BoxFuture<'static, Result<u64, EngineError>>;

impl Journal {
    pub(super) fn new(
        store: Arc<dyn StateStore>,
        backend: Arc<dyn Backend>,
        lease: Option<Lease>,
        base: u64,
        mutants: Mutants,
    ) -> Self {
        Self {
            store,
            backend,
            lease,
            base,
            sequence: 0,
            pending: vec![],
            entries: 0,
            durable: 0,
            written: 0,
            headed: false,
            mutants,
        }
    }

    pub(super) fn lease(&self) -> Option<&Lease> {
        self.lease.as_ref()
    }

    /// The lease under which calls are made that change something.
    pub(super) fn leave(&self) -> Option<Leave> {
        if self.mutants.on(Mutant::CallsUnbounded) {
            return None;
        }
        let lease = self.lease.clone()?;
        Some(Leave { store: Arc::clone(&self.store), lease })
    }

    /// Adds an entry and lets it happen. Returns its number, to be waited for.
    pub(super) fn record(&mut self, state: &mut State, change: Change) -> Result<u64, EngineError> {
        if let Some(lease) = &self.lease {
            if !self.headed {
                encode_header(self.base, lease.epoch, &mut self.pending);
                self.headed = true;
            }
            encode_entry(state, &change, &mut self.pending)?;
        }
        state.apply(change)?;
        self.entries += 1;
        if self.lease.is_none() {
            self.durable = self.entries;
        }
        Ok(self.entries)
    }

    /// The number of the last entry.
    pub(super) fn last_entry(&self) -> u64 {
        self.entries
    }

    pub(super) fn is_durable(&self, entry: u64) -> bool {
        entry <= self.durable
    }

    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether so much is pending that it is not to wait for more.
    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= BATCH
    }

    /// Whether anything was recorded at all.
    pub(super) fn is_used(&self) -> bool {
        self.entries > 0
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Starts writing what is pending. Only one batch at a time.
    pub(super) fn append(&mut self) -> Append {
        let batch = std::mem::take(&mut self.pending);
        self.pending.reserve(batch.len());
        self.written += batch.len() as u64;
        let (store, backend, lease) =
            (Arc::clone(&self.store), Arc::clone(&self.backend), self.lease.clone());
        let (sequence, entries) = (self.sequence, self.entries);
        self.sequence += 1;
        let mutants = self.mutants;
        Box::pin(async move {
            // What the journal is about to mention must not be undone by a power failure.
            if !mutants.on(Mutant::AccountNotSynced) {
                backend.sync().await?;
            }
            let Some(lease) = lease else { return Ok(entries) };
            let again = mutants.on(Mutant::Unfenced).then(|| batch.clone());
            match (store.append(&lease, sequence, batch).await, again) {
                (Err(StoreError::Fenced), Some(batch)) => take_back(&*store, batch).await?,
                (appended, _) => appended?,
            }
            Ok(entries)
        })
    }

    /// A batch is durable.
    pub(super) fn appended(&mut self, entries: u64) {
        self.durable = self.durable.max(entries);
    }

    /// Writes what is pending and waits for it.
    pub(super) async fn flush(&mut self) -> Result<(), EngineError> {
        if self.has_pending() {
            let entries = self.append().await?;
            self.appended(entries);
        }
        Ok(())
    }

    /// A checkpoint has taken over what was written.
    pub(super) fn rebase(&mut self, base: u64) {
        self.base = base;
        self.written = 0;
        self.headed = false;
    }
}

/// The planted bug: a run that lost its lease takes it back and goes on.
async fn take_back(store: &dyn StateStore, batch: Vec<u8>) -> Result<(), StoreError> {
    let holder = store.break_lease().await?.unwrap_or_default();
    let lease = store.acquire(holder).await?;
    store.append(&lease, 0, batch).await
}
