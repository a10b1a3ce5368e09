//! [`LookedUp`] and [`Ran`]: handlers of lookups and of tasks.

use std::{future::Future, marker::PhantomData, sync::Arc};

use infra_core::{
    dsl::{Lookup, Provider, ResourceType, Task},
    handler::{BoxFuture, Context, DynHandler, HandlerError, Listed, Need, Request, TypedRequest},
    schema::TypeDef,
    value::Properties,
};

use crate::{
    client::{Client, Usual, boxed},
    error::Answer,
};

/// What the file of a lookup says. No call of it changes anything.
pub(crate) trait Look<C: Client = Usual>: Send + Sync + 'static {
    /// The type.
    type Type: Lookup;

    /// What must be allowed for its calls.
    const NEEDS: &'static [Need];

    /// Reads it.
    fn look(
        client: &C,
        request: &TypedRequest<'_, Self::Type>,
    ) -> impl Future<Output = Answer<<Self::Type as ResourceType>::Outputs>> + Send;
}

/// What the file of a task says.
pub(crate) trait Runs<C: Client = Usual>: Send + Sync + 'static {
    /// The type.
    type Type: Task;

    /// What must be allowed for its calls.
    const NEEDS: &'static [Need];

    /// Runs it to its end, by [`Request::run_token`]: once more with the same token comes to the
    /// same. Waits on the context's clock.
    fn run(
        client: &C,
        context: &Context,
        request: &TypedRequest<'_, Self::Type>,
    ) -> impl Future<Output = Answer<<Self::Type as ResourceType>::Outputs>> + Send;
}

/// Makes a handler of what the file of a lookup says.
pub(crate) struct LookedUp<L, C: Client = Usual> {
    factory: Arc<C::Factory>,
    of: PhantomData<fn() -> L>,
}

impl<L: Look<C>, C: Client> LookedUp<L, C> {
    pub(crate) fn new(factory: &Arc<C::Factory>) -> Self {
        Self { factory: Arc::clone(factory), of: PhantomData }
    }

    pub(crate) fn ty() -> &'static TypeDef {
        L::Type::definition()
    }
}

/// Makes a handler of what the file of a task says.
pub(crate) struct Ran<T, C: Client = Usual> {
    factory: Arc<C::Factory>,
    of: PhantomData<fn() -> T>,
}

impl<T: Runs<C>, C: Client> Ran<T, C> {
    pub(crate) fn new(factory: &Arc<C::Factory>) -> Self {
        Self { factory: Arc::clone(factory), of: PhantomData }
    }

    pub(crate) fn ty() -> &'static TypeDef {
        T::Type::definition()
    }
}

type Boxed<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

fn nothing_to_list<'a>() -> Boxed<'a, Vec<Listed>> {
    Box::pin(std::future::ready(Ok(vec![])))
}

impl<L: Look<C>, C: Client> DynHandler for LookedUp<L, C> {
    fn lookup<'a>(&'a self, _: &'a Context, request: &'a Request) -> Boxed<'a, Properties> {
        boxed::<C, _>(&self.factory, &request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            let looked = L::look(&client, &TypedRequest::new(request)?).await?;
            Ok(L::Type::encode_outputs(looked))
        })
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> Boxed<'a, Vec<Listed>> {
        nothing_to_list()
    }

    fn needs(&self) -> &'static [Need] {
        L::NEEDS
    }
}

impl<T: Runs<C>, C: Client> DynHandler for Ran<T, C> {
    fn run<'a>(&'a self, context: &'a Context, request: &'a Request) -> Boxed<'a, Properties> {
        boxed::<C, _>(&self.factory, &request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            let ran = T::run(&client, context, &TypedRequest::new(request)?).await?;
            Ok(T::Type::encode_outputs(ran))
        })
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> Boxed<'a, Vec<Listed>> {
        nothing_to_list()
    }

    fn needs(&self) -> &'static [Need] {
        T::NEEDS
    }
}
