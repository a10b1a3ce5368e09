//! [`Memory`]: what alarms were in which state, and which messages wait, on disk.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::containers::{
    agent::{AgentError, replace},
    scheduler::alarm::{AlarmKept, CompositeKept, State},
};

/// What a topic is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) topic: String,
    pub(super) subject: String,
    pub(super) body: String,
}

/// What must be remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) metrics: BTreeMap<String, AlarmKept>,
    pub(super) composites: BTreeMap<String, CompositeKept>,
    /// What topics were not told yet, the oldest first.
    pub(super) messages: Vec<Message>,
}

impl Kept {
    /// The states of all alarms.
    pub(super) fn states(&self) -> BTreeMap<String, State> {
        let metrics = self.metrics.iter().map(|(name, kept)| (name.clone(), kept.state));
        let composites =
            self.composites.iter().map(|(name, kept)| (name.clone(), kept.alarm.state));
        metrics.chain(composites).collect()
    }
}

/// What must be remembered, on disk.
#[derive(Debug)]
pub(super) struct Memory {
    path: PathBuf,
    pub(super) kept: Kept,
}

impl Memory {
    pub(super) fn open(path: PathBuf) -> Result<Self, AgentError> {
        let kept = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| AgentError::Damaged { path: path.clone(), source })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(source) => return Err(AgentError::File { path, what: "read", source }),
        };
        Ok(Self { path, kept })
    }

    /// Makes it durable, if it differs from what is.
    pub(super) fn keep(&mut self, kept: Kept) -> Result<(), AgentError> {
        if kept == self.kept {
            return Ok(());
        }
        let bytes = serde_json::to_vec(&kept)
            .map_err(|source| AgentError::Damaged { path: self.path.clone(), source })?;
        replace(&self.path, &bytes)?;
        self.kept = kept;
        Ok(())
    }

    /// A message was sent.
    pub(super) fn sent(&mut self, message: &Message) -> Result<(), AgentError> {
        let mut kept = self.kept.clone();
        if let Some(place) = kept.messages.iter().position(|it| it == message) {
            kept.messages.remove(place);
        }
        self.keep(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_told_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alarms.json");
        let message = |subject: &str| Message {
            topic: "t".to_owned(),
            subject: subject.to_owned(),
            body: "{}".to_owned(),
        };
        let mut memory = Memory::open(path.clone()).unwrap();
        let messages = vec![message("one"), message("two")];
        memory.keep(Kept { messages, ..Kept::default() }).unwrap();
        Memory::open(path.clone()).unwrap().sent(&message("one")).unwrap();
        assert_eq!(Memory::open(path.clone()).unwrap().kept.messages, [message("two")]);
        fs::write(&path, "{").unwrap();
        assert!(Memory::open(path).is_err());
    }
}
