//! [`Season`]: how much there is of what grows and shrinks.

use std::collections::BTreeMap;

use crate::{
    analysis::Outline,
    aws::autoscaling::{Group, ScheduledAction},
    graph::{NodeView, Program},
    urn::Urn,
};

/// How much there is of what grows and shrinks.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    /// What it is called.
    pub name: String,
    /// Which of its bounds counts where nothing else is said.
    pub bound: Bound,
    /// How much there is of some things, by URN: instances of a group, capacity units of a machine.
    pub set: BTreeMap<Urn, f64>,
}

/// Which of its bounds counts of something that grows and shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The least.
    Least,
    /// The most.
    Most,
}

impl Season {
    /// As little as there may be of everything.
    #[must_use]
    pub fn base() -> Self {
        Self { name: "base".to_owned(), bound: Bound::Least, set: BTreeMap::new() }
    }

    /// As much as there may be of everything, all month.
    #[must_use]
    pub fn peak() -> Self {
        Self { name: "peak".to_owned(), bound: Bound::Most, set: BTreeMap::new() }
    }

    /// The least and the most of a program, and between them each schedule that makes a group
    /// larger than its least: `exams`, with so many instances.
    #[must_use]
    pub fn all(program: &Program) -> Vec<Self> {
        let outline = Outline::of(program);
        let scheduled = outline.all().filter_map(|action| scheduled(&outline, &action));
        let mut seasons = vec![Self::base()];
        seasons.extend(scheduled);
        seasons.push(Self::peak());
        seasons
    }

    /// A season of a name, with so much of some things and the least of all others.
    #[must_use]
    pub fn named(name: impl Into<String>, set: impl IntoIterator<Item = (Urn, f64)>) -> Self {
        let set = set.into_iter().collect();
        Self { name: name.into(), bound: Bound::Least, set }
    }

    pub(super) fn of(&self, urn: &Urn, (least, most): (f64, f64)) -> f64 {
        let bound = match self.bound {
            Bound::Least => least,
            Bound::Most => most,
        };
        self.set.get(urn).copied().unwrap_or(bound)
    }
}

/// The season of a schedule: its group has as many instances as the schedule wants at least.
fn scheduled<'a>(outline: &Outline<'a>, action: &NodeView<'a, ScheduledAction>) -> Option<Season> {
    let groups = outline.links::<_, _, Group>(action, ScheduledAction::AUTO_SCALING_GROUP_NAME);
    let group = groups.first()?;
    let least = outline.get(group, Group::MIN_SIZE)?;
    let wanted = outline.get(action, ScheduledAction::MIN_SIZE).filter(|wanted| *wanted > least)?;
    let name = outline.value(action, ScheduledAction::SCHEDULED_ACTION_NAME);
    let name = name.as_str().unwrap_or(action.node.urn.name());
    Some(Season::named(name, [(group.node.urn.clone(), f64::from(wanted))]))
}
