//! [`Handler`], [`LookupHandler`], [`TaskHandler`]: what the author of a backend writes, with the
//! types that the macros made.

use std::future::Future;

use super::{
    Allocated, Context, Deletion, DynHandler, Found, HandlerError, Listed, Observed, Polled,
    Problem, Progress, Request, erased::BoxFuture,
};
use crate::{
    dsl::{Lookup, Provider, ResourceType, Task},
    schema::Level,
    value::Properties,
};

/// A request with its properties read.
#[derive(Debug)]
pub struct TypedRequest<'a, R: ResourceType> {
    /// The properties wanted.
    pub args: R::Args,
    /// Everything else.
    pub request: &'a Request,
}

impl<'a, R: ResourceType> TypedRequest<'a, R> {
    /// Reads the properties of a request.
    ///
    /// # Errors
    /// If they are not those of the type: state of a foreign hand.
    pub fn new(request: &'a Request) -> Result<Self, HandlerError> {
        let args = R::decode_args(&request.inputs).map_err(|error| {
            let property = Some(error.path.to_string());
            let problem = Problem::Invalid { property };
            HandlerError::refused(problem, request.ty.service(), "read", "", error.to_string())
        })?;
        Ok(Self { args, request })
    }
}

impl<R: ResourceType> std::ops::Deref for TypedRequest<'_, R> {
    type Target = Request;

    fn deref(&self) -> &Request {
        self.request
    }
}

type Answer<T> = Result<T, HandlerError>;

/// Creates, updates, deletes and finds the things of one type.
///
/// Rules for all methods:
///
/// - **Errors** say truly whether the call [certainly did nothing](super::Certainty): only then is
///   an intent closed. When in doubt, [`Certainty::Unknown`](super::Certainty::Unknown).
/// - **Time** is that of [`Context::clock`]; sleeping on anything else stops a simulated world.
/// - **Everything may happen twice**: after a crash the engine repeats what it does not know the
///   end of.
pub trait Handler: Send + Sync + 'static {
    /// The type.
    type Resource: ResourceType;

    /// Makes the thing with one mutating call, and returns its id. Nothing more: the engine
    /// journals the id before anything else happens.
    ///
    /// The token `request.owner.intent` belongs to this creation alone and is the same at every
    /// repetition: give it to the API as client token where there is one, and put the ownership
    /// tags on within the same call where the API allows it.
    ///
    /// If there is one with our name already: [`Problem::AlreadyExists`]; the engine then asks
    /// [`find`](Self::find) whose it is.
    fn allocate(
        &self,
        context: &Context,
        request: &TypedRequest<'_, Self::Resource>,
    ) -> impl Future<Output = Answer<Allocated>> + Send;

    /// Tells the cloud what creation could not say (properties marked `separate`, tags of APIs
    /// that do not take them at creation). Idempotent; also called after an interrupted creation.
    fn configure(
        &self,
        context: &Context,
        request: &TypedRequest<'_, Self::Resource>,
    ) -> impl Future<Output = Answer<Progress>> + Send {
        let _ = (context, request);
        async { Ok(Progress { outputs: Properties::default(), level: Level::Configured }) }
    }

    /// Whether it has reached a level. One look, no waiting: the engine waits.
    ///
    /// A state that it can't leave by itself (creation failed) is an error, not
    /// [`Polled::Pending`].
    fn poll(
        &self,
        context: &Context,
        request: &Request,
        level: Level,
    ) -> impl Future<Output = Answer<Polled>> + Send;

    /// Makes the thing what `args` say, by as many calls as it takes; converges from wherever it
    /// stands. `request.changed` says what differs from what was recorded. Outputs that change with
    /// one of these are forgotten before the call: what neither this nor [`poll`](Self::poll) tells
    /// is absent from then on.
    fn update(
        &self,
        context: &Context,
        request: &TypedRequest<'_, Self::Resource>,
    ) -> impl Future<Output = Answer<Progress>> + Send;

    /// What the cloud says of it; `None` if it is not there or not visible.
    fn read(
        &self,
        context: &Context,
        request: &Request,
    ) -> impl Future<Output = Answer<Option<Observed>>> + Send;

    /// Deletes it; detaches it first where that is a call of its own. That it is gone already is
    /// [`Problem::NotFound`]: the engine knows whether that can be believed yet. What still uses
    /// it is named in [`Problem::InUse`].
    fn delete(
        &self,
        context: &Context,
        request: &Request,
    ) -> impl Future<Output = Answer<Deletion>> + Send;

    /// What a creation with this token and these properties came to. Never creates.
    ///
    /// [`Found::Absent`] only when it can't appear any more. A list that may lag behind says
    /// [`Found::NotYetCertain`]; the engine then waits for the backend's settle time.
    fn find(
        &self,
        context: &Context,
        request: &Request,
    ) -> impl Future<Output = Answer<Found>> + Send;

    /// All things of the type where the provider points, or those with the tag of one stack; by
    /// pages, not one call for each.
    fn list(
        &self,
        context: &Context,
        provider: &Provider,
        stack: Option<&str>,
    ) -> impl Future<Output = Answer<Vec<Listed>>> + Send;
}

/// Reads what a lookup asks for. No call of it changes anything.
pub trait LookupHandler: Send + Sync + 'static {
    /// The type.
    type Lookup: Lookup;

    /// Reads it.
    fn lookup(
        &self,
        context: &Context,
        request: &TypedRequest<'_, Self::Lookup>,
    ) -> impl Future<Output = Answer<<Self::Lookup as ResourceType>::Outputs>> + Send;
}

/// Runs a task.
pub trait TaskHandler: Send + Sync + 'static {
    /// The type.
    type Task: Task;

    /// Runs it to its end. May happen more than once with the same token after a crash, and must
    /// come to the same.
    fn run(
        &self,
        context: &Context,
        request: &TypedRequest<'_, Self::Task>,
    ) -> impl Future<Output = Answer<<Self::Task as ResourceType>::Outputs>> + Send;
}

/// Makes a [`DynHandler`] of a [`Handler`].
#[derive(Debug)]
pub struct ResourceAdapter<H>(pub H);

impl<H: Handler> DynHandler for ResourceAdapter<H> {
    fn allocate<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Allocated>> {
        Box::pin(async move { self.0.allocate(context, &TypedRequest::new(request)?).await })
    }

    fn configure<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Progress>> {
        Box::pin(async move { self.0.configure(context, &TypedRequest::new(request)?).await })
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> BoxFuture<'a, Answer<Polled>> {
        Box::pin(self.0.poll(context, request, level))
    }

    fn update<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Progress>> {
        Box::pin(async move { self.0.update(context, &TypedRequest::new(request)?).await })
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Option<Observed>>> {
        Box::pin(self.0.read(context, request))
    }

    fn delete<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Deletion>> {
        Box::pin(self.0.delete(context, request))
    }

    fn find<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Found>> {
        Box::pin(self.0.find(context, request))
    }

    fn list<'a>(
        &'a self,
        context: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<Vec<Listed>>> {
        Box::pin(self.0.list(context, provider, stack))
    }
}

fn nothing_to_list<'a>() -> BoxFuture<'a, Answer<Vec<Listed>>> {
    Box::pin(std::future::ready(Ok(vec![])))
}

/// Makes a [`DynHandler`] of a [`LookupHandler`].
#[derive(Debug)]
pub struct LookupAdapter<H>(pub H);

impl<H: LookupHandler> DynHandler for LookupAdapter<H> {
    fn lookup<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Properties>> {
        Box::pin(async move {
            let outputs = self.0.lookup(context, &TypedRequest::new(request)?).await?;
            Ok(H::Lookup::encode_outputs(outputs))
        })
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<Vec<Listed>>> {
        nothing_to_list()
    }
}

/// Makes a [`DynHandler`] of a [`TaskHandler`].
#[derive(Debug)]
pub struct TaskAdapter<H>(pub H);

impl<H: TaskHandler> DynHandler for TaskAdapter<H> {
    fn run<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Answer<Properties>> {
        Box::pin(async move {
            let outputs = self.0.run(context, &TypedRequest::new(request)?).await?;
            Ok(H::Task::encode_outputs(outputs))
        })
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<Vec<Listed>>> {
        nothing_to_list()
    }
}
