//! [`Resource`]: what the file of a type says; [`Served`] makes a handler of it.

use std::{future::Future, marker::PhantomData, sync::Arc, time::Duration};

use infra_core::{
    dsl::{Prop, Provider, ResourceType},
    handler::{
        Allocated, BoxFuture, Certainty, Context, Deletion, DynHandler, Found, HandlerError,
        Listed, Need, Observed, Polled, Problem, Progress, Request, TypedRequest,
    },
    schema::{Find, Level, PropDef, TypeDef},
    types::PropertyType,
    value::{Properties, PropertiesBuilder, Value},
};

use crate::{
    client::{self, Client, Usual},
    error::{Answer, Error},
    same::is_alike,
    seen::Seen,
};

/// What the file of a type says: how the cloud is asked for things of that type.
///
/// The contract is that of [`Handler`](infra_core::handler::Handler); what follows from the schema
/// (levels, ownership, finding by name, tag or key) is done for all types by [`Served`].
pub(crate) trait Resource<C: Client = Usual>: Send + Sync + 'static {
    /// The type.
    type Type: ResourceType;

    /// Whether a page of [`list`](Self::list) tells of a thing all that [`read`](Self::read) does.
    /// A refresh then needs no call for each.
    const LISTS_ALL: bool = false;

    /// Whether AWS knows no state of such a thing: once the calls that make it have been answered,
    /// it is ready, and nothing is looked at again.
    const STATELESS: bool = false;

    /// Whether the answer of the call that makes it tells its state, and there is nothing more to say:
    /// one that is ready then is not looked at again.
    const TOLD_WHEN_MADE: bool = false;

    /// What must be allowed for its calls: each action once, by the name that IAM has for it.
    const NEEDS: &'static [Need];

    /// Makes the thing with one mutating call, with the ownership tags
    /// ([`Request::all_tags`]) and the client token (`request.owner.intent`) where the API takes
    /// them, and says its id and what the answer tells of it.
    fn create(
        client: &C,
        request: &TypedRequest<'_, Self::Type>,
    ) -> impl Future<Output = Answer<Seen>> + Send;

    /// Says what creation could not: properties marked `separate`, tags of APIs that do not take
    /// them at creation. Idempotent; also called after an interrupted creation.
    fn configure(
        client: &C,
        request: &TypedRequest<'_, Self::Type>,
    ) -> impl Future<Output = Answer<()>> + Send {
        let _ = (client, request);
        async { Ok(()) }
    }

    /// Makes the thing what the properties say. `request.changed` says which differ; see
    /// [`changed`].
    fn update(
        client: &C,
        request: &TypedRequest<'_, Self::Type>,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// What the cloud says of the thing with the request's id: all properties that it tells, those that
    /// the program left to it among them. `None` if it is not there.
    fn read(client: &C, request: &Request) -> impl Future<Output = Answer<Option<Seen>>> + Send;

    /// As much of it as somebody wants to know who waits until it is ready: its state, and the
    /// outputs that are not known yet. Default: all of it.
    fn look(client: &C, request: &Request) -> impl Future<Output = Answer<Option<Seen>>> + Send {
        Self::read(client, request)
    }

    /// What it has from the beginning and the answer that made it did not tell: outputs that are known
    /// as soon as it exists.
    fn complete(
        client: &C,
        request: &Request,
        seen: Seen,
    ) -> impl Future<Output = Answer<Option<Seen>>> + Send {
        let _ = seen;
        Self::look(client, request)
    }

    /// Deletes it.
    fn delete(client: &C, request: &Request) -> impl Future<Output = Answer<Deletion>> + Send;

    /// All things of the type that carry tags, or those with the tag of one stack (`infra:stack`);
    /// by pages. Types without tags say nothing: whose they are nobody can tell.
    fn list(client: &C, stack: Option<&str>) -> impl Future<Output = Answer<Vec<Seen>>> + Send {
        let _ = (client, stack);
        async { Ok(vec![]) }
    }

    /// The thing that has the name or key of the request, which has no id yet. Where the name or
    /// the key is the id, reading it does.
    fn by_name(client: &C, request: &Request) -> impl Future<Output = Answer<Option<Seen>>> + Send {
        async {
            match request.ty.natural_id(&request.inputs) {
                Some(id) => Self::read(client, &Request { id: id.into(), ..request.clone() }).await,
                None => Ok(None),
            }
        }
    }

    /// The thing that was made with the token of the request, where the cloud tells tokens, or where
    /// nothing is made. Where it does not, the thing is found by its tags.
    fn by_token(
        client: &C,
        request: &Request,
    ) -> impl Future<Output = Answer<Option<Seen>>> + Send {
        let _ = (client, request);
        async { Ok(None) }
    }
}

/// Whether one of some properties is to change.
pub(crate) fn changed(request: &Request, names: &[&str]) -> bool {
    request.changed.iter().any(|slot| names.contains(&request.ty.prop(*slot).name))
}

/// Refuses to make what is there already and comes of another creation, for APIs that would change
/// it instead.
pub(crate) async fn not_taken<R: Resource>(client: &Usual, request: &Request) -> Answer<()> {
    match R::by_name(client, request).await? {
        Some(seen) if !seen.is_of(request) => {
            let message = format!("there is one already: {}", seen.id);
            let problem = Problem::AlreadyExists { id: Some(seen.id) };
            Err(Error::refused(problem, request.ty.service(), "Create", message))
        }
        _ => Ok(()),
    }
}

/// Refuses to delete what is not there, for APIs that say nothing about it.
pub(crate) async fn is_there<R: Resource>(client: &Usual, request: &Request) -> Answer<()> {
    if R::read(client, request).await?.is_some() {
        return Ok(());
    }
    let message = format!("there is no {}", request.id);
    Err(Error::refused(Problem::NotFound, request.ty.service(), "Delete", message))
}

/// The ARN of a thing, spelt by the template of its type.
pub(crate) async fn arn_of(client: &Usual, request: &Request) -> Answer<String> {
    let spelt = client.spelt_arn(request, &request.inputs, &request.id).await?;
    Ok(spelt.unwrap_or_default())
}

/// A property as it is recorded, or wanted where it is not there yet.
pub(crate) fn recorded<R, T: PropertyType>(
    request: &Request,
    prop: Prop<R, T>,
) -> Option<T::Resolved> {
    T::decode(request.inputs.get(prop.slot)).ok()
}

/// How often a list is asked again that may lag behind.
const LAG: Duration = Duration::from_secs(1);

/// Makes a handler of what the file of a type says.
pub(crate) struct Served<R, C: Client = Usual> {
    factory: Arc<C::Factory>,
    of: PhantomData<fn() -> R>,
}

impl<R: Resource<C>, C: Client> Served<R, C> {
    pub(crate) fn new(factory: &Arc<C::Factory>) -> Self {
        Self { factory: Arc::clone(factory), of: PhantomData }
    }

    pub(crate) fn ty() -> &'static TypeDef {
        R::Type::definition()
    }

    fn boxed<'a, T: 'a>(
        &'a self,
        provider: &'a Provider,
        work: impl Future<Output = Answer<T>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, HandlerError>> {
        client::boxed::<C, T>(&self.factory, provider, work)
    }

    /// What is known of a thing that was made, or found: what its level promises is there, so that
    /// it is asked for what the answer did not tell.
    async fn allocated(&self, client: &C, seen: Seen, request: &Request) -> Answer<Allocated> {
        let id: Arc<str> = seen.id.as_str().into();
        let is_ready = R::TOLD_WHEN_MADE && seen.level == Level::Ready;
        let told = observed(client, seen.clone(), &id, request).await?.outputs;
        let lacks = |outputs: &Properties| {
            let promised = |prop: &PropDef| prop.level == Level::Exists;
            let mut promises = request.ty.outputs().filter(|(_, prop)| promised(prop));
            promises.any(|(slot, _)| !outputs.has(slot))
        };
        if !lacks(&told) {
            let level = if is_ready { Level::Ready } else { Level::Exists };
            return Ok(Allocated { id, outputs: told, level });
        }
        let of_it = Request { id: Arc::clone(&id), ..request.clone() };
        // It was made: whatever goes wrong from here on does not undo that.
        let unsure = |Error(mut error): Error| {
            error.certainty = Certainty::Unknown;
            Error(error)
        };
        let read = R::complete(client, &of_it, seen).await.map_err(unsure)?;
        let Some(read) = read else {
            return Ok(Allocated { id, outputs: told, level: Level::Exists });
        };
        let more = observed(client, read, &id, request).await.map_err(unsure)?.outputs;
        Ok(Allocated { id, outputs: told.merged(&more), level: Level::Exists })
    }

    /// A request in which nothing is unknown: what an update that failed left unknown in state is
    /// asked for, since a protection can't be taken back from what nobody knows.
    async fn known(&self, client: &C, request: &Request) -> Answer<Request> {
        let unknown = |value: &Value| value.first_unknown().is_some();
        let mut known = request.clone();
        if !request.inputs.iter().any(|(_, value)| unknown(value)) {
            return Ok(known);
        }
        let told = read::<R, C>(client, request).await?;
        let told = told.map(|told| told.inputs).unwrap_or_default();
        for (slot, _) in request.inputs.iter().filter(|(_, value)| unknown(value)) {
            let found = told.get(slot);
            let found = if unknown(found) { Value::Null } else { found.clone() };
            known.inputs = known.inputs.with(slot, found);
        }
        Ok(known)
    }

    /// What an update made of the outputs that follow from what it changed, and that dependents may
    /// use from now on: they are asked for, because no update tells them.
    async fn renewed(&self, client: &C, request: &Request) -> Answer<Properties> {
        let ty = request.ty;
        let follows = |prop: &PropDef| {
            let changed = || request.changed.iter().any(|slot| prop.changes_with(ty.props, *slot));
            prop.level <= Level::Configured && changed()
        };
        if !ty.outputs().any(|(_, prop)| follows(prop)) {
            return Ok(Properties::default());
        }
        let told = read::<R, C>(client, request).await?;
        Ok(told.map(|told| told.outputs).unwrap_or_default())
    }

    /// How far a thing is when the calls about it have been answered. What is not told of it yet is
    /// still to be looked at.
    fn answered(request: &Request) -> Progress {
        let told = || request.ty.outputs().all(|(slot, _)| request.outputs.has(slot));
        let level = if R::STATELESS && told() { Level::Ready } else { Level::Configured };
        Progress { outputs: Properties::default(), level }
    }

    async fn poll_now(&self, request: &Request, level: Level) -> Answer<Polled> {
        let client = C::of(&self.factory, &request.provider).await;
        let Some(seen) = R::look(&client, request).await? else { return Ok(Polled::Missing) };
        if let Some(why) = seen.failed {
            let service = request.ty.service();
            return Err(Error::refused(Problem::Final, service, "Describe", why));
        }
        if seen.level >= level && !seen.deleting {
            let level = seen.level;
            let Observed { outputs, .. } = observed(&*client, seen, &request.id, request).await?;
            return Ok(Polled::Reached(Progress { outputs, level }));
        }
        let state = seen.waits_for.unwrap_or_else(|| "not ready".to_owned());
        Ok(Polled::Pending { message: format!("{}: {state}", request.id), retry_after: None })
    }

    async fn find_now(&self, request: &Request) -> Answer<Found> {
        let client = C::of(&self.factory, &request.provider).await;
        match request.ty.find {
            Find::Name => Ok(match R::by_name(&client, request).await? {
                None => Found::NotYetCertain { retry_after: LAG },
                Some(seen) if seen.is_of(request) => {
                    Found::Here(self.allocated(&client, seen, request).await?)
                }
                Some(seen) => Found::Foreign { id: seen.id.into() },
            }),
            Find::Key => Ok(match R::by_name(&client, request).await? {
                None => Found::NotYetCertain { retry_after: LAG },
                Some(seen) => Found::Here(self.allocated(&client, seen, request).await?),
            }),
            // A token is as good as the tag that was given with it, and outlives none.
            Find::Tag | Find::Token => {
                if let Some(seen) = R::by_token(&client, request).await? {
                    return Ok(Found::Here(self.allocated(&client, seen, request).await?));
                }
                let all = R::list(&client, Some(&request.owner.stack)).await?;
                let ours = all.into_iter().find(|seen| seen.is_of(request) && !seen.deleting);
                Ok(match ours {
                    Some(seen) => Found::Here(self.allocated(&client, seen, request).await?),
                    None => Found::NotYetCertain { retry_after: LAG },
                })
            }
        }
    }
}

/// A request without the secrets that are sealed: a deletion opens none, and the update before it
/// takes a protection back alone.
fn without_sealed(request: &Request) -> Request {
    let is_open = |slot| !request.inputs.get(slot).expose().has_secret();
    Request { inputs: request.inputs.filtered(is_open), ..request.clone() }
}

/// What was seen, as the engine wants it: what the program left to the cloud is an output, and the tags
/// of ownership are no tags of the program.
async fn observed<C: Client>(
    client: &C,
    seen: Seen,
    id: &str,
    request: &Request,
) -> Answer<Observed> {
    let ty = request.ty;
    let (mut inputs, mut outputs) = (PropertiesBuilder::default(), PropertiesBuilder::default());
    let level = seen.level;
    let deleting = seen.deleting;
    for (slot, value) in seen.into_properties(ty).iter() {
        let prop = ty.prop(slot);
        let left_to_cloud = prop.computed && request.inputs.get(slot).is_null();
        if prop.output || left_to_cloud {
            outputs.set(slot, value.clone());
        } else {
            let recorded = request.inputs.get(slot);
            let value = if is_alike(prop, recorded, value) { recorded } else { value };
            inputs.set(slot, value.clone());
        }
    }
    let (mut inputs, mut outputs) = (inputs.build(), outputs.build());
    for (slot, prop) in ty.inputs() {
        let recorded = request.inputs.get(slot);
        if !inputs.has(slot) && !recorded.is_null() && is_alike(prop, recorded, &Value::Null) {
            inputs = inputs.with(slot, recorded.clone());
        }
    }
    if let Some(arn) = ty.arn.filter(|arn| !outputs.has(arn.slot)) {
        let all = request.inputs.merged(&inputs);
        if let Some(text) = client.spelt_arn(request, &all, id).await? {
            outputs = outputs.with(arn.slot, text.into());
        }
    }
    Ok(Observed { inputs, outputs, level, deleting })
}

/// What the cloud says of the thing of a request, as the engine wants it.
async fn read<R: Resource<C>, C: Client>(
    client: &C,
    request: &Request,
) -> Answer<Option<Observed>> {
    match R::read(client, request).await? {
        Some(seen) => observed(client, seen, &request.id, request).await.map(Some),
        None => Ok(None),
    }
}

impl<R: Resource<C>, C: Client> DynHandler for Served<R, C> {
    fn allocate<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Allocated, HandlerError>> {
        self.boxed(&request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            let seen = R::create(&client, &TypedRequest::new(request)?).await?;
            self.allocated(&client, seen, request).await
        })
    }

    fn configure<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Progress, HandlerError>> {
        self.boxed(&request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            R::configure(&client, &TypedRequest::new(request)?).await?;
            Ok(Self::answered(request))
        })
    }

    fn poll<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> BoxFuture<'a, Result<Polled, HandlerError>> {
        self.boxed(&request.provider, self.poll_now(request, level))
    }

    fn update<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Progress, HandlerError>> {
        self.boxed(&request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            let known = self.known(&client, request).await?;
            R::update(&client, &TypedRequest::new(&without_sealed(&known))?).await?;
            let outputs = self.renewed(&client, request).await?;
            Ok(Progress { outputs, ..Self::answered(request) })
        })
    }

    fn read<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Option<Observed>, HandlerError>> {
        self.boxed(&request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            read::<R, C>(&client, request).await
        })
    }

    fn delete<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Deletion, HandlerError>> {
        self.boxed(&request.provider, async move {
            let client = C::of(&self.factory, &request.provider).await;
            R::delete(&client, request).await
        })
    }

    fn find<'a>(
        &'a self,
        _: &'a Context,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Found, HandlerError>> {
        self.boxed(&request.provider, self.find_now(request))
    }

    fn lists_all(&self) -> bool {
        R::LISTS_ALL
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<Listed>, HandlerError>> {
        self.boxed(provider, async move {
            let client = C::of(&self.factory, provider).await;
            let all = match R::list(&client, stack).await {
                // A server that stands in for the cloud has nothing of what it does not know.
                Err(error) if error.is_unknown() && C::is_elsewhere(&self.factory) => vec![],
                all => all?,
            };
            let of_stack = |seen: &Seen| {
                stack.is_none_or(|stack| seen.owner().is_some_and(|owner| *owner.stack == *stack))
            };
            let mut listed = vec![];
            for seen in all.into_iter().filter(of_stack) {
                let (owner, id) = (seen.owner(), Arc::<str>::from(&*seen.id));
                let observed = match &owner {
                    Some(owner) if R::LISTS_ALL => {
                        let request = Request::unrecorded(
                            Self::ty(),
                            provider.clone(),
                            owner.clone(),
                            Arc::clone(&id),
                            Properties::default(),
                        );
                        Some(observed(&*client, seen, &id, &request).await?)
                    }
                    _ => None,
                };
                listed.push(Listed { id, owner, observed });
            }
            Ok(listed)
        })
    }

    fn needs(&self) -> &'static [Need] {
        R::NEEDS
    }
}
