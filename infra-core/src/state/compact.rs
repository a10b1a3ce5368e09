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

    /// Forgets dependencies on records that are gone, and leaves everything in its place.
    pub fn forget_lost_deps(&mut self) {
        let there: Vec<bool> = self.records.iter().map(Option::is_some).collect();
        let is_there = |place: u32| there.get(place as usize).copied().unwrap_or(false);
        for record in self.records.iter_mut().flatten() {
            if !record.deps.iter().all(|dep| is_there(dep.target)) {
                let deps = record.deps.iter().filter(|dep| is_there(dep.target)).copied();
                record.deps = deps.collect();
            }
        }
    }
}
