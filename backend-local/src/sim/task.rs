//! [`SimTask`]: runs tasks.
//!
//! A task is an object of the account from its start until an hour after its end, as AWS keeps it.
//! What it comes to is decided when it starts; the handler waits until it has ended. The same token
//! gets the same task, so that a run whose process died is gone on with.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use infra_core::{
    dsl::Provider,
    handler::{BoxFuture, Context, DynHandler, HandlerError, Listed, Ownership, Problem, Request},
    value::Properties,
};

use super::{
    handler::SimHandler,
    world::{New, Running},
};

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

/// How long a failed look is waited out.
const AGAIN: Duration = Duration::from_secs(1);

/// Runs one type of tasks, where and for whom the handler inside serves a resource.
pub(super) struct SimTask(pub(super) SimHandler);

impl SimTask {
    async fn run_now(
        &self,
        context: &Context,
        request: &Request,
    ) -> Result<Properties, HandlerError> {
        let mut attempt = 0;
        let mut running = loop {
            let (running, fresh) = self.start(request, attempt).await?;
            // A failure that is over when we come was told by the run that saw it, or by nobody:
            // the task is due in either case.
            if fresh || running.failure.is_none() {
                break running;
            }
            attempt += 1;
        };
        while !running.ended {
            let wait = running.until.min(running.stop_at);
            let stop = std::pin::pin!(context.cancel.cancelled());
            if let Either::Right(_) = select(context.clock.sleep_until(wait), stop).await {
                return Err(self.left_alone(&running));
            }
            running = self.look(context, &running).await?;
        }
        match running.failure {
            None => Ok(running.outputs),
            Some(message) => {
                let service = self.0.ty.service();
                Err(HandlerError::refused(Problem::Final, service, "Run", "TaskFailed", message))
            }
        }
    }

    /// Starts the task of a token, or finds it; whether it was started now.
    async fn start(
        &self,
        request: &Request,
        attempt: u32,
    ) -> Result<(Running, bool), HandlerError> {
        let SimHandler { api, ty, .. } = &self.0;
        let token: Arc<str> = request.run_token(attempt).into();
        let owner = Ownership { intent: token.clone(), ..request.owner.clone() };
        let inputs = self.0.veiled(&request.inputs);
        let scope = self.0.scope(&request.provider);
        api.call(ty, "Run", |world, _| {
            let fresh = world.by_token(&token).is_none();
            let owner = Some(Box::new(owner));
            let new = New { ty, scope, inputs: &inputs, token: &token, owner, lag: 0 };
            let place = world.create(new)?;
            Ok((world.running(place), fresh))
        })
        .await
    }

    /// How a task is now; stops it where its time is over.
    async fn look(&self, context: &Context, seen: &Running) -> Result<Running, HandlerError> {
        let SimHandler { api, ty, .. } = &self.0;
        let stop = seen.stop_at < seen.until && context.clock.now() >= seen.stop_at;
        let operation = if stop { "Stop" } else { "Describe" };
        loop {
            let looked = api.call(ty, operation, |world, _| {
                if stop {
                    world.stop(seen.place);
                }
                Ok(world.running(seen.place))
            });
            match looked.await {
                // To fail would be to run it again.
                Err(error) if error.is_retryable() => context.clock.sleep(AGAIN).await,
                answer => return answer,
            }
        }
    }

    /// The run is to stop: the task goes on, and the next run with it.
    fn left_alone(&self, running: &Running) -> HandlerError {
        let message = format!("{} is still running; the next run waits for its end", running.id);
        HandlerError::lost(self.0.ty.service(), "Describe", message)
    }
}

impl DynHandler for SimTask {
    fn run<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Properties> {
        Box::pin(self.run_now(context, request))
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>> {
        // What ran is nothing that a stack has.
        Box::pin(std::future::ready(Ok(vec![])))
    }
}
