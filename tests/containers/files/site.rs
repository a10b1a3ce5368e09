//! What the tests of files have in common: three zones, instances, and tasks that may do nothing.

use std::{path::PathBuf, time::Duration};

use backend_local::containers::{
    docker::{Labels, Mounted, Network, Spec},
    files::{Gluster, GlusterSpec, Host, INSTANCE_IMAGE, Server, Timing},
};

use crate::fixture::Fixture;

pub(crate) const ZONES: [&str; 3] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

/// Faster than a site is, so that tests are.
pub(crate) fn timing() -> Timing {
    Timing {
        look: Duration::from_millis(500),
        thorough: Duration::from_secs(2),
        heal: Duration::from_secs(2),
        ..Timing::default()
    }
}

/// A place for servers, instances and tasks, and what instances mount.
pub(crate) struct Site {
    pub(crate) fixture: Fixture,
    /// What instances have bound of this machine.
    folder: PathBuf,
}

impl Site {
    pub(crate) async fn new() -> Option<Self> {
        let fixture = Fixture::new().await?;
        let folder = std::env::temp_dir().join(format!("infra-{}", fixture.account));
        Some(Self { fixture, folder })
    }

    /// A server in a zone, with its address.
    pub(crate) async fn server(&self, place: usize, fourth: u8) -> Server {
        let address = self.fixture.address(u8::try_from(place).unwrap() + 1, fourth);
        let id = ["a", "b", "c"][place].to_owned();
        let interface = self.fixture.interface(&format!("{id}-{fourth}"), address, &[]).await;
        Server { id, zone: ZONES[place].to_owned(), interface, address }
    }

    pub(crate) async fn gluster(&self) -> Gluster {
        let mut servers = vec![];
        for place in 0..3 {
            servers.push(self.server(place, 11).await);
        }
        let spec = GlusterSpec::new(&self.fixture.account, "fs-1", servers);
        Gluster::start(&self.fixture.docker, spec, timing()).unwrap()
    }

    /// An instance, started or found.
    pub(crate) async fn instance(&self, id: &str, fourth: u8) -> Host {
        let owner = self.fixture.owner("ec2", id, "");
        let folder = self.folder.join(id).display().to_string();
        let host = Host { instance: owner.name(), folder };
        host.prepare().await.unwrap();
        let address = self.fixture.address(1, fourth);
        let interface = self.fixture.interface(id, address, &[]).await;
        let mut spec = Spec::new(owner, INSTANCE_IMAGE, Network::Of(interface))
            .command(["sleep", "infinity"])
            .capability("SYS_ADMIN");
        spec.devices = vec!["/dev/fuse".to_owned()];
        spec.mounts = vec![host.bind()];
        self.fixture.docker.run(&spec).await.unwrap();
        host
    }

    /// A task: nobody's capabilities, not root, and nothing of its own that it can write.
    pub(crate) async fn task(&self, id: &str, mounted: Mounted) -> String {
        let owner = self.fixture.owner("task", id, "");
        let name = owner.name();
        let mut spec = Spec::new(owner, "debian:bookworm-slim", Network::On("none".to_owned()))
            .command(["sleep", "infinity"]);
        spec.drops_capabilities = true;
        spec.read_only = true;
        spec.user = Some("33:33".to_owned());
        spec.mounts = vec![mounted];
        self.fixture.docker.run(&spec).await.unwrap();
        name
    }

    /// Runs a script in a task or anything else, which must succeed.
    pub(crate) async fn sh(&self, container: &str, script: &str) -> String {
        self.fixture.docker.exec(container, &["sh", "-c", script], b"").await.unwrap().text()
    }

    /// What is left of the files on this machine.
    pub(crate) async fn left(&self) -> Vec<String> {
        let labels = Labels::of_kind(&self.fixture.account, "files");
        let docker = &self.fixture.docker;
        let mut left: Vec<String> =
            docker.find(&labels).await.unwrap().into_iter().map(|it| it.name).collect();
        left.extend(docker.volumes(&labels).await.unwrap().into_iter().map(|(name, _)| name));
        left.extend(self.mounts());
        left
    }

    /// What is mounted of this machine below the folders of instances.
    pub(crate) fn mounts(&self) -> Vec<String> {
        let folder = self.folder.display().to_string();
        let table = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        let at = table.lines().filter_map(|line| line.split(' ').nth(4));
        at.filter(|at| at.starts_with(&folder)).map(str::to_owned).collect()
    }

    pub(crate) async fn end(self) {
        assert_eq!(self.mounts(), Vec::<String>::new());
        let folder = self.folder.clone();
        self.fixture.end().await;
        if folder.exists() {
            // One folder for each instance, all of them empty.
            for instance in std::fs::read_dir(&folder).unwrap() {
                std::fs::remove_dir(instance.unwrap().path()).unwrap();
            }
            std::fs::remove_dir(folder).unwrap();
        }
    }
}
