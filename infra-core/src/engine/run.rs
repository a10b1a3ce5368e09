//! [`Run`]: all steps of a plan at once.
//!
//! One task owns state and journal. Steps that may begin do so, up to the limit; each becomes an
//! operation whose calls are futures. Answers go through [`Operation::answer`], what follows is
//! recorded, and dependents are released level by level. Intents are written together, in the
//! background; a call waits until its intent is durable. When nobody can do anything but wait,
//! a virtual clock moves on.

mod finish;
mod tell;
mod wake;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use futures_util::{future::BoxFuture, stream::FuturesUnordered};
use rustc_hash::FxHashMap;
use tokio::sync::mpsc;

use super::{
    EngineError, Outcome, StepError,
    begin::Begun,
    call::call,
    journal::Append,
    lifecycle::{Answer, Next, Operation, Phase, Purpose, Verdict},
    schedule::{Schedule, stops_all, usual},
    session::Session,
};
use crate::{
    clock::Clock,
    event::{self, EventKind, Tally},
    graph::Program,
    handler::{Context, DynHandler, Note},
    mutants::Mutant,
    plan::{Decision, KeptNames, Plan, PlanTimeReads, Steps},
    schema::Level,
    state::Change,
    urn::Urn,
};
use tell::{name, names};
use wake::{Wake, Woken};

/// An operation under way.
pub(super) struct Slot {
    pub(super) step: u32,
    pub(super) event: event::Operation,
    pub(super) handler: Arc<dyn DynHandler>,
    pub(super) operation: Operation,
    /// What is to be recorded once the natural key has been found to be free.
    pub(super) intent: Option<Change>,
    pub(super) node: Option<u32>,
    /// The level up to which dependents were released.
    pub(super) released: Option<Level>,
}

/// What was seen of a step.
#[derive(Clone, Copy, Debug)]
struct Times {
    began: u64,
    ended: u64,
    released_by: u32,
}

const NOBODY: u32 = u32::MAX;

/// All steps of a plan at once.
pub(super) struct Run<'a, 's> {
    pub(super) session: &'a mut Session<'s>,
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    pub(super) steps: &'a Steps,
    pub(super) reads: &'a PlanTimeReads,
    /// The record of each node, as far as there is one.
    pub(super) place_of: Vec<u32>,
    /// The names that were held when the plan was made.
    pub(super) kept_names: KeptNames,
    schedule: Schedule,
    slots: Vec<Option<Box<Slot>>>,
    free: Vec<u32>,
    calls: FuturesUnordered<BoxFuture<'static, (u32, Answer)>>,
    /// Operations whose call waits for an entry of the journal to become durable.
    unsynced: VecDeque<(u64, u32, Phase, u64)>,
    appending: Option<Append>,
    notes: (Option<mpsc::UnboundedSender<Note>>, mpsc::UnboundedReceiver<Note>),
    clock: Arc<dyn Clock>,
    parallel: usize,
    tally: Tally,
    times: Vec<Times>,
    /// The names of steps whose record will be gone.
    names: FxHashMap<u32, Urn>,
    took: BTreeMap<(&'static str, u8), (u64, u64)>,
    outcome: Outcome,
    stopping: bool,
    tells_steps: bool,
}

impl<'a, 's> Run<'a, 's> {
    /// A run of all steps. Their edges go into its schedule.
    pub(super) fn new(
        session: &'a mut Session<'s>,
        program: &'a Program,
        plan: &'a Plan,
        steps: &'a mut Steps,
        reads: &'a PlanTimeReads,
    ) -> Result<Self, EngineError> {
        let state = &session.state;
        let edges = std::mem::take(&mut steps.edges);
        let steps: &Steps = steps;
        let schedule = Schedule::new(steps.steps.len(), edges, |step| {
            usual(state, program, plan, steps, step)
        });
        let names = names(session, program, plan, steps);
        let schedule = schedule.map_err(|stuck| {
            let stuck = stuck.iter().map(|step| name(program, steps, &names, *step).to_string());
            EngineError::StepCycle(stuck.collect::<Vec<_>>().join(", "))
        })?;
        let engine = session.engine;
        let tells_steps = engine.listener.wants_steps();
        let (sender, receiver) = mpsc::unbounded_channel();
        let names_needed = plan
            .decisions
            .iter()
            .zip(&program.nodes)
            .any(|(decision, node)| decision.action.creates() && node.ty.name_rule.is_some());
        let kept_names = if names_needed {
            KeptNames::new(program, &session.state)
        } else {
            KeptNames::default()
        };
        let place_of = plan.decisions.iter().map(|decision| decision.place).collect();
        let new = plan.decisions.iter().filter(|decision| decision.fresh != Decision::NONE);
        session.state.reserve(new.count());
        let total = steps.steps.len();
        let clock = engine.backend.clock();
        let untouched = Times { began: u64::MAX, ended: 0, released_by: NOBODY };
        Ok(Self {
            program,
            plan,
            steps,
            reads,
            place_of,
            kept_names,
            schedule,
            slots: vec![],
            free: vec![],
            calls: FuturesUnordered::new(),
            unsynced: VecDeque::new(),
            appending: None,
            notes: (tells_steps.then_some(sender), receiver),
            parallel: engine
                .options
                .parallel
                .map_or_else(|| engine.backend.concurrency(), usize::from),
            tally: Tally { total, ..Tally::default() },
            times: vec![untouched; total],
            names,
            took: BTreeMap::new(),
            outcome: Outcome::default(),
            stopping: false,
            tells_steps,
            clock,
            session,
        })
    }

    pub(super) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Carries out the steps. What came of them is in the outcome; an error means that the run
    /// could not go on at all.
    pub(super) async fn carry_out(mut self) -> Result<Outcome, EngineError> {
        let began = self.now();
        if self.tells_steps {
            self.session.engine.emit(EventKind::StepsPlanned { total: self.tally.total });
        }
        loop {
            self.begin_ready()?;
            if self.session.journal.is_full() {
                self.append();
            }
            if self.tally.running == 0 && self.appending.is_none() {
                break;
            }
            match Wake(&mut self).await {
                Woken::Appended(entries) => {
                    self.appending = None;
                    self.session.journal.appended(entries?);
                    self.call_synced();
                    self.session.checkpoint_if_due().await?;
                }
                Woken::Answered(slot, answer) => self.answered(slot, answer)?,
                Woken::Idle => self.append(),
                Woken::Stop => self.stop(),
            }
        }
        self.session.journal.flush().await?;
        self.finish(began)
    }

    /// Begins to write what is pending, unless that is being done already.
    fn append(&mut self) {
        if self.appending.is_none() {
            self.appending = Some(self.session.journal.append());
        }
    }

    fn stop(&mut self) {
        if !self.stopping {
            self.stopping = true;
            self.session.engine.emit(EventKind::Stopping);
        }
    }

    /// Begins what may begin, up to the limit.
    fn begin_ready(&mut self) -> Result<(), EngineError> {
        let halted = stops_all(&self.session.state) && !self.outcome.failures.is_empty();
        while !self.stopping && !halted && self.tally.running < self.parallel {
            let Some(step) = self.schedule.next() else { break };
            let now = self.now();
            self.times[step as usize].began = now;
            match self.begin(step)? {
                Begun::Finished(operation) => {
                    self.schedule_reached(step, None, Level::Ready);
                    self.ended(step, operation, None);
                }
                Begun::Failed(operation, error) => self.ended(step, operation, Some(error)),
                Begun::Operation(slot, entry) => self.started(slot, entry),
            }
        }
        Ok(())
    }

    fn started(&mut self, slot: Box<Slot>, entry: Option<u64>) {
        self.tally.running += 1;
        if self.tells_steps {
            let usual = usual(&self.session.state, self.program, self.plan, self.steps, slot.step);
            let urn = self.name(slot.step);
            self.session.engine.emit(EventKind::StepStarted {
                step: slot.step,
                urn,
                operation: slot.event,
                usual,
                tally: self.tally,
            });
        }
        let phase = slot.operation.phase;
        let place = match self.free.pop() {
            Some(place) => {
                self.slots[place as usize] = Some(slot);
                place
            }
            None => {
                self.slots.push(Some(slot));
                self.slots.len() as u32 - 1
            }
        };
        self.call_when_durable(place, phase, 0, entry);
    }

    /// Makes a call once an entry of the journal is durable.
    fn call_when_durable(&mut self, slot: u32, phase: Phase, after: u64, entry: Option<u64>) {
        let early = self.session.state.mutants.on(Mutant::CallBeforeSync);
        match entry {
            Some(entry) if !self.session.journal.is_durable(entry) && !early => {
                self.unsynced.push_back((entry, slot, phase, after));
            }
            _ => self.call(slot, phase, after),
        }
    }

    fn call_synced(&mut self) {
        while let Some((entry, ..)) = self.unsynced.front() {
            if !self.session.journal.is_durable(*entry) {
                break;
            }
            if let Some((_, slot, phase, after)) = self.unsynced.pop_front() {
                self.call(slot, phase, after);
            }
        }
    }

    fn call(&mut self, place: u32, phase: Phase, after: u64) {
        let slot = self.slots[place as usize].as_ref().expect("a slot is kept until its end");
        let context = Context {
            clock: Arc::clone(&self.clock),
            cancel: self.session.engine.cancel.clone(),
            step: slot.step,
            notes: self.notes.0.clone(),
        };
        let (handler, request) = (Arc::clone(&slot.handler), Arc::clone(&slot.operation.request));
        let leave = self.session.journal.leave();
        let made = call(handler, context, request, phase, after, leave);
        self.calls.push(Box::pin(async move { (place, made.await) }));
    }

    fn answered(&mut self, place: u32, answer: Answer) -> Result<(), EngineError> {
        if let Answer::Unleased(error) = answer {
            return Err(error.into());
        }
        if self.session.engine.cancel.is_cancelled() {
            self.stop();
        }
        let now = self.now();
        let mut slot = self.slots[place as usize].take().expect("a slot is kept until its end");
        let Verdict { changes, reached, next, said } = slot.operation.answer(answer, now);
        let is_done = matches!(next, Next::Done);
        for change in changes {
            self.session.record(change)?;
        }
        if let Some(said) = said {
            self.say(&slot, said);
        }
        if let Some(level) = reached
            && !is_done
        {
            self.reached(&mut slot, level);
        }
        match next {
            Next::Call(..) if self.stops_here() => {
                self.give_back(place);
                self.tally.running -= 1;
                self.ended(slot.step, slot.event, Some(StepError::Interrupted));
            }
            Next::Call(phase, after) => {
                self.slots[place as usize] = Some(slot);
                self.call(place, phase, after);
            }
            Next::Intent if self.stopping => {
                self.give_back(place);
                self.tally.running -= 1;
                self.ended(slot.step, slot.event, Some(StepError::Interrupted));
            }
            Next::Intent => {
                let entry = slot.intent.take().map(|intent| self.session.record(intent));
                let entry = entry.transpose()?;
                if let Some(node) = slot.node {
                    self.place_of[node as usize] = slot.operation.place;
                }
                self.slots[place as usize] = Some(slot);
                self.call_when_durable(place, Phase::Allocate, 0, entry);
            }
            Next::Done => {
                self.give_back(place);
                self.tally.running -= 1;
                self.done(&slot)?;
            }
            Next::Failed(error) => {
                self.give_back(place);
                self.tally.running -= 1;
                self.ended(slot.step, slot.event, Some(error));
            }
        }
        Ok(())
    }

    /// Whether an operation makes no further call because the run is to stop. What it has come to
    /// is in the journal, and the next run goes on from there.
    fn stops_here(&self) -> bool {
        self.stopping && !self.session.state.mutants.on(Mutant::CancelIgnored)
    }

    fn give_back(&mut self, place: u32) {
        self.slots[place as usize] = None;
        self.free.push(place);
    }

    fn done(&mut self, slot: &Slot) -> Result<(), EngineError> {
        // A new record says what is to be said already.
        if let Some(node) = slot.node
            && slot.operation.purpose != Purpose::Create
        {
            self.relink(node, slot.operation.place)?;
        }
        self.learn(slot);
        self.schedule_reached(slot.step, slot.released, Level::Ready);
        self.ended(slot.step, slot.event, None);
        Ok(())
    }

    fn reached(&mut self, slot: &mut Slot, level: Level) {
        if slot.released >= Some(level) {
            return;
        }
        self.schedule_reached(slot.step, slot.released, level);
        slot.released = Some(level);
        if self.tells_steps {
            let urn = self.name(slot.step);
            self.session.engine.emit(EventKind::StepReached { step: slot.step, urn, level });
        }
    }

    fn schedule_reached(&mut self, step: u32, from: Option<Level>, to: Level) {
        let times = &mut self.times;
        self.schedule.reached(step, from, to, |target| times[target as usize].released_by = step);
    }
}
