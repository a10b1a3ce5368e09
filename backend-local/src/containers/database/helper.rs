//! [`Helper`]: a container that reads and writes volumes of a cluster, beside its nodes.

use super::{ClusterSpec, DatabaseError, NodeSpec};
use crate::containers::docker::{Docker, Network, Spec};

/// A container that reads and writes volumes. One that is left by an agent that was killed is replaced.
pub(super) struct Helper<'a> {
    docker: &'a Docker,
    name: String,
}

impl<'a> Helper<'a> {
    /// The part of its cluster that one is which does something.
    pub(super) fn part(what: &str) -> String {
        format!("helper-{what}")
    }

    /// Starts one with these volumes, by where they are in it.
    pub(super) async fn start(
        docker: &'a Docker,
        spec: &ClusterSpec,
        node: &NodeSpec,
        part: &str,
        volumes: impl IntoIterator<Item = (String, &str)>,
    ) -> Result<Self, DatabaseError> {
        let owner = spec.owner(Self::part(part));
        let name = owner.name();
        docker.remove(&name).await?;
        let mut container = Spec::new(owner, &spec.image, Network::Of(node.interface.clone()))
            .command(["-c", "exec sleep infinity"]);
        container.entrypoint = Some("sh".to_owned());
        for (volume, at) in volumes {
            container = container.volume(volume, at);
        }
        docker.run(&container).await?;
        Ok(Self { docker, name })
    }

    /// Runs a command, which must succeed; returns what it said.
    pub(super) async fn run(&self, command: &[&str]) -> Result<Vec<u8>, DatabaseError> {
        Ok(self.docker.exec(&self.name, command, b"").await?.stdout)
    }

    /// The same, as text.
    pub(super) async fn ask(&self, command: &[&str]) -> Result<String, DatabaseError> {
        Ok(String::from_utf8_lossy(&self.run(command).await?).trim().to_owned())
    }

    /// Removes it.
    pub(super) async fn end(self) -> Result<(), DatabaseError> {
        self.docker.remove(&self.name).await?;
        Ok(())
    }
}
