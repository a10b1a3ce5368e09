//! Things that are kept elsewhere, and that things of this account refer to.

use std::sync::Arc;

use infra_core::{
    dsl::Provider,
    handler::{BackendError, Ownership},
    schema::TypeDef,
    value::Properties,
};

use super::{
    Sim,
    handler::SimHandler,
    object::Object,
    simulator::{ACCOUNT, REGION, failed},
};

/// A thing that is kept elsewhere.
#[derive(Clone, Debug)]
pub struct Shadow<'a> {
    /// Its type.
    pub ty: &'static TypeDef,
    /// Where it is.
    pub provider: &'a Provider,
    /// Its physical id there.
    pub id: &'a str,
    /// What it was asked to be.
    pub inputs: &'a Properties,
    /// What it tells.
    pub outputs: &'a Properties,
    /// Whose it is.
    pub owner: Option<&'a Ownership>,
}

impl Sim {
    /// Knows from now on of something that is kept elsewhere, as it is there: what refers to it is
    /// held against it, and lists do not tell of it.
    ///
    /// # Errors
    /// If the account can't be written.
    pub fn mirror(&self, shadow: &Shadow<'_>) -> Result<(), BackendError> {
        let handler = SimHandler::new(Arc::clone(&self.api), shadow.ty, ACCOUNT, REGION);
        let scope = handler.scope(shadow.provider);
        let inputs = handler.veiled(shadow.inputs);
        let mut world = self.api.lock();
        world.advance(self.now());
        match world.place(shadow.ty.name, shadow.id, &scope) {
            Some(place) => {
                let object = &world.objects[place as usize];
                // Each look at it tells the same: others need not read the account again for that.
                if object.inputs == inputs && object.outputs == *shadow.outputs {
                    return Ok(());
                }
                world.replace(place, inputs, shadow.outputs.clone());
            }
            None => {
                let object = Object {
                    implicit: true,
                    owner: shadow.owner.cloned().map(Box::new),
                    inputs,
                    outputs: shadow.outputs.clone(),
                    ..Object::new(shadow.ty, shadow.id.into(), scope)
                };
                let place = world.insert(object);
                world.rewrite(place);
            }
        }
        world.log.flush().map_err(failed).map(drop)
    }

    /// Forgets something that was kept elsewhere, and is gone.
    ///
    /// # Errors
    /// If the account can't be written.
    pub fn forget(
        &self,
        ty: &'static TypeDef,
        provider: &Provider,
        id: &str,
    ) -> Result<(), BackendError> {
        let scope = SimHandler::new(Arc::clone(&self.api), ty, ACCOUNT, REGION).scope(provider);
        let mut world = self.api.lock();
        world.advance(self.now());
        if let Some(place) = world.place(ty.name, id, &scope) {
            world.remove(place);
        }
        world.log.flush().map_err(failed).map(drop)
    }

    /// What of this account refers to something so that it can't go.
    #[must_use]
    pub fn users(&self, ty: &'static TypeDef, provider: &Provider, id: &str) -> Vec<String> {
        let scope = SimHandler::new(Arc::clone(&self.api), ty, ACCOUNT, REGION).scope(provider);
        let world = self.api.lock();
        let Some(place) = world.place(ty.name, id, &scope) else { return vec![] };
        let kept_here =
            world.referrers(place, false).into_iter().filter_map(|(other, property)| {
                let other = &world.objects[other as usize];
                (!other.implicit)
                    .then(|| format!("{} {} ({property})", other.ty.short_name(), other.id))
            });
        kept_here.collect()
    }

    /// Hands what was done so far to the operating system, so that other processes read it.
    ///
    /// # Errors
    /// If the account can't be written.
    pub fn publish(&self) -> Result<(), BackendError> {
        self.api.lock().log.flush().map_err(failed).map(drop)
    }
}
