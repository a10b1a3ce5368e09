//! [`Links`]: what refers to what, as far as a picture shows it.

use std::collections::BTreeSet;

use infra_core::{
    aws::ec2::{LaunchTemplate, SecurityGroup, Subnet, Vpc},
    dsl::ResourceType,
    graph::{EdgeKind, Graph, Program},
    schema::Reference,
};

/// What refers to what.
pub(super) struct Links<'a> {
    program: &'a Program,
    graph: Graph,
}

impl<'a> Links<'a> {
    /// `None` if the program's references go in a circle.
    pub(super) fn new(program: &'a Program) -> Option<Self> {
        Some(Self { program, graph: Graph::new(program).ok()? })
    }

    pub(super) fn is<R: ResourceType>(&self, node: u32) -> bool {
        std::ptr::eq(self.program.nodes[node as usize].ty, R::definition())
    }

    /// What a node refers to by id.
    pub(super) fn referred(&self, node: u32) -> impl Iterator<Item = (u32, Reference)> {
        self.graph.dependencies(node).filter_map(|(other, edge)| match edge.kind {
            EdgeKind::Reference(_, kind) => Some((other, kind)),
            _ => None,
        })
    }

    /// What refers to a node by id, each once.
    pub(super) fn referring(&self, node: u32) -> BTreeSet<u32> {
        let dependents = self.graph.dependents(node);
        let by_id = dependents.filter(|(_, edge)| matches!(edge.kind, EdgeKind::Reference(..)));
        by_id.map(|(other, _)| other).collect()
    }

    /// What it stands in: through whatever it refers to, but not across the borders between
    /// things that stand apart.
    fn reached<R: ResourceType>(&self, node: u32, through: &dyn Fn(u32) -> bool) -> BTreeSet<u32> {
        let (mut found, mut seen, mut queue) = (BTreeSet::new(), BTreeSet::new(), vec![node]);
        while let Some(node) = queue.pop() {
            for (other, kind) in self.referred(node) {
                if kind == Reference::Weak || !seen.insert(other) {
                    continue;
                }
                if self.is::<R>(other) {
                    found.insert(other);
                } else if through(other) {
                    queue.push(other);
                }
            }
        }
        found
    }

    /// The subnets that a node stands in, directly or through groups of them.
    pub(super) fn subnets(&self, node: u32) -> BTreeSet<u32> {
        let apart = |other: u32| self.is::<Vpc>(other) || self.is::<SecurityGroup>(other);
        self.reached::<Subnet>(node, &|other| !apart(other))
    }

    /// The VPC that a node stands in.
    pub(super) fn vpc(&self, node: u32) -> Option<u32> {
        self.reached::<Vpc>(node, &|_| true).pop_first()
    }

    /// Whether a node names its VPC itself.
    pub(super) fn names_vpc(&self, node: u32) -> bool {
        self.referred(node).any(|(other, _)| self.is::<Vpc>(other))
    }

    /// The security groups of a node: its own, and those of what it starts instances from.
    pub(super) fn groups(&self, node: u32) -> BTreeSet<u32> {
        self.reached::<SecurityGroup>(node, &|other| self.is::<LaunchTemplate>(other))
    }
}
