//! Invariant 15: targets bring what they need, and leave everything else as it was.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    engine::EngineError,
    graph::{Graph, Program},
    mutants::{Mutant, Mutants},
    plan::Pattern,
};
use infra_tests::{
    history::{Conditions, History, Run, cases, history, runtime},
    spec::{Edit, Spec, edit, specs},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{linked, must_notice};

fn patterns(names: &[u8]) -> Vec<Pattern> {
    names.iter().map(|name| Pattern::new(format!("n{name}"))).collect()
}

/// The nodes that some targets need, themselves included.
fn needed(program: &Program, targets: &[Pattern]) -> Result<BTreeSet<String>, String> {
    let graph = Graph::new(program).map_err(|problem| problem.to_string())?;
    let mut all = BTreeSet::new();
    let mut left: Vec<u32> = (0_u32..)
        .zip(&program.nodes)
        .filter(|(_, node)| targets.iter().any(|target| target.matches(&node.urn)))
        .map(|(node, _)| node)
        .collect();
    while let Some(node) = left.pop() {
        if all.insert(program.nodes[node as usize].urn.to_string()) {
            left.extend(graph.dependencies(node).map(|(other, _)| other));
        }
    }
    Ok(all)
}

/// The first deployment, limited to some targets: they come with what they need, and nothing else.
fn come_with_what_they_need(specs: &[Spec], names: &[u8], mutants: Mutants) -> Result<(), String> {
    let history = History { first: specs.to_vec(), acts: vec![] };
    let conditions = Conditions { mutants, ..Conditions::default() };
    let mut run = Run::new(&history, &conditions);
    let program = run.program();
    let there = |name: &u8| {
        let pattern = Pattern::new(format!("n{name}"));
        program.nodes.iter().any(|node| pattern.matches(&node.urn))
    };
    let names: Vec<u8> = names.iter().copied().filter(there).collect();
    if names.is_empty() {
        return Ok(());
    }
    run.world.options.plan.targets = patterns(&names);
    runtime().block_on(async {
        let outcome = run.up().await.map_err(|stop| format!("{stop:?}"))?;
        if !outcome.is_success() {
            return Err(format!("{:?} {:?}", outcome.failures, outcome.skipped));
        }
        let state = run.world.state().await;
        let made: BTreeSet<String> =
            state.iter().map(|(_, record)| record.urn.to_string()).collect();
        let needed = needed(&program, &run.world.options.plan.targets)?;
        if made != needed {
            return Err(format!("{made:?} came, and {needed:?} were needed"));
        }
        run.world.options.plan.targets.clear();
        run.settle(0).await.map(drop)
    })
}

/// The lines of the state's records, by URN; several where there are several generations. What
/// became of interrupted operations is found out by every run, so those are left out.
fn lines(run: &Run) -> BTreeMap<String, Vec<String>> {
    let text = String::from_utf8(run.world.store.bytes()).unwrap();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().map(|line| line.trim_end_matches(',')) {
        let json = serde_json::from_str::<serde_json::Value>(line).ok();
        let done = json.filter(|json| json["status"].is_null());
        if let Some(urn) = done.as_ref().and_then(|json| json["urn"].as_str()) {
            all.entry(urn.to_owned()).or_default().push(line.to_owned());
        }
    }
    all
}

/// What was not shown to change has the same bytes in state afterwards.
async fn the_rest_stays(history: &History, then: &Edit, names: &[u8]) -> Result<(), String> {
    let mut run = Run::new(history, &Conditions::default());
    for step in 0..=history.acts.len() {
        run.step(history, step, 0).await?;
    }
    run.edit(then);
    let before = lines(&run);
    run.world.options.plan.targets = patterns(names);
    let program = run.program();
    let preview = run.engine().preview(&program, &run.world.options).await;
    let preview = preview.map_err(|error| format!("{error:?}"))?;
    let mut shown: BTreeSet<String> =
        preview.changes.iter().map(|change| change.urn.to_string()).collect();
    // What is called otherwise now is shown under its new name.
    for node in
        program.nodes.iter().filter(|node| shown.contains(node.urn.as_str())).collect::<Vec<_>>()
    {
        shown.extend(program.aliases(node).iter().map(ToString::to_string));
    }
    let done = run.engine().up(&program, &run.world.options).await;
    match done {
        Ok(_) | Err(EngineError::Plan(_)) => {}
        Err(error) => return Err(format!("{error:?}")),
    }
    let after = lines(&run);
    for (urn, old) in before.iter().filter(|(urn, _)| !shown.contains(*urn)) {
        if after.get(urn) != Some(old) {
            let new = after.get(urn);
            return Err(format!("`{urn}` was not targeted, and {old:?} became {new:?}"));
        }
    }
    run.world.options.plan.targets.clear();
    run.settle(0).await.map(drop)
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_15_targets_come_with_what_they_need(
        specs in specs(1..=14),
        names in prop::collection::vec(0..24_u8, 1..4),
    ) {
        let done = come_with_what_they_need(&specs, &names, Mutants::default());
        done.map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_15_the_rest_stays_byte_for_byte(
        history in history(10, 0..=2),
        then in edit(),
        names in prop::collection::vec(0..24_u8, 1..4),
    ) {
        let done = runtime().block_on(the_rest_stays(&history, &then, &names));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_targets_come_alone() {
    let specs = linked(|spec| spec.uses = vec![0]);
    must_notice(Mutant::TargetsAlone, |mutants| come_with_what_they_need(&specs, &[1], mutants));
}

#[test]
fn two_that_swap_their_keys_go_together() {
    // The target is replaced, whoever refers to it follows, and each holds what the other wants.
    let history = History { first: linked(|spec| spec.uses = vec![0]), acts: vec![] };
    runtime().block_on(the_rest_stays(&history, &Edit::Swap(0, 1), &[0])).unwrap();
}
