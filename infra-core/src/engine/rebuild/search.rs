//! [`Carried`]: everything that carries the tags of a stack.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    dsl::Provider,
    engine::{Engine, EngineError},
    graph::Program,
    handler::{DynHandler, Ownership},
    schema::{TypeDef, TypeKind},
    urn::Urn,
};

/// A thing that carries the tags of a stack.
pub(super) struct Thing {
    pub(super) ty: &'static TypeDef,
    pub(super) provider: Provider,
    pub(super) id: Arc<str>,
    pub(super) owner: Ownership,
    pub(super) handler: Arc<dyn DynHandler>,
}

/// Everything that carries the tags of a stack, by the name that it got when it was made.
pub(super) struct Carried {
    /// The mark of the stack.
    pub(super) mark: Arc<str>,
    /// The epochs of runs that made up names.
    pub(super) epochs: BTreeSet<u64>,
    things: BTreeMap<(&'static str, Urn), Vec<Thing>>,
}

impl Carried {
    /// Looks for it where the providers of a program point.
    pub(super) async fn search(
        engine: &Engine,
        program: &Program,
        mark: Option<&str>,
    ) -> Result<Self, EngineError> {
        let begins = format!("{}/{}/", program.project, program.stack);
        let mut all = list(engine, program, mark).await?;
        all.retain(|thing| match mark {
            Some(mark) => *thing.owner.stack == *mark,
            None => thing.owner.urn.as_str().starts_with(&begins),
        });
        let marks: BTreeSet<Arc<str>> = all.iter().map(|thing| thing.owner.stack.clone()).collect();
        let mut marks = marks.into_iter();
        let (Some(mark), second) = (marks.next(), marks.next()) else {
            return Err(EngineError::NothingCarries { stack: begins });
        };
        if let Some(second) = second {
            let marks = [mark, second].into_iter().chain(marks);
            let marks = marks.map(|mark| mark.to_string()).collect();
            return Err(EngineError::SeveralCarry { stack: begins, marks });
        }
        let mut things = BTreeMap::<_, Vec<Thing>>::new();
        for thing in all {
            let of_name = things.entry((thing.ty.name, thing.owner.urn.clone())).or_default();
            // Two providers of one region tell of the same things.
            if of_name.iter().all(|other| other.id != thing.id) {
                of_name.push(thing);
            }
        }
        Ok(Self { mark, epochs: BTreeSet::new(), things })
    }

    /// Takes out what a resource of one of these names came to.
    pub(super) fn take(&mut self, ty: &TypeDef, names: &[Urn]) -> Vec<Thing> {
        let mut found = vec![];
        for name in names {
            found.extend(self.things.remove(&(ty.name, name.clone())).unwrap_or_default());
        }
        found
    }

    /// The ids of what a resource came to.
    pub(super) fn ids(&self, ty: &TypeDef, name: &Urn) -> impl Iterator<Item = &str> {
        self.things.get(&(ty.name, name.clone())).into_iter().flatten().map(|thing| &*thing.id)
    }

    /// Puts back what belongs to nothing after all.
    pub(super) fn put_back(&mut self, thing: Thing) {
        self.things.entry((thing.ty.name, thing.owner.urn.clone())).or_default().push(thing);
    }

    /// What nobody took.
    pub(super) fn rest(self) -> impl Iterator<Item = Thing> {
        self.things.into_values().flatten()
    }
}

/// The things of all types that carry any stack's tags, or those of one.
async fn list(
    engine: &Engine,
    program: &Program,
    mark: Option<&str>,
) -> Result<Vec<Thing>, EngineError> {
    let session = engine.unwritten();
    let registry = engine.backend.registry();
    let mut all = vec![];
    for ty in registry.types().iter().filter(|ty| ty.kind == TypeKind::Resource) {
        let Some(handler) = registry.get(ty.name) else { continue };
        let of_kind = program.providers.iter().filter(|provider| *provider.kind == *ty.provider());
        for provider in of_kind {
            let listed = session.listed(ty, handler, provider, mark).await?;
            all.extend(listed.into_iter().filter_map(|listed| {
                Some(Thing {
                    ty,
                    provider: provider.clone(),
                    id: listed.id,
                    owner: listed.owner?,
                    handler: Arc::clone(handler),
                })
            }));
        }
    }
    Ok(all)
}
