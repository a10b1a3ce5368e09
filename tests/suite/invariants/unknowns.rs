//! Invariant 6: unknowns are precise, and an unchanged program previews as no change.

use infra_core::{
    engine::Preview,
    graph::Program,
    mutants::{Mutant, Mutants},
    plan::ChangeKind,
    state::State,
    value::{OutputRef, Value},
};
use infra_tests::{
    history::{Act, Conditions, History, Run, cases, history, runtime},
    spec::Edit,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{linked, must_notice, up};

/// Whether an output can't be known before a plan is carried out.
fn is_open(output: OutputRef, program: &Program, preview: &Preview, state: &State) -> bool {
    let node = &program.nodes[output.node as usize];
    let change = preview.changes.iter().find(|change| {
        change.urn == node.urn && !matches!(change.kind, ChangeKind::Delete | ChangeKind::Relink)
    });
    let Some(change) = change else { return false };
    if !matches!(change.kind, ChangeKind::Update | ChangeKind::Resume | ChangeKind::Reinstate) {
        return true;
    }
    let record = state.find(&node.urn).map(|place| state.record(place));
    let unfinished = record.is_none_or(|record| record.status.is_open());
    let prop = node.ty.prop(output.slot);
    let changes = |name: &str| {
        let input = node.ty.slot(name);
        input.is_some_and(|input| prop.changes_with(node.ty.props, input))
    };
    unfinished || change.properties.iter().any(|property| changes(property.name))
}

fn unknowns_are_open(program: &Program, preview: &Preview, state: &State) -> Result<(), String> {
    for change in &preview.changes {
        for property in &change.properties {
            let mut closed = None;
            property.new.leaves(&mut |leaf| {
                if let Value::Unknown(output) = leaf
                    && !is_open(*output, program, preview, state)
                {
                    closed = Some(*output);
                }
            });
            if let Some(output) = closed {
                let of = &program.nodes[output.node as usize];
                let slot = of.ty.prop(output.slot).name;
                let (urn, name) = (&change.urn, property.name);
                return Err(format!(
                    "`{urn}`.{name} waits for `{}`.{slot}, which is known",
                    of.urn
                ));
            }
        }
    }
    Ok(())
}

/// Plays a history; before each deployment its unknowns are looked at, and after each that went
/// well nothing is left to do.
async fn unknowns_are_precise(history: &History, mutants: Mutants) -> Result<(), String> {
    let conditions = Conditions { mutants, ..Conditions::default() };
    let mut run = Run::new(history, &conditions);
    for step in 0..=history.acts.len() {
        if let Some(Act::Up(edit)) = step.checked_sub(1).map(|act| &history.acts[act]) {
            run.edit(edit);
            let (program, state) = (run.program(), run.world.state().await);
            let preview = run.world.preview(&program).await;
            unknowns_are_open(&program, &preview, &state)?;
            let outcome = run.up().await.map_err(|stop| format!("{stop:?}"))?;
            let left = run.world.preview(&program).await;
            if outcome.is_success() && !left.is_empty() {
                return Err(format!("unchanged, and something is left: {:?}", left.changes));
            }
        } else {
            run.step(history, step, 0).await?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_06_unknowns_are_precise_and_nothing_is_left(history in history(12, 1..=5)) {
        let done = runtime().block_on(unknowns_are_precise(&history, Mutants::default()));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_unknowns_spread() {
    let first = linked(|spec| spec.parent = Some(0));
    let history = History { first, acts: vec![up(Edit::Resize(0, 3))] };
    must_notice(Mutant::UnknownsSpread, |mutants| {
        runtime().block_on(unknowns_are_precise(&history, mutants))
    });
}
