//! The end of a run: what came of it, and what the next one learns from it.

use std::collections::BTreeMap;

use super::{NOBODY, Run, Slot};
use crate::{
    engine::{EngineError, Outcome, outcome::CriticalStep},
    event,
    state::Change,
    urn::Urn,
};

impl Run<'_, '_> {
    /// How long it took goes into the next run's order.
    pub(super) fn learn(&mut self, slot: &Slot) {
        let kind = match slot.event {
            event::Operation::Create | event::Operation::Replace => 0,
            event::Operation::Update => 1,
            event::Operation::Delete => 2,
            _ => return,
        };
        let took = self.now().saturating_sub(slot.operation.began);
        let entry = self.took.entry((slot.operation.request.ty.name, kind)).or_default();
        entry.0 += took;
        entry.1 += 1;
    }

    fn record_learned(&mut self) -> Result<(), EngineError> {
        let took = std::mem::take(&mut self.took);
        let mut all: BTreeMap<&'static str, [u64; 3]> = BTreeMap::new();
        for ((ty, kind), (sum, count)) in took {
            let known = self.session.state.learned.get(ty).copied().unwrap_or_default();
            let means = all.entry(ty).or_insert([known.create, known.update, known.delete]);
            let (old, new) = (means[usize::from(kind)], sum / count);
            means[usize::from(kind)] = if old == 0 { new } else { (3 * old + new) / 4 };
        }
        for (ty, means) in all {
            let known = self.session.state.learned.get(ty).copied().unwrap_or_default();
            if [known.create, known.update, known.delete] != means {
                self.session.record(Change::Learned(ty.into(), means))?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self, began: u64) -> Result<Outcome, EngineError> {
        self.tell_notes();
        if self.outcome.done > 0 && !self.session.is_dry() {
            self.record_learned()?;
        }
        let blocked: Vec<u32> = self.schedule.blocked().collect();
        let mut skipped: Vec<Urn> = blocked.into_iter().map(|step| self.name(step)).collect();
        if self.stopping {
            while let Some(step) = self.schedule.next() {
                skipped.push(self.name(step));
            }
        }
        skipped.sort();
        self.outcome.skipped = skipped;
        self.outcome.cancelled = self.stopping;
        self.outcome.took = self.now().saturating_sub(began);
        self.outcome.critical_path = self.critical_path(began);
        Ok(self.outcome)
    }

    /// Backwards from the step that ended last, each time to the one that released it.
    fn critical_path(&self, began: u64) -> Vec<CriticalStep> {
        let last = (0..self.times.len()).max_by_key(|step| self.times[*step].ended);
        let mut path = vec![];
        let mut at = last.map_or(NOBODY, |last| last as u32);
        while at != NOBODY {
            let times = self.times[at as usize];
            if times.began == u64::MAX {
                break;
            }
            path.push(CriticalStep {
                urn: self.name(at),
                began: times.began.saturating_sub(began),
                took: times.ended.saturating_sub(times.began),
            });
            at = times.released_by;
        }
        path.reverse();
        path
    }
}
