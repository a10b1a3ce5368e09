//! [`Registry`]: which handler serves which type.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    DynHandler, Handler, LookupAdapter, LookupHandler, ResourceAdapter, TaskAdapter, TaskHandler,
};
use crate::{
    dsl::ResourceType,
    schema::{TypeDef, Types},
};

/// Which handler serves which type. The kind of the provider is the first part of a type's name.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Arc<dyn DynHandler>>,
    types: Types,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.handlers.keys()).finish()
    }
}

impl Registry {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a handler for a type of resource.
    pub fn resource<H: Handler>(&mut self, handler: H) -> &mut Self {
        self.add(H::Resource::definition(), Arc::new(ResourceAdapter(handler)))
    }

    /// Adds a handler for a lookup.
    pub fn lookup<H: LookupHandler>(&mut self, handler: H) -> &mut Self {
        self.add(H::Lookup::definition(), Arc::new(LookupAdapter(handler)))
    }

    /// Adds a handler for a task.
    pub fn task<H: TaskHandler>(&mut self, handler: H) -> &mut Self {
        self.add(H::Task::definition(), Arc::new(TaskAdapter(handler)))
    }

    /// Adds a handler that knows its type only at run time.
    pub fn add(&mut self, ty: &'static TypeDef, handler: Arc<dyn DynHandler>) -> &mut Self {
        self.types.add(ty);
        self.handlers.insert(ty.name, handler);
        self
    }

    /// The handler of a type.
    #[must_use]
    pub fn get(&self, ty: &str) -> Option<&Arc<dyn DynHandler>> {
        self.handlers.get(ty)
    }

    /// The types that have a handler.
    #[must_use]
    pub fn types(&self) -> &Types {
        &self.types
    }
}
