//! [`Options`]: what the machine's owner may choose.

use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

use super::ImageError;

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

    /// What the environment of this process says, and a folder for locks in that of the user's caches.
    ///
    /// | variable | is |
    /// |---|---|
    /// | `INFRA_APT_OPTS` | [`apt_options`](Self::apt_options) |
    /// | `INFRA_DEBIAN_MIRROR` | [`mirror`](Self::mirror) |
    /// | `INFRA_REGISTRY` | [`registry`](Self::registry) |
    /// | `SSL_CERT_FILE` | a file of [`authorities`](Self::authorities), as for OpenSSL |
    ///
    /// # Errors
    /// If there is no file of authorities where it is said to be.
    pub fn of_environment() -> Result<Self, ImageError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "what a machine needs, no program should say"
        )]
        let said = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let cache = said("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = cache.or_else(|| Some(env::home_dir()?.join(".cache")));
        let mut options =
            Self::new(cache.unwrap_or_else(env::temp_dir).join("moodle-infra/images"));
        options.apt_options = said("INFRA_APT_OPTS").unwrap_or_default();
        options.registry = said("INFRA_REGISTRY");
        if let Some(mirror) = said("INFRA_DEBIAN_MIRROR") {
            options.mirror = mirror;
        }
        if let Some(path) = said("SSL_CERT_FILE") {
            options.authorities = read(Path::new(&path))?;
        }
        Ok(options)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    std::fs::read(path).map_err(|source| ImageError::Authorities { path: path.to_owned(), source })
}
