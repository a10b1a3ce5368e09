//! [`Program`]: what building a stack results in.

use std::{panic::Location, sync::Arc};

use super::{Component, Field, Node, NodeView, ProgramProblem, StackOutput};
use crate::{
    check::{Allowance, Allowed, Check},
    dsl::{Prop, Provider, ResourceType},
    urn::Urn,
    value::{Slot, Value},
};

/// What building a stack results in: nodes in the order in which they were created, and whatever
/// was wrong with them. Plain data; the engine takes it from here.
#[derive(Debug)]
pub struct Program {
    /// The project's name.
    pub project: Arc<str>,
    /// The stack's name.
    pub stack: Arc<str>,
    /// Resources, lookups and tasks, in order of creation.
    pub nodes: Vec<Node>,
    /// Components; the first is the stack itself.
    pub components: Vec<Component>,
    /// Providers that nodes name by place.
    pub providers: Vec<Provider>,
    /// What the stack shows.
    pub outputs: Vec<StackOutput>,
    /// What was wrong.
    pub problems: Vec<ProgramProblem>,
    /// The rules that it is held against, beside those that every program is.
    pub checks: Vec<Arc<dyn Check>>,
    /// Which rules may be broken by what.
    pub allowances: Vec<Allowance>,
    /// What rules found and the program allows.
    pub allowed: Vec<Allowed>,
    /// Which stack of this process outputs must come from.
    pub(crate) id: u16,
    /// `depends_on` that was said after creation: (node, what it waits for, where).
    pub(crate) later: Vec<(u32, u32, &'static Location<'static>)>,
}

impl Program {
    /// A program without anything in it: what `destroy` works with.
    #[must_use]
    #[track_caller]
    pub fn empty() -> Self {
        Self::named("".into(), "".into(), 0, Location::caller())
    }

    pub(crate) fn named(
        project: Arc<str>,
        stack: Arc<str>,
        id: u16,
        at: &'static Location<'static>,
    ) -> Self {
        let root = Component { path: "".into(), parent: 0, at, aliases: vec![] };
        Self {
            project,
            stack,
            nodes: vec![],
            components: vec![root],
            providers: vec![],
            outputs: vec![],
            problems: vec![],
            checks: vec![],
            allowances: vec![],
            allowed: vec![],
            id,
            later: vec![],
        }
    }

    /// All nodes of a type.
    pub fn all<R: ResourceType>(&self) -> impl Iterator<Item = NodeView<'_, R>> {
        self.nodes.iter().filter_map(NodeView::new)
    }

    /// The node of a type that a property refers to, if it is an output of one of this program.
    #[must_use]
    pub fn target<R: ResourceType, T>(&self, field: &Field<T>) -> Option<NodeView<'_, R>> {
        let Field::Reference(output) = *field else { return None };
        self.nodes.get(output.node as usize).and_then(NodeView::new)
    }

    /// A problem of a property: its value and the line that set it are filled in.
    pub fn about<R: ResourceType, T>(
        &self,
        view: &NodeView<'_, R>,
        prop: Prop<R, T>,
        message: impl Into<String>,
    ) -> ProgramProblem {
        self.about_slot(view.node, prop.slot, message)
    }

    /// The same for a node of any type.
    pub fn about_slot(
        &self,
        node: &Node,
        slot: Slot,
        message: impl Into<String>,
    ) -> ProgramProblem {
        let value = node.inputs.get(slot);
        let problem = ProgramProblem::new(message, self.sites(node, node.site(slot)))
            .of(&node.urn)
            .property(node.ty.prop(slot).name);
        // What an output will be is not known, and an empty list says nothing.
        if value.is_null() || value.has_refs() || *value == Value::list([]) {
            return problem;
        }
        problem.value(value.to_string())
    }

    /// The lines that lead to a node, the user's own first: the outermost component's call, then
    /// inwards, the node's own last.
    #[must_use]
    pub fn sites(
        &self,
        node: &Node,
        at: &'static Location<'static>,
    ) -> Vec<&'static Location<'static>> {
        sites(&self.components, node.component, at)
    }

    /// Whether a component is another one, or stands in it.
    #[must_use]
    pub fn is_within(&self, mut component: u32, outer: u32) -> bool {
        while component != outer && component != 0 {
            component = self.components[component as usize].parent;
        }
        component == outer
    }

    /// The provider of a node.
    #[must_use]
    pub fn provider(&self, node: &Node) -> &Provider {
        &self.providers[usize::from(node.provider)]
    }

    /// The URNs that a node had before, from its own aliases and those of its components.
    #[must_use]
    pub fn aliases(&self, node: &Node) -> Vec<Urn> {
        super::node::aliases(self, node)
    }
}

/// The lines that lead into a component, outermost first, then one more.
pub(crate) fn sites(
    components: &[Component],
    mut component: u32,
    at: &'static Location<'static>,
) -> Vec<&'static Location<'static>> {
    let mut sites = vec![at];
    while component != 0 {
        let inside = &components[component as usize];
        sites.push(inside.at);
        component = inside.parent;
    }
    sites.reverse();
    sites.dedup();
    sites
}
