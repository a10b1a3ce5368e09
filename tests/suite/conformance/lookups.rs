//! What every lookup must do.

use std::collections::BTreeMap;

use backend_local::sim::SimOptions;
use infra_core::{
    graph::Program,
    plan::ChangeKind,
    schema::{Shape, TypeDef, TypeKind},
    state::Record,
};
use infra_tests::{
    calls::Calls,
    conformance::{Case, Variant},
    world::{World, program},
};

use infra_tests::conformance::cases;

fn lookups() -> Vec<&'static Case> {
    cases().into_iter().filter(|case| (case.ty)().kind == TypeKind::Lookup).collect()
}

fn built(case: &Case, variant: &Variant) -> Program {
    program(|stack| (case.build)(stack, variant))
}

async fn subject(world: &World) -> Record {
    let state = world.state().await;
    let (_, record) = state.iter().find(|(_, record)| record.urn.name() == "subject").unwrap();
    record.clone()
}

/// Whether every value that can be written for the inputs of a type is one that it takes.
pub(super) fn takes_everything(ty: &TypeDef) -> bool {
    ty.inputs().all(|(_, prop)| matches!(prop.shape, Shape::Enum(_) | Shape::Bool))
}

#[tokio::test]
async fn a_lookup_is_read_once_and_kept() {
    for case in lookups() {
        let ty = (case.ty)();
        let (mut world, calls) = Calls::observe(SimOptions::default());
        let reads = || calls.count("Read").get(ty.name).copied().unwrap_or(0);
        let program = built(case, &Variant::base());
        world.up(&program).await;
        assert_eq!(reads(), 1, "{}", ty.name);
        let record = subject(&world).await;
        for (slot, prop) in ty.outputs() {
            let name = prop.name;
            assert!(!record.outputs.get(slot).is_null(), "{}: `{name}` is not told", ty.name);
        }
        assert!(world.preview(&program).await.is_empty(), "{}", ty.name);
        assert_eq!(world.up(&program).await.done, 0, "{}", ty.name);
        assert_eq!(reads(), 1, "{} is read again unasked", ty.name);

        world.options.plan.refresh_lookups = true;
        let preview = world.preview(&program).await;
        let kinds: Vec<ChangeKind> = preview.changes.iter().map(|change| change.kind).collect();
        assert_eq!((kinds, reads()), (vec![ChangeKind::Read], 2), "{}", ty.name);
        world.up(&program).await;
        assert_eq!(subject(&world).await.outputs, record.outputs, "{}: nothing moved", ty.name);
        world.options.plan.refresh_lookups = false;
        assert!(world.preview(&program).await.is_empty(), "{}", ty.name);

        world.destroy().await;
        assert!(world.state().await.is_empty(), "{}", ty.name);
        let made: BTreeMap<_, _> = calls.count("Create");
        assert_eq!(made, BTreeMap::new(), "{}: a lookup makes nothing", ty.name);
    }
}

#[tokio::test]
async fn every_input_of_a_lookup_reads_anew() {
    for case in lookups() {
        let ty = (case.ty)();
        for (slot, prop) in ty.inputs() {
            let what = format!("{}: `{}`", ty.name, prop.name);
            let base = built(case, &Variant::base());
            let changed = built(case, &Variant::of(prop.name));
            let world = World::default();
            world.up(&base).await;
            let before = subject(&world).await;
            let preview = world.preview(&changed).await;
            let [change] = &preview.changes[..] else { panic!("{what}: {:?}", preview.changes) };
            let names: Vec<&str> = change.properties.iter().map(|change| change.name).collect();
            assert_eq!((change.kind, names), (ChangeKind::Read, vec![prop.name]), "{what}");
            world.up(&changed).await;
            let after = subject(&world).await;
            assert_ne!(before.inputs.get(slot), after.inputs.get(slot), "{what}");
            assert_ne!(before.outputs, after.outputs, "{what}: another question, the same answer");
            assert!(world.preview(&changed).await.is_empty(), "{what}");
        }
    }
}
