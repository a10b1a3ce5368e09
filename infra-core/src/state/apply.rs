//! [`State::apply`]: the one place where state changes, live and in replay.

use std::sync::Arc;

use super::{Change, IllegalTransition, Learned, NewRecord, Record, State, Status};
use crate::{
    dsl::urn_hash,
    mutants::Mutant,
    schema::Level,
    urn::Urn,
    value::{OutputRef, Properties, Value},
};

/// A change does not fit the state that it is applied to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// There is no record in the place.
    #[error("there is no record number {0}")]
    NoRecord(u32),
    /// There is a record in the place already.
    #[error("there is a record number {0} already")]
    Taken(u32),
    /// It can't happen in the record's status.
    #[error("record number {place}: {error}")]
    Illegal {
        /// The place.
        place: u32,
        /// Why not.
        error: IllegalTransition,
    },
}

impl State {
    /// Lets something happen to the state.
    ///
    /// # Errors
    /// If it does not fit: replaying a journal onto another checkpoint than its own, or a mistake
    /// of the engine. The state is unchanged then.
    pub fn apply(&mut self, change: Change) -> Result<(), ApplyError> {
        if let Some((place, moment)) = change.moment() {
            let record = self.get(place).ok_or(ApplyError::NoRecord(place))?;
            let next = record.status.next(moment);
            match next.map_err(|error| ApplyError::Illegal { place, error })? {
                Some(status) => self.of(place).status = status,
                None => {
                    if matches!(change, Change::Deleted(_)) {
                        self.raise_epoch();
                    }
                    self.drop_record(place);
                    return Ok(());
                }
            }
        }
        self.happen(change)
    }

    fn happen(&mut self, change: Change) -> Result<(), ApplyError> {
        match change {
            Change::Begun(place) => self.place = Some(place),
            Change::KeyMade(key) => self.key = Some(key),
            Change::ProviderAdded(provider) => self.providers.push(provider),
            Change::Create(place, new) => return self.insert(place, *new),
            Change::Allocated(place, id, outputs, at) => {
                self.raise_epoch();
                let record = self.of(place);
                record.id = id;
                record.created_at = at;
                tell(record, &outputs);
            }
            Change::Reached(place, _, outputs) => tell(self.of(place), &outputs),
            Change::Done(place, inputs, outputs) => {
                let record = self.of(place);
                tell(record, &outputs);
                if let Some(inputs) = inputs {
                    record.inputs = inputs;
                }
            }
            Change::UpdateStarted(place, slots, deps) => self.update_started(place, &slots, &deps),
            Change::DeleteReverted(place) => self.detached(place),
            Change::Reinstated(place) => self.reinstate(place),
            Change::Refreshed(place, inputs, outputs) => {
                let record = self.of(place);
                record.inputs = inputs;
                record.outputs = outputs;
            }
            Change::Renamed(place, urn) => self.rename(place, urn),
            Change::Relinked(place, deps, protect, retain) => {
                let record = self.of(place);
                record.deps = deps;
                record.protect = protect;
                record.retain_on_delete = retain;
            }
            Change::Outputs(outputs) => self.outputs = outputs.into_iter().collect(),
            Change::Learned(ty, [create, update, delete]) => {
                self.learned.insert(ty, Learned { create, update, delete });
            }
            // Only the status changes, or the record is gone already.
            Change::DeleteStarted(_)
            | Change::Aborted(_)
            | Change::Deleted(_)
            | Change::Forgotten(_) => {}
        }
        Ok(())
    }

    fn of(&mut self, place: u32) -> &mut Record {
        let record = self.records.get_mut(place as usize).and_then(Option::as_mut);
        record.expect("`apply` has found the record")
    }

    /// A token must not outlive what it made: the epoch goes into every token.
    fn raise_epoch(&mut self) {
        if !self.mutants.on(Mutant::TokenWithoutEpoch) {
            self.epoch += 1;
        }
    }

    fn insert(&mut self, place: u32, new: NewRecord) -> Result<(), ApplyError> {
        if self.get(place).is_some() {
            return Err(ApplyError::Taken(place));
        }
        let record = Record {
            urn: new.urn,
            stable: new.stable,
            version: new.ty.known().map_or(0, |ty| ty.version),
            ty: new.ty,
            provider: new.provider,
            generation: new.generation,
            status: Status::Creating,
            deposed: false,
            id: Arc::default(),
            token: new.token,
            created_at: new.created_at,
            inputs: new.inputs,
            outputs: Properties::default(),
            deps: new.deps,
            protect: new.protect,
            retain_on_delete: new.retain_on_delete,
            extra: None,
        };
        self.place_record(place, record);
        Ok(())
    }

    /// Puts a record into a place; the current one of the same URN is deposed, unless this one
    /// comes as deposed itself.
    pub(super) fn place_record(&mut self, place: u32, record: Record) {
        if self.records.len() <= place as usize {
            self.records.resize_with(place as usize + 1, || None);
        }
        self.live += 1;
        let deposed = record.deposed;
        let urn = record.urn.clone();
        self.records[place as usize] = Some(record);
        if deposed {
            self.deposed.insert(place);
        } else {
            self.make_current(place, &urn);
        }
    }

    fn make_current(&mut self, place: u32, urn: &Urn) {
        let Self { by_urn, records, deposed, .. } = self;
        let urn_of = |place: u32| records[place as usize].as_ref().map(|record| &record.urn);
        let hash = urn_hash(urn.as_str());
        match by_urn.find_mut(hash, |other| urn_of(*other) == Some(urn)) {
            Some(current) if *current == place => {}
            Some(current) => {
                let old = std::mem::replace(current, place);
                deposed.insert(old);
                deposed.remove(&place);
                self.of(old).deposed = true;
                self.of(place).deposed = false;
            }
            None => {
                by_urn.insert_unique(hash, place, |other| {
                    urn_of(*other).map_or(0, |urn| urn_hash(urn.as_str()))
                });
                deposed.remove(&place);
                self.of(place).deposed = false;
            }
        }
    }

    /// Takes a record out. If it was the current one, the youngest deposed one of its URN takes
    /// its place: a replacement that came to nothing leaves things as they were.
    fn drop_record(&mut self, place: u32) {
        let Some(record) = self.records[place as usize].take() else { return };
        self.live -= 1;
        if self.deposed.remove(&place) {
            return;
        }
        let hash = urn_hash(record.urn.as_str());
        if let Ok(entry) = self.by_urn.find_entry(hash, |other| *other == place) {
            entry.remove();
        }
        let twins =
            self.deposed.iter().copied().filter(|twin| self.record(*twin).urn == record.urn);
        if let Some(twin) = twins.max_by_key(|twin| self.record(*twin).generation) {
            self.make_current(twin, &record.urn);
        }
    }

    /// While an update is open, what it touches is not known.
    fn update_started(&mut self, place: u32, slots: &[u16], deps: &[super::Dep]) {
        let known = self.mutants.on(Mutant::OpenUpdateKeepsInputs);
        let record = self.of(place);
        for slot in slots.iter().filter(|_| !known) {
            record.inputs = record.inputs.with(*slot, Value::Unknown(OutputRef::INTERRUPTED));
        }
        // What they change is told anew, or is no longer there: merging alone would keep the ARN of
        // a secret that AWS no longer keeps.
        if let Some(ty) = record.ty.known() {
            let stays = |slot| !slots.iter().any(|by| ty.prop(slot).changes_with(ty.props, *by));
            record.outputs = record.outputs.filtered(stays);
        }
        let mut all: Vec<super::Dep> = record.deps.iter().chain(deps).copied().collect();
        all.sort_unstable();
        all.dedup();
        record.deps = all.into();
    }

    /// A deletion that did not happen may have detached something first.
    fn detached(&mut self, place: u32) {
        let known = self.mutants.on(Mutant::DetachedStaysKnown);
        let record = self.of(place);
        let Some(ty) = record.ty.known() else { return };
        for (slot, _) in ty.inputs().filter(|(_, prop)| prop.detach && !known) {
            if record.inputs.has(slot) {
                record.inputs = record.inputs.with(slot, Value::Unknown(OutputRef::INTERRUPTED));
            }
        }
        if let Some((slot, _)) = ty.protection.filter(|_| !known)
            && record.inputs.has(slot)
        {
            record.inputs = record.inputs.with(slot, Value::Unknown(OutputRef::INTERRUPTED));
        }
    }

    /// A deposed generation is the current one again.
    fn reinstate(&mut self, place: u32) {
        let urn = self.record(place).urn.clone();
        self.make_current(place, &urn);
    }

    fn rename(&mut self, place: u32, urn: Urn) {
        let hash = urn_hash(self.record(place).urn.as_str());
        let was_current = !self.record(place).deposed;
        if was_current && let Ok(entry) = self.by_urn.find_entry(hash, |other| *other == place) {
            entry.remove();
        }
        self.of(place).urn = urn.clone();
        if was_current {
            self.make_current(place, &urn);
        }
    }
}

/// What the cloud told is laid over what is known; ids that come early stay.
fn tell(record: &mut Record, outputs: &Properties) {
    record.outputs = record.outputs.merged(outputs);
}

impl Level {
    /// The level below, if there is one.
    #[must_use]
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Exists => None,
            Self::Configured => Some(Self::Exists),
            Self::Ready => Some(Self::Configured),
        }
    }
}
