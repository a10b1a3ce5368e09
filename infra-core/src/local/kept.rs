//! [`Kept`]: the handler of what lives in state alone.

use crate::{
    dsl::{Provider, ResourceType},
    handler::{
        Allocated, Context, Deletion, Found, Handler, HandlerError, Listed, Observed, Polled,
        Problem, Progress, Request, TypedRequest,
    },
    schema::{Identity, Level},
    value::Properties,
};

/// What is special about a type that lives in state alone.
pub(super) trait Make: Send + Sync + 'static {
    /// The type.
    type Resource: ResourceType;

    /// Makes it, with an id and at a time in milliseconds since 1970.
    fn make(
        &self,
        args: &<Self::Resource as ResourceType>::Args,
        id: &str,
        now: u64,
    ) -> Result<<Self::Resource as ResourceType>::Outputs, Refused>;

    /// Whether what was made can still be used.
    fn is_good(
        &self,
        args: &<Self::Resource as ResourceType>::Args,
        outputs: &Properties,
        now: u64,
    ) -> bool {
        let _ = (args, outputs, now);
        true
    }
}

/// Why something can't be made: the property, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Refused(pub(super) &'static str, pub(super) String);

/// The handler of what lives in state alone: made in one step, and known to nobody else.
#[derive(Debug)]
pub(super) struct Kept<M>(pub(super) M);

type Answer<T> = Result<T, HandlerError>;

impl<M: Make> Handler for Kept<M> {
    type Resource = M::Resource;

    async fn allocate(
        &self,
        context: &Context,
        request: &TypedRequest<'_, M::Resource>,
    ) -> Answer<Allocated> {
        let prefix = match request.ty.identity {
            Identity::Generated { form, .. } => form.prefix(),
            _ => "",
        };
        let id = format!("{prefix}{}", request.owner.stable);
        let made = self.0.make(&request.args, &id, context.clock.now());
        let outputs = made.map_err(|Refused(property, message)| {
            let problem = Problem::Invalid { property: Some(property.to_owned()) };
            let message = format!("`{property}` {message}");
            HandlerError::refused(problem, request.ty.service(), "make", "Invalid", message)
        })?;
        let outputs = M::Resource::encode_outputs(outputs);
        Ok(Allocated { id: id.into(), outputs, level: Level::Ready })
    }

    async fn poll(&self, _: &Context, _: &Request, _: Level) -> Answer<Polled> {
        let (outputs, level) = (Properties::default(), Level::Ready);
        Ok(Polled::Reached(Progress { outputs, level }))
    }

    /// What changes in place concerns only the future.
    async fn update(&self, _: &Context, _: &TypedRequest<'_, M::Resource>) -> Answer<Progress> {
        Ok(Progress { outputs: Properties::default(), level: Level::Ready })
    }

    /// State is all there is to ask. What can't be used any more counts as gone.
    async fn read(&self, context: &Context, request: &Request) -> Answer<Option<Observed>> {
        let typed = TypedRequest::<M::Resource>::new(request)?;
        let good = self.0.is_good(&typed.args, &request.outputs, context.clock.now());
        Ok(good.then(|| Observed {
            inputs: request.inputs.clone(),
            outputs: request.outputs.clone(),
            level: Level::Ready,
            deleting: false,
        }))
    }

    async fn delete(&self, _: &Context, _: &Request) -> Answer<Deletion> {
        Ok(Deletion::Gone)
    }

    /// What was made and not recorded was never seen by anybody.
    async fn find(&self, _: &Context, _: &Request) -> Answer<Found> {
        Ok(Found::Absent)
    }

    async fn list(&self, _: &Context, _: &Provider, _: Option<&str>) -> Answer<Vec<Listed>> {
        Ok(vec![])
    }
}
