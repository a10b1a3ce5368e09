//! The agent of [`ContainersPlace`], as commands see it.

use std::path::PathBuf;

use infra_core::handler::{Agent, AgentStatus, AgentThing, BackendError, BoxFuture, PlaceRequest};

use super::ContainersPlace;
use crate::containers::{
    agent::{
        AgentError, Started,
        protocol::{Level, ThingReport},
    },
    parts,
};

fn failed(error: AgentError) -> BackendError {
    BackendError::new("the agent of the containers failed", error)
}

impl Agent for ContainersPlace {
    fn start<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<bool, BackendError>> {
        Box::pin(async move {
            let (_, process) = Self::process(request)?;
            let started = process.start().await.map_err(failed)?;
            Ok(started != Started::Running)
        })
    }

    fn stop<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<bool, BackendError>> {
        Box::pin(async move {
            let (_, process) = Self::process(request)?;
            process.stop().await.map_err(failed)
        })
    }

    fn status<'a>(
        &'a self,
        request: &'a PlaceRequest,
    ) -> BoxFuture<'a, Result<Option<AgentStatus>, BackendError>> {
        Box::pin(async move {
            let (folder, process) = Self::process(request)?;
            let Some(report) = process.report().await.map_err(failed)? else { return Ok(None) };
            let things = report.parts.into_iter().filter(|part| !part.things.is_empty());
            Ok(Some(AgentStatus {
                process: report.process,
                since: report.since,
                things: things
                    .map(|part| (part.name, part.things.into_iter().map(thing).collect()))
                    .collect(),
                address: report.address,
                authority: Some(folder.authority()).filter(|path| path.exists()),
                page: report.page,
            }))
        })
    }

    fn log(&self, request: &PlaceRequest) -> Result<PathBuf, BackendError> {
        Ok(Self::process(request)?.0.log())
    }

    fn run<'a>(
        &'a self,
        request: &'a PlaceRequest,
        key: PathBuf,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        Box::pin(async move {
            let (folder, _) = Self::process(request)?;
            crate::containers::agent::run(&folder, &key, parts::all).await.map_err(failed)
        })
    }
}

fn thing(report: ThingReport) -> AgentThing {
    let ThingReport { id, level, message, redundant, parts, .. } = report;
    let state = match level {
        Level::Gone => "gone",
        Level::Pending => "pending",
        Level::Ready => "ready",
        Level::Failed => "failed",
    };
    AgentThing { id, state: state.to_owned(), message, redundant, parts }
}
