//! A network of its own for a test, and what is on it; all of it goes with the test.

use std::{
    net::Ipv4Addr,
    sync::atomic::{AtomicU8, Ordering},
};

use backend_local::containers::{
    docker::{Docker, DockerError, Labels, Network, NetworkSpec, Owner, Spec},
    endpoint::NETWORK_IMAGE,
    images::{
        Images,
        catalogue::{GLUSTER, INSTANCE, MYSQL, NETWORK as NETWORK_BUILT, NFS, REDIS},
    },
};
use infra_tests::tools::{MACHINE, skipped};

/// An account of Docker's things that is this test's alone, with one network.
pub(crate) struct Fixture {
    pub(crate) docker: Docker,
    pub(crate) account: String,
    pub(crate) network: String,
    /// The first two bytes of its addresses.
    prefix: [u8; 2],
}

/// What tests start containers of; the first one on a machine makes them, and the others wait.
const NEEDED: [&str; 6] = [NETWORK_BUILT, MYSQL, NFS, REDIS, GLUSTER, INSTANCE];

/// So many tests of this process have a network.
static NETWORKS: AtomicU8 = AtomicU8::new(0);

impl Fixture {
    /// `None`, and says why, if there is no Docker.
    pub(crate) async fn new() -> Option<Self> {
        let docker = match Docker::connect().await {
            Ok(docker) => docker,
            Err(error @ (DockerError::NotThere { .. } | DockerError::Silent { .. })) => {
                skipped(&format!("no Docker ({error})"), MACHINE);
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let images = Images::new(docker.clone(), crate::images::options());
        images.ensure_all(&NEEDED, &|_| {}).await.unwrap();
        let number = NETWORKS.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let account = format!("test-{process}-{number}");
        let mut fixture = Self { docker, account, network: String::new(), prefix: [10, 0] };
        // Other processes take networks at the same time: the next one that is free.
        for attempt in 0..50_u8 {
            let second = 100 + ((process % 150) as u8).wrapping_add(attempt.wrapping_mul(3)) % 150;
            fixture.prefix = [10, second];
            let range = format!("10.{second}.0.0/16").parse().unwrap();
            let gateway = fixture.address(0, 1);
            let owner = fixture.owner("network", "vpc", "");
            let spec = NetworkSpec { owner: owner.clone(), range, gateway };
            match fixture.docker.make_network(&spec).await {
                Ok(()) => {
                    fixture.network = owner.name();
                    return Some(fixture);
                }
                Err(error) if attempt == 49 => panic!("{error}"),
                Err(_) => {}
            }
        }
        unreachable!("the last attempt panics")
    }

    pub(crate) fn address(&self, third: u8, fourth: u8) -> Ipv4Addr {
        Ipv4Addr::new(self.prefix[0], self.prefix[1], third, fourth)
    }

    pub(crate) fn owner(&self, kind: &str, id: &str, part: &str) -> Owner {
        let [account, kind, id, part] = [&self.account, kind, id, part].map(str::to_owned);
        Owner { account, kind, id, part }
    }

    /// A fixed address for other containers to share; returns the name of its container.
    pub(crate) async fn interface(&self, id: &str, address: Ipv4Addr, names: &[&str]) -> String {
        let owner = self.owner("eni", id, "");
        let spec = Spec::new(owner.clone(), NETWORK_IMAGE, Network::On(self.network.clone()))
            .capability("NET_ADMIN");
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.docker.run_at(&spec, &self.network, address, &names).await.unwrap();
        owner.name()
    }

    /// Removes all that it made. A test that fails leaves it to be looked at.
    pub(crate) async fn end(self) {
        let all = Labels::of_account(&self.account);
        let mut containers = self.docker.find(&all).await.unwrap();
        // What holds an address goes after those who share it.
        containers
            .sort_by_key(|container| container.owner().is_some_and(|owner| owner.kind == "eni"));
        for container in containers {
            self.docker.remove(&container.id).await.unwrap();
        }
        for (volume, _) in self.docker.volumes(&all).await.unwrap() {
            self.docker.remove_volume(&volume).await.unwrap();
        }
        self.docker.remove_network(&self.network).await.unwrap();
    }
}
