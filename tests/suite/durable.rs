//! What the journal mentions stands in the account's file before it does.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    aws::efs::FileSystem,
    engine::{Engine, UpOptions},
    state::store::{Holder, Lease, Loaded, MemoryStore, StateStore, StoreError, WriteCheckpoint},
};
use infra_tests::world::program;

/// A store that looks into the account's file at every batch of the journal.
struct Watching {
    inner: MemoryStore,
    account: PathBuf,
    /// How many ids were looked for.
    seen: AtomicUsize,
}

impl Watching {
    fn look(&self, batch: &[u8]) {
        let account = std::fs::read_to_string(&self.account).unwrap();
        for line in std::str::from_utf8(batch).unwrap().lines() {
            let (_, entry) = line.split_once(' ').unwrap();
            let entry: serde_json::Value = serde_json::from_str(entry).unwrap();
            if entry["op"] != "allocated" {
                continue;
            }
            let record = format!("\"id\":{}", entry["id"]);
            assert!(account.contains(&record), "{record} is mentioned before it is written");
            self.seen.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[async_trait::async_trait]
impl StateStore for Watching {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.inner.load().await
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        self.inner.acquire(holder).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        self.look(&batch);
        self.inner.append(lease, sequence, batch).await
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
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

#[tokio::test]
async fn the_account_has_what_the_journal_mentions() {
    let folder = tempfile::tempdir().unwrap();
    let account = folder.path().join("account");
    let options = SimOptions { account: Some(account.clone()), ..SimOptions::default() };
    let store =
        Arc::new(Watching { inner: MemoryStore::new(), account, seen: AtomicUsize::new(0) });
    let program = program(|stack| {
        for number in 0..20 {
            FileSystem::named(format!("files{number}")).create(stack);
        }
    });
    let sim = Arc::new(Sim::open(options).unwrap());
    let engine = Engine::new(sim, Arc::clone(&store) as Arc<dyn StateStore>);
    let outcome = engine.up(&program, &UpOptions::default()).await.unwrap();
    assert!(outcome.is_success());
    assert_eq!(store.seen.load(Ordering::Relaxed), 20);
}
