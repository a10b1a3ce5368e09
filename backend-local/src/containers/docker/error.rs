//! [`DockerError`]: what Docker refuses, and what to do about it.

use super::bollard::errors::Error as ApiError;

/// Why Docker does not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DockerError {
    /// There is none to talk to, or we may not.
    #[error("Docker can't be reached: {reason}; {fix}")]
    NotThere {
        /// Why not.
        reason: String,
        /// What to do.
        fix: &'static str,
    },
    /// It does not answer.
    #[error(
        "Docker does not answer within {seconds} s: look whether `docker ps` does, or restart it"
    )]
    Silent {
        /// How long was waited.
        seconds: u64,
    },
    /// It refused a call.
    #[error("Docker can't {operation} {what}")]
    Api {
        /// What was asked.
        operation: &'static str,
        /// With what: a container, a network, an image.
        what: String,
        /// What it said.
        source: ApiError,
    },
    /// A container can't be started.
    #[error("the container {name} of the image {image} can't be started")]
    Start {
        /// Its name.
        name: String,
        /// Its image.
        image: String,
        /// What Docker said.
        source: testcontainers::TestcontainersError,
    },
    /// The name of an image can't be understood.
    #[error("`{0}` is no name of an image: it is `name:tag`")]
    NoImageName(String),
    /// A command in a container failed.
    #[error("`{command}` in {container} ended with {code}: {said}")]
    Command {
        /// The container.
        container: String,
        /// The command.
        command: String,
        /// What it ended with.
        code: i64,
        /// What it said last.
        said: String,
    },
}

impl DockerError {
    /// A call was refused.
    #[must_use]
    pub fn api(operation: &'static str, what: impl Into<String>, source: ApiError) -> Self {
        Self::Api { operation, what: what.into(), source }
    }

    pub(super) fn not_there(error: &(dyn std::error::Error + 'static)) -> Self {
        let (mut reason, mut next) = (String::new(), Some(error));
        while let Some(error) = next {
            reason = error.to_string();
            next = error.source();
        }
        let fix = if reason.contains("ermission denied") {
            "add yourself to the group `docker`, or set DOCKER_HOST to the socket of a rootless one"
        } else if reason.contains("too new") || reason.contains("too old") {
            "Docker 20.10 or newer is needed"
        } else {
            "install and start it, or set DOCKER_HOST to where it listens"
        };
        Self::NotThere { reason, fix }
    }

    /// Whether what was asked about is not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether it is there already, or in another state than the call needs.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409)
    }

    /// The status that Docker answered with, if it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api {
                source: ApiError::DockerResponseServerError { status_code, .. }, ..
            } => Some(*status_code),
            _ => None,
        }
    }
}

/// A call that removes something that may be gone.
pub(super) fn unless_gone(
    operation: &'static str,
    what: &str,
    result: Result<(), ApiError>,
) -> Result<(), DockerError> {
    match result.map_err(|source| DockerError::api(operation, what, source)) {
        Err(error) if error.is_missing() => Ok(()),
        result => result,
    }
}

/// A call on a container that may be gone, or in that state already.
pub(super) fn unless_missing(
    operation: &'static str,
    what: &str,
    result: Result<(), ApiError>,
) -> Result<(), DockerError> {
    match result.map_err(|source| DockerError::api(operation, what, source)) {
        // 304: it is so already; 409: it does not run, or is on its way out.
        Err(error) if matches!(error.status(), Some(304 | 404 | 409)) => Ok(()),
        result => result,
    }
}
