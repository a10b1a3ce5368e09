//! [`Operation`]: the life of one operation, as one enum and one total function.
//!
//! ```text
//! create  KeyCheck ─► Allocate ⇄ Find ─► Configure ─► Poll ─► done
//! resume                                 Configure ─► Update ─► Poll ─► done
//! update                                              Update ─► Poll ─► done
//! delete  Unprotect ─► Delete ─► Gone ─► done
//! settle  Find ─► done (adopted or abandoned);  Gone ─► done (deleted or reverted)
//! ```
//!
//! [`Operation::answer`] takes the answer to the call of the current phase and says what to
//! record, and what to do next. It does no I/O and is used live and in recovery. What follows from
//! the answers of each kind of phase stands in a file of its own below this one.

mod creation;
mod deletion;
mod levels;
mod told;

use std::{sync::Arc, time::Duration};

use super::StepError;
use crate::{
    handler::{
        Allocated, Deletion, Found, HandlerError, Observed, Polled, Problem, Progress, Request,
    },
    mutants::Mutants,
    schema::Level,
    state::{Change, store::StoreError},
    value::Properties,
};

/// What an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To bring a new thing about.
    Create,
    /// To go on with an interrupted creation.
    Resume,
    /// To change a thing.
    Update,
    /// To delete a thing.
    Delete,
    /// To find out what became of an interrupted operation.
    Settle,
    /// To read a lookup.
    Read,
    /// To run a task.
    Run,
}

/// Where an operation stands: which call it makes next, or waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Is the natural key free? Before the intent: what is found there later is ours.
    KeyCheck,
    /// Make it.
    Allocate,
    /// What did the creation come to?
    Find,
    /// Tell what creation could not say.
    Configure,
    /// Make it what is wanted.
    Update,
    /// Has it reached the level?
    Poll(Level),
    /// Allow deletion.
    Unprotect,
    /// Delete it.
    Delete,
    /// Is it gone?
    Gone,
    /// Read a lookup.
    Read,
    /// Run a task.
    Run,
}

impl Phase {
    /// Whether its call changes anything: such calls are never broken off.
    pub(super) fn mutates(self) -> bool {
        matches!(
            self,
            Self::Allocate
                | Self::Configure
                | Self::Update
                | Self::Unprotect
                | Self::Delete
                | Self::Run
        )
    }
}

/// The answer to the call of a phase.
#[derive(Debug)]
pub(super) enum Answer {
    Allocated(Allocated),
    Progress(Progress),
    Polled(Polled),
    Observed(Option<Observed>),
    Deleted(Deletion),
    Found(Found),
    Outputs(Properties),
    Failed(HandlerError),
    Panicked(String),
    /// The run is to stop, and the call was not begun or could be broken off.
    Interrupted,
    /// The lease has run out, and the call was given up: the run is over.
    Unleased(StoreError),
}

/// What follows from an answer.
#[derive(Debug)]
pub(super) struct Verdict {
    /// What to record.
    pub(super) changes: Vec<Change>,
    /// The level that dependents may count on from now.
    pub(super) reached: Option<Level>,
    /// What to do next.
    pub(super) next: Next,
    /// What to tell people.
    pub(super) said: Option<Said>,
}

/// What an operation does next.
#[derive(Debug)]
pub(super) enum Next {
    /// The call of this phase, after this many milliseconds.
    Call(Phase, u64),
    /// The intent is to be recorded first.
    Intent,
    /// Nothing: it ended well.
    Done,
    /// Nothing: it came to nothing.
    Failed(StepError),
}

/// What to tell people.
#[derive(Debug)]
pub(super) enum Said {
    Waiting(String),
    Retrying(String),
}

/// One operation under way.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) purpose: Purpose,
    pub(super) phase: Phase,
    /// The record.
    pub(super) place: u32,
    pub(super) request: Arc<Request>,
    /// When it began, on the backend's clock.
    pub(super) began: u64,
    /// Until when absence proves nothing.
    pub(super) settle_at: u64,
    /// How long absence proves nothing after something happened.
    pub(super) settle: u64,
    /// When it is given up.
    pub(super) deadline: u64,
    /// Whether a call was sent whose answer is not known.
    pub(super) sent: bool,
    /// What that call failed with, if it is not to be made again: for good, or too late.
    pub(super) lost: Option<Box<HandlerError>>,
    /// How often the current phase was tried.
    pub(super) tries: u32,
    /// The highest level reached.
    pub(super) level: Option<Level>,
    /// The inputs to be recorded at the end, where they differ from those recorded.
    pub(super) wanted: Option<Properties>,
    /// Whether properties that exist already are to be changed after an interrupted creation.
    pub(super) then_update: bool,
    pub(super) mutants: Mutants,
}

/// How long something is waited for that still uses what is to go.
const IN_USE_PATIENCE: u64 = 15 * 60_000;
const FIRST_RETRY: u64 = 200;
const RETRY_DOUBLINGS: u32 = 5;
const FIRST_LOOK: u64 = 500;
const SLOWEST_LOOK: u64 = 15_000;
/// So many looks are counted: the pace is the slowest long before.
const MOST_TRIES: u32 = 16;

/// How long is waited after so many looks in vain: half as long again each time.
fn slower(tries: u32) -> u64 {
    let pace = FIRST_LOOK.saturating_mul(3_u64.saturating_pow(tries)) >> tries.min(63);
    pace.clamp(FIRST_LOOK, SLOWEST_LOOK)
}

impl Operation {
    /// What follows from an answer, at a time.
    pub(super) fn answer(&mut self, answer: Answer, now: u64) -> Verdict {
        match (self.phase, answer) {
            (_, Answer::Interrupted | Answer::Unleased(_)) => {
                Verdict::failed(StepError::Interrupted)
            }
            (_, Answer::Panicked(message)) => self.panicked(message),
            (Phase::KeyCheck, answer) => self.key_checked(answer, now),
            (Phase::Allocate, Answer::Allocated(allocated)) => self.allocated(allocated, now),
            (Phase::Allocate, Answer::Failed(error)) => self.not_allocated(error, now),
            (Phase::Find, Answer::Found(found)) => self.found(found, now),
            (Phase::Configure | Phase::Update, Answer::Progress(progress)) => {
                self.progressed(progress)
            }
            (Phase::Poll(level), Answer::Polled(polled)) => self.polled(level, polled, now),
            (Phase::Unprotect, Answer::Progress(_)) => self.call(Phase::Delete),
            (Phase::Delete, Answer::Deleted(Deletion::Gone)) => self.gone(),
            (Phase::Delete, Answer::Deleted(Deletion::Started)) => self.call(Phase::Gone),
            (Phase::Delete | Phase::Unprotect, Answer::Failed(error))
                if error.problem == Problem::NotFound =>
            {
                self.missing(now)
            }
            (Phase::Gone, Answer::Observed(observed)) => self.looked(observed, now),
            (Phase::Read | Phase::Run, Answer::Outputs(outputs)) => self.told(outputs, now),
            (Phase::Run, Answer::Failed(error)) if !error.is_retryable() => self.run_failed(error),
            (_, Answer::Failed(error)) => self.retry(error, now),
            (phase, answer) => {
                unreachable!("the caller pairs phases with answers: {phase:?}, {answer:?}")
            }
        }
    }

    fn call(&mut self, phase: Phase) -> Verdict {
        self.call_after(phase, 0)
    }

    /// How long is waited before the next look: soon at first, then at a slower pace.
    fn next_look(&mut self) -> u64 {
        let pace = slower(self.tries);
        self.tries = (self.tries + 1).min(MOST_TRIES);
        pace
    }

    fn call_after(&mut self, phase: Phase, after: u64) -> Verdict {
        if phase != self.phase {
            self.tries = 0;
        }
        self.phase = phase;
        Verdict::next(Next::Call(phase, after))
    }

    fn panicked(&self, message: String) -> Verdict {
        // What it had done by then is not known; the intent stays open for recovery.
        Verdict::failed(StepError::Panicked(message))
    }

    /// The same call again after a while, if that may help and there is time.
    fn retry(&mut self, error: HandlerError, now: u64) -> Verdict {
        let in_use = matches!(error.problem, Problem::InUse { .. });
        let patience = if in_use { IN_USE_PATIENCE } else { u64::MAX };
        let until = self.deadline.min(self.began.saturating_add(patience));
        // What was just made may not be visible everywhere yet.
        let unseen = error.problem == Problem::NotFound && now < self.settle_at;
        if !(error.is_retryable() || unseen) || now >= until {
            return Verdict::failed(StepError::Handler(Box::new(error)));
        }
        let delay = match error.problem {
            Problem::Throttled { retry_after: Some(after) } => millis(after),
            _ => FIRST_RETRY << self.tries.min(RETRY_DOUBLINGS),
        };
        self.tries += 1;
        let said = match &error.problem {
            Problem::InUse { by } if !by.is_empty() => {
                format!("{error} (used by {})", by.join(", "))
            }
            _ => error.to_string(),
        };
        let phase = self.phase;
        let mut verdict = self.call_after(phase, delay);
        verdict.said = Some(Said::Retrying(said));
        verdict
    }
}

impl Verdict {
    fn next(next: Next) -> Self {
        Self { changes: vec![], reached: None, next, said: None }
    }

    fn failed(error: StepError) -> Self {
        Self::next(Next::Failed(error))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_half_as_long_again_apart_each_time() {
        let paces: Vec<u64> = (0..5).map(slower).collect();
        assert_eq!(paces, [500, 750, 1125, 1687, 2531]);
        assert_eq!((slower(9), slower(MOST_TRIES)), (SLOWEST_LOOK, SLOWEST_LOOK));
    }
}
