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

    /// Whether a component is the part, or stands in it.
    fn holds(self, program: &Program, mut component: u32) -> bool {
        while component != self.component {
            if component == 0 {
                return false;
            }
            component = program.components[component as usize].parent;
        }
        true
    }

    /// A number for each resource that is drawn, in the order of the program: what stands elsewhere
    /// in it changes none.
    pub(crate) fn numbers(self, program: &Program) -> BTreeMap<u32, usize> {
        let inside = |node: &u32| self.holds(program, program.nodes[*node as usize].component);
        let mut drawn: BTreeSet<u32> = (0..program.nodes.len() as u32).filter(inside).collect();
        drawn.extend(self.outside(program));
        drawn.into_iter().enumerate().map(|(number, node)| (node, number)).collect()
    }

    /// What each of its resources refers to, as pairs: first what is referred to. In the order of
    /// the program.
    pub(crate) fn edges(self, program: &Program) -> Vec<(u32, u32)> {
        let Ok(graph) = Graph::new(program) else { return vec![] };
        let nodes = 0..program.nodes.len() as u32;
        let inside = |node: &u32| self.holds(program, program.nodes[*node as usize].component);
        nodes
            .filter(inside)
            .flat_map(|node| {
                let others: BTreeSet<u32> =
                    graph.dependencies(node).map(|(other, _)| other).collect();
                others.into_iter().map(move |other| (other, node))
            })
            .collect()
    }

    /// What its resources refer to elsewhere.
    pub(crate) fn outside(self, program: &Program) -> BTreeSet<u32> {
        let referred = self.edges(program).into_iter().map(|(other, _)| other);
        referred
            .filter(|other| !self.holds(program, program.nodes[*other as usize].component))
            .collect()
    }

    /// What a resource elsewhere is called: its component, its type, its name.
    pub(crate) fn elsewhere(program: &Program, node: u32) -> Vec<&str> {
        let node = &program.nodes[node as usize];
        let path = &*program.components[node.component as usize].path;
        let words = [path, node.ty.short_name(), node.urn.name()];
        words.into_iter().filter(|word| !word.is_empty()).collect()
    }
}
