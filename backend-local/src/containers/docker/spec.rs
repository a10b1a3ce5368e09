//! [`Spec`]: a container that is to be started.

use std::{collections::BTreeMap, time::Duration};

use testcontainers::core::Healthcheck;

use super::Owner;

/// Where a container is on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network {
    /// It shares the network of another container: its address, its ports, its rules.
    Of(String),
    /// It is on a network by itself, at an address that Docker chooses.
    On(String),
}

/// Something that a container finds in its file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mounted {
    /// A volume.
    Volume {
        /// Its name.
        name: String,
        /// Where.
        at: String,
        /// Whether it can't be written.
        read_only: bool,
    },
    /// A file or folder of this machine.
    Host {
        /// Its path here.
        path: String,
        /// Where.
        at: String,
        /// Whether it can't be written.
        read_only: bool,
        /// Whether what the container mounts below it is seen by this machine, too. What it lies on
        /// has to be a shared mount.
        shared: bool,
    },
    /// An empty folder in memory.
    Memory {
        /// Where.
        at: String,
        /// Options of tmpfs: `mode=1777,size=64m`.
        options: String,
    },
}

/// A container that is to be started.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Whose it is: its name and labels.
    pub owner: Owner,
    /// The image: `name:tag`.
    pub image: String,
    /// Where it is on the network.
    pub network: Network,
    /// The program, if not that of the image.
    pub entrypoint: Option<String>,
    /// Its arguments, if not those of the image.
    pub command: Vec<String>,
    /// Whether that reads what it is told.
    pub serves: bool,
    /// Its environment.
    pub environment: BTreeMap<String, String>,
    /// What it finds in its file system.
    pub mounts: Vec<Mounted>,
    /// What it may do beside what every container may: `NET_ADMIN`. Never all.
    pub capabilities: Vec<String>,
    /// Whether capabilities that every container has are taken away.
    pub drops_capabilities: bool,
    /// Devices of this machine: `/dev/fuse`.
    pub devices: Vec<String>,
    /// Who runs it, if the image does not say: `33:33`.
    pub user: Option<String>,
    /// The folder that it starts in, if not that of the image.
    pub folder: Option<String>,
    /// Whether its own file system can't be written.
    pub read_only: bool,
    /// How much memory it may have, in bytes.
    pub memory: Option<i64>,
    /// How much it counts against others where CPUs are scarce, 1024 for one CPU.
    pub cpu_shares: Option<i64>,
    /// How many files it may have open, and other such limits: name, soft, hard.
    pub limits: Vec<(String, i64, i64)>,
    /// How its health is looked at, if not as the image says.
    pub health: Option<Healthcheck>,
    /// Names of hosts and their addresses. None may be given where the network is another
    /// container's, which has them.
    pub hosts: BTreeMap<String, String>,
    /// Ports of it, by those of this machine's 127.0.0.1 that lead there. None may be given where
    /// the network is another container's.
    pub published: BTreeMap<u16, u16>,
    /// Whether Docker starts it anew when it ends by itself.
    pub restarts: bool,
    /// Further labels.
    pub labels: BTreeMap<String, String>,
    /// How long it may take to start.
    pub timeout: Duration,
}

impl Spec {
    /// A container of an image, with all else as the image has it.
    #[must_use]
    pub fn new(owner: Owner, image: impl Into<String>, network: Network) -> Self {
        Self {
            owner,
            image: image.into(),
            network,
            entrypoint: None,
            command: vec![],
            serves: false,
            environment: BTreeMap::new(),
            mounts: vec![],
            capabilities: vec![],
            drops_capabilities: false,
            devices: vec![],
            user: None,
            folder: None,
            read_only: false,
            memory: None,
            cpu_shares: None,
            limits: vec![],
            health: None,
            hosts: BTreeMap::new(),
            published: BTreeMap::new(),
            restarts: false,
            labels: BTreeMap::new(),
            timeout: Duration::from_secs(60),
        }
    }

    /// With arguments for its program.
    #[must_use]
    pub fn command<T: Into<String>>(mut self, command: impl IntoIterator<Item = T>) -> Self {
        self.command = command.into_iter().map(Into::into).collect();
        self
    }

    /// It runs a script and then, for each input, a command
    /// ([`Docker::served_session`](super::Docker::served_session)). The script ends well; its arguments are the
    /// command.
    #[must_use]
    pub fn serves(mut self, first: &str, command: &[&str]) -> Self {
        self.serves = true;
        let script = super::session::serving(first);
        self.command(["sh", "-c", &script, "sh"].iter().chain(command).copied())
    }

    /// With a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// With a volume.
    #[must_use]
    pub fn volume(mut self, name: impl Into<String>, at: &str) -> Self {
        let (name, at) = (name.into(), at.to_owned());
        self.mounts.push(Mounted::Volume { name, at, read_only: false });
        self
    }

    /// With something that it may do beside what every container may.
    #[must_use]
    pub fn capability(mut self, capability: &str) -> Self {
        self.capabilities.push(capability.to_owned());
        self
    }

    /// With a port of this machine's 127.0.0.1 that leads to one of its own.
    #[must_use]
    pub fn publish(mut self, here: u16, there: u16) -> Self {
        self.published.insert(here, there);
        self
    }
}
