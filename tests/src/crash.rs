//! Killing the engine at a chosen moment.
//!
//! A [`Bomb`] counts every moment at which a process could die: before and after each call of the
//! account, before, in the middle of and after each write of the store. At the chosen one, nothing
//! that the engine does from then on has any effect, and the future that drives it is dropped.

use std::{
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use backend_local::sim::{Hook, Point};
use infra_core::{
    handler::Cancel,
    state::store::{Holder, Lease, Loaded, MemoryStore, StateStore, StoreError, WriteCheckpoint},
};
use tokio::sync::Notify;

/// Counts the moments at which a process could die, and lets it die at one of them, or be asked to
/// stop.
#[derive(Debug, Default)]
pub struct Bomb {
    count: AtomicU64,
    at: AtomicU64,
    dead: AtomicBool,
    died: Notify,
    stop: Mutex<Option<(u64, Cancel)>>,
}

impl Bomb {
    /// Lets the process die at the moment of this number, from 1, counted from now; never for 0.
    ///
    /// # Panics
    /// If a test that used it panicked.
    pub fn arm(&self, at: u64) {
        self.count.store(0, Ordering::SeqCst);
        self.at.store(at, Ordering::SeqCst);
        self.dead.store(false, Ordering::SeqCst);
        *self.stop.lock().unwrap() = None;
    }

    /// Asks a run to stop at the moment of this number.
    ///
    /// # Panics
    /// If a test that used it panicked.
    pub fn stop_at(&self, at: u64, cancel: Cancel) {
        *self.stop.lock().unwrap() = Some((at, cancel));
    }

    /// How many moments there were since the bomb was armed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// A moment has come. Whether the process is dead.
    ///
    /// # Panics
    /// If a test that used it panicked.
    pub fn moment(&self) -> bool {
        if self.dead.load(Ordering::SeqCst) {
            return true;
        }
        let now = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some((at, cancel)) = &*self.stop.lock().unwrap()
            && *at == now
        {
            cancel.cancel();
        }
        if now == self.at.load(Ordering::SeqCst) {
            self.die();
            return true;
        }
        false
    }

    /// Lets the process die now.
    pub fn die(&self) {
        self.dead.store(true, Ordering::SeqCst);
        self.died.notify_waiters();
        self.died.notify_one();
    }

    /// Whether the process is dead.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Drives a future until it ends (`Some`) or the process dies (`None`).
    pub async fn drive<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.wait() => None,
        }
    }

    async fn wait(&self) {
        while !self.dead.load(Ordering::SeqCst) {
            self.died.notified().await;
        }
    }

    async fn pass(&self) {
        if self.moment() {
            std::future::pending::<()>().await;
        }
    }
}

impl Hook for Bomb {
    fn dies(&self, _: Point, _: &'static str, _: &'static str) -> bool {
        self.moment()
    }
}

/// A store in memory whose writes are moments at which a process could die.
#[derive(Debug)]
pub struct BombStore {
    /// What survives.
    pub inner: MemoryStore,
    /// When to die.
    pub bomb: Arc<Bomb>,
}

#[async_trait::async_trait]
impl StateStore for BombStore {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.inner.load().await
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        self.inner.acquire(holder).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        self.bomb.pass().await;
        // A real store takes its time, and others go on meanwhile.
        tokio::task::yield_now().await;
        if self.bomb.moment() {
            // Half of the batch has arrived.
            let half = batch[..batch.len() / 2].to_vec();
            self.inner.append(lease, sequence, half).await?;
            std::future::pending::<()>().await;
        }
        self.inner.append(lease, sequence, batch).await?;
        self.bomb.pass().await;
        Ok(())
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
        self.bomb.pass().await;
        let mut bytes = vec![];
        write(&mut bytes).map_err(|source| StoreError::Io {
            place: "memory".to_owned(),
            what: "written",
            source,
        })?;
        if self.bomb.moment() {
            // The new checkpoint stands, and the journal that it took over was not emptied.
            let journal = self.inner.journal();
            self.inner
                .checkpoint(lease, serial, &mut |out: &mut dyn Write| out.write_all(&bytes))
                .await?;
            self.inner.set_journal(journal);
            std::future::pending::<()>().await;
        }
        let copy = &mut |out: &mut dyn Write| out.write_all(&bytes);
        self.inner.checkpoint(lease, serial, copy).await?;
        self.bomb.pass().await;
        Ok(())
    }

    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        self.bomb.pass().await;
        self.inner.truncate(lease, bytes).await?;
        self.bomb.pass().await;
        Ok(())
    }

    async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        self.bomb.pass().await;
        self.inner.release(lease).await
    }

    async fn break_lease(&self) -> Result<Option<Holder>, StoreError> {
        self.inner.break_lease().await
    }

    async fn history(&self) -> Result<Vec<String>, StoreError> {
        self.inner.history().await
    }
}
