//! Asking the cloud: by pages where they tell everything, else by a call for each thing, many at a
//! time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{EngineError, Session, Sweep};
use crate::{
    engine::preview::waiting,
    handler::{BoxFuture, DynHandler, Listed, Observed},
    mutants::Mutant,
    schema::{TypeDef, TypeKind},
};

/// The things of a type that carry the stack's tags, where a provider points.
pub(super) struct Page {
    pub(super) ty: &'static TypeDef,
    provider: u16,
    pub(super) things: Vec<Listed>,
}

/// A page that is to be asked for.
type Wanted = (&'static TypeDef, u16, Arc<dyn DynHandler>);

/// One of many calls that change nothing.
type Call<'a, T> = BoxFuture<'a, Result<T, EngineError>>;

impl Session<'_> {
    /// What pages tell: of everything, or of what is recorded and told by pages alone.
    pub(super) async fn pages(&self, sweep: Sweep) -> Result<Vec<Page>, EngineError> {
        let Some(lineage) = self.state.place.as_ref().map(|place| place.lineage.clone()) else {
            return Ok(vec![]);
        };
        let wanted = match sweep {
            Sweep::Records => self.pages_of_records(),
            Sweep::Everything => self.all_pages(),
        };
        let lineage = &*lineage;
        let asked = wanted
            .into_iter()
            .map(|wanted| -> Call<'_, Page> { Box::pin(self.page(wanted, lineage)) });
        self.all(asked.collect()).await
    }

    fn pages_of_records(&self) -> Vec<Wanted> {
        let registry = self.engine.backend.registry();
        let mut seen = BTreeSet::new();
        let pages = self.recorded().filter_map(|(place, ty)| {
            let provider = self.state.record(place).provider;
            let handler = registry.get(ty.name).filter(|handler| handler.lists_all())?;
            seen.insert((ty.name, provider)).then(|| (ty, provider, Arc::clone(handler)))
        });
        pages.collect()
    }

    fn all_pages(&self) -> Vec<Wanted> {
        let registry = self.engine.backend.registry();
        let types = registry.types().iter().filter(|ty| ty.kind == TypeKind::Resource);
        let pages = types.flat_map(|ty| {
            let handler = registry.get(ty.name);
            let providers = (0..).zip(&self.state.providers);
            let of_kind = providers.filter(|(_, provider)| *provider.kind == *ty.provider());
            of_kind.filter_map(move |(place, _)| Some((ty, place, Arc::clone(handler?))))
        });
        pages.collect()
    }

    async fn page(&self, wanted: Wanted, lineage: &str) -> Result<Page, EngineError> {
        let (ty, place, handler) = wanted;
        let provider = &self.state.providers[usize::from(place)];
        let things = self.listed(ty, &handler, provider, Some(lineage)).await?;
        Ok(Page { ty, provider: place, things })
    }

    /// What the cloud says of every record: what pages told, and else the answer to a call of its
    /// own. What lost its tags stands on no page and may be there.
    pub(super) async fn there(
        &self,
        pages: &[Page],
    ) -> Result<BTreeMap<u32, Option<Observed>>, EngineError> {
        let mut told = BTreeMap::new();
        for page in pages {
            for thing in &page.things {
                if let Some(observed) = &thing.observed {
                    told.insert((page.ty.name, page.provider, &*thing.id), observed);
                }
            }
        }
        let mut there = BTreeMap::new();
        let mut left = vec![];
        for (place, ty) in self.recorded() {
            let record = self.state.record(place);
            match told.get(&(ty.name, record.provider, &*record.id)) {
                Some(observed) => {
                    there.insert(place, Some(Observed::clone(observed)));
                }
                None => left.push((place, ty)),
            }
        }
        let reads = left.into_iter().map(|(place, ty)| -> Call<'_, (u32, Option<Observed>)> {
            Box::pin(async move { Ok((place, self.read_settled(place, ty).await?)) })
        });
        there.extend(self.all(reads.collect()).await?);
        Ok(there)
    }

    /// The records of things that are there, as far as state knows.
    fn recorded(&self) -> impl Iterator<Item = (u32, &'static TypeDef)> {
        self.state.iter().filter_map(|(place, record)| {
            let ty = record.ty.known()?;
            (ty.kind == TypeKind::Resource && record.status.has_id()).then_some((place, ty))
        })
    }

    /// What calls come to, as many at a time as the backend bears.
    async fn all<T: Send>(&self, calls: Vec<Call<'_, T>>) -> Result<Vec<T>, EngineError> {
        let at_once = self.engine.backend.concurrency().max(1);
        stream::iter(calls).buffered(at_once).try_collect().await
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
        let handler = self.engine.backend.registry().get(ty.name).cloned();
        let Some(handler) = handler else { return Ok(None) };
        self.read(&handler, &self.request(place, ty)).await
    }
}
