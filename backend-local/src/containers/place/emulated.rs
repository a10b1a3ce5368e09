//! [`Emulated`]: types whose things are in the emulator of AWS, by AWS's API.
//!
//! The account knows of each of them too, as it is there: what is in containers refers to it.

use std::{sync::Arc, time::Duration};

use infra_core::{
    dsl::Provider,
    handler::{
        Allocated, BackendError, BoxFuture, Context, Deletion, DynHandler, Found, HandlerError,
        Listed, Observed, Polled, Problem, Progress, Request,
    },
    schema::{Level, TypeDef},
    value::Properties,
};

use super::{
    EMULATOR_ID,
    ground::{Ground, is_gone, lost},
};
use crate::{
    containers::agent::protocol::{Level as AgentLevel, State, Which},
    sim::{Shadow, Sim},
};

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

/// How often it is asked whether the emulator is there.
const PACE: Duration = Duration::from_millis(200);

/// A type whose things are in the emulator.
pub(super) struct Emulated {
    /// Asks AWS's API.
    pub(super) there: Arc<dyn DynHandler>,
    pub(super) sim: Sim,
    pub(super) ground: Ground,
    pub(super) ty: &'static TypeDef,
}

impl Emulated {
    /// Waits until the emulator answers.
    async fn begin(&self, context: &Context) -> Result<(), HandlerError> {
        let service = self.ty.service();
        let which = Which { ty: EMULATOR_ID.to_owned(), id: EMULATOR_ID.to_owned() };
        let mut said = String::new();
        loop {
            let asked = async {
                let agent = self.ground.agent().await?;
                agent.post::<State>("/state", &which).await
            };
            let state = asked.await.map_err(lost(service, "Connect"))?;
            match state.level {
                AgentLevel::Ready => return Ok(()),
                AgentLevel::Failed => {
                    let problem = Problem::Final;
                    return Err(HandlerError::refused(
                        problem,
                        service,
                        "Connect",
                        "",
                        state.message,
                    ));
                }
                AgentLevel::Gone | AgentLevel::Pending => {}
            }
            if context.cancel.is_cancelled() {
                let message = "the emulator of AWS is not there yet";
                return Err(HandlerError::refused(
                    Problem::Transient,
                    service,
                    "Connect",
                    "",
                    message,
                ));
            }
            if state.message != said {
                said.clone_from(&state.message);
                context.note(state.message);
            }
            context.clock.sleep(PACE).await;
        }
    }

    fn failed(&self, error: BackendError) -> HandlerError {
        HandlerError::lost(self.ty.service(), "Mirror", error.to_string())
    }

    /// Lets the account know of a thing as it is.
    fn mirror(
        &self,
        request: &Request,
        id: &str,
        outputs: &Properties,
    ) -> Result<(), HandlerError> {
        let outputs = request.outputs.merged(outputs);
        let shadow = Shadow {
            ty: self.ty,
            provider: &request.provider,
            id,
            inputs: &request.inputs,
            outputs: &outputs,
            owner: Some(&request.owner),
        };
        self.sim.mirror(&shadow).map_err(|error| self.failed(error))
    }

    fn forget(&self, request: &Request) -> Result<(), HandlerError> {
        let forgotten = self.sim.forget(self.ty, &request.provider, &request.id);
        forgotten.map_err(|error| self.failed(error))
    }
}

impl DynHandler for Emulated {
    fn allocate<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Allocated> {
        Box::pin(async move {
            self.begin(context).await?;
            let made = self.there.allocate(context, request).await?;
            // If we die before this, finding or polling it does the same.
            self.mirror(request, &made.id, &made.outputs)?;
            Ok(Allocated { level: Level::Exists, ..made })
        })
    }

    fn configure<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(async move {
            self.begin(context).await?;
            self.there.configure(context, request).await
        })
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> Answer<'a, Polled> {
        Box::pin(async move {
            self.begin(context).await?;
            let polled = self.there.poll(context, request, level).await?;
            if let Polled::Reached(progress) = &polled {
                self.mirror(request, &request.id, &progress.outputs)?;
            }
            Ok(polled)
        })
    }

    fn update<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(async move {
            self.begin(context).await?;
            let progress = self.there.update(context, request).await?;
            self.mirror(request, &request.id, &progress.outputs)?;
            Ok(progress)
        })
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> Answer<'a, Option<Observed>> {
        Box::pin(async move {
            self.begin(context).await?;
            let seen = self.there.read(context, request).await?;
            match &seen {
                Some(seen) => self.mirror(request, &request.id, &seen.outputs)?,
                None => self.forget(request)?,
            }
            Ok(seen)
        })
    }

    fn delete<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Deletion> {
        Box::pin(async move {
            // The emulator does not know what in containers needs it.
            let by = self.sim.users(self.ty, &request.provider, &request.id);
            if !by.is_empty() {
                let message = format!("{} is used by {}", request.id, by.join(", "));
                let (service, problem) = (self.ty.service(), Problem::InUse { by });
                return Err(HandlerError::refused(problem, service, "Delete", "InUse", message));
            }
            self.begin(context).await?;
            let deleted = self.there.delete(context, request).await;
            // Whoever deleted it may have been killed before the account knew.
            if is_gone(&deleted) {
                self.forget(request)?;
            }
            deleted
        })
    }

    fn find<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Found> {
        Box::pin(async move {
            self.begin(context).await?;
            let found = self.there.find(context, request).await?;
            Ok(match found {
                Found::Here(there) => {
                    self.mirror(request, &there.id, &there.outputs)?;
                    Found::Here(Allocated { level: Level::Exists, ..there })
                }
                found => found,
            })
        })
    }

    fn list<'a>(
        &'a self,
        context: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>> {
        Box::pin(async move {
            self.begin(context).await?;
            self.there.list(context, provider, stack).await
        })
    }
}
