//! [`Graph`]: who needs what of whom.

use std::panic::Location;

use petgraph::graph::{DiGraph, NodeIndex};

use super::{JoinWorld, Node, Program, ProgramProblem, implicit_edges, shortest_cycle};
use crate::{
    dsl::Dependency,
    mutants::{Mutant, Mutants},
    schema::{Level, Reference, TypeDef, each_link},
    value::{OutputRef, Slot, Value},
};

/// Why one node waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// A property holds the other's id.
    Reference(Slot, Reference),
    /// A property is computed from an output of the other, but is no id of it.
    Value(Slot),
    /// `depends_on`.
    Explicit,
    /// An order of the catalogue that no property shows.
    Implicit,
}

/// That one node waits for another, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Why.
    pub kind: EdgeKind,
    /// The level that the other must have reached.
    pub needs: Level,
}

/// The dependencies of a program: an edge points from what is needed to what needs it.
#[derive(Debug)]
pub struct Graph {
    /// Nodes in the places that they have in the program.
    pub edges: DiGraph<(), Edge>,
    /// An order in which everything comes after what it needs.
    pub order: Vec<u32>,
}

impl Graph {
    /// The graph of a program.
    ///
    /// # Errors
    /// If it has a cycle: the shortest one, with the lines that close it.
    pub fn new(program: &Program) -> Result<Self, Box<ProgramProblem>> {
        Self::with_mutants(program, Mutants::default())
    }

    pub(crate) fn with_mutants(
        program: &Program,
        mutants: Mutants,
    ) -> Result<Self, Box<ProgramProblem>> {
        let mut edges = DiGraph::with_capacity(program.nodes.len(), program.nodes.len());
        for _ in &program.nodes {
            edges.add_node(());
        }
        let mut builder = Builder { program, edges, ascending: true };
        for place in 0..program.nodes.len() {
            builder.references(place as u32);
            builder.explicit(place as u32);
        }
        for (node, other, _) in &program.later {
            builder.add(*other, *node, Edge { kind: EdgeKind::Explicit, needs: Level::Ready });
        }
        for (node, other, needs) in implicit_edges(program) {
            builder.add(other, node, Edge { kind: EdgeKind::Implicit, needs });
        }
        let Builder { edges, ascending, .. } = builder;
        let order = if ascending || mutants.on(Mutant::CycleUnnoticed) {
            (0..program.nodes.len() as u32).collect()
        } else {
            match petgraph::algo::toposort(&edges, None) {
                Ok(order) => order.into_iter().map(|node| node.index() as u32).collect(),
                Err(_) => return Err(Box::new(cycle_problem(program, &edges))),
            }
        };
        Ok(Self { edges, order })
    }

    /// What a node needs: the other node and the edge.
    pub fn dependencies(&self, node: u32) -> impl Iterator<Item = (u32, Edge)> {
        self.neighbours(node, petgraph::Direction::Incoming)
    }

    /// What needs a node: the other node and the edge.
    pub fn dependents(&self, node: u32) -> impl Iterator<Item = (u32, Edge)> {
        self.neighbours(node, petgraph::Direction::Outgoing)
    }

    fn neighbours(&self, node: u32, way: petgraph::Direction) -> impl Iterator<Item = (u32, Edge)> {
        let mut walk = self.edges.neighbors_directed(NodeIndex::new(node as usize), way).detach();
        std::iter::from_fn(move || {
            let (edge, other) = walk.next(&self.edges)?;
            Some((other.index() as u32, self.edges[edge]))
        })
    }
}

struct Builder<'a> {
    program: &'a Program,
    edges: DiGraph<(), Edge>,
    /// Whether every edge so far goes from an earlier to a later node: then the order of creation
    /// is an order of the graph, and nothing needs sorting.
    ascending: bool,
}

impl Builder<'_> {
    fn add(&mut self, from: u32, to: u32, edge: Edge) {
        self.ascending &= from < to;
        self.edges.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), edge);
    }

    fn references(&mut self, place: u32) {
        let node = &self.program.nodes[place as usize];
        for (slot, value) in node.inputs.iter() {
            let prop = node.ty.prop(slot);
            // What a resource is called may be computed from another's name, but is no reference.
            let own_name = node.ty.is_own_name(slot);
            each_link(prop, value, &mut |link| {
                let kind = match link.id {
                    Some(_) if !own_name => EdgeKind::Reference(slot, link.reference),
                    _ => EdgeKind::Value(slot),
                };
                link.value.refs(&mut |output| {
                    let needs = link.needs.max(self.known_at(output));
                    self.add(output.node, place, Edge { kind, needs });
                });
            });
        }
    }

    /// The level at which an output, or a property that AWS may choose, is known.
    fn known_at(&self, output: OutputRef) -> Level {
        self.program.nodes[output.node as usize].ty.prop(output.slot).level
    }

    fn explicit(&mut self, place: u32) {
        let edge = Edge { kind: EdgeKind::Explicit, needs: Level::Ready };
        for dependency in &self.program.nodes[place as usize].depends_on {
            match dependency {
                Dependency::Node(node) => self.add(node.node, place, edge),
                Dependency::Component { component, .. } => {
                    for other in component_members(self.program, *component, place) {
                        self.add(other, place, edge);
                    }
                }
            }
        }
    }
}

/// The nodes in a component or below it that were created before `place`.
pub(crate) fn component_members(program: &Program, component: u32, place: u32) -> Vec<u32> {
    let inside = |node: &Node| program.is_within(node.component, component);
    let before = &program.nodes[..place as usize];
    (0..).zip(before).filter(|(_, node)| inside(node)).map(|(other, _)| other).collect()
}

fn cycle_problem(program: &Program, edges: &DiGraph<(), Edge>) -> ProgramProblem {
    let cycle = shortest_cycle(edges);
    let name = |node: &u32| program.nodes[*node as usize].urn.short().to_owned();
    let mut names: Vec<String> = cycle.iter().map(name).collect();
    names.extend(cycle.first().map(name));
    let mut at: Vec<&'static Location<'static>> = program
        .later
        .iter()
        .filter(|(node, other, _)| cycle.contains(node) && cycle.contains(other))
        .map(|(.., at)| *at)
        .collect();
    at.extend(cycle.iter().map(|node| program.nodes[*node as usize].at));
    let message = format!("these resources wait for each other: {}", names.join(" -> "));
    ProgramProblem::new(message, at)
        .help("remove one of the `depends_on` in the cycle; what an output is used for needs none")
}

impl JoinWorld for Program {
    fn ty(&self, item: u32) -> Option<&'static TypeDef> {
        self.nodes.get(item as usize).map(|node| node.ty)
    }

    fn count(&self) -> u32 {
        self.nodes.len() as u32
    }

    fn property(&self, item: u32, name: &str) -> Value {
        let node = &self.nodes[item as usize];
        let Some(slot) = node.ty.slot(name) else { return Value::Null };
        match node.inputs.get(slot) {
            // The property of another node: what stands there counts.
            Value::Ref(output) if !self.is_output(*output) => {
                let other = &self.nodes[output.node as usize];
                match other.inputs.get(output.slot) {
                    Value::Null => Value::Ref(*output),
                    _ => self.property(output.node, other.ty.prop(output.slot).name),
                }
            }
            value => value.clone(),
        }
    }

    fn target(&self, _item: u32, _property: &str, leaf: &Value) -> Option<u32> {
        let mut target = None;
        leaf.refs(&mut |output| target = target.or(Some(output.node)));
        target
    }
}

impl Program {
    fn is_output(&self, output: OutputRef) -> bool {
        let prop = self.nodes[output.node as usize].ty.prop(output.slot);
        // A name that the engine makes up identifies the node as an id does.
        prop.output || self.nodes[output.node as usize].inputs.get(output.slot).is_null()
    }
}
