//! Invariants 1 and 2: building is deterministic, and a cycle is told by its names.

use infra_core::{
    Config, Stack,
    engine::EngineError,
    graph::Program,
    mutants::{Mutant, Mutants},
};
use infra_tests::{
    history::{cases, runtime},
    spec::{Spec, build_into, specs},
    types::Box,
    world::{PROJECT, STACK, World, program},
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

fn built(specs: &[Spec], mutants: Mutants) -> Program {
    let stack = Stack::new(PROJECT, STACK, Config::default()).unwrap().with_mutants(mutants);
    build_into(&stack, specs);
    stack.finish()
}

/// Everything that a plan could depend on.
fn fingerprint(program: &Program) -> Vec<String> {
    let nodes = program.nodes.iter();
    nodes.map(|node| format!("{} {:?} {:?}", node.urn, node.inputs, node.depends_on)).collect()
}

fn is_built_alike(specs: &[Spec], mutants: Mutants) -> Result<(), String> {
    let [one, two] = [built(specs, mutants), built(specs, mutants)].map(|it| fingerprint(&it));
    // What a resource waits for names the stack of the process too, which differs.
    let alike = one.len() == two.len()
        && one.iter().zip(&two).all(|(one, two)| without_stack(one) == without_stack(two));
    if alike { Ok(()) } else { Err(format!("{one:#?} is not {two:#?}")) }
}

/// Without the number that stacks of one process have.
fn without_stack(text: &str) -> String {
    let mut parts = text.split("stack: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn invariant_01_a_program_comes_to_the_same_every_time(specs in specs(0..=24)) {
        is_built_alike(&specs, Mutants::default()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariant_02_a_cycle_is_told_by_its_shortest_way(length in 2..6_usize, longer in 0..4_usize) {
        circle_is_told(length, length + longer, Mutants::default()).map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_programs_depend_on_their_process() {
    must_notice(Mutant::ImpureBuild, |mutants| is_built_alike(&boxes(2), mutants));
}

/// Two circles through the first of some resources; the shorter one is told.
fn circle_is_told(short: usize, long: usize, mutants: Mutants) -> Result<(), String> {
    let program = program(|stack| {
        let make =
            |number| Box::named(format!("n{number}")).label(format!("l{number}")).create(stack);
        let all: Vec<Box> = (0..short + long).map(make).collect();
        let circle = |names: &[usize]| {
            for (place, name) in names.iter().enumerate() {
                stack.depend(&all[*name], &all[names[(place + 1) % names.len()]]);
            }
        };
        circle(&(0..short).collect::<Vec<_>>());
        circle(&[vec![0], (short..short + long - 1).collect()].concat());
    });
    let world = World { mutants, ..World::default() };
    let told = runtime().block_on(world.engine().preview(&program, &world.options));
    match told {
        Err(EngineError::Program(problems)) => {
            let [problem] = &problems[..] else { return Err(format!("{problems:?}")) };
            let named = problem.message.matches(" -> ").count();
            let lines = problem.at.len() >= named;
            if named == short && lines { Ok(()) } else { Err(problem.message.clone()) }
        }
        other => Err(format!("nobody noticed: {other:?}")),
    }
}

#[test]
pub(crate) fn planted_cycles_go_unnoticed() {
    must_notice(Mutant::CycleUnnoticed, |mutants| circle_is_told(3, 5, mutants));
}
