//! [`NfsSpec`]: a file system of EFS as it is to be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{FilesError, KIND, Server};
use crate::containers::docker::{Labels, Owner};

/// The image of the server.
pub const NFS_IMAGE: &str = "moodle-infra/nfs:1";

/// Where NFS 4 listens.
pub const NFS_PORT: u16 = 2049;

/// What the server exports, by its own name for it.
pub(super) const EXPORT: &str = "/export";

/// A file system that one server exports, behind an address in each zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NfsSpec {
    /// The account that it is of.
    pub account: String,
    /// Its physical id.
    pub id: String,
    /// The image of its server.
    pub image: String,
    /// The server.
    pub server: Server,
    /// Its mount targets: at most one in each zone.
    pub targets: Vec<Server>,
}

impl NfsSpec {
    /// One with the image of this project.
    #[must_use]
    pub fn new(account: &str, id: &str, server: Server, targets: Vec<Server>) -> Self {
        let [account, id, image] = [account, id, NFS_IMAGE].map(str::to_owned);
        Self { account, id, image, server, targets }
    }

    /// # Errors
    /// If there can be no such file system.
    pub(super) fn check(&self) -> Result<(), FilesError> {
        let failed = |reason: String| Err(FilesError::Spec { id: self.id.clone(), reason });
        for (place, target) in self.targets.iter().enumerate() {
            if target.address == self.server.address {
                return failed(format!("the mount target {} has the server's address", target.id));
            }
            if self.targets[..place].iter().any(|it| it.zone == target.zone) {
                return failed(format!("there is more than one mount target in {}", target.zone));
            }
        }
        Ok(())
    }

    /// # Errors
    /// If a file system can't change to be so.
    pub(super) fn check_change(&self, to: &Self) -> Result<(), FilesError> {
        to.check()?;
        if (&self.account, &self.id) == (&to.account, &to.id) {
            return Ok(());
        }
        let reason = "what it is called stays: make another one and copy the files".to_owned();
        Err(FilesError::Spec { id: self.id.clone(), reason })
    }

    pub(super) fn labels(&self) -> Labels {
        Labels::of_thing(&self.account, KIND, &self.id)
    }

    pub(super) fn owner(&self, part: impl Into<String>) -> Owner {
        let (account, kind, id) = (self.account.clone(), KIND.to_owned(), self.id.clone());
        Owner { account, kind, id, part: part.into() }
    }

    pub(super) fn container(&self) -> Owner {
        self.owner("server")
    }

    pub(super) fn target(&self, target: &Server) -> Owner {
        self.owner(format!("{TARGET}{}", target.id))
    }

    /// The mount target that clients in a zone use: that of their zone, else any.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn target_of(&self, zone: &str) -> Result<&Server, FilesError> {
        let of_zone = self.targets.iter().find(|target| target.zone == zone);
        of_zone.or_else(|| self.targets.first()).ok_or_else(|| FilesError::Spec {
            id: self.id.clone(),
            reason: "it has no mount target: make one in each zone".to_owned(),
        })
    }

    /// How Docker's driver `local` mounts a folder of it. What is read and written is tried until it
    /// succeeds, as EFS recommends: a server that is away holds up and loses nothing.
    pub(super) fn driver_options(&self, target: &Server, folder: &str) -> BTreeMap<String, String> {
        let address = target.address;
        let device =
            if folder.is_empty() { format!(":{EXPORT}") } else { format!(":{EXPORT}/{folder}") };
        let options = format!(
            "addr={address},nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,\
             noresvport"
        );
        let all = [("type", "nfs4".to_owned()), ("o", options), ("device", device)];
        all.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// What parts begin with that are mount targets.
const TARGET: &str = "target-";

/// Whether it is a mount target's.
pub(super) fn is_target(owner: &Owner) -> bool {
    owner.part.starts_with(TARGET)
}

#[cfg(test)]
pub(super) mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn server(id: &str, third: u8) -> Server {
        Server {
            id: id.to_owned(),
            zone: format!("eu-central-1{id}"),
            interface: format!("eni-{id}"),
            address: Ipv4Addr::new(10, 0, third, 20),
        }
    }

    fn spec() -> NfsSpec {
        NfsSpec::new("a1", "fs-2", server("s", 9), vec![server("a", 1), server("b", 2)])
    }

    #[test]
    fn clients_use_the_target_of_their_zone() {
        let spec = spec();
        assert_eq!(spec.target_of("eu-central-1b").unwrap().id, "b");
        assert_eq!(spec.target_of("eu-central-1c").unwrap().id, "a");
        let none = NfsSpec { targets: vec![], ..spec };
        let error = none.target_of("eu-central-1a").unwrap_err().to_string();
        assert!(error.ends_with("it has no mount target: make one in each zone"), "{error}");
    }

    #[test]
    fn dockers_driver_is_told_all() {
        let spec = spec();
        let options = spec.driver_options(&spec.targets[1], "moodledata");
        assert_eq!(options["type"], "nfs4");
        assert_eq!(options["device"], ":/export/moodledata");
        assert!(options["o"].starts_with("addr=10.0.2.20,nfsvers=4.1,"));
    }

    #[test]
    fn a_zone_has_one_target() {
        let mut two = spec();
        two.targets[1].zone = two.targets[0].zone.clone();
        let error = two.check().unwrap_err().to_string();
        assert!(error.ends_with("more than one mount target in eu-central-1a"), "{error}");
    }
}
