//! [`CloudflareBackend`] and [`CloudflarePlace`]: Cloudflare alone, for programs that have nothing
//! at AWS. Programs with both go to that of AWS, which serves both.

use std::{sync::Arc, time::Duration};

use infra_core::{
    clock::{Clock, SystemClock},
    cloudflare::KIND,
    dsl::Provider,
    handler::{Backend, BackendError, BoxFuture, Place, PlaceRequest, Problem, Registry},
};

use super::{Ask, CloudflareOptions, Factory, Needs, add_all, options::VARIABLE};
use crate::error::Error;

/// How many operations Cloudflare bears at once: 1200 calls in five minutes are let through.
const CONCURRENCY: usize = 4;

/// Reading zones, which every program needs.
pub(super) const ZONES: Needs = Needs("Zone / Zone / Read");

/// Adds the handlers of Cloudflare's types.
pub(crate) fn registered(registry: &mut Registry, factory: Factory) -> Arc<Factory> {
    let factory = Arc::new(factory);
    add_all(registry, &factory);
    factory
}

/// Checks that Cloudflare can be asked: the token is one, and reaches the account that the provider
/// names.
pub(crate) async fn check(factory: &Factory, provider: &Provider) -> Result<(), BackendError> {
    let cloudflare = factory.of(provider);
    if let Some((message, help)) = cloudflare.unusable() {
        return Err(BackendError { message, help: Some(help), source: None });
    }
    // Tokens of accounts and of users are verified in two places, and both can do this.
    let mut ask = Ask::new("zones", ZONES, "GET /zones", &[]).query("per_page", "5");
    if let Some(account) = &provider.account {
        ask = ask.query("account.id", &**account);
    }
    let refused = |Error(error): Error| {
        let denied = error.problem == Problem::Denied;
        let help = if denied {
            format!("set {VARIABLE} to a token with `{}` of the zones", ZONES.0)
        } else {
            "try again later, or look whether its API can be reached from here".to_owned()
        };
        BackendError {
            message: "Cloudflare does not let us in".to_owned(),
            help: Some(help),
            source: Some(error),
        }
    };
    let zones = cloudflare.call(&ask).await.map_err(refused)?;
    match &provider.account {
        Some(account) if zones.as_array().is_none_or(Vec::is_empty) => Err(BackendError {
            message: format!("the API token of Cloudflare reaches no zone of account {account}"),
            help: Some(format!("set {VARIABLE} to a token for the zones of that account")),
            source: None,
        }),
        _ => Ok(()),
    }
}

/// Cloudflare, or a server that speaks its API.
#[derive(Debug)]
pub struct CloudflareBackend {
    factory: Arc<Factory>,
    registry: Registry,
}

impl CloudflareBackend {
    /// Cloudflare as the options say. Nothing is called before something is to be done.
    #[must_use]
    pub fn new(options: CloudflareOptions) -> Self {
        let mut registry = Registry::new();
        let factory = registered(&mut registry, Factory::new(options, false));
        infra_core::local::register(&mut registry);
        Self { factory, registry }
    }
}

impl Backend for CloudflareBackend {
    fn name(&self) -> &'static str {
        KIND
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn settle_time(&self) -> Duration {
        let elsewhere = self.factory.options.endpoint.is_some();
        Duration::from_secs(if elsewhere { 1 } else { 10 })
    }

    fn check_provider<'a>(
        &'a self,
        provider: &'a Provider,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        Box::pin(async move {
            if &*provider.kind == KIND { check(&self.factory, provider).await } else { Ok(()) }
        })
    }
}

/// Brings Cloudflare alone to a binary: `App::new("campus").place(CloudflarePlace::default())`.
#[derive(Clone, Debug, Default)]
pub struct CloudflarePlace {
    options: CloudflareOptions,
}

impl CloudflarePlace {
    /// Cloudflare reached as the options say.
    #[must_use]
    pub fn new(options: CloudflareOptions) -> Self {
        Self { options }
    }
}

impl Place for CloudflarePlace {
    fn name(&self) -> &'static str {
        KIND
    }

    fn is_real(&self) -> bool {
        true
    }

    fn takes_endpoints(&self) -> bool {
        true
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let mut options = self.options.clone();
        let endpoints = &request.endpoints;
        if let Some(own) = endpoints.services.get(KIND).or(endpoints.all.as_ref()) {
            options.endpoint = Some(own.clone());
        }
        Ok(Arc::new(CloudflareBackend::new(options.with_environment())))
    }
}
