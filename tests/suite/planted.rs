//! Planted bugs: each rule of the engine, taken out, must make a test fail.
//!
//! Those that show in crash sweeps stand here and in `planted/recovery.rs`; the others stand with
//! the invariant that they break, in `invariants/`.

mod recovery;

use std::cell::Cell;

use infra_core::mutants::{Mutant, Mutants};
use infra_tests::{
    history::{Act, Conditions, History, runtime, sweep},
    spec::{Edit, Kind, Spec},
};

use crate::invariants::{
    building, cancelling, deletion, journal, leases, levels, names, permissions, resuming, secrets,
    steps, targets, unknowns,
};

/// The test that finds a planted bug. A new one does not compile without.
fn test_of(mutant: Mutant) -> fn() {
    match mutant {
        Mutant::CallBeforeSync => recovery::planted_calls_before_their_intent_is_durable,
        Mutant::NoSettleTime => recovery::planted_absence_is_believed_at_once,
        Mutant::MissingIsGone => recovery::planted_missing_on_deletion_is_gone,
        Mutant::TokenWithoutEpoch => recovery::planted_tokens_are_used_twice,
        Mutant::DeletesNotSettled => recovery::planted_open_deletions_are_not_settled,
        Mutant::OpenUpdateKeepsInputs => recovery::planted_open_updates_keep_their_inputs,
        Mutant::NoReinstating => recovery::planted_replacements_are_not_taken_back,
        Mutant::KeysNotFreed => recovery::planted_keys_are_not_freed,
        Mutant::LevelsIgnored => levels::planted_levels_are_ignored,
        Mutant::NoImplicitEdges => levels::planted_orders_of_the_catalogue_are_not_kept,
        Mutant::DetachedStaysKnown => recovery::planted_what_was_detached_stays_known,
        Mutant::ForeignKeysAdopted => recovery::planted_what_is_not_ours_is_adopted,
        Mutant::RefusalLeavesIntent => journal::planted_refusals_leave_their_intent,
        Mutant::LostAnswerCloses => recovery::planted_lost_answers_close_their_intent,
        Mutant::PlanExceeded => permissions::planted_more_is_done_than_was_shown,
        Mutant::CycleUnnoticed => building::planted_cycles_go_unnoticed,
        Mutant::UnknownsSpread => unknowns::planted_unknowns_spread,
        Mutant::SecretsInClear => secrets::planted_secrets_are_written_in_clear,
        Mutant::PartialReplaced => resuming::planted_partial_creations_are_replaced,
        Mutant::Unfenced => leases::planted_a_lost_lease_is_ignored,
        Mutant::CallsUnbounded => leases::planted_calls_begin_after_the_lease,
        Mutant::CancelIgnored => cancelling::planted_cancellation_is_ignored,
        Mutant::OrderMatters => names::planted_order_decides_names,
        Mutant::TargetsAlone => targets::planted_targets_come_alone,
        Mutant::FailureStopsAll => levels::planted_the_first_failure_stops_everything,
        Mutant::ImpureBuild => building::planted_programs_depend_on_their_process,
        Mutant::OldGoesEarly => levels::planted_old_generations_go_early,
        Mutant::NoContagion => recovery::planted_deleting_first_does_not_spread,
        Mutant::EdgesLeadBack => steps::planted_edges_lead_back,
        Mutant::DeletionUnordered => deletion::planted_deletion_has_no_order,
        Mutant::AccountNotSynced => recovery::planted_the_journal_runs_ahead_of_the_account,
    }
}

thread_local! {
    static PLANTED: Cell<Option<Mutant>> = const { Cell::new(None) };
}

/// Plants a bug. The table above is held against what its tests plant.
pub(crate) fn plant(mutant: Mutant) -> Mutants {
    PLANTED.set(Some(mutant));
    Mutants::only(mutant)
}

#[test]
fn every_planted_bug_has_a_test_that_plants_it() {
    for mutant in Mutant::ALL {
        PLANTED.set(None);
        test_of(*mutant)();
        assert_eq!(PLANTED.get(), Some(*mutant));
    }
}

/// A check must find a planted bug, and nothing without it.
#[track_caller]
pub(crate) fn must_notice<E: std::fmt::Debug>(
    mutant: Mutant,
    check: impl Fn(Mutants) -> Result<(), E>,
) {
    let whole = check(Mutants::default());
    assert!(whole.is_ok(), "without the planted bug: {whole:?}");
    let harmed = check(plant(mutant));
    assert!(harmed.is_err(), "{mutant:?}: taken out, and nothing notices");
}

/// A planted bug must do harm in a history that is made for it.
#[track_caller]
fn must_find(mutant: Mutant, conditions: &Conditions, first: Vec<Spec>, acts: Vec<Act>) {
    let history = History { first, acts };
    must_notice(mutant, |mutants| {
        let conditions = Conditions { mutants, ..conditions.clone() };
        runtime().block_on(sweep(&history, &conditions)).map(drop)
    });
}

pub(crate) fn up(edit: Edit) -> Act {
    Act::Up(edit)
}

pub(crate) fn boxes(count: u8) -> Vec<Spec> {
    (0..count).map(|name| Spec::alone(name, Kind::Box)).collect()
}

/// Two boxes; the second refers to the first.
pub(crate) fn linked(link: impl FnOnce(&mut Spec)) -> Vec<Spec> {
    let mut specs = boxes(2);
    link(&mut specs[1]);
    specs
}
