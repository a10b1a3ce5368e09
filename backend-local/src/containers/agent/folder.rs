//! [`Folder`]: where the agent of a project keeps its things.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
};

use infra_core::state::seal::digest_hex;
use serde::{Deserialize, Serialize};

use super::AgentError;

/// The folder `containers` of a project's `.infra`: one account, and one agent for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// What was chosen when the folder was made, and stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What tells this account's containers from those of another folder.
    pub account: String,
    /// The port of 127.0.0.1 at which the emulator of AWS listens.
    pub emulator: u16,
    /// The port of 127.0.0.1 with the status page and the metrics.
    pub pages: u16,
    /// The port at which people reach the site by HTTPS.
    pub https: u16,
    /// The port at which people reach the site by HTTP.
    pub http: u16,
    /// How shared files are kept: what `INFRA_FILES` said, `gluster`, `nfs` or `volume`. GlusterFS if it
    /// said nothing.
    #[serde(default)]
    pub files: FilesBy,
}

/// How shared files are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilesBy {
    /// On GlusterFS: three servers, each of which has all files.
    #[default]
    Gluster,
    /// By NFS, as EFS has it: the kernel of this machine has to have a client.
    Nfs,
    /// In one volume: nothing survives its disk, and nothing else is needed.
    Volume,
}

impl FilesBy {
    /// What the machine's owner says of it, in a variable that is read when the folder is made.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn said() -> Result<Self, AgentError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "what a machine can mount, no program should say"
        )]
        let said = std::env::var(FILES).unwrap_or_default();
        if said.is_empty() {
            return Ok(Self::default());
        }
        said.parse().map_err(|()| AgentError::FilesBy { variable: FILES, value: said })
    }
}

impl std::str::FromStr for FilesBy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "gluster" => Ok(Self::Gluster),
            "nfs" => Ok(Self::Nfs),
            "volume" => Ok(Self::Volume),
            _ => Err(()),
        }
    }
}

/// The variable that says how shared files are kept, when the folder is made.
const FILES: &str = "INFRA_FILES";

/// Where people look for the site first.
const HTTPS: u16 = 8443;
const HTTP: u16 = 8080;
const PAGES: u16 = 8444;
const EMULATOR: u16 = 4566;

impl Folder {
    /// That of a project: a folder of its `.infra`.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn of(infra: &Path) -> Result<Self, AgentError> {
        let path = infra.join("containers");
        fs::create_dir_all(&path).map_err(AgentError::file(&path, "made"))?;
        // The agent runs elsewhere, and names of folders must stay the same.
        let path = fs::canonicalize(&path).map_err(AgentError::file(&path, "found"))?;
        Ok(Self(path))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The account: what is wanted.
    #[must_use]
    pub fn account(&self) -> PathBuf {
        self.0.join("account.log")
    }

    /// What its agent says.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.0.join("agent.log")
    }

    /// Held by the agent that runs.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.0.join("agent.lock")
    }

    /// Secrets that the agent has to know, sealed.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault.json")
    }

    /// What the agent remembers of services and groups.
    #[must_use]
    pub fn memory(&self) -> PathBuf {
        self.0.join("memory.json")
    }

    /// Who is on the networks, and in which groups.
    #[must_use]
    pub fn members(&self) -> PathBuf {
        self.0.join("members.json")
    }

    /// What the agent remembers of alarms.
    #[must_use]
    pub fn alarms(&self) -> PathBuf {
        self.0.join("alarms.json")
    }

    /// The authority whose certificates the site and its parts have, for people to trust.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.0.join("ca.pem")
    }

    /// Where the agent listens. Paths of sockets are short, and those of projects may be long.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        let name = digest_hex(&[&self.0.to_string_lossy()], 16);
        std::env::temp_dir().join(format!("infra-agent-{name}.sock"))
    }

    fn chosen_at(&self) -> PathBuf {
        self.0.join("settings.json")
    }

    /// Whether nothing was chosen for it yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        !self.chosen_at().exists()
    }

    /// What was chosen for it; chosen now, if nothing was.
    ///
    /// # Errors
    /// If the file can't be read or written.
    pub fn settings(&self) -> Result<Settings, AgentError> {
        let path = self.chosen_at();
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| AgentError::Damaged { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let files = FilesBy::said()?;
                let settings = self.chosen(files).map_err(AgentError::file(&path, "chosen"))?;
                let text = serde_json::to_vec_pretty(&settings)
                    .map_err(|source| AgentError::Damaged { path: path.clone(), source })?;
                replace(&path, &text)?;
                Ok(settings)
            }
            Err(source) => Err(AgentError::File { path, what: "read", source }),
        }
    }

    fn chosen(&self, files: FilesBy) -> io::Result<Settings> {
        let mut taken = vec![];
        let mut next = |first: u16| -> io::Result<u16> {
            let (port, listener) = free_port(first)?;
            // None of the others may be the same one.
            taken.push(listener);
            Ok(port)
        };
        Ok(Settings {
            account: digest_hex(&[&self.0.to_string_lossy()], 10),
            https: next(HTTPS)?,
            http: next(HTTP)?,
            pages: next(PAGES)?,
            emulator: next(EMULATOR)?,
            files,
        })
    }
}

/// The first port from one on that nobody listens at.
fn free_port(first: u16) -> io::Result<(u16, TcpListener)> {
    let mut failed = io::Error::other("there is no port from there on");
    for port in first..=first.saturating_add(500) {
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok((port, listener)),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Writes a file so that it is there as before or as after, whatever happens; nobody else reads it.
pub(in crate::containers) fn replace(path: &Path, bytes: &[u8]) -> Result<(), AgentError> {
    let aside = path.with_extension("new");
    let written = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file: File = options.open(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, path)
    };
    written().map_err(AgentError::file(path, "written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_earlier_versions_have_their_files_on_glusterfs() {
        let text = r#"{"account":"a","emulator":1,"pages":2,"https":3,"http":4}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(settings.files, FilesBy::Gluster);
        let text = serde_json::to_string(&Settings { files: FilesBy::Volume, ..settings }).unwrap();
        assert!(text.contains(r#""files":"volume""#), "{text}");
        assert_eq!("nfs".parse(), Ok(FilesBy::Nfs));
        assert_eq!("NFS".parse::<FilesBy>(), Err(()));
    }

    #[test]
    fn what_was_chosen_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::of(place.path()).unwrap();
        let settings = folder.settings().unwrap();
        // Somebody else listens there meanwhile.
        let _taken = TcpListener::bind(("127.0.0.1", settings.https)).unwrap();
        assert_eq!(folder.settings().unwrap(), settings);
        let ports = [settings.https, settings.http, settings.pages, settings.emulator];
        assert!((1..4).all(|at| !ports[..at].contains(&ports[at])), "{ports:?}");
        let other = Folder::of(&place.path().join("other")).unwrap().settings().unwrap();
        assert_ne!(other.https, settings.https);
        assert_ne!(other.account, settings.account);
    }
}
