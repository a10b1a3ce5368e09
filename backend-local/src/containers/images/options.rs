//! [`Options`]: what the machine's owner may choose.

use std::{path::PathBuf, time::Duration};

/// What the machine's owner may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where locks lie, and Debian while it is made: a folder that all who build here share, on a file
    /// system that takes devices and programs.
    pub folder: PathBuf,
    /// Further options of `apt-get` in builds, for mirrors that are behind: default none.
    pub apt_options: String,
    /// Whom this machine trusts beside what every machine does, as PEM: default nobody. Builds that
    /// load packages by TLS know them for that time.
    pub authorities: Vec<u8>,
    /// The mirror that Debian is made from.
    pub mirror: String,
    /// A registry that has the official images under their names, `registry.example:5000`, and is
    /// asked instead of Docker Hub: default none.
    pub registry: Option<String>,
    /// How long to wait for others.
    pub patience: Patience,
}

/// How long to wait for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a registry gives its first answer: default 10 s.
    pub reach: Duration,
    /// Until there is more of what it sends: default 60 s.
    pub pull: Duration,
    /// Until the step of a build says more: default 10 min.
    pub build: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            reach: Duration::from_secs(10),
            pull: Duration::from_secs(60),
            build: Duration::from_secs(600),
        }
    }
}

impl Options {
    /// The defaults, with a folder for locks.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            apt_options: String::new(),
            authorities: vec![],
            mirror: "http://deb.debian.org/debian".to_owned(),
            registry: None,
            patience: Patience::default(),
        }
    }
}
