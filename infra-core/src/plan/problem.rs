//! [`PlanProblem`]: why a plan can't be carried out.

use std::panic::Location;

use crate::{graph::ProgramProblem, urn::Urn};

/// Why a plan can't be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanProblem {
    /// A protected resource would be deleted or replaced.
    #[error("`{0}` is protected, and would be deleted or replaced")]
    Protected(Urn),
    /// This binary does not know the type of a record that must be acted on.
    #[error("`{urn}` is of type `{ty}`, which this program does not know")]
    UnknownType {
        /// The record.
        urn: Urn,
        /// Its type.
        ty: String,
    },
    /// A target or another pattern matches nothing.
    #[error("no resource matches `{0}`")]
    NothingMatches(String),
    /// Something that was left out is needed by something that is to be done.
    #[error("`{needed}` is excluded, but `{by}` needs it")]
    ExcludedNeeded {
        /// What was left out.
        needed: Urn,
        /// What needs it.
        by: Urn,
    },
    /// An object to be imported would have to be replaced to be what the program says.
    #[error(
        "`{urn}` can't be imported: its `{property}` is {found}, and changing it would replace it"
    )]
    ImportDiffers {
        /// The resource.
        urn: Urn,
        /// The property.
        property: String,
        /// Its value at the cloud.
        found: String,
    },
    /// There is no object to import.
    #[error("`{urn}` can't be imported: there is no `{id}`")]
    ImportMissing {
        /// The resource.
        urn: Urn,
        /// The physical id asked for.
        id: String,
    },
    /// A function of the program failed.
    #[error("`{urn}`: computing `{property}` failed: {message}")]
    Computation {
        /// The resource.
        urn: Urn,
        /// The property.
        property: String,
        /// What the function said.
        message: String,
        /// Where the function stands.
        at: &'static Location<'static>,
    },
    /// A value that the program computes does not fit.
    #[error("`{urn}`: `{property}` is computed to {value}, which {message}")]
    Invalid {
        /// The resource.
        urn: Urn,
        /// The property, with the place inside it.
        property: String,
        /// The value as shown to people.
        value: String,
        /// What is wrong, as the end of a sentence about the value.
        message: String,
    },
    /// Two resources would have what only one can have.
    #[error("`{first}` and `{second}` have the same {property}, and only one can")]
    SameKey {
        /// One resource.
        first: Urn,
        /// The other.
        second: Urn,
        /// The properties.
        property: String,
    },
    /// Two resources would be the same thing: one is called as it was, the other as it is.
    #[error("`{urn}` was called `{alias}` before, and the program has a `{alias}` too")]
    AliasInUse {
        /// The resource with the alias.
        urn: Urn,
        /// What both lay claim to.
        alias: Urn,
    },
    /// A check does not allow it.
    #[error("{0}")]
    Refused(Box<ProgramProblem>),
    /// A secret can't be compared with what was recorded.
    #[error("`{urn}`: {message}")]
    Secret {
        /// The resource.
        urn: Urn,
        /// Why not.
        message: String,
    },
}
