//! Phases that bring a thing about, and find out whether they did.

use std::sync::Arc;

use super::{Answer, Next, Operation, Phase, Purpose, Said, Verdict, millis};
use crate::{
    engine::StepError,
    handler::{Allocated, Certainty, Found, HandlerError, Problem},
    mutants::Mutant,
    schema::{Find, Identity, Level},
    state::Change,
};

impl Operation {
    pub(super) fn key_checked(&mut self, answer: Answer, now: u64) -> Verdict {
        let adopt = self.mutants.on(Mutant::ForeignKeysAdopted);
        match answer {
            Answer::Found(Found::Absent | Found::NotYetCertain { .. }) => self.free(),
            Answer::Found(_) if adopt => self.free(),
            Answer::Found(Found::Here(Allocated { id, .. }) | Found::Foreign { id }) => {
                Verdict::failed(StepError::Foreign { id: id.to_string() })
            }
            Answer::Failed(error) => self.retry(error, now),
            answer => unreachable!("the caller pairs phases with answers: {answer:?}"),
        }
    }

    fn free(&mut self) -> Verdict {
        self.phase = Phase::Allocate;
        self.tries = 0;
        Verdict::next(Next::Intent)
    }

    pub(super) fn allocated(&mut self, allocated: Allocated, now: u64) -> Verdict {
        let Allocated { id, outputs, level } = allocated;
        self.settle_at = self.settled_from(now);
        // The call has ended and dropped its share: this copies nothing.
        let request = Arc::make_mut(&mut self.request);
        request.id = id.clone();
        request.outputs = request.outputs.merged(&outputs);
        let change = Change::Allocated(self.place, id, outputs, now);
        let mut verdict = self.at_level(level);
        verdict.changes.insert(0, change);
        verdict
    }

    pub(super) fn not_allocated(&mut self, error: HandlerError, now: u64) -> Verdict {
        let by_name = self.request.ty.find == Find::Name;
        if error.certainty == Certainty::Unknown {
            if self.mutants.on(Mutant::LostAnswerCloses) {
                return self.aborted(StepError::Handler(Box::new(error)));
            }
            return self.answer_lost(error, now);
        }
        let in_time = now < self.deadline;
        match &error.problem {
            // A name is the id: what is there by another id is in the way by another key.
            Problem::AlreadyExists { id: Some(id) } if self.is_named_otherwise(id) => {
                let id = id.clone();
                self.aborted(StepError::Foreign { id })
            }
            Problem::AlreadyExists { .. } if in_time && (self.sent || by_name) => {
                self.settle_at = self.settled_from(now);
                self.call(Phase::Find)
            }
            Problem::AlreadyExists { id: Some(id) } => {
                let id = id.clone();
                self.aborted(StepError::Foreign { id })
            }
            _ if error.is_retryable() && in_time => self.retry(error, now),
            // After an answer that was lost, only asking tells whether there is anything.
            _ if self.sent => {
                self.settle_at = self.settled_from(now);
                self.call(Phase::Find)
            }
            _ => self.aborted(StepError::Handler(Box::new(error))),
        }
    }

    /// Only asking tells what came of it, or making it again with the same token.
    fn answer_lost(&mut self, error: HandlerError, now: u64) -> Verdict {
        self.sent = true;
        let said = Some(Said::Retrying(error.to_string()));
        let is_over = !error.is_retryable() || now >= self.deadline;
        if is_over || self.request.ty.find != Find::Token {
            self.phase = Phase::Find;
            self.settle_at = self.settled_from(now);
        }
        self.lost = is_over.then(|| Box::new(error));
        self.tries += 1;
        Verdict { said, ..Verdict::next(Next::Call(self.phase, 1_000)) }
    }

    fn is_named_otherwise(&self, id: &str) -> bool {
        let named = matches!(self.request.ty.identity, Identity::Named { .. });
        named && self.request.name().is_some_and(|name| name != id)
    }

    /// A definite no closes the intent.
    pub(super) fn aborted(&self, error: StepError) -> Verdict {
        let mut verdict = Verdict::failed(error);
        if !self.mutants.on(Mutant::RefusalLeavesIntent) {
            verdict.changes.push(Change::Aborted(self.place));
        }
        verdict
    }

    pub(super) fn found(&mut self, found: Found, now: u64) -> Verdict {
        let settling = self.purpose == Purpose::Settle;
        match found {
            Found::Here(allocated) if settling => {
                let change = Change::Allocated(self.place, allocated.id, allocated.outputs, now);
                Verdict { changes: vec![change], ..Verdict::next(Next::Done) }
            }
            Found::Here(allocated) => {
                // The level is looked up again: what was found may have stopped on its way.
                let allocated = Allocated { level: Level::Exists, ..allocated };
                self.allocated(allocated, now)
            }
            Found::NotYetCertain { retry_after } if now < self.settle_at => {
                self.call_after(Phase::Find, millis(retry_after).max(1))
            }
            Found::Foreign { .. } if settling => {
                Verdict { changes: vec![Change::Aborted(self.place)], ..Verdict::next(Next::Done) }
            }
            Found::Foreign { id } => self.aborted(StepError::Foreign { id: id.to_string() }),
            Found::Absent | Found::NotYetCertain { .. } if settling => {
                Verdict { changes: vec![Change::Aborted(self.place)], ..Verdict::next(Next::Done) }
            }
            Found::Absent | Found::NotYetCertain { .. } => {
                self.sent = false;
                match self.lost.take() {
                    Some(error) => self.aborted(StepError::Handler(error)),
                    None => self.call(Phase::Allocate),
                }
            }
        }
    }

    fn believes_absence(&self) -> bool {
        self.mutants.on(Mutant::NoSettleTime)
    }

    /// The settle time, counted from now.
    fn settled_from(&self, now: u64) -> u64 {
        if self.believes_absence() { now } else { now.saturating_add(self.settle) }
    }
}
