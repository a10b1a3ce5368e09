//! Changing state by hand: taking records out, renaming them, protecting them.

use std::sync::Arc;

use super::{Engine, EngineError, session::Session};
use crate::{
    plan::Pattern,
    state::{
        Change, Record, State, Status, check_integrity,
        seal::{Owner, SealError},
    },
    urn::Urn,
    value::{Properties, Value},
};

/// Which records a change is about.
pub type RecordPattern = Pattern;

impl Engine {
    /// Takes records out of state and leaves the things alone. Returns their names.
    ///
    /// # Errors
    /// If nothing matches, or something that stays refers to one of them.
    pub async fn forget(&self, pattern: &RecordPattern) -> Result<Vec<Urn>, EngineError> {
        self.change(pattern, |session, places| {
            for place in places {
                let dependent = session.state.iter().find(|(other, record)| {
                    !places.contains(other)
                        && record.deps.iter().any(|dep| dep.target == *place && dep.kind.binds())
                });
                if let Some((_, dependent)) = dependent {
                    return Err(EngineError::Refused {
                        urn: session.state.record(*place).urn.clone(),
                        what: "taken out of state",
                        why: format!("`{}` refers to it", dependent.urn.short()),
                        help: "take out what refers to it as well, or first; a pattern with `*` \
                               takes out several"
                            .to_owned(),
                    });
                }
            }
            places.iter().try_for_each(|place| session.record(Change::Forgotten(*place)).map(drop))
        })
        .await
    }

    /// Protects records from deletion and replacement, or no longer. Returns their names.
    ///
    /// # Errors
    /// If nothing matches.
    pub async fn protect(
        &self,
        pattern: &RecordPattern,
        protect: bool,
    ) -> Result<Vec<Urn>, EngineError> {
        self.change(pattern, |session, places| {
            for place in places {
                let record = session.state.record(*place);
                let (deps, retain) = (record.deps.clone(), record.retain_on_delete);
                session.record(Change::Relinked(*place, deps, protect, retain))?;
            }
            Ok(())
        })
        .await
    }

    /// Gives a record another name.
    ///
    /// # Errors
    /// If there is no such record, the new name is taken, or the type would change.
    pub async fn rename(&self, from: &RecordPattern, to: &Urn) -> Result<Vec<Urn>, EngineError> {
        self.change(from, |session, places| {
            let [place] = places else {
                return Err(EngineError::NoRecord(format!(
                    "{} (more than one does)",
                    from.as_str()
                )));
            };
            let urn = session.state.record(*place).urn.clone();
            let refused = |why: String, help: &str| EngineError::Refused {
                urn: urn.clone(),
                what: "renamed",
                why,
                help: help.to_owned(),
            };
            if urn.ty() != to.ty() {
                let why = format!("`{to}` is of another type");
                return Err(refused(why, "a resource keeps its type for life"));
            }
            if session.state.find(to).is_some() {
                let why = format!("there is a `{}` already", to.short());
                return Err(refused(why, "choose another name, or rename that one first"));
            }
            session.record(Change::Renamed(*place, to.clone())).map(drop)
        })
        .await
    }

    /// What the stack shows; secrets opened if that is asked for.
    ///
    /// # Errors
    /// If the state can't be read, or its secrets not be opened.
    pub async fn outputs(&self, secrets: bool) -> Result<Vec<(Arc<str>, Value)>, EngineError> {
        let mut session = self.look().await?;
        if secrets && session.state.key.is_some() {
            session.unlock().await?;
        }
        let outputs = session.state.outputs.iter().map(|(name, value)| {
            let value = match secrets {
                true => session.open_shown(name, value)?.expose(),
                false => value.clone(),
            };
            Ok((name.clone(), value))
        });
        outputs.collect()
    }

    /// A record with its secrets opened.
    ///
    /// # Errors
    /// If they can't be.
    pub async fn opened_record(&self, state: &State, place: u32) -> Result<Record, EngineError> {
        let record = state.record(place).clone();
        let (Some(owner_place), Some(ty)) = (&state.place, record.ty.known()) else {
            return Ok(record);
        };
        if state.key.is_some() {
            self.sealer.unlock(state.key.as_ref()).await?;
        }
        let owner = Owner { lineage: owner_place.lineage.clone(), of: record.stable.to_string() };
        let open = |properties: &Properties| -> Result<Properties, SealError> {
            let opened = self.sealer.open_all(ty, properties, &owner)?;
            opened.try_map(|_, value| Ok(value.expose()))
        };
        let (inputs, outputs) = (open(&record.inputs)?, open(&record.outputs)?);
        Ok(Record { inputs, outputs, ..record })
    }

    /// Puts another state in the place of the stack's: one that was exported.
    ///
    /// # Errors
    /// If it is another stack's, or violates what must hold of every state.
    pub async fn import_state(
        &self,
        project: &str,
        stack: &str,
        state: State,
    ) -> Result<(), EngineError> {
        check_integrity(&state)?;
        let lease = self.store.acquire(self.options.holder.clone()).await?;
        let serial = match self.open().await {
            Ok(opened) => opened.state.serial,
            // A damaged state is what this is there to replace.
            Err(EngineError::Format(_)) => state.serial,
            Err(error) => {
                self.store.release(lease).await?;
                return Err(error);
            }
        };
        let (store, backend) = (Arc::clone(&self.store), Arc::clone(&self.backend));
        let mut session = Session::over(self, state, store, backend, lease);
        let belongs = session.belong(project, stack).await;
        if let Err(error) = belongs {
            let _ = session.abandon().await;
            return Err(error);
        }
        session.state.serial = session.state.serial.max(serial);
        session.replace().await
    }

    async fn change(
        &self,
        pattern: &RecordPattern,
        work: impl FnOnce(&mut Session<'_>, &[u32]) -> Result<(), EngineError>,
    ) -> Result<Vec<Urn>, EngineError> {
        let mut session = self.work().await?;
        let found: Vec<(u32, Urn)> = session
            .state
            .iter()
            .filter(|(_, record)| pattern.matches(&record.urn) && record.status != Status::Deleting)
            .map(|(place, record)| (place, record.urn.clone()))
            .collect();
        let places: Vec<u32> = found.iter().map(|(place, _)| *place).collect();
        let done = if places.is_empty() {
            Err(EngineError::NoRecord(pattern.as_str().to_owned()))
        } else {
            work(&mut session, &places)
        };
        match done {
            Ok(()) => {
                session.close().await?;
                Ok(found.into_iter().map(|(_, urn)| urn).collect())
            }
            Err(error) => {
                let _ = session.abandon().await;
                Err(error)
            }
        }
    }
}
