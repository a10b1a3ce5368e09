//! [`HandlerError`]: what went wrong at a cloud, and what that means for the engine.

use std::time::Duration;

/// Whether a call that failed may have done its work all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It certainly did nothing: the intent can be closed.
    NotExecuted,
    /// It may have been executed: only asking will tell.
    Unknown,
}

/// What kind of thing went wrong; decides whether the engine tries again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Too many calls. Tried again after a while.
    Throttled {
        /// When the service said to try again.
        retry_after: Option<Duration>,
    },
    /// Something that was made is not visible everywhere yet. Tried again.
    EventuallyConsistent,
    /// The service or the network failed. Tried again.
    Transient,
    /// It is used by something else. Tried again for as long as the type's timeout allows.
    InUse {
        /// By what.
        by: Vec<String>,
    },
    /// There is one already.
    AlreadyExists {
        /// Its physical id, if told.
        id: Option<String>,
    },
    /// There is none.
    NotFound,
    /// A property has a value that the service refuses.
    Invalid {
        /// The property, if it is known which.
        property: Option<String>,
    },
    /// The credentials do not allow it.
    Denied,
    /// A quota is exhausted.
    Quota,
    /// Anything else that trying again will not mend.
    Final,
}

/// What went wrong at a cloud.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct HandlerError {
    /// What kind of thing.
    pub problem: Problem,
    /// Whether the call may have been executed.
    pub certainty: Certainty,
    /// The service: `ec2`.
    pub service: &'static str,
    /// The operation: `CreateVpc`.
    pub operation: &'static str,
    /// The service's own error code.
    pub code: String,
    /// The service's own words, or ours.
    pub message: String,
    /// The id under which the service has logged the call.
    pub request_id: Option<String>,
    /// What it came from.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl HandlerError {
    /// A refusal: the call certainly did nothing.
    #[must_use]
    pub fn refused(
        problem: Problem,
        service: &'static str,
        operation: &'static str,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            problem,
            certainty: Certainty::NotExecuted,
            service,
            operation,
            code: code.into(),
            message: message.into(),
            request_id: None,
            source: None,
        }
    }

    /// The answer to a call was lost: it may have been executed.
    #[must_use]
    pub fn lost(
        service: &'static str,
        operation: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let refused = Self::refused(Problem::Transient, service, operation, "", message);
        Self { certainty: Certainty::Unknown, ..refused }
    }

    /// Whether trying again may help, without anybody doing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.problem,
            Problem::Throttled { .. }
                | Problem::EventuallyConsistent
                | Problem::Transient
                | Problem::InUse { .. }
        )
    }
}
