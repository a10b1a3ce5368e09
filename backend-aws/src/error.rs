//! What errors of clouds mean to the engine.

use std::time::Duration;

use infra_core::handler::{Certainty, HandlerError, Problem};

/// What handlers of this crate fail with: what a client failed with becomes it by `?`.
#[derive(Debug)]
pub(crate) struct Error(pub(crate) Box<HandlerError>);

pub(crate) type Answer<T> = Result<T, Error>;

impl From<HandlerError> for Error {
    fn from(error: HandlerError) -> Self {
        Self(Box::new(error))
    }
}

/// The codes of an operation that a server does not know which stands in for AWS. Some have none and
/// answer with a page for people: the first is ours for that.
pub(crate) const UNKNOWN: &[&str] =
    &["UnknownOperation", "InvalidAction", "UnknownOperationException"];

impl Error {
    /// There is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        self.0.problem == Problem::NotFound
    }

    /// The server does not know the operation.
    pub(crate) fn is_unknown(&self) -> bool {
        // So one of them says it of Route 53, with a code that means much else.
        let is_said = self.0.message.starts_with("Unknown Route53 endpoint");
        is_said || UNKNOWN.contains(&&*self.0.code)
    }

    /// Something still uses it.
    pub(crate) fn is_in_use(&self) -> bool {
        matches!(self.0.problem, Problem::InUse { .. })
    }

    /// An answer that lacks what it must have.
    pub(crate) fn incomplete(service: &'static str, operation: &'static str, what: &str) -> Self {
        let message = format!("the answer has no {what}");
        Self(Box::new(HandlerError {
            certainty: Certainty::Unknown,
            ..HandlerError::refused(Problem::Final, service, operation, "", message)
        }))
    }

    /// Something that trying again will not mend; no call was made that changes anything.
    pub(crate) fn refused(
        problem: Problem,
        service: &'static str,
        operation: &'static str,
        message: impl Into<String>,
    ) -> Self {
        HandlerError::refused(problem, service, operation, "", message).into()
    }

    /// It is used by something else, which is named.
    pub(crate) fn in_use(mut self, by: Vec<String>) -> Self {
        self.0.problem = Problem::InUse { by };
        self
    }

    /// To be tried again after a while.
    pub(crate) fn throttled() -> Problem {
        Problem::Throttled { retry_after: None::<Duration> }
    }
}

/// What is not there is no error.
pub(crate) trait IfFound<T> {
    /// `None` if the service says that there is no such thing.
    fn if_found(self) -> Answer<Option<T>>;
}

impl<T, E: Into<Error>> IfFound<T> for Result<T, E> {
    fn if_found(self) -> Answer<Option<T>> {
        match self.map_err(Into::into) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
