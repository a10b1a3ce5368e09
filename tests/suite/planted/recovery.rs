//! Rules that only a crash, a lost answer or a slow account shows.

use std::sync::Arc;

use backend_local::sim::{Faults, Object};
use infra_core::{
    engine::Preview,
    mutants::{Mutant, Mutants},
    plan::ChangeKind,
    state::store::MemoryStore,
};
use infra_tests::{
    history::{Act, Conditions, Death, History, Run, Stop, runtime},
    spec::{Edit, Kind, Spec, build},
    types::{BoxId, Label},
    world::program,
};

use super::{boxes, linked, must_find, must_notice, plant, up};

fn lag() -> Conditions {
    Faults { lag_ms: 8_000, seed: 7, ..Faults::default() }.into()
}

fn lost() -> Conditions {
    Faults { lost: 0.3, lag_ms: 4_000, seed: 7, ..Faults::default() }.into()
}

fn fair() -> Conditions {
    Conditions::default()
}

#[test]
pub(super) fn planted_calls_before_their_intent_is_durable() {
    must_find(Mutant::CallBeforeSync, &fair(), boxes(2), vec![]);
}

#[test]
pub(super) fn planted_absence_is_believed_at_once() {
    must_find(Mutant::NoSettleTime, &lag(), boxes(2), vec![]);
}

#[test]
pub(super) fn planted_missing_on_deletion_is_gone() {
    must_find(Mutant::MissingIsGone, &lag(), boxes(2), vec![Act::Destroy]);
}

#[test]
pub(super) fn planted_tokens_are_used_twice() {
    let mut first = boxes(1);
    first.push(Spec { parent: Some(0), ..Spec::alone(1, Kind::Pipe) });
    let acts = vec![Act::Destroy, up(Edit::Resize(0, 1))];
    must_find(Mutant::TokenWithoutEpoch, &fair(), first, acts);
}

#[test]
pub(super) fn planted_open_deletions_are_not_settled() {
    let acts = vec![Act::Destroy, up(Edit::Resize(0, 1))];
    must_find(Mutant::DeletesNotSettled, &fair(), boxes(1), acts);
}

#[test]
pub(super) fn planted_open_updates_keep_their_inputs() {
    let acts = vec![up(Edit::Resize(0, 2)), up(Edit::Revert)];
    must_find(Mutant::OpenUpdateKeepsInputs, &fair(), boxes(1), acts);
}

#[test]
pub(super) fn planted_keys_are_not_freed() {
    let acts = vec![up(Edit::Rename(0, 9, false))];
    must_find(Mutant::KeysNotFreed, &fair(), boxes(1), acts);
}

#[test]
pub(super) fn planted_lost_answers_close_their_intent() {
    must_find(Mutant::LostAnswerCloses, &lost(), boxes(3), vec![]);
}

#[test]
pub(super) fn planted_deleting_first_does_not_spread() {
    let first = linked(|spec| spec.parent = Some(0));
    let acts = vec![up(Edit::Reflavour(0, 1))];
    must_find(Mutant::NoContagion, &fair(), first, acts);
}

/// Kills a run at every moment, and looks at what a preview of another program says then.
fn previews(mutants: Mutants, first: Vec<Spec>, act: Act, then: &[Spec]) -> Vec<Preview> {
    let history = History { first, acts: vec![act] };
    let conditions = Conditions { mutants, ..fair() };
    runtime().block_on(async {
        let mut all = vec![];
        for at in 1.. {
            let mut run = Run::new(&history, &conditions);
            run.step(&history, 0, 0).await.unwrap();
            if run.step(&history, 1, at).await.unwrap() < at {
                break;
            }
            all.push(run.world.preview(&build(then)).await);
        }
        all
    })
}

/// In how many moments of a replacement taking it back makes the old generation current again.
fn reinstated(mutants: Mutants) -> usize {
    let first = linked(|spec| spec.uses = vec![0]);
    let previews = previews(mutants, first.clone(), up(Edit::Relabel(0, 9)), &first);
    let back = previews.iter().filter(|preview| {
        preview.changes.iter().any(|change| change.kind == ChangeKind::Reinstate)
    });
    back.count()
}

#[test]
pub(super) fn planted_replacements_are_not_taken_back() {
    assert!(reinstated(Mutants::default()) > 0, "nothing was reinstated");
    assert_eq!(reinstated(plant(Mutant::NoReinstating)), 0);
}

/// A deletion that did not happen may have taken a protection away, and detached something: the
/// next run brings both back, and a preview says so.
#[test]
pub(super) fn planted_what_was_detached_stays_known() {
    let mut first = boxes(1);
    first.push(Spec { parent: Some(0), ..Spec::alone(1, Kind::Pipe) });
    let acts = vec![Act::Destroy, up(Edit::Resize(0, 1))];
    must_find(Mutant::DetachedStaysKnown, &fair(), first, acts);
    assert!(reattached(Mutants::default()), "nothing was to be attached again");
    assert!(!reattached(Mutants::only(Mutant::DetachedStaysKnown)));
}

fn reattached(mutants: Mutants) -> bool {
    let first = linked(|spec| spec.attached_to = Some(0));
    let previews = previews(mutants, first.clone(), Act::Destroy, &first);
    let properties = previews.iter().map(|preview| preview.properties("n1"));
    properties.flatten().any(|change| {
        change.name == "attached_to" && !change.new.is_null() && !change.old.is_null()
    })
}

#[test]
pub(super) fn planted_the_journal_runs_ahead_of_the_account() {
    let conditions = Conditions { death: Death::PowerLost { torn: false }, ..fair() };
    must_find(Mutant::AccountNotSynced, &conditions, boxes(2), vec![]);
}

/// A label of somebody else, and a program that wants one with the same key: whatever dies when,
/// theirs stays theirs.
fn left_alone(mutants: Mutants) -> Result<(), String> {
    let conditions = Conditions { mutants, ..fair() };
    let history = History { first: boxes(1), acts: vec![] };
    let ours = Spec { parent: Some(0), ..Spec::alone(1, Kind::Label) };
    runtime().block_on(async {
        for at in 1.. {
            let mut run = Run::new(&history, &conditions);
            run.step(&history, 0, 0).await?;
            let id = run.world.objects()[0].id.clone();
            let theirs = program(|stack| {
                let on = BoxId::parse(&id).unwrap();
                Label::named("theirs").on(on).key("label-1").text("theirs").create(stack);
            });
            let elsewhere = run.world.engine_on(Arc::new(MemoryStore::new()));
            elsewhere
                .up(&theirs, &run.world.options)
                .await
                .map_err(|error| format!("{error:?}"))?;
            run.edit(&Edit::Add(ours.clone()));
            run.bomb.arm(at);
            let died = matches!(run.up().await, Err(Stop::Died));
            run.bomb.arm(0);
            run.bury().await;
            run.edit(&Edit::Remove(1));
            run.up().await.map_err(|stop| format!("{stop:?}"))?;
            let is_theirs = |object: &Object| object.text("text") == "theirs";
            if !run.world.objects().iter().any(is_theirs) {
                return Err(format!("died at {at}: theirs is gone"));
            }
            if !died {
                break;
            }
        }
        Ok(())
    })
}

#[test]
pub(super) fn planted_what_is_not_ours_is_adopted() {
    must_notice(Mutant::ForeignKeysAdopted, left_alone);
}
