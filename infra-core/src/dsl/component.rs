//! [`ComponentOptions`]: what a component passes down to what is in it.

use super::{Alias, Dependable, Dependency, Provider};
use crate::types::Tags;

/// What a component passes down to everything in it.
#[derive(Clone, Debug, Default)]
pub struct ComponentOptions {
    pub(crate) providers: Vec<Provider>,
    pub(crate) protect: Option<bool>,
    pub(crate) retain_on_delete: bool,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) tags: Tags,
}

impl ComponentOptions {
    /// Where the resources in it go, for types of this provider's kind.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.providers.push(provider);
        self
    }

    /// Protects everything in it, or nothing, unless a resource says otherwise.
    #[must_use]
    pub fn protect(mut self, protect: bool) -> Self {
        self.protect = Some(protect);
        self
    }

    /// Leaves everything in it alone in the cloud when it goes from the program.
    #[must_use]
    pub fn retain_on_delete(mut self) -> Self {
        self.retain_on_delete = true;
        self
    }

    /// The component had another name: everything in it stood there before.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<Alias>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Everything in it waits for another resource or component.
    #[must_use]
    pub fn depends_on(mut self, other: &impl Dependable) -> Self {
        self.depends_on.push(other.dependency());
        self
    }

    /// Tags for everything in it that has tags; a resource's own tags win.
    #[must_use]
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.tags.0.insert(key.to_owned(), value.to_owned());
        self
    }
}
