//! [`Part`]: what of a program is drawn.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::graph::{Graph, Program};

use crate::{error::CliError, suggest::near};

/// A component with all that stands in it; the outermost is the whole program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Its place among the components.
    pub(crate) component: u32,
}

impl Part {
    pub(crate) const WHOLE: Self = Self { component: 0 };

    /// The component of a path.
    pub(crate) fn of(program: &Program, path: &str) -> Result<Self, CliError> {
        let wanted = path.trim_matches('/');
        let mut paths = program.components.iter().map(|it| &*it.path).skip(1);
        match paths.position(|path| path == wanted) {
            Some(place) => Ok(Self { component: place as u32 + 1 }),
            None => {
                let paths = program.components.iter().map(|it| &*it.path).skip(1);
                Err(CliError::NoComponent { path: path.to_owned(), near: near(wanted, paths) })
            }
        }
    }

    /// Whether a resource stands in the part.
    fn holds(self, program: &Program, node: u32) -> bool {
        program.is_within(program.nodes[node as usize].component, self.component)
    }

    /// A number for each resource that is drawn, those elsewhere too, in the order of the program:
    /// what is not drawn changes none.
    pub(crate) fn numbers(
        self,
        program: &Program,
        outside: &BTreeSet<u32>,
    ) -> BTreeMap<u32, usize> {
        let nodes = 0..program.nodes.len() as u32;
        let mut drawn: BTreeSet<u32> = nodes.filter(|node| self.holds(program, *node)).collect();
        drawn.extend(outside);
        drawn.into_iter().enumerate().map(|(number, node)| (node, number)).collect()
    }

    /// What each of its resources refers to, as pairs: first what is referred to. In the order of
    /// the program.
    pub(crate) fn edges(self, program: &Program) -> Vec<(u32, u32)> {
        let Ok(graph) = Graph::new(program) else { return vec![] };
        let nodes = 0..program.nodes.len() as u32;
        nodes
            .filter(|node| self.holds(program, *node))
            .flat_map(|node| {
                let others: BTreeSet<u32> =
                    graph.dependencies(node).map(|(other, _)| other).collect();
                others.into_iter().map(move |other| (other, node))
            })
            .collect()
    }

    /// What its resources refer to elsewhere, of its edges.
    pub(crate) fn outside(self, program: &Program, edges: &[(u32, u32)]) -> BTreeSet<u32> {
        let referred = edges.iter().map(|(other, _)| *other);
        referred.filter(|other| !self.holds(program, *other)).collect()
    }

    /// What a resource elsewhere is called: its component, its type, its name.
    pub(crate) fn elsewhere(program: &Program, node: u32) -> Vec<&str> {
        let node = &program.nodes[node as usize];
        let path = &*program.components[node.component as usize].path;
        let words = [path, node.ty.short_name(), node.urn.name()];
        words.into_iter().filter(|word| !word.is_empty()).collect()
    }
}
