//! What every type must do.

use std::collections::BTreeSet;

use infra_core::{
    aws, cloudflare,
    engine::EngineError,
    graph::Program,
    local,
    plan::ChangeKind,
    schema::{PropDef, TypeDef, TypeKind},
    state::Record,
    value::{SecretValue, Slot, Value},
};
use infra_tests::{
    conformance::{Case, Refused, Variant},
    world::{World, program},
};

use infra_tests::conformance::cases;

use super::lookups::takes_everything;

fn built(case: &Case, variant: &Variant) -> Program {
    program(|stack| (case.build)(stack, variant))
}

fn is_fixed(case: &Case, name: &str) -> bool {
    case.fixed.iter().any(|(fixed, _)| *fixed == name)
}

/// Whether a case is a further one of its type, about some properties alone.
fn is_partial(case: &Case) -> bool {
    is_fixed(case, "*")
}

/// The properties of a type that its case must have a second value for.
fn variable(case: &Case) -> Vec<(Slot, &'static PropDef)> {
    let picked = || {
        let variant = Variant::base();
        built(case, &variant);
        variant.seen()
    };
    let picked = is_partial(case).then(picked);
    let varies = |name: &str| {
        picked.as_ref().map_or_else(|| !is_fixed(case, name), |picked| picked.contains(name))
    };
    (case.ty)().inputs().filter(|(_, prop)| varies(prop.name)).collect()
}

fn resources() -> Vec<&'static Case> {
    cases().into_iter().filter(|case| (case.ty)().kind == TypeKind::Resource).collect()
}

#[test]
fn every_type_of_the_catalogue_has_a_case() {
    let whole = cases().into_iter().filter(|case| !is_partial(case));
    let covered: BTreeSet<&str> = whole.map(|case| (case.ty)().name).collect();
    let types = aws::types().into_iter().chain(cloudflare::types()).chain(local::types());
    let types = types.map(|ty| ty.name);
    let missing: Vec<&str> = types.filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "types without a conformance case: {missing:?}");
}

#[test]
fn every_property_has_a_second_value_or_a_reason() {
    for case in cases() {
        let ty = (case.ty)();
        let variant = Variant::base();
        let program = built(case, &variant);
        assert!(program.problems.is_empty(), "{}: {:#?}", ty.name, program.problems);
        let subject = program.nodes.iter().find(|node| node.urn.name() == "subject");
        assert_eq!(subject.map(|node| node.ty.name), Some(ty.name), "the subject of the case");
        let wanted: BTreeSet<&str> = variable(case).iter().map(|(_, prop)| prop.name).collect();
        assert_eq!(variant.seen(), wanted, "{}: picked (left) and in the schema (right)", ty.name);
        for (name, why) in case.fixed {
            let known = *name == "*" || ty.slot(name).is_some();
            assert!(known, "{}: there is no property `{name}`", ty.name);
            assert!(why.len() > 10, "{}: `{name}` needs a reason", ty.name);
        }
    }
}

/// The value of a property as the account has it.
fn in_account(world: &World, record: &Record, slot: Slot) -> Value {
    world.sim.with_world(|account| {
        let mut all = account.live();
        let object =
            all.find(|object| object.ty.name == record.ty.name() && object.id == record.id);
        object.map(|object| object.value(slot).clone()).unwrap_or_default()
    })
}

/// Whether the account has what the state says; secrets are digests there.
#[track_caller]
fn assert_account_has(world: &World, ty: &TypeDef, record: &Record, slot: Slot) {
    let (wanted, found) = (record.inputs.get(slot), in_account(world, record, slot));
    let (wanted, found) = (without_secrets(wanted), without_secrets(&found));
    assert_eq!(wanted, found, "{}: `{}` in the account", ty.name, ty.prop(slot).name);
}

fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Secret(secret) => match &**secret {
            SecretValue::Plain(_) => panic!("a secret in clear"),
            SecretValue::Sealed(_) | SecretValue::Digest(_) => "[secret]".into(),
        },
        Value::List(items) => Value::list(items.iter().map(without_secrets)),
        Value::Map(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), without_secrets(value))))
        }
        value => value.clone(),
    }
}

fn subject(state: &infra_core::state::State) -> Record {
    let (_, record) = state.iter().find(|(_, record)| record.urn.name() == "subject").unwrap();
    record.clone()
}

#[tokio::test]
async fn what_is_created_is_what_was_asked_for() {
    for case in resources() {
        let (ty, world) = ((case.ty)(), World::default());
        let program = built(case, &Variant::base());
        world.up(&program).await;
        world.assert_in_step(ty.name).await;
        let record = subject(&world.state().await);
        for (slot, _) in record.inputs.iter().filter(|_| case.is_in_account()) {
            assert_account_has(&world, ty, &record, slot);
        }
        for (slot, prop) in ty.outputs() {
            let optional = prop.doc.contains("absent") || prop.doc.contains("Absent");
            assert!(
                !record.outputs.get(slot).is_null() || optional,
                "{}: the output `{}` is absent, and its documentation does not say that it may be",
                ty.name,
                prop.name
            );
        }
        let again = world.preview(&program).await;
        assert!(again.is_empty(), "{}: {:#?}", ty.name, again.changes);
        let engine = world.engine();
        let refreshed = engine.refresh(&program.project, &program.stack).await.unwrap();
        assert_eq!(refreshed.drift, [], "{}", ty.name);
        world.destroy().await;
        assert!(world.objects().is_empty(), "{}", ty.name);
    }
}

/// What can't change by itself: a record's name is one of its zone.
const ALONG: &[(&str, &str, &str)] = &[("cloudflare:dns:Record", "zone_id", "name")];

#[tokio::test]
async fn every_property_changes_as_the_schema_says() {
    for case in resources() {
        let ty = (case.ty)();
        for (slot, prop) in variable(case) {
            let what = format!("{}: `{}`", ty.name, prop.name);
            let (base, changed) =
                (built(case, &Variant::base()), built(case, &Variant::of(prop.name)));
            let world = World::default();
            world.up(&base).await;
            let before = subject(&world.state().await);
            let preview = world.preview(&changed).await;
            let found = preview.changes.iter().find(|change| change.urn.name() == "subject");
            if prop.initial_only {
                assert!(found.is_none(), "{what} is owned by something else after creation");
                continue;
            }
            let found = found.unwrap_or_else(|| panic!("{what}: nothing changes"));
            let names: Vec<&str> = found.properties.iter().map(|change| change.name).collect();
            let along = ALONG.iter().filter(|(of, with, _)| *of == ty.name && *with == prop.name);
            let expected: Vec<&str> =
                [prop.name].into_iter().chain(along.map(|(.., name)| *name)).collect();
            assert_eq!(names, expected, "{what}");
            let replaced =
                matches!(found.kind, ChangeKind::CreateThenDelete | ChangeKind::DeleteThenCreate);
            assert_eq!(replaced, prop.replace, "{what}: {:?}", found.kind);
            world.up(&changed).await;
            world.assert_in_step(&what).await;
            let record = subject(&world.state().await);
            if case.is_in_account() {
                assert_account_has(&world, ty, &record, slot);
            }
            if !replaced {
                assert_outputs_survive(ty, &before, &record, slot);
            }
            let again = world.preview(&changed).await;
            assert!(again.is_empty(), "{what}: {:#?}", again.changes);
        }
    }
}

/// Outputs that an update changed are those of which the schema says that it may: what depends on
/// the others was planned with the old value.
#[track_caller]
fn assert_outputs_survive(ty: &TypeDef, before: &Record, after: &Record, changed: Slot) {
    for (slot, output) in ty.outputs() {
        let same = before.outputs.get(slot) == after.outputs.get(slot);
        let may_change = output.changes_with(ty.props, changed);
        let (name, changed) = (output.name, ty.prop(changed).name);
        assert!(same || may_change, "{}: `{changed}` changed the output `{name}`", ty.name);
    }
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted_and_says_by_whom() {
    for case in resources() {
        let world = World::default();
        world.up(&built(case, &Variant::base())).await;
        world.assert_deletions_are_guarded((case.ty)().name).await;
    }
}

/// What is said when a program is refused.
async fn refusal(ty: &TypeDef, program: &Program) -> String {
    let world = World::default();
    match world.try_up(program).await {
        Err(EngineError::Program(problems)) => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        Err(EngineError::Plan(problems)) => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        Err(EngineError::Read { source, .. }) => source.to_string(),
        Err(error) => panic!("{}: {error:?}", ty.name),
        Ok(outcome) => {
            let failures = outcome
                .failures
                .iter()
                .map(|failure| infra_tests::world::full_message(&failure.error));
            failures.collect::<Vec<_>>().join("\n")
        }
    }
}

#[tokio::test]
async fn bad_values_name_the_property() {
    for case in cases() {
        let ty = (case.ty)();
        let silent = case.refused.is_empty() && !takes_everything(ty);
        assert!(!silent, "{}: what does it refuse?", ty.name);
        for Refused { property, build, says } in case.refused {
            let mut program = program(build);
            let found = program.problems.iter().find_map(|problem| problem.check.clone());
            let mut all = vec![];
            if let Some(check) = found {
                // One check is for all types, and speaks of all in one way.
                let says = if check == "unique-keys" { "is taken: there is a" } else { says };
                all.push((refusal(ty, &program).await, says));
                // The backend says so where a check can't: when outputs are not known before.
                program.problems.retain(|problem| problem.check.is_none());
            }
            all.push((refusal(ty, &program).await, *says));
            for (said, says) in all {
                assert!(said.contains(says), "{}: `{says}` is not said in: {said}", ty.name);
                let names = said.contains(property) || property.is_empty();
                assert!(names, "{}: `{property}` is not named in: {said}", ty.name);
            }
        }
    }
}
