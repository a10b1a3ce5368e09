//! [`LiveWorld`]: what outputs are while a run is under way.

use super::session::Session;
use crate::{
    graph::Program,
    state::{Record, State, seal::Owner},
    value::{OutputRef, Resolve, Slot, Value},
};

/// What outputs are while a run is under way: what the records of their nodes hold.
pub(super) struct LiveWorld<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) program: &'a Program,
    /// The record of each node, as far as there is one.
    pub(super) place_of: &'a [u32],
}

impl Resolve for LiveWorld<'_> {
    fn output(&self, output: OutputRef) -> Value {
        let state = &self.session.state;
        let Some(record) = state.get(self.place_of[output.node as usize]) else {
            return Value::Unknown(output);
        };
        let value = opened_value(self.session, state, record, output.slot);
        let prop = self.program.nodes[output.node as usize].ty.prop(output.slot);
        if value.is_null() && prop.output && record.status.is_open() {
            return Value::Unknown(output);
        }
        value
    }
}

fn opened_value(session: &Session<'_>, state: &State, record: &Record, slot: Slot) -> Value {
    let value = record.value(slot);
    if !value.has_secret() {
        return value.clone();
    }
    let (Some(place), Some(ty)) = (&state.place, record.ty.known()) else { return value.clone() };
    let owner = Owner { lineage: place.lineage.clone(), of: record.stable.to_string() };
    let opened = session.engine.sealer.open(value, &owner, ty.prop(slot).name);
    opened.unwrap_or_else(|_| value.clone())
}
