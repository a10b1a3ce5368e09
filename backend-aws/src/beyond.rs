//! What AWS's JSON has and the SDK does not know yet: put into requests, and found in answers.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::AfterDeserializationInterceptorContextRef},
        orchestrator::HttpRequest,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use serde_json::{Map, Value};

/// Puts members into the JSON of a request: `call.customize().mutate_request(with(members))`.
pub(crate) fn with(members: Map<String, Value>) -> impl Fn(&mut HttpRequest) + Send + Sync {
    move |request| {
        let body = request.body().bytes().and_then(|body| serde_json::from_slice(body).ok());
        let Some(Value::Object(mut body)) = body else { return };
        body.extend(members.clone());
        let text = Value::Object(body).to_string();
        request.headers_mut().insert("content-length", text.len().to_string());
        *request.body_mut() = SdkBody::from(text);
    }
}

/// Keeps the JSON of an answer: `call.customize().interceptor(heard.clone())`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard(Arc<Mutex<Value>>);

impl Heard {
    /// What was answered last.
    pub(crate) fn json(&self) -> Value {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

impl Intercept for Heard {
    fn name(&self) -> &'static str {
        "Heard"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes();
        let json = body.and_then(|body| serde_json::from_slice(body).ok());
        *self.0.lock().expect("nobody panics with it") = json.unwrap_or_default();
        Ok(())
    }
}
