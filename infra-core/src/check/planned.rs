//! [`Planned`]: what a plan would do, for checks.

use std::{cell::OnceCell, fmt};

use crate::{
    dsl::{Prop, ResourceType},
    graph::{Field, NodeView, Program, ProgramProblem},
    plan::{Plan, PlannedChange, PlannedWorld, Planner, changes},
    types::PropertyType,
    urn::Urn,
    value::{Value, resolve},
};

/// What a plan would do, and what is known of its outcome.
pub struct Planned<'a> {
    planner: &'a Planner<'a>,
    plan: &'a Plan,
    changes: OnceCell<Vec<PlannedChange>>,
    world: OnceCell<PlannedWorld<'a>>,
}

impl fmt::Debug for Planned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planned").field("plan", self.plan).finish_non_exhaustive()
    }
}

impl<'a> Planned<'a> {
    pub(crate) fn new(planner: &'a Planner<'a>, plan: &'a Plan) -> Self {
        Self { planner, plan, changes: OnceCell::new(), world: OnceCell::new() }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.planner.program
    }

    /// Everything that changes, as a preview shows it: nodes in the order of the program, then
    /// what goes.
    pub fn changes(&self) -> &[PlannedChange] {
        self.changes.get_or_init(|| changes(self.planner, self.plan))
    }

    /// A property with the outputs in it that are known by now: ids of what is there already.
    pub fn get<R: ResourceType, T: PropertyType>(
        &self,
        view: &NodeView<'_, R>,
        prop: Prop<R, T>,
    ) -> Field<T::Resolved> {
        let world = self.world.get_or_init(|| self.planner.world(self.plan));
        match resolve(view.node.inputs.get(prop.slot), world) {
            Ok(Value::Null) => Field::Absent,
            Ok(value) if value.first_unknown().is_none() => {
                T::decode(&value).map_or(Field::Unknown, Field::Known)
            }
            _ => Field::Unknown,
        }
    }

    /// A problem of what happens to a resource, whether the program still names it or not.
    pub fn about(&self, urn: &Urn, message: impl Into<String>) -> ProgramProblem {
        let program = self.program();
        let node = program.nodes.iter().find(|node| node.urn == *urn);
        let at = node.map(|node| program.sites(node, node.at)).unwrap_or_default();
        ProgramProblem::new(message, at).of(urn)
    }
}
