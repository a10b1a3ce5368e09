//! Invariants 1 and 2: building is deterministic, and cycles are told.

use infra_core::graph::{Graph, Program, shortest_cycle};
use petgraph::graph::DiGraph;
use proptest::prelude::*;

use crate::{types::Thing, world::program};

fn built(sizes: &[i64], salt: &dyn Fn() -> i64) -> Program {
    program(|stack| {
        let mut last: Option<Thing> = None;
        for (number, size) in sizes.iter().enumerate() {
            let thing = Thing::named(format!("n{number}")).size(*size + salt()).tags([
                ("b", "1"),
                ("a", "2"),
                ("c", "3"),
            ]);
            let on = last.map(|thing| thing.thing_id());
            last = Some(thing.maybe_on(on).create(stack));
        }
    })
}

fn fingerprint(program: &Program) -> String {
    let nodes =
        program.nodes.iter().map(|node| format!("{} {:?}", node.urn, without_stack(&node.inputs)));
    nodes.collect::<Vec<_>>().join("\n")
}

/// Outputs know which stack of the process they belong to; nothing else may differ.
fn without_stack(inputs: &infra_core::value::Properties) -> String {
    format!("{inputs:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn invariant_01_building_twice_gives_the_same(sizes in prop::collection::vec(0..9_i64, 0..8)) {
        let (one, two) = (built(&sizes, &|| 0), built(&sizes, &|| 0));
        prop_assert_eq!(fingerprint(&one), fingerprint(&two));
    }

    #[test]
    fn invariant_02_a_cycle_is_found_exactly_if_there_is_one(
        count in 2..7_usize,
        edges in prop::collection::vec((0..7_usize, 0..7_usize), 0..9),
    ) {
        let edges: Vec<(usize, usize)> =
            edges.into_iter().map(|(a, b)| (a % count, b % count)).filter(|(a, b)| a != b).collect();
        let program = program(|stack| {
            let things: Vec<Thing> =
                (0..count).map(|number| Thing::named(format!("n{number}")).create(stack)).collect();
            for (waiting, on) in &edges {
                stack.depend(&things[*waiting], &things[*on]);
            }
        });
        let shortest = shortest_by_force(count, &edges);
        match Graph::new(&program) {
            Ok(graph) => {
                prop_assert_eq!(shortest, None);
                let place = |node: usize| graph.order.iter().position(|at| *at as usize == node);
                for (waiting, on) in &edges {
                    prop_assert!(place(*on) < place(*waiting));
                }
            }
            Err(problem) => {
                // n names and the first again.
                let named = problem.message.matches(" -> ").count();
                prop_assert_eq!(Some(named), shortest, "{}", problem.message);
            }
        }
    }
}

/// The length of the shortest cycle, by trying every start.
fn shortest_by_force(count: usize, edges: &[(usize, usize)]) -> Option<usize> {
    let lengths = (0..count).filter_map(|start| {
        let mut reached = std::collections::BTreeSet::from([start]);
        for length in 1..=count {
            let next: std::collections::BTreeSet<usize> = edges
                .iter()
                .filter(|(from, _)| reached.contains(from))
                .map(|(_, to)| *to)
                .collect();
            if next.contains(&start) {
                return Some(length);
            }
            reached = next;
        }
        None
    });
    lengths.min()
}

#[test]
fn planted_an_impure_program_is_noticed() {
    let count = std::cell::Cell::new(0);
    let impure = || {
        count.set(count.get() + 1);
        count.get()
    };
    let (one, two) = (built(&[1, 2], &impure), built(&[1, 2], &impure));
    assert_ne!(fingerprint(&one), fingerprint(&two));
}

#[test]
fn planted_a_longer_cycle_is_noticed() {
    let graph: DiGraph<(), ()> = DiGraph::from_edges([(0, 1), (1, 2), (2, 0), (1, 0)]);
    assert_eq!(shortest_cycle(&graph).len(), 2);
    assert_eq!(shortest_by_force(3, &[(0, 1), (1, 2), (2, 0)]), Some(3));
}
