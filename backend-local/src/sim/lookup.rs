//! [`SimLookup`]: serves lookups.
//!
//! What a lookup tells stands in the [`Special`](super::special::Special) of its type, as the
//! outputs of a resource do: `check` refuses, `outputs` tells. It has no object in the account.

use infra_core::{
    dsl::Provider,
    handler::{BoxFuture, Context, DynHandler, HandlerError, Listed, Request},
    schema::TypeDef,
    value::Properties,
};

use super::{World, handler::SimHandler, refusal::Refusal, special::Asked, world::told};

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

/// Serves one lookup, where and for whom the handler inside serves a resource.
pub(super) struct SimLookup(pub(super) SimHandler);

impl SimLookup {
    async fn read_now(&self, request: &Request) -> Result<Properties, HandlerError> {
        let SimHandler { api, ty, .. } = &self.0;
        let scope = self.0.scope(&request.provider);
        api.call(ty, "Read", |world, _| world.look_up(ty, &scope, &request.inputs)).await
    }
}

impl DynHandler for SimLookup {
    fn lookup<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        Box::pin(self.read_now(request))
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>> {
        // Nothing in the account belongs to a lookup.
        Box::pin(std::future::ready(Ok(vec![])))
    }
}

impl World {
    /// What a lookup tells, or why it can't.
    fn look_up(
        &self,
        ty: &'static TypeDef,
        scope: &str,
        inputs: &Properties,
    ) -> Result<Properties, Refusal> {
        self.check_values(ty, inputs, scope)?;
        let special = self.special(ty);
        let asked = Asked { world: self, ty, scope, id: "", inputs, old: None, number: 0 };
        if let Some(special) = special {
            special.check(&asked)?;
        }
        Ok(told(&asked, special))
    }
}
