//! [`Refusal`]: why the simulated AWS says no.

use infra_core::{
    handler::{HandlerError, Problem},
    schema::TypeDef,
};

/// What ec2 says when something is not ready.
const NOT_READY: &str = "IncorrectState";

/// The error codes of a service that does not speak as ec2 does.
#[derive(Debug)]
pub(super) struct Codes {
    /// There is no such thing.
    pub(super) not_found: &'static str,
    /// It is there, but not ready.
    pub(super) not_ready: &'static str,
    /// There is one already.
    pub(super) exists: &'static str,
    /// It is used by something else.
    pub(super) in_use: &'static str,
    /// A quota is exhausted.
    pub(super) quota: &'static str,
}

/// Why the simulated AWS says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What kind of no.
    pub(super) problem: Problem,
    /// AWS's error code.
    pub(super) code: String,
    /// Why.
    pub(super) message: String,
}

impl Refusal {
    /// A property has a value that AWS refuses.
    pub(super) fn invalid(property: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            problem: Problem::Invalid { property: Some(property.to_owned()) },
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// The same by another code.
    pub(super) fn coded(self, code: &str) -> Self {
        Self { code: code.to_owned(), ..self }
    }

    /// The same in the words of a service.
    pub(super) fn in_words_of(mut self, codes: Option<&Codes>) -> Self {
        let Some(codes) = codes else { return self };
        let code = match self.problem {
            Problem::EventuallyConsistent if self.code == NOT_READY => codes.not_ready,
            Problem::NotFound | Problem::EventuallyConsistent => codes.not_found,
            Problem::AlreadyExists { .. } => codes.exists,
            Problem::InUse { .. } => codes.in_use,
            Problem::Quota => codes.quota,
            _ => return self,
        };
        code.clone_into(&mut self.code);
        self
    }

    /// A name is kept for something that was deleted and can still be restored.
    pub(super) fn kept(property: &str, value: &str, for_ms: u64) -> Self {
        let days = for_ms.div_ceil(24 * 60 * 60 * 1000);
        let message = format!(
            "`{property}` {value} is that of something scheduled for deletion (days left: {days}); \
             restore it or delete it for good, wait, or choose another name"
        );
        Self::invalid(property, "InvalidRequestException", message)
    }

    /// There is no such thing.
    pub(super) fn not_found(ty: &str, id: &str) -> Self {
        let kind = ty.rsplit(':').next().unwrap_or(ty);
        Self {
            problem: Problem::NotFound,
            code: format!("{kind}NotFound"),
            message: format!("the {kind} `{id}` does not exist"),
        }
    }

    /// Something that is referred to can't be seen (yet).
    pub(super) fn missing_reference(property: &str, ty: &str, id: &str) -> Self {
        Self { problem: Problem::EventuallyConsistent, ..Self::missing(property, ty, id) }
    }

    /// Something that is referred to does not exist, for certain.
    pub(super) fn missing(property: &str, ty: &str, id: &str) -> Self {
        let kind = ty.rsplit(':').next().unwrap_or(ty);
        let message = format!("`{property}`: the {kind} `{id}` does not exist");
        Self::invalid(property, &format!("Invalid{kind}ID.NotFound"), message)
    }

    /// Something that is referred to is not ready.
    pub(super) fn not_ready(property: &str, id: &str) -> Self {
        Self {
            problem: Problem::EventuallyConsistent,
            code: NOT_READY.to_owned(),
            message: format!("`{property}`: `{id}` is not ready"),
        }
    }

    /// It never becomes ready.
    pub(super) fn hopeless(message: String) -> Self {
        Self { problem: Problem::Final, code: "ResourceNotReady".to_owned(), message }
    }

    /// There is one already.
    pub(super) fn exists(ty: &TypeDef, id: &str, key: &str) -> Self {
        Self {
            problem: Problem::AlreadyExists { id: Some(id.to_owned()) },
            code: format!("{}AlreadyExists", ty.short_name()),
            message: format!("there is a {} with the same {key}: `{id}`", ty.short_name()),
        }
    }

    /// It is used by something else.
    pub(super) fn in_use(id: &str, by: Vec<String>) -> Self {
        Self {
            problem: Problem::InUse { by },
            code: "DependencyViolation".to_owned(),
            message: format!("`{id}` has dependents and can't be deleted"),
        }
    }

    /// A quota is exhausted.
    pub(super) fn quota(what: &str, limit: usize) -> Self {
        Self {
            problem: Problem::Quota,
            code: "LimitExceeded".to_owned(),
            message: format!("the quota of {limit} {what} is exhausted; ask AWS to raise it"),
        }
    }

    /// The same as what handlers return.
    pub(super) fn into_error(self, ty: &TypeDef, operation: &'static str) -> HandlerError {
        HandlerError::refused(self.problem, ty.service(), operation, self.code, self.message)
    }
}
