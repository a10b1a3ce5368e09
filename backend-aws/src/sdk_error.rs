//! What AWS's errors mean to the engine.

use std::time::Duration;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use infra_core::handler::{Certainty, HandlerError, Problem};

use crate::{
    codes,
    error::{Error, UNKNOWN},
    pace::NotYet,
};

/// The service and the operation that an error of the SDK is of. Each operation has a type of its
/// own, `aws_sdk_ec2::operation::create_vpc::CreateVpcError`, and nothing else tells which it was.
fn operation_of<E>() -> (&'static str, &'static str) {
    let name = std::any::type_name::<E>();
    let service = name.strip_prefix("aws_sdk_").and_then(|rest| rest.split("::").next());
    let operation = name.rsplit("::").next().and_then(|last| last.strip_suffix("Error"));
    (service.unwrap_or("aws"), operation.unwrap_or(name))
}

/// When a call is to come again that was not made, because it was not its turn.
fn not_yet<E, R>(error: &SdkError<E, R>) -> Option<Duration>
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(not_yet) = error.downcast_ref::<NotYet>() {
            return Some(not_yet.after);
        }
        source = error.source();
    }
    None
}

/// Whether an answer says that the operation is not known there: by its status (what HTTP has it for,
/// whatever the code beside it), or with a page for people. Those in front of AWS say so of overload
/// (502 to 504).
fn is_not_known(answer: &HttpResponse) -> bool {
    let html = answer.headers().get("content-type").is_some_and(|it| it.starts_with("text/html"));
    match answer.status().as_u16() {
        501 => true,
        404 | 500 => html,
        _ => false,
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let (service, operation) = operation_of::<E>();
        if let Some(after) = not_yet(&error) {
            let problem = Problem::Throttled { retry_after: Some(after) };
            let message = format!("{operation} waits: AWS is called as often as it allows");
            return HandlerError::refused(problem, service, operation, "", message).into();
        }
        if error.raw_response().is_some_and(is_not_known) {
            let said = error.as_service_error().and_then(|error| error.meta().message());
            let message = said.map_or_else(
                || format!("{operation} is not known there"),
                |said| format!("{operation} is not known there: {said}"),
            );
            return HandlerError {
                certainty: Certainty::Unknown,
                ..HandlerError::refused(Problem::Final, service, operation, UNKNOWN[0], message)
            }
            .into();
        }
        let meta = error.as_service_error().map(|error| error.meta().clone());
        let status = error.raw_response().map(|answer| answer.status().as_u16());
        let problem = match &meta {
            // Those in front of a service fail without its words.
            Some(meta) if meta.code().is_none() && status.is_some_and(|status| status >= 500) => {
                Problem::Transient
            }
            Some(meta) => codes::problem(
                service,
                operation,
                meta.code().unwrap_or_default(),
                meta.message().unwrap_or_default(),
            ),
            None => match error {
                SdkError::ConstructionFailure(_) => Problem::Final,
                _ => Problem::Transient,
            },
        };
        let certainty = certainty(&error, &problem);
        let code = meta.as_ref().and_then(|meta| meta.code()).unwrap_or_default().to_owned();
        let said = meta.as_ref().and_then(|meta| meta.message()).map(str::to_owned);
        let message = said.unwrap_or_else(|| format!("{operation} came to no answer"));
        let request_id = meta.as_ref().and_then(|meta| meta.request_id()).map(str::to_owned);
        Self(Box::new(HandlerError {
            problem,
            certainty,
            service,
            operation,
            code,
            message,
            request_id,
            // What the service said is told already.
            source: meta.is_none().then(|| Box::new(error) as _),
        }))
    }
}

/// Whether the call may have been executed: a refusal of the service says that it was not, unless
/// the service itself failed.
fn certainty<E, R>(error: &SdkError<E, R>, problem: &Problem) -> Certainty {
    match error {
        SdkError::ConstructionFailure(_) => Certainty::NotExecuted,
        SdkError::ServiceError(_) if *problem != Problem::Transient => Certainty::NotExecuted,
        _ => Certainty::Unknown,
    }
}

impl Error {
    /// What an answer tells of a part of the request that came to nothing.
    pub(crate) fn of_part(
        service: &'static str,
        operation: &'static str,
        code: &str,
        message: &str,
    ) -> Self {
        let problem = codes::problem(service, operation, code, message);
        HandlerError::refused(problem, service, operation, code, message).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod create_vpc {
        pub(super) struct CreateVpcError;
    }

    /// What becomes of an answer to `CreateVpc` with this status, code and message.
    fn answered(status: u16, code: &str, message: &str) -> HandlerError {
        let meta = aws_smithy_types::error::ErrorMetadata::builder().code(code).message(message);
        let error = aws_sdk_ec2::operation::create_vpc::CreateVpcError::generic(meta.build());
        let status = status.try_into().expect("a status of HTTP");
        let answer = HttpResponse::new(status, aws_smithy_types::body::SdkBody::empty());
        *Error::from(SdkError::service_error(error, answer)).0
    }

    #[test]
    fn what_is_not_implemented_is_not_asked_for_again() {
        let error = answered(501, "InternalFailure", "not implemented");
        assert_eq!(error.problem, Problem::Final);
        assert_eq!(error.message, "CreateVpc is not known there: not implemented");
        assert!(Error::from(error).is_unknown());
        assert_eq!(answered(500, "InternalFailure", "").problem, Problem::Transient);
    }

    #[test]
    fn the_operation_is_that_of_the_type() {
        let (_, operation) = operation_of::<create_vpc::CreateVpcError>();
        assert_eq!(operation, "CreateVpc");
    }
}
