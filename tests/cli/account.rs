//! An account held against a state, read past the engine from the files of both.

use std::collections::BTreeMap;

use backend_local::sim::{Life, Sim, SimOptions};
use infra_core::schema::TypeKind;

use crate::environment::Environment;

/// Type and physical id.
type Things = BTreeMap<(String, String), usize>;

impl Environment {
    /// Nothing is in the account that the state does not know, nothing is there twice, nothing is
    /// missing, and nothing is unfinished.
    #[track_caller]
    pub(crate) fn assert_in_step(&self, what: &str) {
        let (account, state) = (self.account(), self.state());
        assert_eq!(account, state, "{what}: account and state differ");
        let twice = account.iter().find(|(_, count)| **count != 1);
        assert_eq!(twice, None, "{what}: there twice");
    }

    /// What somebody asked for, in the account.
    fn account(&self) -> Things {
        // A copy: what another test starts at this moment inherits files that are open here until
        // it runs its own program, their locks too, and would hold the account against the next
        // command.
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join("account.log");
        std::fs::copy(self.state_dir().join("sim/account.log"), &path).unwrap();
        let sim = Sim::open(SimOptions { account: Some(path), ..SimOptions::default() }).unwrap();
        let mut things = Things::new();
        sim.with_world(|world| {
            let asked = |object: &&backend_local::sim::Object| {
                !object.implicit && object.life != Life::Gone
            };
            for object in world.live().filter(asked) {
                let key = (object.ty.name.to_owned(), object.id.to_string());
                *things.entry(key).or_default() += 1;
            }
        });
        things
    }

    /// What the state says is in the account.
    #[track_caller]
    fn state(&self) -> Things {
        let exported = self.raw("state export");
        let document: serde_json::Value = serde_json::from_str(&exported).unwrap();
        let mut things = Things::new();
        for record in document["records"].as_array().unwrap() {
            let urn = record["urn"].as_str().unwrap();
            let status = &record["status"];
            assert!(status.is_null() || status == "done", "{urn} is {status}");
            let ty = urn.rsplit('/').nth(1).unwrap();
            if ty.starts_with("aws:") && kind(ty) == TypeKind::Resource {
                let key = (ty.to_owned(), record["id"].as_str().unwrap().to_owned());
                *things.entry(key).or_default() += 1;
            }
        }
        things
    }
}

fn kind(ty: &str) -> TypeKind {
    use infra_core::handler::Backend as _;
    Sim::in_memory().registry().types().get(ty).unwrap().kind
}
