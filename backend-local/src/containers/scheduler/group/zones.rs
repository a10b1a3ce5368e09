//! How instances are spread over zones.

use super::{
    Member,
    plan::{Planner, count},
};

impl Planner<'_> {
    fn open_zones(&self) -> impl Iterator<Item = &String> {
        self.spec.zones.iter().filter(|zone| !self.closed.contains(*zone))
    }

    fn crowd(&self, zone: &str) -> u32 {
        count(self.staying().filter(|member| member.zone == zone))
    }

    /// The zone with the fewest instances where any can be launched.
    pub(super) fn thinnest_zone(&self) -> Option<String> {
        self.open_zones().min_by_key(|zone| self.crowd(zone)).cloned()
    }

    /// Marks one instance to move when zones differ by more than one and all else is well: its
    /// replacement is launched first. Each move makes the difference smaller, so that they end.
    pub(super) fn balance(&mut self) {
        let well = self.kept.leaving.is_empty()
            && self.kept.moving.is_none()
            && self.replaced_ones().is_empty()
            && count(self.staying()) == self.kept.desired
            && self.staying().all(|member| self.is_warm(member));
        if !well {
            return;
        }
        let Some(thin) = self.thinnest_zone() else { return };
        let fewest = self.crowd(&thin);
        let crowded = |member: &&Member| self.crowd(&member.zone) > fewest + 1;
        let may = self.staying().filter(crowded).filter(|member| !self.is_protected(member));
        let leaves = may.max_by_key(|it| (self.crowd(&it.zone), it.id.clone()));
        if let Some(id) = leaves.map(|member| member.id.clone()) {
            self.say(format!("Rebalancing zones: {id} is to be replaced in {thin}."));
            self.kept.moving = Some(id);
        }
    }
}
