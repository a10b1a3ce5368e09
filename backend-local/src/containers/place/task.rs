//! [`LiveTask`]: tasks that the agent runs.

use std::{collections::BTreeMap, time::Duration};

use infra_core::{
    dsl::Provider,
    handler::{BoxFuture, Context, DynHandler, HandlerError, Listed, Problem, Request},
    schema::TypeDef,
    value::{Properties, PropertiesBuilder},
};

use super::ground::{Ground, lost};
use crate::{
    containers::agent::protocol::{Ran, Run},
    sim::Sim,
};

/// How often the agent is asked.
const PACE: Duration = Duration::from_millis(100);

/// A type of tasks that the agent runs.
pub(super) struct LiveTask {
    pub(super) sim: Sim,
    pub(super) ground: Ground,
    pub(super) ty: &'static TypeDef,
}

impl LiveTask {
    async fn run_now(
        &self,
        context: &Context,
        request: &Request,
    ) -> Result<Properties, HandlerError> {
        let mut attempt = 0;
        let (run, mut ran) = loop {
            let run = self.run(request, attempt);
            let ran = self.ask(&run).await?;
            // A failure that is over when we come was told by the run that saw it: it is due again.
            if ran.fresh || ran.failure.is_none() {
                break (run, ran);
            }
            attempt += 1;
        };
        let mut said = String::new();
        while !ran.ended {
            if context.cancel.is_cancelled() {
                let message = "it is still running; the next run waits for its end";
                return Err(HandlerError::lost(self.ty.service(), "Describe", message));
            }
            if ran.message != said {
                said.clone_from(&ran.message);
                context.note(said.clone());
            }
            context.clock.sleep(PACE).await;
            ran = self.ask(&run).await?;
        }
        match ran.failure {
            None => Ok(self.told(ran.outputs)),
            Some(message) => {
                let service = self.ty.service();
                Err(HandlerError::refused(Problem::Final, service, "Run", "TaskFailed", message))
            }
        }
    }

    fn run(&self, request: &Request, attempt: u32) -> Run {
        let inputs = request.inputs.iter().filter(|(_, value)| !value.has_secret());
        Run {
            token: request.run_token(attempt),
            ty: self.ty.name.to_owned(),
            inputs: inputs
                .map(|(slot, value)| (self.ty.prop(slot).name.to_owned(), value.clone()))
                .collect(),
        }
    }

    async fn ask(&self, run: &Run) -> Result<Ran, HandlerError> {
        self.sim
            .publish()
            .map_err(|error| HandlerError::lost(self.ty.service(), "Run", error.to_string()))?;
        let asked = async { self.ground.agent().await?.post("/run", run).await };
        asked.await.map_err(lost(self.ty.service(), "Run"))
    }

    fn told(&self, outputs: BTreeMap<String, infra_core::value::Value>) -> Properties {
        let mut told = PropertiesBuilder::default();
        for (name, value) in outputs {
            if let Some(slot) = self.ty.slot(&name) {
                told.set(slot, value);
            }
        }
        told.build()
    }
}

impl DynHandler for LiveTask {
    fn run<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Properties, HandlerError>> {
        Box::pin(self.run_now(context, request))
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        _: &'a Provider,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<Listed>, HandlerError>> {
        // What ran is nothing that a stack has.
        Box::pin(std::future::ready(Ok(vec![])))
    }
}
