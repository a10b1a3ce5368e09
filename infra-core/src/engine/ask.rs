//! What the engine asks of the cloud outside of operations, and of whom.

use std::sync::Arc;

use super::{EngineError, session::Session};
use crate::{
    dsl::Provider,
    handler::{BackendError, Context, DynHandler, Listed, Observed, Ownership, Request},
    schema::TypeDef,
};

impl Session<'_> {
    /// The request about a recorded resource.
    pub(super) fn request(&self, place: u32, ty: &'static TypeDef) -> Request {
        let record = self.state.record(place);
        let owner = Ownership {
            stack: self.lineage(),
            stable: record.stable,
            intent: record.token.clone(),
            urn: record.urn.clone(),
        };
        let (provider, id) = (self.state.provider(record).clone(), record.id.clone());
        let inputs = self.opened(place, &record.inputs);
        Request {
            outputs: self.opened(place, &record.outputs),
            created_at: record.created_at,
            ..Request::unrecorded(ty, provider, owner, id, inputs)
        }
    }

    /// What the cloud says of a thing.
    pub(super) async fn read(
        &self,
        handler: &Arc<dyn DynHandler>,
        request: &Request,
    ) -> Result<Option<Observed>, EngineError> {
        let context = Context::new(self.engine.backend.clock());
        let answer = self.patiently(&context, || handler.read(&context, request)).await;
        answer.map_err(|source| EngineError::Read {
            urn: request.owner.urn.clone(),
            source: Box::new(source),
        })
    }

    /// The things of a type that carry the tags of one stack, or of any.
    pub(super) async fn listed(
        &self,
        ty: &TypeDef,
        handler: &Arc<dyn DynHandler>,
        provider: &Provider,
        lineage: Option<&str>,
    ) -> Result<Vec<Listed>, EngineError> {
        let context = Context::new(self.engine.backend.clock());
        let listed = self.patiently(&context, || handler.list(&context, provider, lineage)).await;
        listed.map_err(|source| {
            BackendError::new(format!("`{}` can't be listed", ty.name), source).into()
        })
    }
}
