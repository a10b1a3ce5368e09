//! [`GlusterSpec`]: a volume of GlusterFS as it is to be.

use std::{collections::BTreeMap, net::Ipv4Addr};

use serde::{Deserialize, Serialize};

use super::super::{FilesError, KIND};
use crate::containers::docker::{Labels, Owner};

/// The image of servers.
pub const GLUSTER_IMAGE: &str = "moodle-infra/gluster:1";

/// A server of files, and its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its id among the servers: `a`.
    pub id: String,
    /// Its availability zone.
    pub zone: String,
    /// The container that holds its address.
    pub interface: String,
    /// That address.
    pub address: Ipv4Addr,
}

/// A volume of GlusterFS of which each server has all files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlusterSpec {
    /// The account that it is of.
    pub account: String,
    /// Its physical id.
    pub id: String,
    /// The image of its servers.
    pub image: String,
    /// Its servers: three, one in each zone, so that two are a majority.
    pub servers: Vec<Server>,
    /// What the volume is called.
    pub volume: String,
    /// What differs from a volume's own options.
    pub options: BTreeMap<String, String>,
    /// The lowest and the highest port of bricks: what security groups let through.
    pub ports: (u16, u16),
}

impl GlusterSpec {
    /// One with the options that Moodle's files want: a write needs two of three servers, so that no
    /// two halves go apart; a server that hangs is given up after five seconds and not after 42, in
    /// which all that touches files stands still; the files are those of `www-data`.
    #[must_use]
    pub fn new(account: &str, id: &str, servers: Vec<Server>) -> Self {
        let options = [
            ("cluster.quorum-type", "auto"),
            ("network.ping-timeout", "5"),
            ("storage.owner-gid", "33"),
            ("storage.owner-uid", "33"),
        ];
        let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            account: account.to_owned(),
            id: id.to_owned(),
            image: GLUSTER_IMAGE.to_owned(),
            servers,
            volume: "files".to_owned(),
            options: BTreeMap::from(options),
            ports: (49152, 49160),
        }
    }

    /// # Errors
    /// If there can be no such volume.
    pub(super) fn check(&self) -> Result<(), FilesError> {
        let failed = |reason: String| Err(FilesError::Spec { id: self.id.clone(), reason });
        let count = self.servers.len();
        if count != 3 {
            return failed(format!(
                "it has {count} servers, but two have to be a majority of three"
            ));
        }
        for (place, server) in self.servers.iter().enumerate() {
            let before = &self.servers[..place];
            if before.iter().any(|it| it.id == server.id || it.address == server.address) {
                return failed(format!("two servers have the id or address of {}", server.id));
            }
        }
        let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if self.volume.is_empty() || !self.volume.chars().all(legal) {
            return failed(format!(
                "`{}` is no name of a volume: it has letters, digits, `-` and `_`",
                self.volume
            ));
        }
        if self.ports.0 > self.ports.1 {
            return failed(format!("there is no port from {} to {}", self.ports.0, self.ports.1));
        }
        Ok(())
    }

    /// # Errors
    /// If a volume can't change to be so.
    pub(super) fn check_change(&self, to: &Self) -> Result<(), FilesError> {
        to.check()?;
        let place = |spec: &Self| -> Vec<(String, Ipv4Addr)> {
            spec.servers.iter().map(|server| (server.id.clone(), server.address)).collect()
        };
        let same = (&self.account, &self.id, &self.volume, place(self))
            == (&to.account, &to.id, &to.volume, place(to));
        if same {
            return Ok(());
        }
        let reason =
            "the name of a volume and the addresses of its servers stay: make another one \
                      and copy the files"
                .to_owned();
        Err(FilesError::Spec { id: self.id.clone(), reason })
    }

    /// Everything of Docker's that is for it.
    pub(super) fn labels(&self) -> Labels {
        Labels::of_thing(&self.account, KIND, &self.id)
    }

    fn owner(&self, part: String) -> Owner {
        let (account, kind, id) = (self.account.clone(), KIND.to_owned(), self.id.clone());
        Owner { account, kind, id, part }
    }

    /// Whose the container of a server is.
    pub(super) fn container(&self, server: &Server) -> Owner {
        self.owner(server.id.clone())
    }

    /// Whose the Docker volume of a server's brick is.
    pub(super) fn brick_volume(&self, server: &Server) -> Owner {
        self.owner(format!("{}-brick", server.id))
    }

    /// Whose the Docker volume is in which a server keeps what it knows of the others.
    pub(super) fn state_volume(&self, server: &Server) -> Owner {
        self.owner(format!("{}-glusterd", server.id))
    }

    /// Where a server has its brick: not at the root of the disk, so that one that is not there is
    /// not taken for an empty one.
    pub(super) fn folder(&self) -> String {
        format!("/bricks/{}", self.volume)
    }

    /// How the others call a brick.
    pub(super) fn brick(&self, server: &Server) -> String {
        format!("{}:{}", server.address, self.folder())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn spec() -> GlusterSpec {
        let servers = ["a", "b", "c"].into_iter().zip(1..).map(|(id, third)| Server {
            id: id.to_owned(),
            zone: format!("eu-central-1{id}"),
            interface: format!("eni-{id}"),
            address: Ipv4Addr::new(10, 0, third, 11),
        });
        GlusterSpec::new("a1", "fs-1", servers.collect())
    }

    #[test]
    fn what_there_can_not_be_is_said() {
        spec().check().unwrap();
        let mut two = spec();
        two.servers.pop();
        let error = two.check().unwrap_err().to_string();
        assert!(error.contains("2 servers, but two have to be a majority"), "{error}");
        let mut twice = spec();
        twice.servers[2].address = twice.servers[0].address;
        let error = twice.check().unwrap_err().to_string();
        assert!(error.ends_with("two servers have the id or address of c"), "{error}");
        let mut name = spec();
        name.volume = "a b".to_owned();
        assert!(name.check().unwrap_err().to_string().contains("`a b` is no name"));
    }

    #[test]
    fn options_change_and_addresses_do_not() {
        let mut other = spec();
        other.options.insert("network.ping-timeout".to_owned(), "7".to_owned());
        spec().check_change(&other).unwrap();
        other.servers[1].address = Ipv4Addr::new(10, 0, 2, 12);
        let error = spec().check_change(&other).unwrap_err().to_string();
        assert!(error.contains("stay: make another one"), "{error}");
    }

    #[test]
    fn a_brick_has_its_servers_address() {
        let spec = spec();
        assert_eq!(spec.brick(&spec.servers[1]), "10.0.2.11:/bricks/files");
        let names = [spec.container(&spec.servers[0]), spec.brick_volume(&spec.servers[0])]
            .map(|owner| owner.name());
        assert_eq!(names, ["infra-a1-files-fs-1-a", "infra-a1-files-fs-1-a-brick"]);
    }
}
