//! What every task must do.

use backend_local::sim::SimOptions;
use infra_core::{graph::Program, plan::ChangeKind, schema::TypeKind, state::Record};
use infra_tests::{
    calls::Calls,
    conformance::{Case, Variant},
    world::{World, program},
};

use infra_tests::conformance::cases;

fn tasks() -> Vec<&'static Case> {
    cases().into_iter().filter(|case| (case.ty)().kind == TypeKind::Task).collect()
}

fn built(case: &Case, variant: &Variant) -> Program {
    program(|stack| (case.build)(stack, variant))
}

async fn subject(world: &World) -> Record {
    let state = world.state().await;
    let (_, record) = state.iter().find(|(_, record)| record.urn.name() == "subject").unwrap();
    record.clone()
}

#[tokio::test]
async fn a_task_runs_once_and_leaves_nothing_to_delete() {
    for case in tasks() {
        let ty = (case.ty)();
        let (world, calls) = Calls::observe(SimOptions::default());
        let runs = || calls.count("Run").get(ty.name).copied().unwrap_or(0);
        let program = built(case, &Variant::base());
        world.up(&program).await;
        world.assert_in_step(ty.name).await;
        let record = subject(&world).await;
        for (slot, prop) in ty.outputs() {
            assert!(!record.outputs.get(slot).is_null(), "{}: `{}` is absent", ty.name, prop.name);
        }
        assert!(world.preview(&program).await.is_empty(), "{}", ty.name);
        assert_eq!((world.up(&program).await.done, runs()), (0, 1), "{}", ty.name);
        world.destroy().await;
        assert!(world.state().await.is_empty() && world.objects().is_empty(), "{}", ty.name);
        assert_eq!(calls.count("Delete").get(ty.name), None, "{}", ty.name);
    }
}

#[tokio::test]
async fn every_input_of_a_task_runs_it_again() {
    for case in tasks() {
        let ty = (case.ty)();
        let picked = Variant::base();
        built(case, &picked);
        for name in picked.seen() {
            let what = format!("{}: `{name}`", ty.name);
            let (base, changed) = (built(case, &picked), built(case, &Variant::of(name)));
            let world = World::default();
            world.up(&base).await;
            let before = subject(&world).await;
            let preview = world.preview(&changed).await;
            let found = preview.changes.iter().find(|change| change.urn.name() == "subject");
            let found = found.unwrap_or_else(|| panic!("{what}: nothing changes"));
            let names: Vec<&str> = found.properties.iter().map(|change| change.name).collect();
            assert_eq!((found.kind, names), (ChangeKind::Run, vec![name]), "{what}");
            world.up(&changed).await;
            world.assert_in_step(&what).await;
            let after = subject(&world).await;
            let slot = ty.slot(name).unwrap();
            assert_ne!(before.inputs.get(slot), after.inputs.get(slot), "{what}");
            assert_ne!(before.outputs, after.outputs, "{what}: the same run");
            assert!(world.preview(&changed).await.is_empty(), "{what}");
        }
    }
}
