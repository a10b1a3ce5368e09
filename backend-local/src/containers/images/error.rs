//! [`ImageError`]: why there is no such image, and what to do.

use std::path::PathBuf;

use crate::containers::docker::DockerError;

/// Why there is no such image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// Docker refused a call, or is not there.
    #[error(transparent)]
    Docker(#[from] DockerError),
    /// No registry has it for us, and nothing says how it is built.
    #[error(
        "the image {image} can't be pulled, and nothing says how to build it: {reason}; pull it \
         where the registry can be reached and bring it here (`docker save`, `docker load`)"
    )]
    NotPulled {
        /// The image.
        image: String,
        /// What the registry said, or that it did not.
        reason: String,
    },
    /// A step of its build failed.
    #[error("the image {image} can't be built: `{step}` failed: {said}{fix}")]
    Build {
        /// The image.
        image: String,
        /// The step, as its Dockerfile has it.
        step: String,
        /// What it said last.
        said: String,
        /// What to do, after a semicolon, where that can be told.
        fix: &'static str,
    },
    /// Docker said nothing for too long.
    #[error("the image {image} can't be built: `{step}` said nothing for {seconds} s")]
    Silent {
        /// The image.
        image: String,
        /// The step that it was at.
        step: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Debian can't be made here.
    #[error("the image {image} can be neither pulled nor made here: {reason}; {fix}")]
    Debian {
        /// The image.
        image: String,
        /// Why not.
        reason: String,
        /// What to do.
        fix: &'static str,
    },
    /// A file that is needed for a build can't be read or written.
    #[error("{path} can't be {used} for the image {image}", path = path.display())]
    File {
        /// The image.
        image: String,
        /// The file or folder.
        path: PathBuf,
        /// What was meant to be done with it: `read`.
        used: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The variable `SSL_CERT_FILE` names a file that can't be read.
    #[error("SSL_CERT_FILE is {path}, which can't be read: unset it, or name a file of certificates",
        path = path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder names files that are to be left out, which this does not read.
    #[error(
        "{path} has a .dockerignore, which is not read here: remove it, and what it names",
        path = path.display()
    )]
    Ignores {
        /// The folder.
        path: PathBuf,
    },
}
