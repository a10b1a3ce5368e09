//! Changing state by hand: taking records out, renaming them, protecting them.

use super::{Engine, EngineError, session::Session};
use crate::{
    plan::Pattern,
    state::{Change, Status},
    urn::Urn,
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
            let refused = |why: &str| EngineError::Refused {
                urn: urn.clone(),
                what: "renamed",
                why: why.to_owned(),
            };
            if urn.ty() != to.ty() {
                return Err(refused("the new name is of another type"));
            }
            if session.state.find(to).is_some() {
                return Err(refused("there is one of the new name already"));
            }
            session.record(Change::Renamed(*place, to.clone())).map(drop)
        })
        .await
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
