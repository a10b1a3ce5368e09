//! [`PlannedWorld`]: what the outputs of a program are, as far as a plan can tell.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Action, Decision, KeptNames, NamesOf, Secrets, planner::PlanTimeReads};
use crate::{
    graph::{Node, Program},
    mutants::Mutant,
    state::{Record, State, seal::Owner},
    value::{OutputRef, Resolve, Slot, Value, resolve},
};

/// The slots of one node that change.
pub(super) type SlotSet = [u64; 2];

/// What the outputs of a program are, as far as a plan can tell: known values where nothing
/// changes them, unknowns where something has to be deployed first.
#[derive(Debug)]
pub struct PlannedWorld<'a> {
    pub(super) program: &'a Program,
    pub(super) state: &'a State,
    pub(super) secrets: Secrets<'a>,
    pub(super) reads: &'a PlanTimeReads,
    /// By node; those behind the one being looked at are undecided.
    pub(super) decisions: Vec<Decision>,
    /// The slots that change, by node; absent where none does.
    pub(super) changed: FxHashMap<u32, SlotSet>,
    /// Found when the first name is made up.
    kept_names: OnceLock<KeptNames>,
}

impl<'a> PlannedWorld<'a> {
    pub(super) fn new(
        program: &'a Program,
        state: &'a State,
        secrets: Secrets<'a>,
        reads: &'a PlanTimeReads,
    ) -> Self {
        let decisions = vec![Decision::UNDECIDED; program.nodes.len()];
        let (changed, kept_names) = (FxHashMap::default(), OnceLock::new());
        Self { program, state, secrets, reads, decisions, changed, kept_names }
    }

    /// The same world with decisions that were made before.
    #[must_use]
    pub fn decided(
        program: &'a Program,
        state: &'a State,
        secrets: Secrets<'a>,
        reads: &'a PlanTimeReads,
        decisions: Vec<Decision>,
    ) -> Self {
        let mut world = Self::new(program, state, secrets, reads);
        world.decisions = decisions;
        for node in 0..program.nodes.len() as u32 {
            let decision = world.decisions[node as usize];
            if matches!(decision.action, Action::Update | Action::Resume | Action::Reinstate) {
                world.note_changes(node, decision.place);
            }
        }
        world
    }

    pub(super) fn change(&mut self, node: u32, slots: impl IntoIterator<Item = Slot>) {
        let set = self.changed.entry(node).or_default();
        for slot in slots {
            set[usize::from(slot / 64)] |= 1 << (slot % 64);
        }
    }

    /// A property or output of a record, secrets opened where the key is at hand.
    pub(super) fn recorded(&self, record: &Record, slot: Slot) -> Value {
        let value = record.value(slot);
        if !value.has_secret() {
            return value.clone();
        }
        let (Some(sealer), Some(place), Some(ty)) =
            (self.secrets.0, &self.state.place, record.ty.known())
        else {
            return value.clone();
        };
        let owner = Owner { lineage: place.lineage.clone(), of: record.stable.to_string() };
        sealer.open(value, &owner, ty.prop(slot).name).unwrap_or_else(|_| value.clone())
    }

    fn survives(&self, node: u32, record: &Record, slot: Slot) -> bool {
        let Some(ty) = record.ty.known() else { return true };
        let prop = ty.prop(slot);
        let Some(changed) = self.changed.get(&node) else { return true };
        let is_changed = |slot: Slot| changed[usize::from(slot / 64)] >> (slot % 64) & 1 == 1;
        !ty.inputs().any(|(input, _)| is_changed(input) && prop.changes_with(ty.props, input))
    }

    fn made_up_name(&self, lineage: &str, node: u32, generation: u32) -> String {
        let of = NamesOf { lineage, epoch: self.state.epoch };
        let kept = self.kept_names.get_or_init(|| KeptNames::new(self.program, self.state));
        kept.make(self.state, of, self.program, node, generation)
    }

    fn of_new(&self, node: &Node, output: OutputRef, decision: Decision) -> Value {
        let prop = node.ty.prop(output.slot);
        if let Some(rule) = node.ty.name_rule
            && rule.slot == output.slot
        {
            let generation = self.state.get(decision.place).map_or(0, |old| old.generation + 1);
            return self.state.place.as_ref().map_or(Value::Unknown(output), |place| {
                self.made_up_name(&place.lineage, output.node, generation).into()
            });
        }
        if prop.output || prop.computed { Value::Unknown(output) } else { Value::Null }
    }
}

impl Resolve for PlannedWorld<'_> {
    fn output(&self, output: OutputRef) -> Value {
        let node = &self.program.nodes[output.node as usize];
        let decision = self.decisions[output.node as usize];
        let own = node.inputs.get(output.slot);
        let record = self.state.get(decision.place);
        let prop = node.ty.prop(output.slot);
        if !own.is_null() && !prop.initial_only {
            // A failure is reported for the node that it belongs to.
            return resolve(own, self).unwrap_or(Value::Unknown(output));
        }
        match (decision.action, record) {
            (Action::Same | Action::Relink, Some(record)) => self.recorded(record, output.slot),
            (Action::Read, _) => match self.reads.lookups.get(&output.node) {
                Some(outputs) => outputs.get(output.slot).clone(),
                None => Value::Unknown(output),
            },
            (Action::Import, _) => match self.reads.imports.get(&output.node) {
                Some(Some(observed)) => match observed.outputs.get(output.slot) {
                    Value::Null => observed.inputs.get(output.slot).clone(),
                    told => told.clone(),
                },
                _ => Value::Unknown(output),
            },
            (Action::Update | Action::Resume | Action::Reinstate, Some(record)) => {
                let value = self.recorded(record, output.slot);
                let unfinished = value.is_null() && record.status.is_open();
                let unknown = value.first_unknown().is_some();
                let spread = self.state.mutants.on(Mutant::UnknownsSpread);
                if spread
                    || unknown
                    || unfinished
                    || !self.survives(output.node, record, output.slot)
                {
                    return Value::Unknown(output);
                }
                value
            }
            (Action::Create | Action::CreateThenDelete | Action::DeleteThenCreate, _) => {
                self.of_new(node, output, decision)
            }
            _ => Value::Unknown(output),
        }
    }
}
