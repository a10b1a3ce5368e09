//! [`Memory`]: what the scheduler must remember when the agent is killed.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use infra_core::value::Value;
use serde::{Deserialize, Serialize};

use super::scale::{Range, ScaledKept};
use crate::containers::{
    agent::{AgentError, replace},
    scheduler::{capacity::ProviderKept, group::GroupKept, run::Run, service::Kept},
};

/// A single run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    /// What it was asked to be, by the names of its properties.
    pub(super) inputs: BTreeMap<String, Value>,
    /// How far it is.
    pub(super) run: Run,
    /// When it was asked for first, in milliseconds since 1970.
    pub(super) since: u64,
    /// What it said last, if it failed.
    #[serde(default)]
    pub(super) said: String,
}

/// What the scheduler must remember.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kepts {
    pub(super) services: BTreeMap<String, Kept>,
    /// How many tasks services shall have now.
    pub(super) desired: BTreeMap<String, u32>,
    /// How many the account said when it was looked last.
    #[serde(default)]
    pub(super) asked: BTreeMap<String, u32>,
    /// What is remembered of services that are scaled.
    #[serde(default)]
    pub(super) scaled: BTreeMap<String, ScaledKept>,
    pub(super) groups: BTreeMap<String, GroupKept>,
    /// The bounds of groups, as the schedule has them.
    #[serde(default)]
    pub(super) ranges: BTreeMap<String, Range>,
    pub(super) providers: BTreeMap<String, ProviderKept>,
    pub(super) runs: BTreeMap<String, Running>,
}

/// What the scheduler must remember, on disk: written before anything is done by it.
#[derive(Debug)]
pub(super) struct Memory {
    path: PathBuf,
    written: Kepts,
}

impl Memory {
    pub(super) fn open(path: PathBuf) -> Result<(Self, Kepts), AgentError> {
        let kept: Kepts = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| AgentError::Damaged { path: path.clone(), source })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kepts::default(),
            Err(source) => return Err(AgentError::File { path, what: "read", source }),
        };
        Ok((Self { path, written: kept.clone() }, kept))
    }

    /// Makes it durable, if it differs from what is.
    pub(super) fn keep(&mut self, kept: &Kepts) -> Result<(), AgentError> {
        if *kept == self.written {
            return Ok(());
        }
        let bytes = serde_json::to_vec(kept)
            .map_err(|source| AgentError::Damaged { path: self.path.clone(), source })?;
        replace(&self.path, &bytes)?;
        self.written.clone_from(kept);
        Ok(())
    }
}
