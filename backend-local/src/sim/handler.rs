//! [`SimHandler`]: serves one type, by its schema.

use std::{sync::Arc, time::Duration};

use blake2::{Blake2s256, Digest};
use infra_core::{
    dsl::Provider,
    handler::{
        Allocated, BoxFuture, Context, Deletion, DynHandler, Found, HandlerError, Listed, Observed,
        Polled, Progress, Request,
    },
    schema::{Find, Level, TypeDef},
    value::{Properties, PropertiesBuilder, SecretValue, Slot, Value, canonical_bytes},
};

use super::{
    api::Api,
    identity::is_global,
    object::{Life, Object},
    refusal::Refusal,
    special::Wait,
    world::New,
};

type Answer<'a, T> = BoxFuture<'a, Result<T, HandlerError>>;

/// Serves one type, by its schema.
pub(super) struct SimHandler {
    pub(super) api: Arc<Api>,
    pub(super) ty: &'static TypeDef,
    pub(super) account: Arc<str>,
    pub(super) region: Arc<str>,
    /// Where things go whose provider says nothing.
    pub(super) home: Arc<str>,
}

impl SimHandler {
    pub(super) fn new(api: Arc<Api>, ty: &'static TypeDef, account: &str, region: &str) -> Self {
        let home = scope_of(ty, account, region);
        Self { api, ty, account: account.into(), region: region.into(), home }
    }

    pub(super) fn scope(&self, provider: &Provider) -> Arc<str> {
        if provider.account.is_none() && provider.region.is_none() {
            return Arc::clone(&self.home);
        }
        let account = provider.account.as_ref().unwrap_or(&self.account);
        scope_of(self.ty, account, provider.region.as_ref().unwrap_or(&self.region))
    }

    /// What the account keeps of properties: no secret in clear.
    pub(super) fn veiled(&self, properties: &Properties) -> Properties {
        if !properties.iter().any(|(_, value)| value.has_secret()) {
            return properties.clone();
        }
        properties.iter().map(|(slot, value)| (slot, self.veil(value))).collect()
    }

    fn veil(&self, value: &Value) -> Value {
        match value {
            Value::Secret(secret) => match &**secret {
                SecretValue::Plain(plain) => {
                    let mut bytes = self.api.veil.to_vec();
                    canonical_bytes(plain, &mut bytes);
                    let digest: [u8; 32] = Blake2s256::digest(&bytes).into();
                    let mut short = [0; 16];
                    short.copy_from_slice(&digest[..16]);
                    Value::Secret(Arc::new(SecretValue::Digest(short)))
                }
                SecretValue::Sealed(_) | SecretValue::Digest(_) => value.clone(),
            },
            Value::List(items) => Value::list(items.iter().map(|item| self.veil(item))),
            Value::Map(entries) => Value::Map(
                entries.iter().map(|(key, value)| (key.clone(), self.veil(value))).collect(),
            ),
            value => value.clone(),
        }
    }

    /// What is seen of a thing: `None` if it is not visible.
    fn seen(&self, object: &Object, now: u64, request: &Request) -> Option<Observed> {
        if object.visible_at > now || object.life == Life::Gone {
            return None;
        }
        let (inputs, outputs) = match &object.stale {
            Some(stale) if stale.0 > now => (&stale.1, &stale.2),
            _ => (&object.inputs, &object.outputs),
        };
        // What the caller knows in clear is given back in clear, where it is the same.
        let known = |slot: Slot, value: &Value| {
            let recorded = request.inputs.get(slot);
            if value.has_secret() && self.veil(recorded) == *value {
                recorded.clone()
            } else {
                value.clone()
            }
        };
        let told = |slot: Slot| !self.ty.prop(slot).write_only;
        let inputs = inputs.iter().filter(|(slot, _)| told(*slot));
        Some(Observed {
            inputs: inputs.map(|(slot, value)| (slot, known(slot, value))).collect(),
            outputs: outputs.clone(),
            level: if object.ready_at <= now { Level::Ready } else { Level::Configured },
            deleting: object.life == Life::Deleting,
        })
    }

    /// Finds a thing that can be seen.
    fn visible(&self, world: &super::World, request: &Request) -> Result<u32, Refusal> {
        let scope = self.scope(&request.provider);
        let place = world.place(self.ty.name, &request.id, &scope);
        let visible = place.filter(|place| {
            let object = &world.objects[*place as usize];
            object.life == Life::Live && object.visible_at <= world.now
        });
        visible.ok_or_else(|| {
            let refusal = Refusal::not_found(self.ty.name, &request.id);
            refusal.in_words_of(world.codes(self.ty.name))
        })
    }

    /// Whether a thing is on its way out already.
    fn is_going(&self, world: &super::World, request: &Request) -> bool {
        let place = world.place(self.ty.name, &request.id, &self.scope(&request.provider));
        place.is_some_and(|place| world.objects[place as usize].life == Life::Deleting)
    }

    fn separate(&self, slot: Slot) -> bool {
        self.ty.prop(slot).separate
    }

    /// Changes some properties with one call.
    async fn modify(
        &self,
        request: &Request,
        operation: &'static str,
        slots: &[Slot],
    ) -> Result<Properties, HandlerError> {
        let (mut changes, mut cleared) = (PropertiesBuilder::default(), vec![]);
        for slot in slots {
            match request.inputs.get(*slot) {
                Value::Null => cleared.push(*slot),
                value => changes.set(*slot, self.veil(value)),
            }
        }
        let changes = changes.build();
        self.api
            .call(self.ty, operation, |world, api| {
                let place = self.visible(world, request)?;
                world.modify(place, &changes, &cleared, api.lag())?;
                Ok(world.objects[place as usize].outputs.clone())
            })
            .await
    }

    async fn allocate_now(&self, request: &Request) -> Result<Allocated, HandlerError> {
        let inputs = self.veiled(&request.inputs.filtered(|slot| !self.separate(slot)));
        let later = request.inputs.iter().any(|(slot, _)| self.separate(slot));
        let owner = self.ty.tags.map(|_| Box::new(request.owner.clone()));
        let scope = self.scope(&request.provider);
        self.api
            .call(self.ty, "Create", |world, api| {
                let (ty, token, lag) = (self.ty, &request.owner.intent, api.lag());
                let place = world.create(New { ty, scope, inputs: &inputs, token, owner, lag })?;
                let object = &world.objects[place as usize];
                let waits = world.special(ty).and_then(|special| special.waits(world, object));
                let ready = object.ready_at <= world.now && !later && waits.is_none();
                Ok(Allocated {
                    id: object.id.clone(),
                    outputs: object.outputs.clone(),
                    level: if ready { Level::Ready } else { Level::Exists },
                })
            })
            .await
    }

    async fn configure_now(&self, request: &Request) -> Result<Progress, HandlerError> {
        let mut outputs = Properties::default();
        for (slot, _) in request.inputs.iter().filter(|(slot, _)| self.separate(*slot)) {
            outputs = self.modify(request, "Modify", &[slot]).await?;
        }
        Ok(Progress { outputs, level: Level::Configured })
    }

    async fn poll_now(&self, request: &Request) -> Result<Polled, HandlerError> {
        self.api
            .call(self.ty, "Describe", |world, _| {
                let scope = self.scope(&request.provider);
                let Some(place) = world.place(self.ty.name, &request.id, &scope) else {
                    return Ok(Polled::Missing);
                };
                let (object, now) = (&world.objects[place as usize], world.now);
                let Some(seen) = self.seen(object, now, request) else {
                    return Ok(Polled::Missing);
                };
                let until = object.stale.as_ref().map_or(0, |stale| stale.0).max(object.ready_at);
                if until > now {
                    let message = format!("{} is not ready yet", object.id);
                    let retry_after = Some(Duration::from_millis(until - now));
                    return Ok(Polled::Pending { message, retry_after });
                }
                let special = world.special(self.ty);
                match special.and_then(|special| special.waits(world, object)) {
                    None => {}
                    Some(Wait::Until(at, message)) => {
                        let retry_after = Some(Duration::from_millis(at.saturating_sub(now)));
                        return Ok(Polled::Pending { message, retry_after });
                    }
                    Some(Wait::Never(message)) => return Err(Refusal::hopeless(message)),
                }
                Ok(Polled::Reached(Progress { outputs: seen.outputs, level: Level::Ready }))
            })
            .await
    }

    async fn update_now(&self, request: &Request) -> Result<Progress, HandlerError> {
        let (alone, together): (Vec<Slot>, Vec<Slot>) =
            request.changed.iter().copied().partition(|slot| self.separate(*slot));
        let mut outputs = Properties::default();
        if !together.is_empty() {
            outputs = self.modify(request, "Modify", &together).await?;
        }
        for slot in alone {
            outputs = self.modify(request, "Modify", &[slot]).await?;
        }
        Ok(Progress { outputs, level: Level::Configured })
    }

    async fn read_now(&self, request: &Request) -> Result<Option<Observed>, HandlerError> {
        self.api
            .call(self.ty, "Describe", |world, _| {
                let scope = self.scope(&request.provider);
                let place = world.place(self.ty.name, &request.id, &scope);
                Ok(place.and_then(|place| {
                    self.seen(&world.objects[place as usize], world.now, request)
                }))
            })
            .await
    }

    async fn delete_now(&self, request: &Request) -> Result<Deletion, HandlerError> {
        for (slot, prop) in self.ty.inputs() {
            if prop.detach && request.inputs.has(slot) {
                self.api
                    .call(self.ty, "Detach", |world, api| {
                        if self.is_going(world, request) {
                            return Ok(());
                        }
                        let place = self.visible(world, request)?;
                        world.check_detach(place, slot)?;
                        world.modify(place, &Properties::default(), &[slot], api.lag())
                    })
                    .await?;
            }
        }
        self.api
            .call(self.ty, "Delete", |world, _| {
                if self.is_going(world, request) {
                    return Ok(Deletion::Started);
                }
                let place = self.visible(world, request)?;
                Ok(match world.delete(place)? {
                    Life::Gone => Deletion::Gone,
                    _ => Deletion::Started,
                })
            })
            .await
    }

    async fn find_now(&self, request: &Request) -> Result<Found, HandlerError> {
        let inputs = self.veiled(&request.inputs);
        self.api
            .call(self.ty, "Find", |world, _| {
                let scope = self.scope(&request.provider);
                let by_key = matches!(self.ty.find, Find::Name | Find::Key);
                let place = if by_key {
                    world.holder(self.ty, &inputs, &scope)
                } else {
                    world.by_token(&request.owner.intent)
                };
                let object = place
                    .map(|place| &world.objects[place as usize])
                    .filter(|object| object.life == Life::Live && object.visible_at <= world.now);
                let Some(object) = object else {
                    return Ok(Found::NotYetCertain { retry_after: Duration::from_secs(1) });
                };
                let ours = self.ty.find == Find::Key
                    || object
                        .owner
                        .as_ref()
                        .is_some_and(|owner| owner.intent == request.owner.intent)
                    || object.owner.is_none() && self.ty.find == Find::Token;
                if !ours {
                    return Ok(Found::Foreign { id: object.id.clone() });
                }
                Ok(Found::Here(Allocated {
                    id: object.id.clone(),
                    outputs: object.outputs.clone(),
                    level: Level::Exists,
                }))
            })
            .await
    }

    async fn list_now(
        &self,
        provider: &Provider,
        stack: Option<&str>,
    ) -> Result<Vec<Listed>, HandlerError> {
        self.api
            .call(self.ty, "List", |world, _| {
                let scope = self.scope(provider);
                let of_stack = |object: &&Object| match (stack, &object.owner) {
                    (None, _) => true,
                    (Some(stack), Some(owner)) => *owner.stack == *stack,
                    (Some(_), None) => false,
                };
                let all = world.all(self.ty.name, &scope);
                let seen = all.filter(|object| !object.implicit && object.visible_at <= world.now);
                Ok(seen
                    .filter(of_stack)
                    .map(|object| Listed {
                        id: object.id.clone(),
                        owner: object.owner.as_deref().cloned(),
                        observed: None,
                    })
                    .collect())
            })
            .await
    }
}

/// The account and region that a thing of a type belongs to.
fn scope_of(ty: &TypeDef, account: &str, region: &str) -> Arc<str> {
    let region = if is_global(ty) { "global" } else { region };
    format!("{account}/{region}").into()
}

impl DynHandler for SimHandler {
    fn allocate<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Allocated> {
        Box::pin(self.allocate_now(request))
    }

    fn configure<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(self.configure_now(request))
    }

    fn poll<'a>(&'a self, _: &'a Context, request: &'a Request, _: Level) -> Answer<'a, Polled> {
        Box::pin(self.poll_now(request))
    }

    fn update<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Progress> {
        Box::pin(self.update_now(request))
    }

    fn read<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Option<Observed>> {
        Box::pin(self.read_now(request))
    }

    fn delete<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Deletion> {
        Box::pin(self.delete_now(request))
    }

    fn find<'a>(&'a self, _: &'a Context, request: &'a Request) -> Answer<'a, Found> {
        Box::pin(self.find_now(request))
    }

    fn list<'a>(
        &'a self,
        _: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> Answer<'a, Vec<Listed>> {
        Box::pin(self.list_now(provider, stack))
    }
}
