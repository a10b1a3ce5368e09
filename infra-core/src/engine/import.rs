//! Taking over what somebody else made, and writing it down as code.

use std::sync::Arc;

use super::{
    Engine, EngineError,
    adopt::{Adopted, deps_by_ids, described, free_urn, holders, note_ids},
    session::Session,
};
use crate::{
    code::{self, Subject},
    dsl::Provider,
    handler::{Ownership, Request},
    local,
    schema::{Identity, TypeDef, TypeKind},
    state::{Dep, Record, StableId, State, seal::digest},
    urn::Urn,
    value::Properties,
};

/// A thing to be taken over.
#[derive(Clone, Debug)]
pub struct Importing {
    /// Its type.
    pub ty: &'static TypeDef,
    /// The name that it gets.
    pub urn: Urn,
    /// Its physical id.
    pub id: Arc<str>,
    /// Where it is.
    pub provider: Provider,
}

/// The word for it in messages.
const IMPORTED: &str = "imported";

impl Engine {
    /// Takes things into state that exist and that no state knows of, all of them or none. Nothing
    /// is changed but the state. `protect` keeps them from deletion until somebody says otherwise:
    /// a program that does not have them yet would delete them.
    ///
    /// # Errors
    /// If one of them is not there, can't be read or is managed already, or a name is taken.
    pub async fn import(
        &self,
        project: &str,
        stack: &str,
        things: &[Importing],
        protect: bool,
    ) -> Result<(), EngineError> {
        let mut session = self.work().await?;
        let done = session.import(project, stack, things, protect).await;
        match done {
            Ok(()) => session.close().await.map(State::discard),
            Err(error) => {
                // What went wrong first is what counts.
                let _ = session.abandon().await;
                Err(error)
            }
        }
    }

    /// Recorded resources as the code that a program would have for them. What they refer to is
    /// named by a variable where the state knows it.
    ///
    /// # Errors
    /// If the state can't be read, or has no such resource.
    pub async fn code(&self, urns: &[Urn]) -> Result<String, EngineError> {
        let state = self.open().await?.state;
        let mut places = vec![];
        for urn in urns {
            let missing = || EngineError::NoRecord(urn.to_string());
            places.push(state.find(urn).ok_or_else(missing)?);
        }
        let subject = |place: u32| subject(state.record(place));
        let written: Vec<Subject<'_>> = places.iter().filter_map(|place| subject(*place)).collect();
        let others = state.iter().filter(|(place, _)| !places.contains(place));
        let known: Vec<Subject<'_>> = others.filter_map(|(place, _)| subject(place)).collect();
        Ok(code::rust(&written, &known))
    }
}

fn subject(record: &Record) -> Option<Subject<'_>> {
    let ty = record.ty.known().filter(|ty| ty.kind == TypeKind::Resource && !record.deposed)?;
    Some(Subject { ty, urn: &record.urn, inputs: &record.inputs, outputs: &record.outputs })
}

impl Session<'_> {
    async fn import(
        &mut self,
        project: &str,
        stack: &str,
        things: &[Importing],
        protect: bool,
    ) -> Result<(), EngineError> {
        self.belong(project, stack).await?;
        let mut adopted = vec![];
        for (number, thing) in things.iter().enumerate() {
            let twin = things[..number].iter().any(|other| other.urn == thing.urn);
            if twin {
                return Err(refused(thing, "the name is given twice", "choose another name"));
            }
            self.importable(thing)?;
            adopted.push(self.found(thing, number, protect).await?);
        }
        // What is taken over together may refer to each other, in any order.
        let mut holders = holders(&self.state);
        let first = self.state.next_place();
        for (place, thing) in (first..).zip(&adopted) {
            note_ids(&mut holders, place, thing.ty, |slot| thing.value(slot));
        }
        let deps: Vec<Box<[Dep]>> =
            adopted.iter().map(|thing| deps_by_ids(thing.ty, &thing.inputs, &holders)).collect();
        for (mut thing, deps) in adopted.into_iter().zip(deps) {
            thing.deps = deps;
            self.adopt(thing)?;
        }
        Ok(())
    }

    /// Whether something may be taken over at all.
    fn importable(&self, thing: &Importing) -> Result<(), EngineError> {
        if thing.ty.kind != TypeKind::Resource || thing.ty.provider() == local::KIND {
            let why = format!("`{}` is nothing that is somewhere", thing.ty.name);
            return Err(refused(thing, why, "write it into the program; `up` makes it"));
        }
        free_urn(&self.state, &thing.urn, IMPORTED)?;
        let known = self.state.iter().find(|(_, record)| {
            record.ty.name() == thing.ty.name
                && record.id == thing.id
                && *self.state.provider(record) == thing.provider
        });
        match known {
            None => Ok(()),
            Some((_, record)) => {
                let why =
                    format!("the state has `{}` already, as `{}`", thing.id, record.urn.short());
                Err(refused(thing, why, "give that one another name: state mv"))
            }
        }
    }

    /// A thing as the cloud tells of it. What it depends on is not known yet.
    async fn found(
        &mut self,
        thing: &Importing,
        number: usize,
        protect: bool,
    ) -> Result<Adopted, EngineError> {
        let Importing { ty, urn, id, provider } = thing;
        let handler = self.engine.backend.registry().get(ty.name).cloned();
        let handler = handler.ok_or_else(|| EngineError::UnknownType {
            backend: self.engine.backend.name(),
            ty: ty.name,
            urn: urn.clone(),
        })?;
        self.engine.backend.check_provider(provider).await?;
        self.unlock_for(ty).await?;
        let inputs = match ty.identity {
            Identity::Named { slot } => Properties::default().with(slot, (&**id).into()),
            _ => Properties::default(),
        };
        let owner = self.new_owner(urn, number);
        let request = Request::unrecorded(ty, provider.clone(), owner, id.clone(), inputs);
        let Some(observed) = self.read_ready(&handler, &request).await? else {
            let why = format!("there is no {} `{id}` in {provider}", ty.short_name());
            let help = "look up its id, and where it is";
            return Err(refused(thing, why, help));
        };
        let (inputs, outputs) = described(ty, &observed);
        Ok(Adopted {
            ty,
            provider: provider.clone(),
            owner: request.owner,
            id: id.clone(),
            inputs,
            outputs,
            level: observed.level,
            deps: Box::default(),
            protect,
            retain_on_delete: false,
        })
    }

    /// Who owns from now on what nobody did: a token that has made nothing.
    pub(super) fn new_owner(&self, urn: &Urn, number: usize) -> Ownership {
        let lineage = self.lineage();
        let run = format!("{}-{number}", self.epoch);
        let digest = digest(&["import", &lineage, urn.as_str(), &run]);
        let (token, rest) = digest.split_at(16);
        let (stable, _) = rest.split_first_chunk().expect("a digest has 32 bytes");
        Ownership {
            stack: lineage,
            stable: StableId(u64::from_be_bytes(*stable)),
            intent: hex::encode(token).into(),
            urn: urn.clone(),
        }
    }
}

fn refused(thing: &Importing, why: impl Into<String>, help: &str) -> EngineError {
    EngineError::Refused {
        urn: thing.urn.clone(),
        what: IMPORTED,
        why: why.into(),
        help: help.to_owned(),
    }
}
