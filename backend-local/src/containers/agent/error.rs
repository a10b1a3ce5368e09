//! [`AgentError`]: why there is no agent, or it does not do what it is asked.

use std::path::PathBuf;

use infra_core::state::seal::SealError;

use crate::{containers::docker::DockerError, sim::SimError};

/// Why there is no agent, or it does not do what it is asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// A file of it can't be used.
    #[error("the agent's file `{path}` can't be {what}")]
    File {
        /// The file.
        path: PathBuf,
        /// `read`, `written`.
        what: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// A file of it holds something else.
    #[error("the agent's file `{path}` is damaged")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Files can't be kept so.
    #[error("{variable} is `{value}`, which keeps no files: say gluster, nfs or volume")]
    FilesBy {
        /// The variable of the environment.
        variable: &'static str,
        /// What it says.
        value: String,
    },
    /// Nobody listens at its socket.
    #[error("no agent runs for `{folder}`: start it with `agent start`")]
    NotThere {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Somebody else listens at its socket.
    #[error(
        "the user {user} listens at `{socket}`, where the agent is to: nothing was said to them"
    )]
    Stranger {
        /// The socket.
        socket: PathBuf,
        /// The number of the user.
        user: u32,
    },
    /// It broke off while it answered.
    #[error("the agent does not answer {path}")]
    Broken {
        /// What it was asked for.
        path: String,
        /// What happened.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It refuses.
    #[error("the agent refuses: {said}")]
    Refused {
        /// What it said.
        said: String,
    },
    /// Another agent has the folder.
    #[error("another agent runs for `{folder}`")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// It did not come up.
    #[error("the agent did not start; the end of `{log}`:\n{said}")]
    NotStarted {
        /// Its log.
        log: PathBuf,
        /// What it says.
        said: String,
    },
    /// Its process can't be started.
    #[error("the agent's process can't be started from `{program}`")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A part can't begin.
    #[error("the agent's {part} can't begin")]
    Part {
        /// Which.
        part: &'static str,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Docker refuses.
    #[error("Docker does not do what the agent needs")]
    Docker(#[from] DockerError),
    /// The account can't be read.
    #[error("the account can't be read")]
    Account(#[from] SimError),
    /// Its secrets can't be sealed or opened.
    #[error("the agent's secrets can't be sealed or opened")]
    Seal(#[from] SealError),
}

impl AgentError {
    pub(super) fn file(
        path: impl Into<PathBuf>,
        what: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, what, source }
    }
}
