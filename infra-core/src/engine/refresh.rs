//! Comparing state with the cloud.

use super::{Engine, EngineError, Outcome, preview::waiting, session::Session};
use crate::{
    event::EventKind,
    handler::{Context, Observed, Ownership, Request},
    mutants::Mutant,
    schema::{TypeDef, TypeKind},
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
    /// It carries this stack's tags and state did not know it. It was taken into state if
    /// something of its name is missing there, and is only reported otherwise.
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

#[derive(Default)]
pub(super) struct Found {
    pub(super) drift: Vec<Drift>,
    pub(super) compared: usize,
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
        let found = self.refresh_all().await?;
        Ok((found, settled))
    }

    /// Reads every record and takes over what the cloud says.
    pub(super) async fn refresh_all(&mut self) -> Result<Found, EngineError> {
        if self.state.key.is_some() {
            self.unlock().await?;
        }
        let mut found = Found::default();
        let places: Vec<u32> = self.state.iter().map(|(place, _)| place).collect();
        for place in places {
            let record = self.state.record(place);
            let Some(ty) = record.ty.known() else { continue };
            if ty.kind != TypeKind::Resource || !record.status.has_id() {
                continue;
            }
            found.compared += 1;
            let observed = self.read_settled(place, ty).await?;
            if let Some(drift) = self.take_over(place, ty, observed)? {
                found.drift.push(drift);
            }
        }
        self.sweep(&mut found).await?;
        Ok(found)
    }

    /// What the cloud says of a record. What was made a moment ago may not be visible yet: absence
    /// counts only once the settle time since its creation is over.
    async fn read_settled(
        &self,
        place: u32,
        ty: &'static TypeDef,
    ) -> Result<Option<Observed>, EngineError> {
        let backend = &self.engine.backend;
        let settle = u64::try_from(backend.settle_time().as_millis()).unwrap_or(u64::MAX);
        let settled = self.state.record(place).created_at.saturating_add(settle);
        let believes = self.state.mutants.on(Mutant::NoSettleTime);
        let clock = backend.clock();
        loop {
            let observed = self.read_record(place, ty).await?;
            let now = clock.now();
            if observed.is_some() || now >= settled || believes {
                return Ok(observed);
            }
            waiting(&*clock, clock.sleep_until(settled.min(now.saturating_add(1_000)))).await;
        }
    }

    async fn read_record(
        &self,
        place: u32,
        ty: &'static TypeDef,
    ) -> Result<Option<Observed>, EngineError> {
        let record = self.state.record(place);
        let handler = self.engine.backend.registry().get(ty.name).cloned();
        let Some(handler) = handler else { return Ok(None) };
        let context = Context::new(self.engine.backend.clock());
        let lineage = self.state.place.as_ref().map(|place| place.lineage.clone());
        let request = Request {
            ty,
            provider: self.state.provider(record).clone(),
            owner: Ownership {
                stack: lineage.unwrap_or_else(|| "".into()),
                stable: record.stable,
                intent: record.token.clone(),
                urn: record.urn.clone(),
            },
            id: record.id.clone(),
            inputs: self.opened(place, &record.inputs),
            old_inputs: Properties::default(),
            outputs: self.opened(place, &record.outputs),
            changed: Box::default(),
            created_at: record.created_at,
        };
        let answer = self.patiently(&context, || handler.read(&context, &request)).await;
        answer.map_err(|source| EngineError::Read {
            urn: record.urn.clone(),
            source: Box::new(source),
        })
    }

    fn take_over(
        &mut self,
        place: u32,
        ty: &'static TypeDef,
        observed: Option<Observed>,
    ) -> Result<Option<Drift>, EngineError> {
        let record = self.state.record(place);
        let urn = record.urn.clone();
        let Some(observed) = observed.filter(|observed| !observed.deleting) else {
            self.record(Change::Deleted(place))?;
            return Ok(Some(Drift { urn, kind: DriftKind::Gone }));
        };
        let (inputs, outputs) = merged(ty, record, &self.opened(place, &record.inputs), &observed);
        let old_inputs = self.opened(place, &record.inputs);
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

    /// Looks for things that carry this stack's tags and that state does not know.
    async fn sweep(&mut self, found: &mut Found) -> Result<(), EngineError> {
        let Some(lineage) = self.state.place.as_ref().map(|place| place.lineage.clone()) else {
            return Ok(());
        };
        let registry = self.engine.backend.registry().clone();
        let providers = self.state.providers.clone();
        for ty in registry.types().iter().filter(|ty| ty.kind == TypeKind::Resource) {
            let Some(handler) = registry.get(ty.name) else { continue };
            for provider in providers.iter().filter(|provider| *provider.kind == *ty.provider()) {
                let context = Context::new(self.engine.backend.clock());
                let listed = self
                    .patiently(&context, || handler.list(&context, provider, Some(&lineage)))
                    .await;
                let listed = listed.map_err(|source| {
                    EngineError::Backend(crate::handler::BackendError::new(
                        format!("`{}` can't be listed", ty.name),
                        source,
                    ))
                })?;
                for thing in listed {
                    let Some(owner) = thing.owner else { continue };
                    let known = self
                        .state
                        .iter()
                        .any(|(_, record)| record.ty.name() == ty.name && record.id == thing.id);
                    if *owner.stack == *lineage && !known {
                        let id = thing.id.to_string();
                        let kind = DriftKind::Unknown { id };
                        found.drift.push(Drift { urn: owner.urn, kind });
                    }
                }
            }
        }
        Ok(())
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
        let (old, new) = (recorded.get(slot), observed.inputs.get(slot));
        // What the program left to AWS is AWS's matter.
        let left_to_aws = old.is_null() && prop.computed;
        let value = if prop.write_only || left_to_aws { old } else { new };
        let value = if old.first_unknown().is_some() { old } else { value };
        inputs.set(slot, value.clone());
    }
    let outputs = match record.status {
        Status::Done | Status::Updating => record.outputs.merged(&observed.outputs),
        _ => record.outputs.clone(),
    };
    (inputs.build(), outputs)
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
