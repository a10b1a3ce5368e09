//! [`Types`]: the types that a binary knows.

use std::collections::BTreeMap;

use super::TypeDef;

/// The types that a binary knows, by name. State that names another type is kept and shown, and
/// refused only when it must be acted on.
#[derive(Clone, Debug, Default)]
pub struct Types(BTreeMap<&'static str, &'static TypeDef>);

impl Types {
    /// Adds a type.
    pub fn add(&mut self, ty: &'static TypeDef) {
        self.0.insert(ty.name, ty);
    }

    /// The type of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static TypeDef> {
        self.0.get(name).copied()
    }

    /// All types, by name.
    pub fn iter(&self) -> impl Iterator<Item = &'static TypeDef> {
        self.0.values().copied()
    }
}

impl FromIterator<&'static TypeDef> for Types {
    fn from_iter<I: IntoIterator<Item = &'static TypeDef>>(types: I) -> Self {
        Self(types.into_iter().map(|ty| (ty.name, ty)).collect())
    }
}
