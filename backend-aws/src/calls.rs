//! [`Told`]: tells somebody of each call before it is made.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeSerializationInterceptorContextRef},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Who is told of each call: the service and the operation, as the SDK calls them (`EC2`,
/// `CreateVpc`).
pub type OnCall = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// Tells of each call of a client.
#[derive(Clone)]
pub(crate) struct Told(pub(crate) OnCall);

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

impl Intercept for Told {
    fn name(&self) -> &'static str {
        "told of calls"
    }

    // The first moment at which the operation is known.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(call) = config.load::<Metadata>() {
            (self.0)(call.service(), call.name());
        }
        Ok(())
    }
}
