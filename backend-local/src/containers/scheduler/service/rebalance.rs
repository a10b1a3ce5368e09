//! Availability Zone rebalancing: a task of a crowded zone is replaced by one in another.

use std::collections::BTreeMap;

use super::plan::Planner;
use crate::containers::scheduler::placement::place;

impl Planner<'_> {
    /// Marks one task to move when all is steady, zones differ by more than one, and its
    /// replacement would start in the emptiest one now. Each move makes the difference smaller, so
    /// that they end.
    pub(super) fn rebalance(&mut self) {
        let desired = self.desired();
        let may = self.spec.rebalancing && self.spec.most(desired) > desired;
        if !may || !self.kept.steady || !self.kept.moving.is_empty() {
            return;
        }
        let mut zones: BTreeMap<&str, u32> = BTreeMap::new();
        for instance in self.fleet.instances.iter().filter(|instance| instance.is_active()) {
            zones.entry(&instance.zone).or_default();
        }
        for task in self.live() {
            let zone = self.instance_of(task).map(|instance| instance.zone.as_str());
            if let Some(count) = zone.and_then(|zone| zones.get_mut(zone)) {
                *count += 1;
            }
        }
        let least = zones.values().min().copied().unwrap_or(0);
        let Some((crowded, most)) = zones.iter().max_by_key(|(_, count)| **count) else { return };
        if most - least <= 1 || self.live().any(|task| self.replaced(task).is_some()) {
            return;
        }
        let there = self.live().filter(|task| {
            self.instance_of(task).is_some_and(|it| it.zone == *crowded)
                && !task.is_protected(self.now)
        });
        let Some(leaves) = self.first_to_go(&there.collect::<Vec<_>>()) else { return };
        let provider = self.next_provider(Some(&leaves));
        let token = self.next_token();
        let target = place(&self.fleet, &self.ask(&token, provider), |task| task.id != leaves);
        let better = target.is_ok_and(|it| zones.get(it.zone.as_str()) == Some(&least));
        if better {
            let message = format!(
                "has detected that zone {crowded} has {most} tasks and others {least}: AZ \
                 rebalancing has begun."
            );
            self.kept.moving.insert(leaves);
            self.say(message);
        }
    }
}
