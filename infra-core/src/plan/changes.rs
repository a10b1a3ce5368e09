//! A plan as people read it: what changes, property by property, and why.

use super::{Action, Cause, Difference, Plan, PlannedWorld, Planner};
use crate::{
    graph::{Node, Program},
    state::{Record, State},
    urn::Urn,
    value::{Slot, Value, resolve},
};

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is created.
    Create,
    /// It is changed in place.
    Update,
    /// A new one is created, then the old one deleted.
    CreateThenDelete,
    /// The old one is deleted, then a new one created.
    DeleteThenCreate,
    /// It may be replaced: that depends on values that are not known yet.
    MayReplace,
    /// It is deleted.
    Delete,
    /// It is taken out of state and left alone.
    Forget,
    /// An interrupted creation goes on.
    Resume,
    /// An older generation becomes the current one again.
    Reinstate,
    /// An existing object is taken over.
    Import,
    /// A lookup is read.
    Read,
    /// A task is run.
    Run,
    /// Only what state says of it changes.
    Relink,
}

/// A property that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyChange {
    /// Its name.
    pub name: &'static str,
    /// What was recorded; secrets sealed.
    pub old: Value,
    /// What the program says; unknowns where it is not known yet.
    pub new: Value,
    /// Whether this is why the resource is replaced.
    pub replaces: bool,
}

/// A resource that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChange {
    /// Which.
    pub urn: Urn,
    /// What happens to it.
    pub kind: ChangeKind,
    /// The properties, by slot.
    pub properties: Vec<PropertyChange>,
    /// Why, where the properties do not tell.
    pub reason: Option<String>,
}

/// How many resources there are of each kind of change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Created, imported, resumed.
    pub create: usize,
    /// Changed in place, reinstated.
    pub update: usize,
    /// Replaced, for certain or perhaps.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// Read, run, or changed in state alone.
    pub other: usize,
    /// Left as they are.
    pub same: usize,
}

impl Counts {
    /// How many change.
    #[must_use]
    pub fn changing(&self) -> usize {
        self.create + self.update + self.replace + self.delete + self.other
    }
}

/// How many resources there are of each kind of change.
#[must_use]
pub fn counts(plan: &Plan) -> Counts {
    let mut counts = Counts::default();
    for decision in &plan.decisions {
        *match decision.action {
            Action::Same => &mut counts.same,
            Action::Create | Action::Import | Action::Resume => &mut counts.create,
            Action::Update | Action::Reinstate => &mut counts.update,
            Action::CreateThenDelete | Action::DeleteThenCreate => &mut counts.replace,
            Action::Relink | Action::Read | Action::Run => &mut counts.other,
        } += 1;
    }
    let own = |cause| !matches!(cause, Cause::Replaced | Cause::Dragged(_));
    counts.delete = plan.deletions.iter().filter(|deletion| own(deletion.cause)).count();
    counts
}

/// Everything that changes: nodes in the order of the program, then what goes.
#[must_use]
pub fn changes(planner: &Planner<'_>, plan: &Plan) -> Vec<PlannedChange> {
    let (program, state) = (planner.program, planner.state);
    let world = planner.world(plan);
    let mut all = vec![];
    for (node, decision) in (0_u32..).zip(&plan.decisions) {
        let this = &program.nodes[node as usize];
        let kind = match decision.action {
            Action::Same => continue,
            Action::Relink => ChangeKind::Relink,
            Action::Read => ChangeKind::Read,
            Action::Resume => ChangeKind::Resume,
            Action::Update => ChangeKind::Update,
            Action::Reinstate => ChangeKind::Reinstate,
            Action::Import => ChangeKind::Import,
            Action::Run => ChangeKind::Run,
            Action::Create => ChangeKind::Create,
            _ if !decision.certain => ChangeKind::MayReplace,
            Action::CreateThenDelete => ChangeKind::CreateThenDelete,
            Action::DeleteThenCreate => ChangeKind::DeleteThenCreate,
        };
        let record = state.get(decision.place);
        let properties = match record {
            Some(record) => differing(&world, node, record),
            None => new_properties(&world, node),
        };
        let reason = reason(plan, program, state, decision.place, record)
            .or_else(|| moves(program, state, this, record))
            .or_else(|| {
                let told = properties.iter().any(|property| property.replaces);
                let asked = planner.options.replace.iter().any(|it| it.matches(&this.urn));
                let unasked = !decision.action.replaces() || told || !asked;
                (!unasked).then(|| "its replacement was asked for".to_owned())
            });
        all.push(PlannedChange { urn: this.urn.clone(), kind, properties, reason });
    }
    for deletion in &plan.deletions {
        if matches!(deletion.cause, Cause::Replaced) || is_replaced(plan, deletion.place) {
            continue;
        }
        let kind = if deletion.forget { ChangeKind::Forget } else { ChangeKind::Delete };
        let urn = state.record(deletion.place).urn.clone();
        let reason = cause_text(deletion.cause, plan, program, state);
        all.push(PlannedChange { urn, kind, properties: vec![], reason });
    }
    all
}

fn is_replaced(plan: &Plan, place: u32) -> bool {
    plan.decisions.iter().any(|decision| decision.place == place && decision.action.replaces())
}

fn reason(
    plan: &Plan,
    program: &Program,
    state: &State,
    place: u32,
    record: Option<&Record>,
) -> Option<String> {
    let because = plan.cause(place).and_then(|cause| cause_text(cause, plan, program, state));
    because.or_else(|| {
        let record = record.filter(|record| record.status.is_open())?;
        Some(format!("an earlier run was interrupted: it was {}", record.status))
    })
}

/// That a resource goes to another place than it was in.
fn moves(program: &Program, state: &State, node: &Node, record: Option<&Record>) -> Option<String> {
    let (old, new) = (state.provider(record?), program.provider(node));
    (old != new).then(|| format!("its provider changes from {old} to {new}"))
}

fn cause_text(cause: Cause, plan: &Plan, program: &Program, state: &State) -> Option<String> {
    match cause {
        Cause::Replaced | Cause::Removed | Cause::Destroyed => None,
        Cause::Deposed => Some("an older generation, left over from a replacement".to_owned()),
        Cause::HoldsKey(node) => Some(format!("it {}", holds(program, node))),
        Cause::Dragged(place) => Some(dragged(place, plan, Some(program), state)),
    }
}

pub(super) fn holds(program: &Program, node: u32) -> String {
    let by = program.nodes[node as usize].urn.short();
    format!("holds a name or range that `{by}` must have")
}

/// Why something goes that refers to the record in a place: what all began with is named.
pub(super) fn dragged(place: u32, plan: &Plan, program: Option<&Program>, state: &State) -> String {
    let name = |place: u32| state.get(place).map_or("?", |record| record.urn.short());
    let root = plan.root(place);
    let why = match (plan.cause(root), program) {
        (Some(Cause::HoldsKey(node)), Some(program)) => holds(program, node),
        _ => "has to be deleted before its successor can come".to_owned(),
    };
    if root == place {
        format!("it refers to `{}`, which {why}", name(root))
    } else {
        format!("it refers to `{}`, which goes because `{}` {why}", name(place), name(root))
    }
}

fn differing(world: &PlannedWorld<'_>, node: u32, record: &Record) -> Vec<PropertyChange> {
    let this = &world.program.nodes[node as usize];
    let found = world.differing(node, record).unwrap_or_default();
    let change = |difference: &Difference| {
        let Difference { slot, replaces, .. } = *difference;
        PropertyChange {
            name: this.ty.prop(slot).name,
            old: record.inputs.get(slot).clone(),
            new: planned(world, node, slot),
            replaces,
        }
    };
    found.iter().map(change).collect()
}

fn new_properties(world: &PlannedWorld<'_>, node: u32) -> Vec<PropertyChange> {
    let this = &world.program.nodes[node as usize];
    let change = |(slot, _): (Slot, &Value)| PropertyChange {
        name: this.ty.prop(slot).name,
        old: Value::Null,
        new: planned(world, node, slot),
        replaces: false,
    };
    this.inputs.iter().map(change).collect()
}

fn planned(world: &PlannedWorld<'_>, node: u32, slot: Slot) -> Value {
    let value = world.program.nodes[node as usize].inputs.get(slot);
    resolve(value, world).unwrap_or_default()
}
