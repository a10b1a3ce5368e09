//! What the builders that the macros write are made of.

use std::{marker::PhantomData, panic::Location, time::Duration};

use super::{
    Alias, Dependable, Dependency, Input, Options as NodeOptions, Prop, Provider, ResourceType,
};
use crate::{
    schema::TypeDef,
    value::{Slot, Value},
};

/// A required property that was not set yet.
#[derive(Debug)]
pub struct Missing<P>(PhantomData<P>);

/// A required property that was set.
#[derive(Debug)]
pub struct Provided;

/// Holds for required properties that were set.
#[diagnostic::on_unimplemented(
    message = "a required property was not set: `{Self}`",
    label = "set it before `create`, with the method that has the name of the property"
)]
pub trait IsSet {}

impl IsSet for Provided {}

/// What a builder collects.
#[doc(hidden)]
#[derive(Debug)]
pub struct Draft(pub(crate) Box<DraftParts>);

#[derive(Debug)]
pub(crate) struct DraftParts {
    pub(crate) ty: &'static TypeDef,
    pub(crate) name: String,
    pub(crate) values: Vec<(Slot, Value, &'static Location<'static>)>,
    pub(crate) options: Option<Box<NodeOptions>>,
    pub(crate) depends_on: Vec<Dependency>,
    pub(crate) provider: Option<Provider>,
}

impl Draft {
    /// An empty draft.
    #[must_use]
    pub fn new(ty: &'static TypeDef, name: String) -> Self {
        Self(Box::new(DraftParts {
            ty,
            name,
            values: Vec::with_capacity(8),
            options: None,
            depends_on: vec![],
            provider: None,
        }))
    }

    /// Sets a property; the last one wins.
    pub fn set<T>(&mut self, slot: Slot, value: Input<T>, at: &'static Location<'static>) {
        self.0.values.push((slot, value.into_value(), at));
    }

    /// Adds an item to a list.
    pub fn push<T>(&mut self, slot: Slot, item: Input<T>, at: &'static Location<'static>) {
        let mut items = self.last(slot).items().to_vec();
        items.push(item.into_value());
        self.0.values.push((slot, Value::list(items), at));
    }

    /// Adds an entry to a map.
    pub fn insert<T>(
        &mut self,
        slot: Slot,
        key: &str,
        value: Input<T>,
        at: &'static Location<'static>,
    ) {
        let old = self.last(slot);
        let entries = old.entries().iter().map(|(key, value)| (key.clone(), value.clone()));
        let entry = (key.into(), value.into_value());
        self.0.values.push((slot, Value::map(entries.chain([entry])), at));
    }

    fn last(&self, slot: Slot) -> Value {
        let found = self.0.values.iter().rev().find(|(other, ..)| *other == slot);
        found.map(|(_, value, _)| value.clone()).unwrap_or_default()
    }

    fn options(&mut self) -> &mut NodeOptions {
        self.0.options.get_or_insert_default()
    }
}

/// What can be said of any resource while it is built. In the prelude, so that every builder has
/// these methods.
pub trait Options: Sized {
    /// The type that is built.
    type Resource: ResourceType;

    #[doc(hidden)]
    fn draft(&mut self) -> &mut Draft;

    /// Waits until another resource, or everything in a component, is ready; and is deleted
    /// before it. Not needed where an output of the other is used.
    #[must_use]
    fn depends_on(mut self, other: &impl Dependable) -> Self {
        self.draft().0.depends_on.push(other.dependency());
        self
    }

    /// Refuses to delete or replace it. Kept in state: taking the line out of the program does
    /// not unprotect; `protect(false)` or `state unprotect` does.
    #[must_use]
    fn protect(mut self, protect: bool) -> Self {
        self.draft().options().protect = Some(protect);
        self
    }

    /// Takes it out of state without deleting it in the cloud, when it goes from the program.
    #[must_use]
    fn retain_on_delete(mut self) -> Self {
        self.draft().options().retain_on_delete = true;
        self
    }

    /// Differences in a property are no differences.
    #[must_use]
    fn ignore_changes<T>(mut self, prop: Prop<Self::Resource, T>) -> Self {
        self.draft().options().ignore_changes.push(prop.slot);
        self
    }

    /// A difference in a property replaces.
    #[must_use]
    fn replace_on_changes<T>(mut self, prop: Prop<Self::Resource, T>) -> Self {
        self.draft().options().replace_on_changes.push(prop.slot);
        self
    }

    /// A replacement deletes the old one first.
    #[must_use]
    fn delete_before_replace(mut self) -> Self {
        self.draft().options().delete_before_replace = true;
        self
    }

    /// Takes over an existing object instead of creating one.
    #[must_use]
    fn import_id(mut self, id: impl Into<String>) -> Self {
        self.draft().options().import_id = Some(id.into());
        self
    }

    /// It stood somewhere else before: under another name, or another URN.
    #[must_use]
    fn alias(mut self, alias: impl Into<Alias>) -> Self {
        self.draft().options().aliases.push(alias.into());
        self
    }

    /// How long an operation on it may take.
    #[must_use]
    fn timeout(mut self, timeout: Duration) -> Self {
        self.draft().options().timeout = Some(timeout);
        self
    }

    /// Where it goes, if not where its component does.
    #[must_use]
    fn provider(mut self, provider: &Provider) -> Self {
        self.draft().0.provider = Some(provider.clone());
        self
    }
}
