//! [`Change`]: what can happen to state. Every entry of the journal is one.

use std::sync::Arc;

use super::{Dep, Moment, Place, RecordType, StableId, seal::KeyHeader};
use crate::{
    dsl::Provider,
    schema::Level,
    urn::Urn,
    value::{Properties, Slot, Value},
};

/// What can happen to state. Every entry of the journal is one; secrets in it are sealed.
///
/// Records are named by their place, which never changes between two checkpoints.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The state begins.
    Begun(Place),
    /// A data key was made for its secrets.
    KeyMade(KeyHeader),
    /// A provider gets a place.
    ProviderAdded(Provider),
    /// The intent to create a resource, durable before the call.
    Create(u32, Box<NewRecord>),
    /// The cloud told an id, and perhaps first outputs, at a time of the backend's clock.
    Allocated(u32, Arc<str>, Properties, u64),
    /// It is certain that the creation did not happen.
    Aborted(u32),
    /// A level was reached, and perhaps further outputs are known.
    Reached(u32, Level, Properties),
    /// An operation ended well. Inputs are given where they differ from those recorded.
    Done(u32, Option<Properties>, Properties),
    /// The intent to update, durable before the call: these properties become unknown, these
    /// dependencies are added.
    UpdateStarted(u32, Box<[Slot]>, Box<[Dep]>),
    /// The intent to delete, durable before the call.
    DeleteStarted(u32),
    /// The deletion had not happened. What it may have detached becomes unknown.
    DeleteReverted(u32),
    /// It is certain that it is gone.
    Deleted(u32),
    /// It was taken out of state and left alone in the cloud.
    Forgotten(u32),
    /// A deposed generation is the current one again.
    Reinstated(u32),
    /// What the cloud says was taken over.
    Refreshed(u32, Properties, Properties),
    /// It has another name.
    Renamed(u32, Urn),
    /// Its dependencies and options are others.
    Relinked(u32, Box<[Dep]>, bool, bool),
    /// What the stack shows.
    Outputs(Vec<(Arc<str>, Value)>),
    /// How long operations on a type took, in milliseconds.
    Learned(Arc<str>, [u64; 3]),
}

/// A record as it begins: the intent to create it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRecord {
    /// Its name within everything.
    pub urn: Urn,
    /// What identifies it whatever it is called.
    pub stable: StableId,
    /// Its type.
    pub ty: RecordType,
    /// Its provider's place in the state.
    pub provider: u16,
    /// How often it was replaced.
    pub generation: u32,
    /// The token of its creation.
    pub token: Arc<str>,
    /// When the creation is asked for.
    pub created_at: u64,
    /// The resolved properties, the made-up name included.
    pub inputs: Properties,
    /// What it depends on.
    pub deps: Box<[Dep]>,
    /// Deletion and replacement are refused.
    pub protect: bool,
    /// Deletion leaves it alone in the cloud.
    pub retain_on_delete: bool,
}

impl Change {
    /// The record that it happens to, and what happens in terms of the life cycle.
    #[must_use]
    pub fn moment(&self) -> Option<(u32, Moment)> {
        Some(match self {
            Self::Allocated(place, ..) => (*place, Moment::Allocated),
            Self::Aborted(place) => (*place, Moment::Aborted),
            Self::Reached(place, level, _) => (*place, Moment::Reached(*level)),
            Self::Done(place, ..) => (*place, Moment::Done),
            Self::UpdateStarted(place, ..) => (*place, Moment::UpdateStarted),
            Self::DeleteStarted(place) => (*place, Moment::DeleteStarted),
            Self::DeleteReverted(place) => (*place, Moment::DeleteReverted),
            Self::Deleted(place) => (*place, Moment::Deleted),
            Self::Forgotten(place) => (*place, Moment::Forgotten),
            Self::Refreshed(place, ..) => (*place, Moment::Refreshed),
            Self::Reinstated(place) | Self::Renamed(place, _) | Self::Relinked(place, ..) => {
                (*place, Moment::Relinked)
            }
            Self::Begun(_)
            | Self::KeyMade(_)
            | Self::ProviderAdded(_)
            | Self::Create(..)
            | Self::Outputs(_)
            | Self::Learned(..) => return None,
        })
    }

    /// Whether it holds a secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        let in_any = |all: &Properties| all.iter().any(|(_, value)| value.has_secret());
        match self {
            Self::Create(_, new) => in_any(&new.inputs),
            Self::Allocated(_, _, outputs, _) | Self::Reached(_, _, outputs) => in_any(outputs),
            Self::Done(_, inputs, outputs) => {
                inputs.as_ref().is_some_and(in_any) || in_any(outputs)
            }
            Self::Refreshed(_, inputs, outputs) => in_any(inputs) || in_any(outputs),
            Self::Outputs(outputs) => outputs.iter().any(|(_, value)| value.has_secret()),
            _ => false,
        }
    }

    /// Whether it must be durable before what follows it may begin: an intent.
    #[must_use]
    pub fn is_intent(&self) -> bool {
        matches!(self, Self::Create(..) | Self::UpdateStarted(..) | Self::DeleteStarted(_))
    }
}
