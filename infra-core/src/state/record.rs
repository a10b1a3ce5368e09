//! [`Record`]: what state holds of one resource.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Status;
use crate::{
    schema::{Reference, TypeDef},
    urn::Urn,
    value::{Properties, Slot, Value},
};

/// What identifies a resource for as long as it lives, whatever it is called. Unique within a
/// lineage. It stands in the ownership tag `infra:id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StableId(pub u64);

impl std::fmt::Display for StableId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for StableId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// The type of a recorded resource: one that this binary knows, or only a name.
#[derive(Clone, Debug)]
pub enum RecordType {
    /// A type that this binary knows.
    Known(&'static TypeDef),
    /// A type that it does not: kept, shown, and refused only when it must be acted on.
    Unknown(Arc<str>),
}

impl RecordType {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(ty) => ty.name,
            Self::Unknown(name) => name,
        }
    }

    /// What this binary knows of it.
    #[must_use]
    pub fn known(&self) -> Option<&'static TypeDef> {
        match self {
            Self::Known(ty) => Some(ty),
            Self::Unknown(_) => None,
        }
    }
}

impl PartialEq for RecordType {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// What one recorded resource has of another, which decides what deletion must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepKind {
    /// Refers to it so that it can't be deleted.
    Strong,
    /// Goes when it goes.
    Owner,
    /// Refers to it and may dangle.
    Weak,
    /// Was computed from it.
    Value,
    /// Was told to wait for it.
    Explicit,
}

impl DepKind {
    /// Whether deletion of the other is refused, or takes this along.
    #[must_use]
    pub fn binds(self) -> bool {
        matches!(self, Self::Strong | Self::Owner)
    }
}

impl From<Reference> for DepKind {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Strong => Self::Strong,
            Reference::Owner => Self::Owner,
            Reference::Weak => Self::Weak,
        }
    }
}

/// That a recorded resource depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dep {
    /// The place of the other's record.
    pub target: u32,
    /// The property that makes it depend; [`Dep::NO_SLOT`] if none does.
    pub slot: Slot,
    /// How.
    pub kind: DepKind,
}

impl Dep {
    /// No property: `depends_on`.
    pub const NO_SLOT: Slot = Slot::MAX;
}

/// What one checkpoint held that this binary does not understand, kept to be written back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Fields of the record.
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// Properties that the type does not have here.
    pub inputs: serde_json::Map<String, serde_json::Value>,
    /// Outputs that the type does not have here.
    pub outputs: serde_json::Map<String, serde_json::Value>,
}

/// What state holds of one resource, lookup or task.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its name within everything.
    pub urn: Urn,
    /// What identifies it whatever it is called.
    pub stable: StableId,
    /// Its type.
    pub ty: RecordType,
    /// The version of the type's schema that wrote it.
    pub version: u32,
    /// Its provider's place in the state.
    pub provider: u16,
    /// How often it was replaced.
    pub generation: u32,
    /// How far its life has come.
    pub status: Status,
    /// Whether a newer generation took its place.
    pub deposed: bool,
    /// Its physical id; empty until the cloud told it.
    pub id: Arc<str>,
    /// The token of its creation.
    pub token: Arc<str>,
    /// When the cloud told its id, in milliseconds of the backend's clock; before that, when its
    /// creation was first asked for. Until the backend's settle time has passed since, that it
    /// can't be seen proves nothing.
    pub created_at: u64,
    /// What it was created or last updated with. Unknown where an update was begun.
    pub inputs: Properties,
    /// What the cloud told.
    pub outputs: Properties,
    /// What it depends on.
    pub deps: Box<[Dep]>,
    /// Deletion and replacement are refused.
    pub protect: bool,
    /// Deletion leaves it alone in the cloud.
    pub retain_on_delete: bool,
    /// What this binary does not understand.
    pub extra: Option<Box<Extra>>,
}

/// The properties and outputs of something, recorded or found at the cloud.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// What it was made with.
    pub inputs: &'a Properties,
    /// What the cloud told.
    pub outputs: &'a Properties,
}

impl<'a> Recorded<'a> {
    /// An output, or a property: what AWS told counts more than what it was asked.
    #[must_use]
    pub fn value(self, slot: Slot) -> &'a Value {
        match self.outputs.get(slot) {
            Value::Null => self.inputs.get(slot),
            told => told,
        }
    }
}

impl Record {
    /// Its properties and outputs.
    #[must_use]
    pub fn recorded(&self) -> Recorded<'_> {
        Recorded { inputs: &self.inputs, outputs: &self.outputs }
    }

    /// An output, or a property: what AWS told counts more than what it was asked.
    #[must_use]
    pub fn value(&self, slot: Slot) -> &Value {
        self.recorded().value(slot)
    }

    /// Whether an update was begun and not ended.
    #[must_use]
    pub fn has_unknown_inputs(&self) -> bool {
        self.inputs.iter().any(|(_, value)| value.first_unknown().is_some())
    }
}
