//! Making a state anew that was lost: from the tags that things carry, and the program that made
//! them.

mod known;
mod made_up;
mod search;

use std::{collections::BTreeMap, sync::Arc};

use self::search::Carried;
use super::{
    Engine, EngineError,
    adopt::{Adopted, deps_by_ids, described, holders, note_ids},
    session::Session,
    world::LiveWorld,
};
use crate::{
    graph::{Graph, Program},
    handler::Request,
    schema::{Problem, validate},
    state::{Change, Dep, Place, State},
    urn::Urn,
    value::{Path, Properties, PropertiesBuilder, Slot, resolve},
};

/// How a state is made anew.
#[derive(Clone, Debug, Default)]
pub struct RebuildOptions {
    /// Put the new state in the place of one that is there.
    pub force: bool,
    /// The mark of the stack, `infra:stack` among the tags of its things. Default: that of the
    /// things whose tags name this project and stack.
    pub mark: Option<String>,
}

/// What can't be known of a lost state, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The resource.
    pub urn: Urn,
    /// What of it, and why: a full sentence without its subject.
    pub why: String,
    /// Whether the resource itself is not in the new state.
    pub wholly: bool,
}

/// What a program says of a resource, without its state.
#[derive(Default)]
struct Wanted {
    inputs: Properties,
    /// Properties that are made of what is lost.
    unknown: Vec<Slot>,
}

/// What became of a lost state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Resources of the program that were found.
    pub found: Vec<Urn>,
    /// Things that carry the tags of the stack and that the program does not have any more.
    pub others: Vec<Urn>,
    /// What can't be known.
    pub lost: Vec<Lost>,
}

impl Engine {
    /// Makes the state of a program anew from what is there: things with tags by their tags, others
    /// by their natural keys. Changes nothing but the state, which is written at once or not at all.
    ///
    /// # Errors
    /// If there is a state already, nothing carries the tags of this stack or several stacks do, or
    /// something can't be read.
    pub async fn rebuild(
        &self,
        program: &Program,
        options: &RebuildOptions,
    ) -> Result<Rebuilt, EngineError> {
        let graph = self.checked(program).await?;
        let lease = self.store.acquire(self.options.holder.clone()).await?;
        let made = self.rebuilt(program, &graph, options).await;
        let (state, rebuilt) = match made {
            Ok(made) => made,
            Err(error) => {
                self.store.release(lease).await?;
                return Err(error);
            }
        };
        let (store, backend) = (Arc::clone(&self.store), Arc::clone(&self.backend));
        Session::over(self, state, store, backend, lease).replace().await?;
        Ok(rebuilt)
    }

    /// The new state, which nobody has written yet.
    async fn rebuilt(
        &self,
        program: &Program,
        graph: &Graph,
        options: &RebuildOptions,
    ) -> Result<(State, Rebuilt), EngineError> {
        let (serial, epoch) = match self.open().await {
            Ok(opened) if opened.state.place.is_some() && !options.force => {
                return Err(EngineError::StateExists { records: opened.state.len() });
            }
            Ok(opened) => (opened.state.serial, opened.state.epoch),
            // A damaged state is what this is there to replace.
            Err(EngineError::Format(_)) if options.force => (0, 0),
            Err(error) => return Err(error),
        };
        let carried = Carried::search(self, program, options.mark.as_deref()).await?;
        let mut session = self.unwritten();
        session.state.serial = serial;
        session.state.epoch = far_beyond(epoch);
        session.epoch = session.state.epoch;
        session.begin_anew(program, &carried.mark).await?;
        let rebuilt = session.rebuild(program, graph, carried).await?;
        Ok((session.state, rebuilt))
    }
}

/// An epoch that the lost state can't have come to: no token of it is derived again.
fn far_beyond(epoch: u64) -> u64 {
    let mut random = [0; 4];
    crate::state::seal::fill(&mut random);
    epoch + (1 << 32) + u64::from(u32::from_be_bytes(random))
}

impl Session<'_> {
    /// A new state of a stack that has its mark already.
    async fn begin_anew(&mut self, program: &Program, mark: &str) -> Result<(), EngineError> {
        let backend = &self.engine.backend;
        let place = Place {
            lineage: mark.into(),
            project: program.project.clone(),
            stack: program.stack.clone(),
            backend: backend.name().into(),
            home: backend.home().await?.map(Into::into),
        };
        self.record(Change::Begun(place))?;
        if super::preview::needs_key(program)
            && let Some(made) = self.engine.sealer.unlock(None).await?
        {
            self.record(Change::KeyMade(made))?;
        }
        Ok(())
    }

    async fn rebuild(
        &mut self,
        program: &Program,
        graph: &Graph,
        mut carried: Carried,
    ) -> Result<Rebuilt, EngineError> {
        let mut rebuilt = Rebuilt::default();
        carried.epochs = made_up::epochs(program, &carried);
        let mut place_of = vec![u32::MAX; program.nodes.len()];
        for node in &graph.order {
            let urn = program.nodes[*node as usize].urn.clone();
            let wanted = self.wanted(program, *node, &place_of);
            match self.known(program, *node, wanted, &mut carried).await? {
                Ok(known) => {
                    let deps = crate::plan::record_deps(program, *node, |it| place_of[it as usize]);
                    let whole = deps.iter().all(|dep| dep.target != u32::MAX);
                    let deps = deps.iter().copied().filter(|dep| dep.target != u32::MAX).collect();
                    place_of[*node as usize] = self.adopt(Adopted { deps, ..known.thing })?;
                    let mut lost = known.lost;
                    if !whole {
                        lost.push("depends on something that is lost".to_owned());
                    }
                    let of_it = |why| Lost { urn: urn.clone(), why, wholly: false };
                    rebuilt.lost.extend(lost.into_iter().map(of_it));
                    rebuilt.found.push(urn);
                }
                Err(why) => rebuilt.lost.push(Lost { urn, why, wholly: true }),
            }
        }
        self.take_others(carried, &mut rebuilt).await?;
        self.show(program)?;
        Ok(rebuilt)
    }

    /// What a program says of a node, as far as that is known by now.
    fn wanted(&self, program: &Program, node: u32, place_of: &[u32]) -> Wanted {
        let this = &program.nodes[node as usize];
        let world = LiveWorld { session: self, program, place_of };
        let mut problems: Vec<Problem> = vec![];
        let mut wanted = Wanted::default();
        let mut inputs = PropertiesBuilder::default();
        for (slot, value) in this.inputs.iter() {
            let prop = this.ty.prop(slot);
            match resolve(value, &world) {
                Ok(value) if value.first_unknown().is_none() => {
                    let mut path = Path::property(prop.name);
                    inputs.set(slot, validate(&prop.shape, &value, &mut path, &mut problems));
                }
                _ => wanted.unknown.push(slot),
            }
        }
        wanted.inputs = inputs.build();
        wanted
    }

    /// Takes over what carries the tags of the stack and belongs to nothing in the program: the next
    /// `up` deletes it, as it would have done.
    async fn take_others(
        &mut self,
        carried: Carried,
        rebuilt: &mut Rebuilt,
    ) -> Result<(), EngineError> {
        let mut others: BTreeMap<Urn, Adopted> = BTreeMap::new();
        for thing in carried.rest() {
            let urn = thing.owner.urn.clone();
            let id = thing.id.clone();
            let is_taken = self.state.find(&urn).is_some() || others.contains_key(&urn);
            if is_taken {
                let why = format!("{id} carries its tags too: an older generation, it may be");
                rebuilt.lost.push(Lost { urn, why, wholly: false });
                continue;
            }
            let owner = thing.owner.clone();
            let request = Request::unrecorded(
                thing.ty,
                thing.provider.clone(),
                owner,
                id.clone(),
                Properties::default(),
            );
            let Some(observed) = self.read_ready(&thing.handler, &request).await? else {
                continue;
            };
            let (inputs, outputs) = described(thing.ty, &observed);
            let adopted = Adopted {
                ty: thing.ty,
                provider: thing.provider,
                owner: request.owner,
                id,
                inputs,
                outputs,
                level: observed.level,
                deps: Box::default(),
                protect: false,
                retain_on_delete: false,
            };
            others.insert(urn, adopted);
        }
        let mut holders = holders(&self.state);
        for (place, other) in (self.state.next_place()..).zip(others.values()) {
            note_ids(&mut holders, place, other.ty, |slot| other.value(slot));
        }
        let deps: Vec<Box<[Dep]>> =
            others.values().map(|other| deps_by_ids(other.ty, &other.inputs, &holders)).collect();
        for ((urn, other), deps) in others.into_iter().zip(deps) {
            self.adopt(Adopted { deps, ..other })?;
            rebuilt.others.push(urn);
        }
        Ok(())
    }
}
