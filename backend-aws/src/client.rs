//! [`Client`]: what reaches one account of a provider.

use std::{future::Future, sync::Arc};

use infra_core::{dsl::Provider, handler::Request, value::Properties};

use crate::error::Answer;

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
