//! What a run tells people, and under which names.

use std::panic::Location;

use rustc_hash::FxHashMap;

use super::{Run, Slot};
use crate::{
    engine::{StepError, StepFailure, full_message, lifecycle::Said, session::Session},
    event::{self, EventKind},
    graph::Program,
    handler::Note,
    plan::{Plan, StepKind, Steps},
    urn::Urn,
};

impl Run<'_, '_> {
    pub(super) fn ended(
        &mut self,
        step: u32,
        operation: event::Operation,
        error: Option<StepError>,
    ) {
        let now = self.now();
        self.times[step as usize].ended = now;
        self.tally.ended += 1;
        match error {
            None => {
                self.outcome.done += 1;
                if self.tells_steps {
                    let took = now.saturating_sub(self.times[step as usize].began);
                    let (urn, tally) = (self.name(step), self.tally);
                    self.session.engine.emit(EventKind::StepFinished {
                        step,
                        urn,
                        operation,
                        took,
                        tally,
                    });
                }
            }
            Some(error) => {
                let (urn, tally) = (self.name(step), self.tally);
                if self.tells_steps {
                    let message = full_message(&error);
                    let urn = urn.clone();
                    self.session.engine.emit(EventKind::StepFailed {
                        step,
                        urn,
                        operation,
                        message,
                        tally,
                    });
                }
                let at = self.sites(step, &error);
                self.outcome.failures.push(StepFailure { urn, error, at });
            }
        }
    }

    pub(super) fn name(&self, step: u32) -> Urn {
        name(self.program, self.steps, &self.names, step)
    }

    /// The lines of the program that a failure is about: the one that set the property, if it is
    /// about one.
    fn sites(&self, step: u32, error: &StepError) -> Vec<&'static Location<'static>> {
        match self.steps.steps[step as usize].kind {
            StepKind::Node(node) => {
                let node = &self.program.nodes[node as usize];
                let slot = error.property().and_then(|property| node.ty.slot(property));
                self.program.sites(node, slot.map_or(node.at, |slot| node.site(slot)))
            }
            _ => vec![],
        }
    }

    pub(super) fn say(&mut self, slot: &Slot, said: Said) {
        if !self.tells_steps {
            return;
        }
        let (step, urn) = (slot.step, self.name(slot.step));
        self.session.engine.emit(match said {
            Said::Waiting(message) => EventKind::StepWaiting { step, urn, message },
            Said::Retrying(message) => {
                EventKind::StepRetrying { step, urn, message, attempt: slot.operation.tries }
            }
        });
    }

    pub(super) fn tell_notes(&mut self) {
        while let Ok(Note { step, message }) = self.notes.1.try_recv() {
            let urn = self.name(step);
            self.session.engine.emit(EventKind::StepWaiting { step, urn, message });
        }
    }
}

/// The names of steps that are about records alone. What is replaced is told by the name that it has
/// in the program, as the plan does: it may have had another one.
pub(super) fn names(
    session: &Session<'_>,
    program: &Program,
    plan: &Plan,
    steps: &Steps,
) -> FxHashMap<u32, Urn> {
    let replaced: FxHashMap<u32, &Urn> = program
        .nodes
        .iter()
        .zip(&plan.decisions)
        .filter(|(_, decision)| decision.action.replaces())
        .map(|(node, decision)| (decision.place, &node.urn))
        .collect();
    let name = |place: u32| {
        let now = replaced.get(&place).copied();
        now.unwrap_or_else(|| &session.state.record(place).urn).clone()
    };
    let alone =
        (0_u32..).zip(&steps.steps).filter(|(_, step)| !matches!(step.kind, StepKind::Node(_)));
    alone.map(|(step, this)| (step, name(this.place))).collect()
}

pub(super) fn name(
    program: &Program,
    steps: &Steps,
    names: &FxHashMap<u32, Urn>,
    step: u32,
) -> Urn {
    match steps.steps[step as usize].kind {
        StepKind::Node(node) => program.nodes[node as usize].urn.clone(),
        _ => names[&step].clone(),
    }
}
