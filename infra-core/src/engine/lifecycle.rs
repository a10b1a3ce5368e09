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
//! record, and what to do next. It does no I/O and is used live and in recovery.

use std::{sync::Arc, time::Duration};

use super::StepError;
use crate::{
    handler::{
        Allocated, Certainty, Deletion, Found, HandlerError, Observed, Polled, Problem, Progress,
        Request,
    },
    mutants::{Mutant, Mutants},
    schema::{Find, Level, TypeKind},
    state::Change,
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

impl Operation {
    /// What follows from an answer, at a time.
    pub(super) fn answer(&mut self, answer: Answer, now: u64) -> Verdict {
        match (self.phase, answer) {
            (_, Answer::Interrupted) => Verdict::failed(StepError::Interrupted),
            (_, Answer::Panicked(message)) => self.panicked(message),
            (Phase::KeyCheck, answer) => self.key_checked(answer, now),
            (Phase::Allocate, Answer::Allocated(allocated)) => self.allocated(allocated, now),
            (Phase::Allocate, Answer::Failed(error)) => self.not_allocated(error, now),
            (Phase::Find, Answer::Found(found)) => self.found(found, now),
            (Phase::Configure | Phase::Update, Answer::Progress(progress)) => {
                self.progressed(progress, now)
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

    // Creation.

    fn key_checked(&mut self, answer: Answer, now: u64) -> Verdict {
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

    fn allocated(&mut self, allocated: Allocated, now: u64) -> Verdict {
        let Allocated { id, outputs, level } = allocated;
        self.settle_at = self.settled_from(now);
        let mut request = (*self.request).clone();
        request.id = id.clone();
        request.outputs = request.outputs.merged(&outputs);
        self.request = Arc::new(request);
        let change = Change::Allocated(self.place, id, outputs, now);
        let mut verdict = self.at_level(level);
        verdict.changes.insert(0, change);
        verdict
    }

    fn not_allocated(&mut self, error: HandlerError, now: u64) -> Verdict {
        let by_name = self.request.ty.find == Find::Name;
        if error.certainty == Certainty::Unknown {
            if self.mutants.on(Mutant::LostAnswerCloses) {
                return self.aborted(StepError::Handler(Box::new(error)));
            }
            self.sent = true;
            if self.request.ty.find != Find::Token {
                self.phase = Phase::Find;
                self.settle_at = self.settled_from(now);
            }
            self.tries += 1;
            let mut verdict = Verdict::next(Next::Call(self.phase, 1_000));
            verdict.said = Some(Said::Retrying(error.to_string()));
            return verdict;
        }
        match &error.problem {
            Problem::AlreadyExists { .. } if self.sent || by_name => {
                self.settle_at = self.settled_from(now);
                self.call(Phase::Find)
            }
            Problem::AlreadyExists { id: Some(id) } => {
                let id = id.clone();
                self.aborted(StepError::Foreign { id })
            }
            _ if error.is_retryable() && now < self.deadline => self.retry(error, now),
            // After an answer that was lost, only asking tells whether there is anything.
            _ if self.sent => {
                self.settle_at = self.settled_from(now);
                self.call(Phase::Find)
            }
            _ => self.aborted(StepError::Handler(Box::new(error))),
        }
    }

    /// A definite no closes the intent.
    fn aborted(&self, error: StepError) -> Verdict {
        let mut verdict = Verdict::failed(error);
        if !self.mutants.on(Mutant::RefusalLeavesIntent) {
            verdict.changes.push(Change::Aborted(self.place));
        }
        verdict
    }

    fn found(&mut self, found: Found, now: u64) -> Verdict {
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
                self.call(Phase::Allocate)
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

    /// It has come this far; what is left is to be done.
    fn at_level(&mut self, level: Level) -> Verdict {
        self.level = Some(self.level.map_or(level, |old| old.max(level)));
        let mut verdict = match level {
            Level::Exists => self.call(Phase::Configure),
            Level::Configured if self.then_update => self.call(Phase::Update),
            Level::Configured => self.call(Phase::Poll(Level::Ready)),
            Level::Ready if self.then_update => self.call(Phase::Update),
            Level::Ready => self.done(Properties::default()),
        };
        verdict.reached = Some(level);
        verdict
    }

    fn progressed(&mut self, progress: Progress, now: u64) -> Verdict {
        let Progress { outputs, level } = progress;
        let _ = now;
        let was_update = self.phase == Phase::Update;
        if was_update {
            self.then_update = false;
        }
        let mut request = (*self.request).clone();
        request.outputs = request.outputs.merged(&outputs);
        self.request = Arc::new(request);
        let mut verdict = self.at_level(level.max(Level::Configured));
        let change = Change::Reached(self.place, level.max(Level::Configured), outputs);
        verdict.changes.insert(0, change);
        verdict
    }

    fn polled(&mut self, level: Level, polled: Polled, now: u64) -> Verdict {
        match polled {
            Polled::Reached(Progress { outputs, level: reached }) if reached >= level => {
                self.level = Some(reached);
                let mut verdict = self.done(outputs);
                verdict.reached = Some(reached);
                verdict
            }
            Polled::Reached(Progress { outputs, level: reached }) => {
                let mut verdict = self.look_again(level, None, now);
                if self.level < Some(reached) {
                    self.level = Some(reached);
                    verdict.changes.push(Change::Reached(self.place, reached, outputs));
                    verdict.reached = Some(reached);
                }
                verdict
            }
            Polled::Pending { message, retry_after } => {
                if now >= self.deadline {
                    return Verdict::failed(StepError::TimedOut { wanted: "ready", message });
                }
                let mut verdict = self.look_again(level, retry_after, now);
                verdict.said = Some(Said::Waiting(message));
                verdict
            }
            Polled::Missing if now >= self.deadline => {
                let message = "it can't be seen".to_owned();
                Verdict::failed(StepError::TimedOut { wanted: "ready", message })
            }
            Polled::Missing => self.look_again(level, Some(Duration::from_secs(1)), now),
        }
    }

    /// Looks again: when told to, else soon at first and then at a slower pace.
    fn look_again(&mut self, level: Level, after: Option<Duration>, _now: u64) -> Verdict {
        let pace =
            FIRST_LOOK.saturating_mul(3_u64.saturating_pow(self.tries)) >> self.tries.min(63);
        let after = after.map_or_else(|| pace.clamp(FIRST_LOOK, SLOWEST_LOOK), millis);
        self.tries = (self.tries + 1).min(16);
        self.phase = Phase::Poll(level);
        Verdict::next(Next::Call(self.phase, after.max(1)))
    }

    fn done(&mut self, outputs: Properties) -> Verdict {
        let change = Change::Done(self.place, self.wanted.take(), outputs);
        Verdict { changes: vec![change], ..Verdict::next(Next::Done) }
    }

    // Deletion.

    fn gone(&self) -> Verdict {
        Verdict { changes: vec![Change::Deleted(self.place)], ..Verdict::next(Next::Done) }
    }

    /// Not there, or not visible yet: only time tells.
    fn missing(&mut self, now: u64) -> Verdict {
        let settled = now >= self.settle_at || self.mutants.on(Mutant::MissingIsGone);
        if settled { self.gone() } else { self.call_after(Phase::Delete, 1_000) }
    }

    fn looked(&mut self, observed: Option<Observed>, now: u64) -> Verdict {
        let settling = self.purpose == Purpose::Settle;
        let settled = now >= self.settle_at
            || self.mutants.on(Mutant::MissingIsGone)
            || self.mutants.on(Mutant::NoSettleTime);
        match observed {
            None if settled || !settling => self.gone(),
            Some(Observed { deleting: false, .. }) if settling && settled => {
                let changes = vec![Change::DeleteReverted(self.place)];
                Verdict { changes, ..Verdict::next(Next::Done) }
            }
            Some(Observed { deleting: false, .. }) if !settling && now >= self.deadline => {
                let message = "it is still there".to_owned();
                Verdict::failed(StepError::TimedOut { wanted: "gone", message })
            }
            _ if now >= self.deadline => {
                let message = "it is still on its way out".to_owned();
                Verdict::failed(StepError::TimedOut { wanted: "gone", message })
            }
            _ => self.look_for_the_end(),
        }
    }

    fn look_for_the_end(&mut self) -> Verdict {
        let usual = self.request.ty.durations.delete / 8;
        let pace = usual.clamp(FIRST_LOOK, SLOWEST_LOOK);
        let mut verdict = self.call_after(Phase::Gone, pace);
        verdict.said = Some(Said::Waiting("waiting until it is gone".to_owned()));
        verdict
    }

    // Lookups and tasks.

    fn told(&mut self, outputs: Properties, now: u64) -> Verdict {
        let inputs = self.wanted.take().unwrap_or_else(|| self.request.inputs.clone());
        let fresh = self.purpose == Purpose::Create || self.request.id.is_empty();
        let changes = if fresh {
            let id: Arc<str> = self.request.owner.stable.to_string().into();
            vec![
                Change::Allocated(self.place, id, Properties::default(), now),
                Change::Done(self.place, None, outputs),
            ]
        } else if self.request.ty.kind == TypeKind::Lookup {
            vec![Change::Refreshed(self.place, inputs, outputs)]
        } else {
            vec![Change::Done(self.place, Some(inputs), outputs)]
        };
        let reached = Some(Level::Ready);
        Verdict { changes, reached, ..Verdict::next(Next::Done) }
    }

    /// A failed task stays due: a first run leaves nothing behind, a later one its open update.
    fn run_failed(&self, error: HandlerError) -> Verdict {
        let error = StepError::Handler(Box::new(error));
        if self.request.id.is_empty() { self.aborted(error) } else { Verdict::failed(error) }
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
