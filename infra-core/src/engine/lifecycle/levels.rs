//! Phases that take a thing from one level to the next.

use std::{sync::Arc, time::Duration};

use super::{Next, Operation, Phase, Said, Verdict, millis};
use crate::{
    engine::StepError,
    handler::{Polled, Progress},
    schema::Level,
    state::Change,
    value::Properties,
};

impl Operation {
    /// It has come this far; what is left is to be done.
    pub(super) fn at_level(&mut self, level: Level) -> Verdict {
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

    pub(super) fn progressed(&mut self, progress: Progress) -> Verdict {
        let Progress { outputs, level } = progress;
        let was_update = self.phase == Phase::Update;
        if was_update {
            self.then_update = false;
        }
        let request = Arc::make_mut(&mut self.request);
        request.outputs = request.outputs.merged(&outputs);
        let mut verdict = self.at_level(level.max(Level::Configured));
        let change = Change::Reached(self.place, level.max(Level::Configured), outputs);
        verdict.changes.insert(0, change);
        verdict
    }

    pub(super) fn polled(&mut self, level: Level, polled: Polled, now: u64) -> Verdict {
        match polled {
            Polled::Reached(Progress { outputs, level: reached }) if reached >= level => {
                self.level = Some(reached);
                let mut verdict = self.done(outputs);
                verdict.reached = Some(reached);
                verdict
            }
            Polled::Reached(Progress { outputs, level: reached }) => {
                let mut verdict = self.look_again(level, None);
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
                let mut verdict = self.look_again(level, retry_after);
                verdict.said = Some(Said::Waiting(message));
                verdict
            }
            Polled::Missing if now >= self.deadline => {
                let message = "it can't be seen".to_owned();
                Verdict::failed(StepError::TimedOut { wanted: "ready", message })
            }
            Polled::Missing => self.look_again(level, Some(Duration::from_secs(1))),
        }
    }

    /// Looks again: when told to, else soon at first and then at a slower pace.
    fn look_again(&mut self, level: Level, after: Option<Duration>) -> Verdict {
        let pace = self.next_look();
        let after = after.map_or(pace, millis);
        self.phase = Phase::Poll(level);
        Verdict::next(Next::Call(self.phase, after.max(1)))
    }

    fn done(&mut self, outputs: Properties) -> Verdict {
        let change = Change::Done(self.place, self.wanted.take(), outputs);
        Verdict { changes: vec![change], ..Verdict::next(Next::Done) }
    }
}
