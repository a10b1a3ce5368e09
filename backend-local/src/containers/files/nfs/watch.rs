//! The task that watches a file system of EFS and mends it.

use std::{
    net::{SocketAddr, SocketAddrV4},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::{
    super::{FilesError, FilesState, FilesStatus, Server, ServerStatus, Timing, status::Journal},
    spec::{EXPORT, NFS_PORT, NfsSpec, is_target},
};
use crate::containers::{
    docker::{Docker, Network, Owner, Seen, Spec},
    endpoint::Endpoint,
};

/// What is told of a container, so that one that was made for another spec is known.
const SHAPE: &str = "infra.files.shape";

/// Whoever watches.
pub(super) struct Watcher {
    pub(super) docker: Docker,
    pub(super) timing: Timing,
    pub(super) journal: Journal,
    /// Since when the server hangs.
    pub(super) hangs: Option<Instant>,
    pub(super) was_ready: bool,
}

impl Watcher {
    /// Watches until the sender of specs is gone.
    pub(super) async fn run(mut self, mut specs: watch::Receiver<Arc<NfsSpec>>) {
        loop {
            let spec = Arc::clone(&specs.borrow_and_update());
            if let Err(error) = self.round(&spec).await {
                let message = error.in_full();
                self.journal.tell(message.clone());
                let state = FilesState::Failed;
                let servers = self.journal.now().servers;
                self.journal.set(FilesStatus { state, message, full_redundancy: false, servers });
            }
            tokio::select! {
                () = sleep(self.timing.look) => {}
                changed = specs.changed() => if changed.is_err() { return },
            }
        }
    }

    async fn round(&mut self, spec: &NfsSpec) -> Result<(), FilesError> {
        let up = self.serve(spec).await?;
        let mut servers = vec![];
        for target in &spec.targets {
            self.lead(spec, target).await?;
            let (id, zone) = (target.id.clone(), target.zone.clone());
            servers.push(ServerStatus { id, zone, up, pending: None });
        }
        self.remove_old(spec).await?;
        if up && !self.was_ready {
            self.journal.tell("the server serves");
        }
        self.was_ready |= up;
        let state = match (up, self.was_ready) {
            (true, _) => FilesState::Ready,
            (false, true) => FilesState::Failed,
            (false, false) => FilesState::Starting,
        };
        let message = if up {
            format!("the server serves {} mount targets", servers.len())
        } else {
            "the server does not answer: reads and writes wait for it".to_owned()
        };
        // There is one server, as of EFS there is one service: nothing more can be there.
        self.journal.set(FilesStatus { state, message, full_redundancy: up, servers });
        Ok(())
    }

    /// Has the server run; returns whether it answers.
    async fn serve(&mut self, spec: &NfsSpec) -> Result<bool, FilesError> {
        let failed = || FilesError::docker(&spec.id, "starting the server");
        let name = spec.container().name();
        let seen = self.docker.see(&name).await.map_err(failed())?;
        let shape = format!("{} {}", spec.image, spec.server.interface);
        let outdated = |it: &Seen| it.labels.0.get(SHAPE) != Some(&shape);
        if let Some(seen) = seen {
            if outdated(&seen) {
                self.docker.remove(&name).await.map_err(failed())?;
                self.journal.tell("the server is made anew, as it is to be now");
            } else if !seen.running && self.was_ready {
                self.journal.tell("the server was not running and is started");
            }
        }
        self.start(spec, shape).await?;
        let address = SocketAddrV4::new(spec.server.address, NFS_PORT);
        if self.answers(&name, address.into()).await {
            self.hangs = None;
            return Ok(true);
        }
        let since = *self.hangs.get_or_insert_with(Instant::now);
        if since.elapsed() >= self.timing.hung {
            self.docker.kill(&name).await.map_err(failed())?;
            self.hangs = None;
            self.journal.tell("the server hung and was killed");
        }
        Ok(false)
    }

    async fn start(&self, spec: &NfsSpec, shape: String) -> Result<(), FilesError> {
        let failed = || FilesError::docker(&spec.id, "starting the server");
        let volume = self.docker.ensure_volume(&spec.owner("data")).await.map_err(failed())?;
        let network = Network::Of(spec.server.interface.clone());
        let script = "printf '%s' \"$CONFIG\" >/tmp/ganesha.conf && exec ganesha.nfsd -F -L /dev/stdout \
                      -f /tmp/ganesha.conf -N NIV_EVENT";
        let mut container = Spec::new(spec.container(), &spec.image, network)
            .command(["sh", "-c", script])
            .env("CONFIG", configuration())
            .volume(volume, EXPORT)
            // It finds files by handles that clients keep, and acts as whoever they are.
            .capability("DAC_READ_SEARCH")
            .capability("SYS_ADMIN");
        container.restarts = true;
        container.labels.insert(SHAPE.to_owned(), shape);
        self.docker.run(&container).await.map(|_| ()).map_err(failed())
    }

    /// Whether it listens, and is not frozen: the kernel takes connections for those that are.
    async fn answers(&self, name: &str, address: SocketAddr) -> bool {
        let connected = timeout(Duration::from_secs(2), TcpStream::connect(address)).await;
        let seen = self.docker.see(name).await;
        matches!(connected, Ok(Ok(_))) && matches!(seen, Ok(Some(seen)) if !seen.paused)
    }

    /// Removes mount targets that are no longer meant.
    async fn remove_old(&self, spec: &NfsSpec) -> Result<(), FilesError> {
        let failed = || FilesError::docker(&spec.id, "removing a mount target");
        let wanted: Vec<_> = spec.targets.iter().map(|target| spec.target(target)).collect();
        for seen in self.docker.find(&spec.labels()).await.map_err(failed())? {
            let old = |owner: &Owner| is_target(owner) && !wanted.contains(owner);
            if seen.owner().as_ref().is_some_and(old) {
                self.docker.remove(&seen.id).await.map_err(failed())?;
                self.journal.tell(format!("the container {} has been removed", seen.name));
            }
        }
        Ok(())
    }

    /// Leads a mount target to the server: at first, and after it was started anew.
    async fn lead(&self, spec: &NfsSpec, target: &Server) -> Result<(), FilesError> {
        let Server { interface, address, .. } = target;
        let failed = |source| {
            let id = spec.id.clone();
            FilesError::Target { id, address: *address, source }
        };
        let owner = spec.target(target);
        let endpoint = Endpoint::start(&self.docker, owner, interface, *address, NFS_PORT).await;
        let server = SocketAddrV4::new(spec.server.address, NFS_PORT);
        endpoint.map_err(failed)?.lead_to(Some(server)).await.map_err(failed)
    }
}

/// What the server reads: it speaks the versions that EFS speaks, and clients go on at once after
/// a restart: there is nobody else who could have their locks.
fn configuration() -> String {
    format!(
        "NFS_CORE_PARAM {{\n\
         \x20 Protocols = 4; NFS_Port = {NFS_PORT}; Enable_NLM = false; Enable_RQUOTA = false;\n\
         }}\n\
         NFSV4 {{\n\
         \x20 Minor_Versions = 0, 1; Grace_Period = 5; Lease_Lifetime = 10; Graceless = true;\n\
         \x20 RecoveryBackend = fs;\n\
         }}\n\
         EXPORT {{\n\
         \x20 Export_Id = 1; Path = {EXPORT}; Pseudo = {EXPORT}; Access_Type = RW;\n\
         \x20 Squash = No_Root_Squash; SecType = sys; Protocols = 4; Transports = TCP;\n\
         \x20 FSAL {{ Name = VFS; }}\n\
         }}\n"
    )
}
