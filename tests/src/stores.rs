//! [`Watched`]: a store, in memory if nothing else is said, with somebody who sees each write before it arrives.

use infra_core::state::store::{
    Holder, Lease, Loaded, MemoryStore, StateStore, StoreError, WriteCheckpoint,
};

/// Sees each write of an engine before it reaches the store.
#[async_trait::async_trait]
pub trait WatchWrites: Send + Sync {
    /// A batch of the journal is about to be appended.
    async fn append(&self, batch: &[u8]);

    /// A checkpoint is about to be written.
    async fn checkpoint(&self) {}

    /// Whether the lease is good for calls.
    fn may_call(&self) -> bool {
        true
    }

    /// The lease is to be made good again. Whether it can be; nobody took over then.
    fn hold(&self) -> bool {
        self.may_call()
    }
}

/// A store whose writes somebody sees.
#[derive(Debug)]
pub struct Watched<W, S = MemoryStore> {
    /// The store.
    pub inner: S,
    /// Who sees them.
    pub watch: W,
}

#[async_trait::async_trait]
impl<W: WatchWrites, S: StateStore> StateStore for Watched<W, S> {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.inner.load().await
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        self.inner.acquire(holder).await
    }

    fn may_call(&self, lease: &Lease) -> bool {
        self.watch.may_call() && self.inner.may_call(lease)
    }

    async fn hold(&self, lease: &Lease) -> Result<(), StoreError> {
        if self.watch.hold() { self.inner.hold(lease).await } else { Err(StoreError::Fenced) }
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        self.watch.append(&batch).await;
        self.inner.append(lease, sequence, batch).await
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
        self.watch.checkpoint().await;
        self.inner.checkpoint(lease, serial, write).await
    }

    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        self.inner.truncate(lease, bytes).await
    }

    async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        self.inner.release(lease).await
    }

    async fn break_lease(&self) -> Result<Option<Holder>, StoreError> {
        self.inner.break_lease().await
    }

    async fn history(&self) -> Result<Vec<String>, StoreError> {
        self.inner.history().await
    }
}
