//! What must hold at the end of a history, whatever happened on the way.

use infra_core::{
    engine::RefreshOutcome,
    graph::{Node, Program},
    state::State,
    value::{OutputRef, Value, resolve},
};

use super::{Run, Stop};
use crate::world::{PROJECT, STACK};

impl Run {
    /// Brings the last program about, where the first attempt may die, and holds everything
    /// against everything. Says how many moments the first attempt had.
    ///
    /// # Errors
    /// If something is not as it must be.
    pub async fn settle(&mut self, dies: u64) -> Result<u64, String> {
        self.bomb.arm(dies);
        let (mut moments, mut left) = (None, 4);
        loop {
            let done = self.up().await;
            if moments.is_none() {
                moments = Some(self.bomb.count());
                self.bomb.arm(0);
            }
            left -= 1;
            match done {
                Ok(outcome) if outcome.is_success() => break,
                Ok(outcome) if outcome.needs_more() && left > 0 => {}
                Err(Stop::Died) => self.bury().await,
                Err(Stop::Failed(error)) if self.is_bad_luck(&error) && left > 0 => {}
                done => return Err(format!("the last program does not come about: {done:?}")),
            }
        }
        self.check().await?;
        Ok(moments.unwrap_or_default())
    }

    /// Nothing too much, nothing missing, everything as the program says, nothing left to do.
    ///
    /// # Errors
    /// If something is not as it must be.
    pub async fn check(&mut self) -> Result<(), String> {
        self.world.check_in_step("in the end").await?;
        let (state, program) = (self.world.state().await, self.program());
        self.agrees(&state, &program)?;
        let again = self.up().await.map_err(|stop| format!("once more: {stop:?}"))?;
        if again.done > 0 || !again.is_success() {
            return Err(format!("the second run was none: {again:?}"));
        }
        if self.world.state().await.serial != state.serial {
            return Err("the second run wrote the state anew".to_owned());
        }
        loop {
            match self.engine().refresh(PROJECT, STACK).await {
                Ok(refreshed) if refreshed.drift.is_empty() => return Ok(()),
                Ok(RefreshOutcome { drift, .. }) => {
                    return Err(format!("the account is not what state says: {drift:?}"));
                }
                Err(error) if self.is_bad_luck(&error) => {}
                Err(error) => return Err(format!("{error:?}")),
            }
        }
    }

    /// The account has what the program says.
    fn agrees(&self, state: &State, program: &Program) -> Result<(), String> {
        if state.len() != program.nodes.len() {
            return Err(format!("{} records, {} nodes", state.len(), program.nodes.len()));
        }
        let objects = self.world.objects();
        for node in &program.nodes {
            let place = state.find(&node.urn).ok_or(format!("no record of `{}`", node.urn))?;
            let record = state.record(place);
            let object = objects
                .iter()
                .find(|object| object.ty.name == record.ty.name() && object.id == record.id);
            let object = object.ok_or(format!("no object of `{}`", node.urn))?;
            for (slot, wanted) in node.inputs.iter() {
                let name = node.ty.prop(slot).name;
                if node.ty.prop(slot).initial_only || wanted.has_secret() {
                    continue;
                }
                let wanted = known(state, program, node, wanted)?;
                let found = object.inputs.get(slot);
                if wanted != *found {
                    return Err(format!("`{}`.{name} is {found}, not {wanted}", node.urn));
                }
            }
        }
        Ok(())
    }
}

/// What a property comes to, with the outputs that state has.
fn known(state: &State, program: &Program, node: &Node, wanted: &Value) -> Result<Value, String> {
    let world = |output: OutputRef| {
        let other = &program.nodes[output.node as usize].urn;
        let place = state.find(other);
        place.map(|place| state.record(place).value(output.slot).clone()).unwrap_or_default()
    };
    resolve(wanted, &world).map_err(|error| format!("`{}`: {}", node.urn, error.message))
}
