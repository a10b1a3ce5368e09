//! Phases that take a thing away, and find out whether it is gone.

use super::{FIRST_LOOK, Next, Operation, Phase, Purpose, Said, Verdict};
use crate::{engine::StepError, handler::Observed, mutants::Mutant, state::Change};

impl Operation {
    pub(super) fn gone(&self) -> Verdict {
        Verdict { changes: vec![Change::Deleted(self.place)], ..Verdict::next(Next::Done) }
    }

    /// Not there, or not visible yet: only time tells.
    pub(super) fn missing(&mut self, now: u64) -> Verdict {
        let settled = now >= self.settle_at || self.mutants.on(Mutant::MissingIsGone);
        if settled { self.gone() } else { self.call_after(self.phase, 1_000) }
    }

    pub(super) fn looked(&mut self, observed: Option<Observed>, now: u64) -> Verdict {
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

    /// Soon at first, then at the pace of what usually takes so long.
    fn look_for_the_end(&mut self) -> Verdict {
        let usual = self.request.ty.durations.delete / 8;
        let pace = self.next_look().min(usual.max(FIRST_LOOK));
        let mut verdict = self.call_after(Phase::Gone, pace);
        verdict.said = Some(Said::Waiting("waiting until it is gone".to_owned()));
        verdict
    }
}
