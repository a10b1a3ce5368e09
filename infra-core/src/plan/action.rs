//! [`Plan`]: what is to be done, as decisions about nodes and records.

use super::{ConsentNeeded, PlanProblem};

/// What is to be done about a node of the program. Ordered by how much it permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Same,
    /// Only what state says of it changes: its name, its options, its dependencies.
    Relink,
    /// A lookup is read.
    Read,
    /// A creation that was interrupted goes on.
    Resume,
    /// It is changed in place.
    Update,
    /// An older generation, not deleted yet, becomes the current one again.
    Reinstate,
    /// An existing object is taken over.
    Import,
    /// A task is run.
    Run,
    /// It is created.
    Create,
    /// A new one is created, then the old one is deleted.
    CreateThenDelete,
    /// The old one is deleted, then a new one is created.
    DeleteThenCreate,
}

impl Action {
    /// Whether a new thing comes about.
    #[must_use]
    pub fn creates(self) -> bool {
        matches!(self, Self::Create | Self::CreateThenDelete | Self::DeleteThenCreate)
    }

    /// Whether a new thing takes the place of an old one.
    #[must_use]
    pub fn replaces(self) -> bool {
        matches!(self, Self::CreateThenDelete | Self::DeleteThenCreate)
    }

    /// Whether anything is to be done outside of state.
    #[must_use]
    pub fn acts(self) -> bool {
        !matches!(self, Self::Same | Self::Relink)
    }
}

/// What was decided about a node of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done.
    pub action: Action,
    /// Replacements: whether it is certain, or depends on values that are not known yet
    /// (`replace?`).
    pub certain: bool,
    /// The place of the record that it is about; [`Decision::NONE`] if there is none.
    pub place: u32,
    /// The place that a new record will get; [`Decision::NONE`] if none comes about.
    pub fresh: u32,
}

impl Decision {
    /// No place.
    pub const NONE: u32 = u32::MAX;

    /// A decision about a record.
    #[must_use]
    pub const fn about(action: Action, place: u32) -> Self {
        Self { action, certain: true, place, fresh: Self::NONE }
    }

    /// The record that dependents will refer to when all is done.
    #[must_use]
    pub const fn result(self) -> u32 {
        if self.fresh == Self::NONE { self.place } else { self.fresh }
    }
}

/// Why a record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The program does not name it any more.
    Removed,
    /// A newer generation takes its place.
    Replaced,
    /// A newer generation took its place in an earlier run.
    Deposed,
    /// It holds a name or range that a new resource (this node) must have.
    HoldsKey(u32),
    /// It refers to the record in this place, which must be deleted before something is created.
    Dragged(u32),
    /// The whole stack goes.
    Destroyed,
}

/// A record that is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedDeletion {
    /// Its place.
    pub place: u32,
    /// Why.
    pub cause: Cause,
    /// Whether it goes before things are created.
    pub first: bool,
    /// Whether it is only taken out of state and left alone in the cloud.
    pub forget: bool,
}

/// What is to be done. Belongs to one program and one state.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// By node of the program.
    pub decisions: Vec<Decision>,
    /// Records that go, those that go first in front.
    pub deletions: Vec<PlannedDeletion>,
    /// Who must have what a record on its way out still holds: (place of the holder, node).
    pub claims: Vec<(u32, u32)>,
    /// Who must have what another node gives up by an update: (node that gives up, node).
    pub handovers: Vec<(u32, u32)>,
    /// Why it can't be carried out.
    pub problems: Vec<PlanProblem>,
    /// What needs consent, because data is lost.
    pub consent: Vec<ConsentNeeded>,
    /// The program's order.
    pub order: Vec<u32>,
    /// Whether what the stack shows changes.
    pub outputs_change: bool,
}

impl Plan {
    /// Whether there is nothing to do, in the cloud or in state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.deletions.is_empty()
            && !self.outputs_change
            && self.decisions.iter().all(|decision| decision.action == Action::Same)
    }

    /// Why a record goes, if it does.
    #[must_use]
    pub fn cause(&self, place: u32) -> Option<Cause> {
        let deletion = self.deletions.iter().find(|deletion| deletion.place == place);
        deletion.map(|deletion| deletion.cause)
    }

    /// What all began with: the record at the end of those that drag each other along.
    #[must_use]
    pub fn root(&self, place: u32) -> u32 {
        let next = |place: &u32| match self.cause(*place) {
            Some(Cause::Dragged(target)) => Some(target),
            _ => None,
        };
        std::iter::successors(Some(place), next).last().unwrap_or(place)
    }
}
