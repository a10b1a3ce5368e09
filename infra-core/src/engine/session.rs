//! [`Session`]: a stack's state while a run works on it.

use std::{io::Write, sync::Arc};

use super::{Engine, EngineError, journal::Journal};
use crate::{
    dsl::Provider,
    event::EventKind,
    handler::Backend,
    mutants::Mutant,
    state::{
        Change, NewRecord, Place, RecordType, State, check_integrity,
        format::{read_checkpoint, replay, write_checkpoint},
        seal::{Owner, SealError},
        store::{Lease, Loaded, StateStore},
    },
    value::{Properties, Value},
};

/// A stack's state as it was found, without the right to change it.
#[derive(Debug)]
pub struct Opened {
    /// The state, the journal included.
    pub state: State,
    /// How many bytes at the end of the journal were torn by a crash.
    pub torn_bytes: u64,
    torn_at: Option<u64>,
}

/// A stack's state while a run works on it.
pub(super) struct Session<'a> {
    pub(super) engine: &'a Engine,
    pub(super) state: State,
    pub(super) journal: Journal,
    /// The epoch at the beginning: part of every token and made-up name of this run.
    pub(super) epoch: u64,
    /// Whether the run is limited to a part of the stack: the other records stay as they are, in
    /// the file too.
    pub(super) is_limited: bool,
    checkpoint_bytes: u64,
}

impl Engine {
    /// Which account and region it works in, where the backend has several; see
    /// [`Backend::home`].
    ///
    /// # Errors
    /// If that can't be told.
    pub async fn home(&self) -> Result<Option<String>, EngineError> {
        Ok(self.backend.home().await?)
    }

    /// Reads the state.
    ///
    /// # Errors
    /// If it can't be read, is damaged, or is newer than this program.
    pub async fn open(&self) -> Result<Opened, EngineError> {
        let types = self.backend.registry().types();
        let Loaded { checkpoint, journal } = self.store.load().await?;
        let mut state = match checkpoint {
            Some((place, mut reader)) => read_checkpoint(&place, &mut *reader, types)?,
            None => State::default(),
        };
        state.mutants = self.options.mutants;
        let (mut torn_at, mut torn_bytes) = (None, 0);
        for segment in &journal {
            let replayed = replay(&mut state, &segment.place, &segment.bytes, types)?;
            torn_at = replayed.torn_at.or(torn_at);
            torn_bytes += replayed.torn_bytes;
        }
        Ok(Opened { state, torn_bytes, torn_at })
    }

    /// Opens the state to look at: nothing will be written.
    pub(super) async fn look(&self) -> Result<Session<'_>, EngineError> {
        let Opened { state, .. } = self.open().await?;
        Ok(self.session(state, None))
    }

    /// An empty state that is written nowhere.
    pub(super) fn unwritten(&self) -> Session<'_> {
        let mut state = State::default();
        state.mutants = self.options.mutants;
        self.session(state, None)
    }

    /// Takes the lease and opens the state to work on.
    pub(super) async fn work(&self) -> Result<Session<'_>, EngineError> {
        let lease = self.store.acquire(self.options.holder.clone()).await?;
        let opened = match self.open().await {
            Ok(opened) => opened,
            Err(error) => {
                self.store.release(lease).await?;
                return Err(error);
            }
        };
        if let Some(at) = opened.torn_at {
            self.emit(EventKind::JournalTorn { bytes: opened.torn_bytes });
            self.store.truncate(&lease, at).await?;
        }
        Ok(self.session(opened.state, Some(lease)))
    }

    fn session(&self, state: State, lease: Option<Lease>) -> Session<'_> {
        let (store, backend) = (Arc::clone(&self.store), Arc::clone(&self.backend));
        let journal = Journal::new(store, backend, lease, state.serial, state.mutants);
        let epoch = state.epoch;
        Session { engine: self, state, journal, epoch, is_limited: false, checkpoint_bytes: 0 }
    }
}

impl<'a> Session<'a> {
    /// A session over a state that comes from elsewhere.
    pub(super) fn over(
        engine: &'a Engine,
        state: State,
        store: Arc<dyn StateStore>,
        backend: Arc<dyn Backend>,
        lease: Lease,
    ) -> Self {
        let journal = Journal::new(store, backend, Some(lease), state.serial, state.mutants);
        let epoch = state.epoch;
        Self { engine, state, journal, epoch, is_limited: false, checkpoint_bytes: 0 }
    }
}

impl Session<'_> {
    /// Writes the state in the place of what the store holds, and gives the lease back.
    pub(super) async fn replace(mut self) -> Result<(), EngineError> {
        self.state.compact();
        self.write_checkpoint(self.state.serial + 1).await?;
        if let Some(lease) = self.journal.lease().cloned() {
            self.engine.store.release(lease).await?;
        }
        Ok(())
    }

    /// Whether nothing is written.
    pub(super) fn is_dry(&self) -> bool {
        self.journal.lease().is_none()
    }

    /// Makes sure that the state is that of a project and stack on this backend; a new one begins.
    pub(super) async fn belong(&mut self, project: &str, stack: &str) -> Result<(), EngineError> {
        let home: Option<Arc<str>> = self.engine.backend.home().await?.map(Into::into);
        let backend = self.engine.backend.name();
        let named = |project: &str, stack: &str, backend: &str| {
            format!("project `{project}`, stack `{stack}`, backend `{backend}`")
        };
        if let Some(place) = &self.state.place {
            let found = named(&place.project, &place.stack, &place.backend);
            let wanted = named(project, stack, backend);
            if found != wanted {
                return Err(EngineError::OtherPlace { found, wanted });
            }
            return match (&place.home, home) {
                (Some(found), Some(wanted)) if *found != wanted => {
                    let (found, wanted) = (found.to_string(), wanted.to_string());
                    Err(EngineError::OtherAccount { found, wanted })
                }
                _ => Ok(()),
            };
        }
        if self.is_dry() {
            return Ok(());
        }
        let mut lineage = [0; 16];
        crate::state::seal::fill(&mut lineage);
        let place = Place {
            lineage: hex::encode(lineage).into(),
            project: project.into(),
            stack: stack.into(),
            backend: backend.into(),
            home,
        };
        self.record(Change::Begun(place)).map(drop)
    }

    /// Makes the data key available.
    pub(super) async fn unlock(&mut self) -> Result<(), EngineError> {
        let header = self.state.key.clone();
        if header.is_none() && self.is_dry() {
            // A key is made when there is something to seal; that one can be made is told now.
            return if self.engine.sealer.can_unlock() {
                Ok(())
            } else {
                Err(SealError::NoKey.into())
            };
        }
        if let Some(made) = self.engine.sealer.unlock(header.as_ref()).await? {
            self.record(Change::KeyMade(made))?;
        }
        Ok(())
    }

    /// The place of a provider; a new one gets one.
    pub(super) fn provider(&mut self, provider: &Provider) -> Result<u16, EngineError> {
        if let Some(place) = self.state.provider_place(provider) {
            return Ok(place);
        }
        let place = self.state.providers.len() as u16;
        self.record(Change::ProviderAdded(provider.clone()))?;
        Ok(place)
    }

    /// Adds an entry to the journal and lets it happen. Secrets in it are sealed on the way.
    pub(super) fn record(&mut self, change: Change) -> Result<u64, EngineError> {
        let change = self.sealed(change)?;
        self.journal.record(&mut self.state, change)
    }

    fn sealed(&self, change: Change) -> Result<Change, EngineError> {
        if !change.has_secret() {
            return Ok(change);
        }
        if self.state.mutants.on(Mutant::SecretsInClear) {
            return Ok(in_clear(change));
        }
        Ok(match change {
            Change::Create(place, new) => {
                let inputs = self.sealed_inputs(&new)?;
                Change::Create(place, Box::new(NewRecord { inputs, ..*new }))
            }
            Change::Allocated(place, id, outputs, at) => {
                Change::Allocated(place, id, self.sealed_outputs(place, &outputs)?, at)
            }
            Change::Reached(place, level, outputs) => {
                Change::Reached(place, level, self.sealed_outputs(place, &outputs)?)
            }
            Change::Done(place, inputs, outputs) => {
                let inputs = inputs.map(|inputs| self.sealed_update(place, &inputs)).transpose()?;
                Change::Done(place, inputs, self.sealed_outputs(place, &outputs)?)
            }
            Change::Refreshed(place, inputs, outputs) => Change::Refreshed(
                place,
                self.sealed_update(place, &inputs)?,
                self.sealed_outputs(place, &outputs)?,
            ),
            Change::Outputs(outputs) => {
                let owner = self.owner("outputs".to_owned());
                let sealed = outputs.into_iter().map(|(name, value)| {
                    let value = self.engine.sealer.seal(&value, &owner, &name)?;
                    Ok((name, value))
                });
                Change::Outputs(sealed.collect::<Result<_, EngineError>>()?)
            }
            change => change,
        })
    }

    fn owner(&self, of: String) -> Owner {
        Owner { lineage: self.lineage(), of }
    }

    fn sealed_inputs(&self, new: &NewRecord) -> Result<Properties, EngineError> {
        let RecordType::Known(ty) = new.ty else { return Ok(new.inputs.clone()) };
        let owner = self.owner(new.stable.to_string());
        Ok(self.engine.sealer.seal_all(ty, &new.inputs, None, &owner)?)
    }

    fn sealed_update(&self, place: u32, inputs: &Properties) -> Result<Properties, EngineError> {
        let record = self.state.record(place);
        let RecordType::Known(ty) = record.ty else { return Ok(inputs.clone()) };
        let owner = self.owner(record.stable.to_string());
        Ok(self.engine.sealer.seal_all(ty, inputs, Some(&record.inputs), &owner)?)
    }

    fn sealed_outputs(&self, place: u32, outputs: &Properties) -> Result<Properties, EngineError> {
        if outputs.is_empty() {
            return Ok(outputs.clone());
        }
        let record = self.state.record(place);
        let RecordType::Known(ty) = record.ty else { return Ok(outputs.clone()) };
        let owner = self.owner(record.stable.to_string());
        Ok(self.engine.sealer.seal_all(ty, outputs, Some(&record.outputs), &owner)?)
    }

    /// The stack that tags name.
    pub(super) fn lineage(&self) -> Arc<str> {
        let place = self.state.place.as_ref();
        place.map_or_else(|| "".into(), |place| place.lineage.clone())
    }

    /// Properties of a record with their secrets opened; those that can't be stay sealed.
    pub(super) fn opened(&self, place: u32, properties: &Properties) -> Properties {
        let record = self.state.record(place);
        let RecordType::Known(ty) = record.ty else { return properties.clone() };
        let owner = self.owner(record.stable.to_string());
        self.engine.sealer.open_all(ty, properties, &owner).unwrap_or_else(|_| properties.clone())
    }

    /// What the stack shows, with its secrets opened.
    pub(super) fn open_shown(&self, name: &str, value: &Value) -> Result<Value, EngineError> {
        Ok(self.engine.sealer.open(value, &self.owner("outputs".to_owned()), name)?)
    }

    /// Writes a checkpoint in the middle of a run, if the journal has outgrown the last one.
    pub(super) async fn checkpoint_if_due(&mut self) -> Result<(), EngineError> {
        let limit = self.engine.options.journal_limit.max(4 * self.checkpoint_bytes);
        if self.journal.written() < limit || self.is_dry() {
            return Ok(());
        }
        self.write_checkpoint(self.state.serial + 1).await
    }

    /// Ends the run: everything is written, and the lease given back. A run that changed nothing
    /// leaves the store as it was.
    pub(super) async fn close(mut self) -> Result<State, EngineError> {
        let Some(lease) = self.journal.lease().cloned() else { return Ok(self.state) };
        if self.journal.is_used() {
            self.journal.flush().await?;
            if !self.is_limited {
                self.state.compact();
            }
            self.write_checkpoint(self.state.serial + 1).await?;
            self.engine.emit(EventKind::CheckpointWritten { serial: self.state.serial });
        }
        self.engine.store.release(lease).await?;
        Ok(self.state)
    }

    /// Gives the lease back without having finished: what was recorded stays in the journal.
    pub(super) async fn abandon(mut self) -> Result<(), EngineError> {
        let flushed = self.journal.flush().await;
        if let Some(lease) = self.journal.lease().cloned() {
            self.engine.store.release(lease).await?;
        }
        flushed
    }

    async fn write_checkpoint(&mut self, serial: u64) -> Result<(), EngineError> {
        let Some(lease) = self.journal.lease().cloned() else { return Ok(()) };
        check_integrity(&self.state)?;
        if !self.state.mutants.on(Mutant::AccountNotSynced) {
            self.engine.backend.sync().await?;
        }
        self.state.serial = serial;
        let mut bytes = 0;
        let state = &self.state;
        let mut write = |out: &mut dyn Write| {
            let mut counted = Counted { out, bytes: 0 };
            let written = write_checkpoint(state, &mut counted);
            bytes = counted.bytes;
            written
        };
        self.engine.store.checkpoint(&lease, serial, &mut write).await?;
        self.checkpoint_bytes = bytes;
        self.journal.rebase(serial);
        Ok(())
    }
}

struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// The planted bug: secrets are opened instead of sealed.
fn in_clear(change: Change) -> Change {
    let open = |properties: &Properties| {
        let opened: Result<Properties, std::convert::Infallible> =
            properties.try_map(|_, value| Ok(value.expose()));
        opened.unwrap_or_else(|error| match error {})
    };
    match change {
        Change::Create(place, new) => {
            let inputs = open(&new.inputs);
            Change::Create(place, Box::new(NewRecord { inputs, ..*new }))
        }
        Change::Allocated(place, id, outputs, at) => {
            Change::Allocated(place, id, open(&outputs), at)
        }
        Change::Reached(place, level, outputs) => Change::Reached(place, level, open(&outputs)),
        Change::Done(place, inputs, outputs) => {
            Change::Done(place, inputs.map(|inputs| open(&inputs)), open(&outputs))
        }
        change => change,
    }
}
