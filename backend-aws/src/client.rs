//! [`Client`]: what reaches one account of a provider.

use std::{future::Future, sync::Arc};

use infra_core::{
    dsl::Provider,
    handler::{BoxFuture, HandlerError, Request},
    value::Properties,
};

use crate::error::{Answer, Error};

/// The clients that the file of a type means if it names none.
#[cfg(feature = "sdk")]
pub(crate) use crate::aws::Aws as Usual;
#[cfg(not(feature = "sdk"))]
pub(crate) use crate::cloudflare::Cloudflare as Usual;

/// What reaches one account of a provider.
pub(crate) trait Client: Send + Sync + Sized + 'static {
    /// What makes it, once for each account.
    type Factory: Send + Sync + 'static;

    /// The one of what a provider says.
    fn of(factory: &Self::Factory, provider: &Provider) -> impl Future<Output = Arc<Self>> + Send;

    /// Whether a server stands in for the provider.
    fn is_elsewhere(factory: &Self::Factory) -> bool;

    /// Hears with what a handler failed: whoever asks too often may ask less often from now on.
    fn heard(&self, error: &HandlerError) {
        let _ = error;
    }

    /// The ARN of a thing with this id, if its type has one and the template says it.
    fn spelt_arn(
        &self,
        request: &Request,
        inputs: &Properties,
        id: &str,
    ) -> impl Future<Output = Answer<Option<String>>> + Send {
        let _ = (request, inputs, id);
        async { Ok(None) }
    }
}

/// The work of a handler for what a provider says.
pub(crate) fn boxed<'a, C: Client, T: 'a>(
    factory: &'a C::Factory,
    provider: &'a Provider,
    work: impl Future<Output = Answer<T>> + Send + 'a,
) -> BoxFuture<'a, Result<T, HandlerError>> {
    Box::pin(async move {
        let failed = match work.await {
            Ok(done) => return Ok(done),
            Err(Error(failed)) => failed,
        };
        C::of(factory, provider).await.heard(&failed);
        Err(*failed)
    })
}
