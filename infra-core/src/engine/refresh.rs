//! Comparing state with the cloud.

mod look;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use self::look::Page;
use super::{Engine, EngineError, Outcome, session::Session};
use crate::{
    event::EventKind,
    handler::Observed,
    schema::TypeDef,
    state::{Change, Record, Status},
    urn::Urn,
    value::{Properties, PropertiesBuilder, Slot, Value},
};

/// What was found to differ.
#[derive(Clone, Debug, PartialEq)]
pub enum DriftKind {
    /// It is gone.
    Gone,
    /// Properties or outputs are others: (name, recorded, found).
    Changed(Vec<(&'static str, Value, Value)>),
    /// It carries this stack's tags and state does not know it. It is only told of:
    /// [`Engine::rebuild`] takes over what belongs to a program.
    Unknown {
        /// Its physical id.
        id: String,
    },
}

/// A resource that differs from what was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The resource.
    pub urn: Urn,
    /// What differs.
    pub kind: DriftKind,
}

/// What a refresh found.
#[derive(Debug, Default)]
pub struct RefreshOutcome {
    /// What differs.
    pub drift: Vec<Drift>,
    /// How many records were compared.
    pub compared: usize,
    /// What the run came to otherwise.
    pub outcome: Outcome,
}

impl Engine {
    /// Compares state with the cloud, and takes over what the cloud says.
    ///
    /// # Errors
    /// If the state or the cloud can't be read.
    pub async fn refresh(&self, project: &str, stack: &str) -> Result<RefreshOutcome, EngineError> {
        self.emit(EventKind::RunStarted {
            command: "refresh".to_owned(),
            project: project.to_owned(),
            stack: stack.to_owned(),
            backend: self.backend.name().to_owned(),
        });
        let mut session = self.work().await?;
        let done = session.refresh(project, stack).await;
        let (drift, done) = match done {
            Ok((drift, outcome)) => (drift, Ok(outcome)),
            Err(error) => (Found::default(), Err(error)),
        };
        let outcome = self.end(session, done).await?;
        Ok(RefreshOutcome { drift: drift.drift, compared: drift.compared, outcome })
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sweep {
    /// What is recorded.
    Records,
    /// That, and whatever carries the stack's tags, of every type that there is.
    Everything,
}

#[derive(Default)]
pub(super) struct Found {
    pub(super) drift: Vec<Drift>,
    pub(super) compared: usize,
    pub(super) seen: Seen,
}

/// What the cloud said of the records of a state.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    serial: u64,
    epoch: u64,
    there: Arc<BTreeMap<u32, Option<Observed>>>,
}

impl Session<'_> {
    async fn refresh(
        &mut self,
        project: &str,
        stack: &str,
    ) -> Result<(Found, Outcome), EngineError> {
        if self.state.place.is_none() {
            return Ok((Found::default(), Outcome::default()));
        }
        self.belong(project, stack).await?;
        let settled = self.settle(true).await?;
        if !settled.is_success() {
            return Ok((Found::default(), settled));
        }
        let found = self.refresh_all(Sweep::Everything).await?;
        Ok((found, settled))
    }

    /// Takes over what the cloud says of every record.
    pub(super) async fn refresh_all(&mut self, sweep: Sweep) -> Result<Found, EngineError> {
        if self.state.key.is_some() {
            self.unlock().await?;
        }
        let pages = self.pages(sweep).await?;
        let seen = Seen {
            serial: self.state.serial,
            epoch: self.state.epoch,
            there: Arc::new(self.there(&pages).await?),
        };
        let mut found = self.take_over_all(seen)?;
        if sweep == Sweep::Everything {
            found.drift.extend(self.unknown(&pages));
        }
        Ok(found)
    }

    /// Takes over what a preview saw a moment ago, if the state is still the same; else the cloud is
    /// asked again.
    pub(super) async fn refresh_as_seen(&mut self, seen: &Seen) -> Result<Found, EngineError> {
        let is_same = seen.serial == self.state.serial && seen.epoch == self.state.epoch;
        let is_open = |record: &Record| record.status.is_open();
        if !is_same || self.state.iter().any(|(_, record)| is_open(record)) {
            return self.refresh_all(Sweep::Records).await;
        }
        if self.state.key.is_some() {
            self.unlock().await?;
        }
        self.take_over_all(seen.clone())
    }

    fn take_over_all(&mut self, seen: Seen) -> Result<Found, EngineError> {
        let mut found = Found { compared: seen.there.len(), ..Found::default() };
        for (place, observed) in &*seen.there {
            if let Some(drift) = self.take_over(*place, observed.as_ref())? {
                found.drift.push(drift);
            }
        }
        found.seen = seen;
        Ok(found)
    }

    fn take_over(
        &mut self,
        place: u32,
        observed: Option<&Observed>,
    ) -> Result<Option<Drift>, EngineError> {
        let record = self.state.record(place);
        let Some(ty) = record.ty.known() else { return Ok(None) };
        let urn = record.urn.clone();
        let Some(observed) = observed.filter(|observed| !observed.deleting) else {
            self.record(Change::Deleted(place))?;
            return Ok(Some(Drift { urn, kind: DriftKind::Gone }));
        };
        let old_inputs = self.opened(place, &record.inputs);
        let (inputs, outputs) = merged(ty, record, &old_inputs, observed);
        let old_outputs = self.opened(place, &record.outputs);
        let mut changed = vec![];
        note_changes(ty, &old_inputs, &inputs, &mut changed);
        note_changes(ty, &old_outputs, &outputs, &mut changed);
        if changed.is_empty() {
            return Ok(None);
        }
        self.record(Change::Refreshed(place, inputs, outputs))?;
        Ok(Some(Drift { urn, kind: DriftKind::Changed(changed) }))
    }

    /// Things that carry this stack's tags and that state does not know.
    fn unknown(&self, pages: &[Page]) -> Vec<Drift> {
        let lineage = self.state.place.as_ref().map(|place| &place.lineage);
        let mut unknown: Vec<Drift> = vec![];
        for page in pages {
            let known: BTreeSet<&str> = self
                .state
                .iter()
                .filter(|(_, record)| record.ty.name() == page.ty.name)
                .map(|(_, record)| &*record.id)
                .collect();
            for thing in page.things.iter().filter(|thing| !known.contains(&*thing.id)) {
                let ours = thing.owner.as_ref().filter(|it| Some(&it.stack) == lineage);
                let Some(owner) = ours else { continue };
                let kind = DriftKind::Unknown { id: thing.id.to_string() };
                let drift = Drift { urn: owner.urn.clone(), kind };
                // Two providers of one region list the same things.
                if !unknown.contains(&drift) {
                    unknown.push(drift);
                }
            }
        }
        unknown
    }
}

/// What state shall say: what the cloud tells, and what was recorded where it does not tell.
fn merged(
    ty: &TypeDef,
    record: &Record,
    recorded: &Properties,
    observed: &Observed,
) -> (Properties, Properties) {
    let mut inputs = PropertiesBuilder::default();
    for (slot, prop) in ty.inputs() {
        let old = recorded.get(slot);
        // A page knows nothing of the program: what may be left to AWS is told among the outputs.
        let new = match observed.inputs.get(slot) {
            Value::Null if prop.computed => observed.outputs.get(slot),
            told => told,
        };
        // What the program left to AWS is AWS's matter.
        let left_to_aws = old.is_null() && prop.computed;
        let value = if prop.write_only || left_to_aws { old } else { new };
        let reordered = prop.set && is_same_set(old, value);
        let value = if old.first_unknown().is_some() || reordered { old } else { value };
        inputs.set(slot, value.clone());
    }
    let told = |slot| ty.prop(slot).output || !recorded.has(slot);
    let outputs = match record.status {
        Status::Done | Status::Updating => record.outputs.merged(&observed.outputs.filtered(told)),
        _ => record.outputs.clone(),
    };
    (inputs.build(), outputs)
}

/// Whether two lists have the same items, in whatever order.
fn is_same_set(a: &Value, b: &Value) -> bool {
    let (a, b) = (a.items(), b.items());
    a.len() == b.len() && a.iter().all(|item| b.contains(item)) && b.iter().all(|it| a.contains(it))
}

fn note_changes(
    ty: &TypeDef,
    old: &Properties,
    new: &Properties,
    changed: &mut Vec<(&'static str, Value, Value)>,
) {
    for slot in 0..ty.props.len() as Slot {
        let (before, after) = (old.get(slot), new.get(slot));
        let unknown = before.first_unknown().is_some();
        if before != after && !unknown {
            changed.push((ty.prop(slot).name, hidden(before), hidden(after)));
        }
    }
}

/// A value that may be told: secrets without what is in them.
fn hidden(value: &Value) -> Value {
    if value.has_secret() { Value::from("[secret]") } else { value.clone() }
}
