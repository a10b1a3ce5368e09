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
    state::store::{MemoryStore, StateStore},
};
use infra_tests::{
    stores::{WatchWrites, Watched},
    world::program,
};

/// Looks into the account's file at every batch of the journal.
struct Watching {
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
impl WatchWrites for Watching {
    async fn append(&self, batch: &[u8]) {
        self.look(batch);
    }
}

#[tokio::test]
async fn the_account_has_what_the_journal_mentions() {
    let folder = tempfile::tempdir().unwrap();
    let account = folder.path().join("account");
    let options = SimOptions { account: Some(account.clone()), ..SimOptions::default() };
    let watch = Watching { account, seen: AtomicUsize::new(0) };
    let store = Arc::new(Watched { inner: MemoryStore::new(), watch });
    let program = program(|stack| {
        for number in 0..20 {
            FileSystem::named(format!("files{number}")).create(stack);
        }
    });
    let sim = Arc::new(Sim::open(options).unwrap());
    let engine = Engine::new(sim, Arc::clone(&store) as Arc<dyn StateStore>);
    let outcome = engine.up(&program, &UpOptions::default()).await.unwrap();
    assert!(outcome.is_success());
    assert_eq!(store.watch.seen.load(Ordering::Relaxed), 20);
}
