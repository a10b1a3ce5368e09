//! [`shortest_cycle`]: why a graph has no order.

use std::collections::VecDeque;

use petgraph::{algo::tarjan_scc, graph::DiGraph, graph::NodeIndex};

/// The shortest cycle of a graph, as places in the order of its edges; empty if it has none.
/// Of several of the same length, the one with the lowest place comes out.
#[must_use]
pub fn shortest_cycle<E>(graph: &DiGraph<(), E>) -> Vec<u32> {
    let mut best: Vec<u32> = vec![];
    for component in tarjan_scc(graph) {
        let mut members: Vec<NodeIndex> = component;
        members.sort_unstable();
        for start in &members {
            if !best.is_empty() && best.len() <= 2 {
                break;
            }
            if let Some(cycle) = shortest_through(graph, *start)
                && (best.is_empty() || cycle.len() < best.len())
            {
                best = cycle;
            }
        }
    }
    best
}

/// Breadth first from a node back to itself.
fn shortest_through<E>(graph: &DiGraph<(), E>, start: NodeIndex) -> Option<Vec<u32>> {
    let mut came_from = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(node).collect();
        next.sort_unstable();
        for other in next {
            if other == start {
                let mut cycle = vec![node.index() as u32];
                let mut at = node;
                while at != start {
                    at = came_from[at.index()]?;
                    cycle.push(at.index() as u32);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if came_from[other.index()].is_none() {
                came_from[other.index()] = Some(node);
                queue.push_back(other);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(edges: &[(u32, u32)], expected: &[u32]) {
        let graph: DiGraph<(), ()> = DiGraph::from_edges(edges);
        assert_eq!(shortest_cycle(&graph), expected);
    }

    #[test]
    fn finds_the_shortest() {
        check(&[(0, 1), (1, 2)], &[]);
        check(&[(0, 1), (1, 2), (2, 0), (2, 1)], &[1, 2]);
        check(&[(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 5), (5, 3)], &[3, 4, 5]);
        check(&[(0, 0), (0, 1), (1, 0)], &[0]);
    }
}
