//! [`DynHandler`]: a handler as the engine sees it.

use std::{future::Future, pin::Pin};

use super::{
    Allocated, Context, Deletion, Found, HandlerError, Listed, Need, Observed, Polled, Problem,
    Progress, Request,
};
use crate::{dsl::Provider, schema::Level, value::Properties};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

fn unsupported<'a, T: Send + 'a>(request: &Request, operation: &'static str) -> Answer<'a, T> {
    let message = format!("`{}` does not know this operation", request.ty.name);
    let service = request.ty.service();
    let error = HandlerError::refused(Problem::Final, service, operation, "Unsupported", message);
    Box::pin(std::future::ready(Err(error)))
}

/// A handler as the engine sees it. The contract of each method is that of the method of the same
/// name of [`Handler`](super::Handler), [`LookupHandler`](super::LookupHandler) or
/// [`TaskHandler`](super::TaskHandler).
pub trait DynHandler: Send + Sync {
    /// Makes the thing, and nothing more.
    fn allocate<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Allocated> {
        let _ = context;
        unsupported(request, "allocate")
    }

    /// Tells the cloud what creation did not say.
    fn configure<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        let _ = context;
        unsupported(request, "configure")
    }

    /// How far it has come.
    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> Answer<'a, Polled> {
        let _ = (context, level);
        unsupported(request, "poll")
    }

    /// Makes the thing what is wanted.
    fn update<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        let _ = context;
        unsupported(request, "update")
    }

    /// What the cloud says of it.
    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> Answer<'a, Option<Observed>> {
        let _ = context;
        unsupported(request, "read")
    }

    /// Deletes it.
    fn delete<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Deletion> {
        let _ = context;
        unsupported(request, "delete")
    }

    /// What a creation came to whose answer is not known.
    fn find<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Found> {
        let _ = context;
        unsupported(request, "find")
    }

    /// All things of the type, or those of one stack.
    fn list<'a>(
        &'a self,
        context: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>>;

    /// Whether [`list`](Self::list) tells of each thing all that [`read`](Self::read) does: a
    /// refresh then reads pages. See [`Listed::observed`].
    fn lists_all(&self) -> bool {
        false
    }

    /// Reads a lookup.
    fn lookup<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        let _ = context;
        unsupported(request, "lookup")
    }

    /// Runs a task.
    fn run<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        let _ = context;
        unsupported(request, "run")
    }

    /// What it must be allowed to do at its cloud. Default: nothing is asked.
    fn needs(&self) -> &'static [Need] {
        &[]
    }
}
