//! Invariant 5: one graph of steps, deletions included; any mix of changes stays acyclic.

use infra_core::{
    graph::Graph,
    mutants::{Mutant, Mutants},
    plan::{PlanOptions, PlanTimeReads, Planner, Secrets, Steps, destroy_plan},
    state::State,
};
use infra_tests::{
    history::{Conditions, History, Run, cases, history, runtime},
    spec::{Edit, Spec, build, edited, specs},
    world::{PROJECT, STACK},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// Everything can be begun at some time, what waits after what it waits for.
fn has_an_order(steps: &Steps) -> Result<(), String> {
    let mut waits = vec![0_usize; steps.steps.len()];
    steps.edges.iter().for_each(|edge| waits[edge.to as usize] += 1);
    let mut ready: Vec<usize> = (0..waits.len()).filter(|step| waits[*step] == 0).collect();
    let mut begun = 0;
    while let Some(step) = ready.pop() {
        begun += 1;
        for edge in steps.edges.iter().filter(|edge| edge.from as usize == step) {
            waits[edge.to as usize] -= 1;
            if waits[edge.to as usize] == 0 {
                ready.push(edge.to as usize);
            }
        }
    }
    let stuck = waits.len() - begun;
    if stuck == 0 { Ok(()) } else { Err(format!("{stuck} steps wait for each other: {steps:?}")) }
}

/// The steps from a state to a program, and those that destroy it.
fn steps_have_an_order(state: &State, then: &[Spec]) -> Result<(), String> {
    let (program, options) = (build(then), PlanOptions::default());
    let graph = Graph::new(&program).map_err(|problem| problem.to_string())?;
    let (reads, secrets) = (PlanTimeReads::default(), Secrets(None));
    let (program, graph, options) = (&program, &graph, &options);
    let planner = Planner { program, graph, state, secrets, options, reads: &reads };
    let plan = planner.plan();
    has_an_order(&Steps::new(program, graph, state, &plan))?;
    has_an_order(&Steps::destroy(state, &destroy_plan(state, options)))
}

/// What a history leaves in state, the last act of which dies.
async fn left(history: &History, dies: u64, mutants: Mutants) -> Result<State, String> {
    let mut run = Run::new(history, &Conditions::default());
    for step in 0..=history.acts.len() {
        let last = step == history.acts.len();
        run.step(history, step, if last { dies } else { 0 }).await?;
    }
    // Plans are made when what was interrupted is known.
    let refreshed = run.engine().refresh(PROJECT, STACK).await;
    refreshed.map_err(|error| format!("{error:?}"))?;
    run.world.mutants = mutants;
    Ok(run.world.state().await)
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_05_steps_stay_acyclic(
        history in history(12, 0..=3),
        dies in 0..60_u64,
        edits in prop::collection::vec(infra_tests::spec::edit(), 0..6),
        other in specs(0..=12),
    ) {
        let state = runtime().block_on(left(&history, dies, Mutants::default()));
        let state = state.map_err(TestCaseError::fail)?;
        let then = edits.iter().fold(history.first.clone(), |now, edit| edited(&now, &[], edit));
        steps_have_an_order(&state, &then).map_err(TestCaseError::fail)?;
        steps_have_an_order(&state, &other).map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_edges_lead_back() {
    // The second waits for the first by word and goes; the third moves from it to the first, which
    // has to be deleted before its successor can come.
    let mut first = boxes(3);
    first[1].depends_on = Some(0);
    first[2].uses = vec![1];
    let edits = [Edit::Reflavour(0, 1), Edit::Relink(2, None, vec![0]), Edit::Remove(1)];
    let then = edits.iter().fold(first.clone(), |now, edit| edited(&now, &[], edit));
    let history = History { first, acts: vec![] };
    must_notice(Mutant::EdgesLeadBack, |mutants| {
        let state = runtime().block_on(left(&history, 0, mutants))?;
        steps_have_an_order(&state, &then)
    });
}
