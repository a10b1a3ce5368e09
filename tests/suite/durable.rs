//! What the journal mentions stands in the account's file before it does.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use backend_local::sim::{Hook, Sim, SimOptions, View};
use infra_core::{
    aws::{
        backup,
        efs::FileSystem,
        iam::{PolicyDocument, Role},
    },
    engine::{Engine, UpOptions},
    state::store::{MemoryStore, StateStore},
};
use infra_tests::{
    crash::Bomb,
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

/// The engine and the account are killed together at each call, and a new process has both again: also
/// of what has no tags there is one.
#[tokio::test]
async fn what_has_no_tags_is_found_again_by_a_new_process() {
    let program = program(|stack| {
        let vault = backup::Vault::named("campus").create(stack);
        let rule = backup::BackupRule::new("nightly", vault.backup_vault_name(), "rate(1 day)");
        let plan = backup::Plan::named("nightly").backup_plan_name("nightly").rules([rule]);
        let plan = plan.create(stack);
        let role = Role::named("backup")
            .assume_role_policy_document(PolicyDocument::assumed_by_service("backup.amazonaws.com"))
            .create(stack);
        backup::Selection::named("all")
            .backup_plan_id(&plan)
            .selection_name("all")
            .iam_role_arn(role.arn())
            .create(stack);
    });
    for moment in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let account = folder.path().join("account");
        let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
        let bomb = Arc::new(Bomb::default());
        bomb.arm(moment);
        let open = |hook: Option<Arc<dyn Hook>>| {
            let account = Some(account.clone());
            let sim = Sim::open(SimOptions { account, hook, ..SimOptions::default() }).unwrap();
            Engine::new(Arc::new(sim), Arc::clone(&store))
        };
        let engine = open(Some(Arc::clone(&bomb) as Arc<dyn Hook>));
        let ended = bomb.drive(engine.up(&program, &UpOptions::default())).await;
        drop(engine);
        store.break_lease().await.unwrap();
        let outcome = open(None).up(&program, &UpOptions::default()).await.unwrap();
        assert!(outcome.is_success(), "{moment}");
        let there = View::read(&account).unwrap();
        assert_eq!(there.all::<backup::Selection>().count(), 1, "killed at {moment}");
        assert_eq!(there.all::<backup::Plan>().count(), 1, "killed at {moment}");
        if ended.is_some() {
            assert!(moment > 8, "only {moment} moments");
            break;
        }
    }
}
