//! [`Recipe`]: how an image is built.

use std::borrow::Cow;

use super::context::{Content, Context};

/// How an image is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The image: `name:tag`.
    pub image: String,
    /// Whether a registry has an image of that name that is meant. If it does not answer, the image
    /// is built. Ours are in none: what is there under their names is somebody else's.
    pub pulled: bool,
    /// The images that it begins with.
    pub bases: Vec<String>,
    /// What it is made of.
    pub source: Source,
    /// The file of the build that tells whom this machine trusts, if it needs that.
    pub authorities: Option<String>,
}

/// What an image is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Debian's packages, by debootstrap.
    Debian {
        /// The suite: `bookworm`.
        suite: String,
    },
    /// A Dockerfile, and what it copies. It may have an argument `APT_OPTS`.
    Files(Vec<File>),
}

/// A file that an image is built of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path within the build: `Dockerfile`.
    pub path: Cow<'static, str>,
    /// What is in it.
    pub content: Cow<'static, [u8]>,
    /// Whether it is a program.
    pub executable: bool,
}

impl Recipe {
    /// Which files it is: what changes when any of them does.
    pub(super) fn digest(&self) -> String {
        match &self.source {
            Source::Debian { suite } => super::context::digest(&[b"debian", suite.as_bytes()]),
            Source::Files(files) => Context::of(files).embedded_digest(),
        }
    }
}

impl Context {
    /// Files that are part of this program.
    pub(super) fn of(files: &[File]) -> Self {
        let mut context = Self::default();
        for File { path, content, executable } in files {
            let content = Content::Bytes { bytes: content.clone(), executable: *executable };
            context.add(path.clone().into_owned(), content);
        }
        context
    }
}
