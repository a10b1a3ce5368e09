//! Invariant 14: the order of maps, of completion, of threads, and of what a program says in
//! which line, changes no plan, no name and no file.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    engine::Preview,
    mutants::{Mutant, Mutants},
    plan::ChangeKind,
};
use infra_tests::{
    history::{Conditions, History, Run, Stop, cases, runtime, threads},
    spec::{Edit, Spec, build, edit, edited, specs},
    world::program,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// A state in which nothing is, with a lineage: what names are made from.
fn beginning() -> Vec<u8> {
    runtime().block_on(async {
        let run = Run::new(&History::default(), &Conditions::default());
        run.world.up(&program(|_| {})).await;
        run.world.store.bytes()
    })
}

fn begun(beginning: &[u8], specs: &[Spec], conditions: &Conditions) -> Run {
    let history = History { first: specs.to_vec(), acts: vec![] };
    let run = Run::new(&history, conditions);
    run.world.store.set_checkpoint(beginning.to_vec());
    run
}

/// Nodes that refer only to what stands before them, each with a key of its own.
fn orderly(specs: Vec<Spec>) -> Vec<Spec> {
    let mut seen = BTreeSet::new();
    let mut all = vec![];
    for mut spec in specs {
        let known = |name: &u8| seen.contains(name);
        spec.label = spec.name;
        spec.uses.retain(known);
        for link in [&mut spec.parent, &mut spec.next, &mut spec.attached_to, &mut spec.depends_on]
        {
            *link = link.filter(known);
        }
        seen.insert(spec.name);
        all.push(spec);
    }
    all
}

/// The same nodes in another order in which everything stands behind what it refers to.
fn shuffled(specs: &[Spec], ranks: &[u32]) -> Vec<Spec> {
    let links = |spec: &Spec| {
        let single = [spec.parent, spec.next, spec.attached_to, spec.depends_on];
        single.into_iter().flatten().chain(spec.uses.clone()).collect::<Vec<u8>>()
    };
    let (mut left, mut all) = (specs.to_vec(), Vec::<Spec>::new());
    while !left.is_empty() {
        let free = (0..left.len()).filter(|at| {
            let there = |name: &u8| all.iter().any(|spec| spec.name == *name);
            links(&left[*at]).iter().all(there)
        });
        let rank = |at: &usize| ranks.get(usize::from(left[*at].name)).copied().unwrap_or(0);
        let next = free.max_by_key(rank).expect("the first that is left refers to nothing left");
        all.push(left.remove(next));
    }
    all
}

type Shown = BTreeMap<String, (ChangeKind, Vec<String>)>;

fn shown(preview: &Preview) -> Shown {
    let changes = preview.changes.iter().filter(|change| change.kind != ChangeKind::Relink);
    let properties = |change: &infra_core::plan::PlannedChange| {
        change.properties.iter().map(|property| property.name.to_owned()).collect()
    };
    changes.map(|change| (change.urn.to_string(), (change.kind, properties(change)))).collect()
}

/// The names that the engine made up, by resource.
async fn names(run: &Run) -> BTreeMap<String, String> {
    let state = run.world.state().await;
    let of_sign = |record: &infra_core::state::Record| {
        let slot = record.ty.known()?.name_rule?.slot;
        Some((record.urn.to_string(), record.value(slot).as_str()?.to_owned()))
    };
    state.iter().filter_map(|(_, record)| of_sign(record)).collect()
}

/// A program in two orders: names, plans and the account are the same.
fn lines_do_not_matter(
    specs: &[Spec],
    ranks: &[u32],
    then: &Edit,
    mutants: Mutants,
) -> Result<(), String> {
    let beginning = beginning();
    let conditions = Conditions { mutants, ..Conditions::default() };
    let other = shuffled(specs, ranks);
    let after = orderly(edited(specs, &[], then));
    runtime().block_on(async {
        let [one, two] = [specs, &other].map(|specs| begun(&beginning, specs, &conditions));
        let failed = |stop: Stop| format!("{stop:?}");
        let previews = [
            shown(&one.world.preview(&one.program()).await),
            shown(&two.world.preview(&two.program()).await),
        ];
        one.up().await.map_err(failed)?;
        two.up().await.map_err(failed)?;
        let made = [names(&one).await, names(&two).await];
        if previews[0] != previews[1] || made[0] != made[1] {
            return Err(format!("{previews:#?} {made:#?}"));
        }
        if !one.world.preview(&two.program()).await.is_empty() {
            return Err("the other order is a change".to_owned());
        }
        let (after, other) = (build(&after), build(&shuffled(&after, ranks)));
        let next =
            [shown(&one.world.preview(&after).await), shown(&one.world.preview(&other).await)];
        if next[0] == next[1] { Ok(()) } else { Err(format!("{next:#?}")) }
    })
}

/// The state as it stands in the store, with what the account chose taken out: who came first gets
/// the lower number there.
async fn file(run: &Run) -> String {
    let mut text = String::from_utf8(run.world.store.bytes()).unwrap();
    let state = run.world.state().await;
    for (_, record) in state.iter().filter(|(_, record)| record.ty.name() != "test:t:Sign") {
        text = text.replace(&*record.id, record.urn.as_str());
    }
    let lines = text.lines().filter(|line| !line.contains("checksum"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A program on one thread, and on several on which calls end in any order.
fn threads_do_not_matter(specs: &[Spec]) -> Result<(), String> {
    let beginning = beginning();
    let one = begun(&beginning, specs, &Conditions::default());
    let two = begun(&beginning, specs, &Conditions { threads: true, ..Conditions::default() });
    let failed = |stop: Stop| format!("{stop:?}");
    let first = runtime().block_on(async {
        one.up().await.map_err(failed)?;
        Ok::<_, String>(file(&one).await)
    })?;
    let second = threads().block_on(async {
        two.up().await.map_err(failed)?;
        Ok::<_, String>(file(&two).await)
    })?;
    if first == second { Ok(()) } else { Err(format!("{first}\n\nis not\n\n{second}")) }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn invariant_14_lines_change_no_plan_and_no_name(
        specs in specs(0..=12),
        ranks in prop::collection::vec(any::<u32>(), 24),
        then in edit(),
    ) {
        let done = lines_do_not_matter(&orderly(specs), &ranks, &then, Mutants::default());
        done.map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_14_threads_change_no_file(mut specs in specs(0..=16)) {
        // What seals secrets is drawn at random.
        specs.iter_mut().for_each(|spec| spec.secret = false);
        threads_do_not_matter(&specs).map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_order_decides_names() {
    let mut specs = boxes(3);
    specs[2].kind = infra_tests::spec::Kind::Sign;
    let ranks = [0, 1, 2];
    must_notice(Mutant::OrderMatters, |mutants| {
        lines_do_not_matter(&specs, &ranks, &Edit::Resize(0, 1), mutants)
    });
}
