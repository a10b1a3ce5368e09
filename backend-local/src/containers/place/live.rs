//! [`Live`]: types whose things the agent makes.
//!
//! The account says what is wanted, with all of AWS's rules; the agent reads it, and says how far it is.

use std::{sync::Arc, time::Duration};

use infra_core::{
    dsl::Provider,
    handler::{
        Allocated, BoxFuture, Context, Deletion, DynHandler, Found, HandlerError, Listed, Observed,
        Polled, Problem, Progress, Request,
    },
    schema::{Level, TypeDef},
    value::{Properties, PropertiesBuilder, SecretValue, Value},
};

use super::ground::{Ground, is_gone, lost};
use crate::{
    containers::agent::protocol::{Level as AgentLevel, SecretOf, State, Which},
    sim::Sim,
};

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

/// How often the agent is asked.
const PACE: Duration = Duration::from_millis(100);

/// A type whose things the agent makes.
pub(super) struct Live {
    /// What is wanted of it, in the account.
    pub(super) wanted: Arc<dyn DynHandler>,
    pub(super) sim: Sim,
    pub(super) ground: Ground,
    pub(super) ty: &'static TypeDef,
}

impl Live {
    fn which(&self, id: &str) -> Which {
        Which { ty: self.ty.name.to_owned(), id: id.to_owned() }
    }

    /// Lets other processes see what was written into the account.
    fn publish(&self, operation: &'static str) -> Result<(), HandlerError> {
        self.sim.publish().map_err(|error| {
            let message = error.to_string();
            let lost = HandlerError::lost(self.ty.service(), operation, message);
            HandlerError { source: Some(error.into()), ..lost }
        })
    }

    async fn state(&self, id: &str, operation: &'static str) -> Result<State, HandlerError> {
        self.publish(operation)?;
        let asked = async {
            let agent = self.ground.agent().await?;
            agent.post("/state", &self.which(id)).await
        };
        asked.await.map_err(lost(self.ty.service(), operation))
    }

    /// Tells the agent the secrets of a thing: the account keeps none.
    async fn tell_secrets(&self, id: &str, request: &Request) -> Result<(), HandlerError> {
        for (slot, value) in request.inputs.iter() {
            let Some(text) = secret_text(value) else { continue };
            let (which, property) = (self.which(id), self.ty.prop(slot).name.to_owned());
            let secret = SecretOf { which, property, text };
            let told = async { self.ground.agent().await?.post::<bool>("/secret", &secret).await };
            told.await.map_err(lost(self.ty.service(), "Configure"))?;
        }
        Ok(())
    }

    async fn poll_now(
        &self,
        context: &Context,
        request: &Request,
        level: Level,
    ) -> Result<Polled, HandlerError> {
        let wanted = self.wanted.poll(context, request, level).await?;
        let Polled::Reached(progress) = wanted else { return Ok(wanted) };
        if level < Level::Ready {
            return Ok(Polled::Reached(Progress { level: Level::Configured, ..progress }));
        }
        let state = self.state(&request.id, "Describe").await?;
        match state.level {
            AgentLevel::Ready => {
                let outputs = self.with_told(progress.outputs, state);
                Ok(Polled::Reached(Progress { outputs, level: Level::Ready }))
            }
            AgentLevel::Pending | AgentLevel::Gone => {
                let message = if state.message.is_empty() { "it begins" } else { &state.message };
                Ok(Polled::Pending { message: message.to_owned(), retry_after: Some(PACE) })
            }
            AgentLevel::Failed => {
                let (service, message) = (self.ty.service(), state.message);
                Err(HandlerError::refused(Problem::Final, service, "Describe", "Failed", message))
            }
        }
    }

    /// With what the agent tells in the place of what AWS would.
    fn with_told(&self, outputs: Properties, state: State) -> Properties {
        if state.outputs.is_empty() {
            return outputs;
        }
        let mut told = PropertiesBuilder::from(outputs);
        for (name, value) in state.outputs {
            if let Some(slot) = self.ty.slot(&name) {
                told.set(slot, value);
            }
        }
        told.build()
    }

    /// Whether the agent still has anything of it.
    async fn is_left(&self, id: &str, operation: &'static str) -> Result<bool, HandlerError> {
        Ok(self.state(id, operation).await?.level != AgentLevel::Gone)
    }

    async fn read_now(
        &self,
        context: &Context,
        request: &Request,
    ) -> Result<Option<Observed>, HandlerError> {
        let wanted = self.wanted.read(context, request).await?;
        if wanted.is_some() || !self.is_left(&request.id, "Describe").await? {
            return Ok(wanted);
        }
        Ok(Some(Observed {
            inputs: request.inputs.clone(),
            outputs: request.outputs.clone(),
            level: Level::Ready,
            deleting: true,
        }))
    }

    async fn delete_now(
        &self,
        context: &Context,
        request: &Request,
    ) -> Result<Deletion, HandlerError> {
        let deleted = self.wanted.delete(context, request).await;
        // The agent may have been killed with whoever asked for it first.
        if is_gone(&deleted) && self.is_left(&request.id, "Delete").await? {
            return Ok(Deletion::Started);
        }
        deleted
    }
}

/// The text of a secret that is known in clear.
fn secret_text(value: &Value) -> Option<String> {
    match value {
        Value::Secret(secret) => match &**secret {
            SecretValue::Plain(plain) => plain.as_str().map(str::to_owned),
            SecretValue::Sealed(_) | SecretValue::Digest(_) => None,
        },
        _ => None,
    }
}

impl DynHandler for Live {
    fn allocate<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Allocated> {
        Box::pin(async move {
            let allocated = self.wanted.allocate(context, request).await?;
            // Whether it works is for the agent to say.
            Ok(Allocated { level: Level::Exists, ..allocated })
        })
    }

    fn configure<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(async move {
            self.tell_secrets(&request.id, request).await?;
            let progress = self.wanted.configure(context, request).await?;
            Ok(Progress { level: Level::Configured, ..progress })
        })
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> Answer<'a, Polled> {
        Box::pin(self.poll_now(context, request, level))
    }

    fn update<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(async move {
            self.tell_secrets(&request.id, request).await?;
            let progress = self.wanted.update(context, request).await?;
            Ok(Progress { level: Level::Configured, ..progress })
        })
    }

    fn read<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
    ) -> Answer<'a, Option<Observed>> {
        Box::pin(self.read_now(context, request))
    }

    fn delete<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Deletion> {
        Box::pin(self.delete_now(context, request))
    }

    fn find<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answer<'a, Found> {
        Box::pin(async move {
            Ok(match self.wanted.find(context, request).await? {
                Found::Here(there) => Found::Here(Allocated { level: Level::Exists, ..there }),
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
        self.wanted.list(context, provider, stack)
    }
}
