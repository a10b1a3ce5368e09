//! Which tasks stop first when any of several may.

use std::{cmp::Reverse, collections::BTreeMap};

use super::plan::Planner;
use crate::containers::scheduler::{TaskState, placement::Strategy};

impl Planner<'_> {
    /// The one of these that goes first: one that is not healthy; one of the most crowded zone, and
    /// there of the most crowded instance, as the strategies spread; the newest. Where strategies
    /// pack and do not spread, one of the emptiest instance, so that it has nothing left to do.
    pub(super) fn first_to_go(&self, tasks: &[&TaskState]) -> Option<String> {
        let zone =
            |task: &TaskState| self.instance_of(task).map(|it| it.zone.clone()).unwrap_or_default();
        let (mut zones, mut instances) = (BTreeMap::new(), BTreeMap::new());
        for task in tasks {
            *zones.entry(zone(task)).or_insert(0_i64) += 1;
            *instances.entry(task.instance.clone()).or_insert(0_i64) += 1;
        }
        let spreads = |it: &Strategy| matches!(it, Strategy::Spread(_) | Strategy::SpreadInstances);
        let packs = |it: &Strategy| matches!(it, Strategy::BinpackCpu | Strategy::BinpackMemory);
        let by_zone = self.spec.strategies.iter().any(spreads) || self.spec.strategies.is_empty();
        let by_room = self.spec.strategies.iter().any(packs);
        let sign = if by_room { -1 } else { 1 };
        let rank = |task: &&&TaskState| {
            let crowd = if by_zone { zones[&zone(task)] } else { 0 };
            (
                Reverse(self.is_healthy(task)),
                crowd,
                sign * instances[&task.instance],
                number(&task.id),
                task.id.clone(),
            )
        };
        tasks.iter().max_by_key(rank).map(|task| task.id.clone())
    }
}

/// The number that a token ends with: later ones have larger ones.
fn number(token: &str) -> u64 {
    token.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
