//! [`Options`]: what can be said of any resource, whatever its type.

use std::time::Duration;

use crate::value::Slot;

/// What can be said of any resource, whatever its type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Refuse to delete or replace it. Kept in state: taking the line out of the program does not
    /// unprotect; `protect(false)` or `state unprotect` does.
    pub protect: Option<bool>,
    /// Take it out of state without deleting it in the cloud.
    pub retain_on_delete: bool,
    /// Differences in these properties are no differences.
    pub ignore_changes: Vec<Slot>,
    /// Differences in these properties replace.
    pub replace_on_changes: Vec<Slot>,
    /// A replacement deletes the old one first.
    pub delete_before_replace: bool,
    /// Take over an existing object with this physical id instead of creating one.
    pub import_id: Option<String>,
    /// Where it stood before: nothing is replaced because of a new name.
    pub aliases: Vec<Alias>,
    /// How long an operation may take, where the type's usual time does not do.
    pub timeout: Option<Duration>,
}

/// Where a resource or component stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alias {
    /// It had another name in the same place.
    Name(String),
    /// Its whole URN was another.
    Urn(String),
}

impl From<&str> for Alias {
    /// A text with a slash is a URN, any other a name.
    fn from(text: &str) -> Self {
        if text.contains('/') { Self::Urn(text.to_owned()) } else { Self::Name(text.to_owned()) }
    }
}
