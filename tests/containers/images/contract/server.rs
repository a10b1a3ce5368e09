//! [`Server`]: a container of an image with an address of its own.

use std::{net::Ipv4Addr, time::Duration};

use backend_local::containers::docker::{
    Docker, Mounted, Network, Spec, bollard::query_parameters::LogsOptionsBuilder,
};
use futures_util::StreamExt as _;

use crate::fixture::Fixture;

/// A container of an image with an address of its own.
pub(super) struct Server {
    pub(super) docker: Docker,
    pub(super) container: String,
    pub(super) address: Ipv4Addr,
}

impl Server {
    /// Starts one: its spec is given more by the caller.
    pub(super) async fn start(
        fixture: &Fixture,
        id: &str,
        last: u8,
        image: &str,
        more: impl FnOnce(Spec) -> Spec,
    ) -> Self {
        let address = fixture.address(3, last);
        let interface = fixture.interface(id, address, &[id]).await;
        let owner = fixture.owner("contract", id, "");
        let spec = more(Spec::new(owner, image, Network::Of(interface)));
        let container = fixture.docker.run(&spec).await.unwrap();
        Self { docker: fixture.docker.clone(), container, address }
    }

    /// What a command within it says, which must succeed.
    pub(super) async fn run(&self, command: &[&str]) -> String {
        match self.docker.exec(&self.container, command, b"").await {
            Ok(done) => done.text(),
            Err(error) => panic!("{error}\n{}", self.logs().await),
        }
    }

    /// Whether a command within it succeeds.
    pub(super) async fn succeeds(&self, command: &[&str]) -> bool {
        let done = self.docker.try_exec(&self.container, command, b"").await;
        done.is_ok_and(|done| done.code == 0)
    }

    /// Waits until a command within it succeeds.
    pub(super) async fn wait_for(&self, command: &[&str]) {
        for _ in 0..600 {
            if self.succeeds(command).await {
                return;
            }
            let seen = self.docker.see(&self.container).await.unwrap().unwrap();
            assert!(seen.running, "it ended with {:?}:\n{}", seen.exit_code, self.logs().await);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("waited in vain until {command:?} succeeds:\n{}", self.logs().await);
    }

    /// Waits until it ends by itself, and returns its exit code.
    pub(super) async fn end(&self) -> i64 {
        for _ in 0..300 {
            let seen = self.docker.see(&self.container).await.unwrap().unwrap();
            if !seen.running {
                return seen.exit_code.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("it does not end:\n{}", self.logs().await);
    }

    /// All that it has said.
    pub(super) async fn logs(&self) -> String {
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).build();
        let mut lines = self.docker.api().logs(&self.container, Some(options));
        let mut all = String::new();
        while let Some(line) = lines.next().await {
            all += &line.unwrap().to_string();
        }
        all
    }
}

/// A folder of this machine, read-only.
pub(super) fn here(folder: &std::path::Path, at: &str) -> Mounted {
    let path = folder.display().to_string();
    Mounted::Host { path, at: at.to_owned(), read_only: true, shared: false }
}
