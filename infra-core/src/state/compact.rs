//! Renumbering: records get places without gaps.

use hashbrown::HashTable;

use super::State;

impl State {
    /// Gives records new places without gaps, in their old order, and drops dependencies on what
    /// is gone. Only between runs: nothing may hold places across it.
    pub fn compact(&mut self) {
        if self.live == self.records.len() {
            return;
        }
        let mut places = vec![u32::MAX; self.records.len()];
        let mut next = 0;
        for (place, record) in self.records.iter().enumerate() {
            if record.is_some() {
                places[place] = next;
                next += 1;
            }
        }
        let records = std::mem::take(&mut self.records);
        self.by_urn = HashTable::with_capacity(self.live);
        self.deposed.clear();
        self.live = 0;
        for (place, mut record) in (0..).zip(records.into_iter().flatten()) {
            let mut deps = record.deps.into_vec();
            deps.retain(|dep| places.get(dep.target as usize).is_some_and(|new| *new != u32::MAX));
            deps.iter_mut().for_each(|dep| dep.target = places[dep.target as usize]);
            record.deps = deps.into();
            self.place_record(place, record);
        }
    }

    /// Leaves the places free that records refer to although nothing is there any more: whatever
    /// came there would be taken for what went.
    pub(super) fn keep_clear(&mut self) {
        let targets = self.records.iter().flatten().flat_map(|record| record.deps.iter());
        let targets = targets.map(|dep| dep.target).filter(|target| *target != u32::MAX);
        let needed = targets.max().map_or(0, |last| last as usize + 1);
        if self.records.len() < needed {
            self.records.resize_with(needed, || None);
        }
    }
}
