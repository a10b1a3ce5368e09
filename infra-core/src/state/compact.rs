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
}
