//! [`Endpoint`]: a fixed address that leads to one of several nodes: the writer of a database, the
//! primary of a cache.
//!
//! It is a TCP proxy (HAProxy) at an address of its own, not a name that changes: nobody keeps an old
//! address, and connections to a node that is no longer meant are cut at once. Agents command it
//! through its runtime API; without one it goes on as it was told last.

use std::{
    net::{Ipv4Addr, SocketAddrV4},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use super::docker::{Docker, DockerError, Network, Owner, Spec};

/// The image of endpoints, and of the addresses that containers share.
pub const NETWORK_IMAGE: &str = "moodle-infra/network:1";

/// Where the runtime API listens. The rules of the address let only this machine there.
pub const COMMANDS: u16 = 9901;

/// How long the proxy may take to answer a command.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it may take to start.
const START: Duration = Duration::from_secs(20);

/// Why an endpoint can't be led elsewhere.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Its container can't be started.
    #[error("the endpoint at {address}:{port} can't be started")]
    Start {
        /// Its address.
        address: Ipv4Addr,
        /// Its port.
        port: u16,
        /// Why not.
        source: DockerError,
    },
    /// It does not answer.
    #[error("the endpoint at {address}:{port} takes no commands")]
    Silent {
        /// Its address.
        address: Ipv4Addr,
        /// Its port.
        port: u16,
        /// What happened.
        source: std::io::Error,
    },
    /// It does not do what it was told.
    #[error("the endpoint at {address}:{port} refuses `{command}`: {said}")]
    Refused {
        /// Its address.
        address: Ipv4Addr,
        /// Its port.
        port: u16,
        /// What it was told.
        command: String,
        /// What it said.
        said: String,
    },
}

/// A fixed address that leads to one of several nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    address: Ipv4Addr,
    port: u16,
}

impl Endpoint {
    /// Starts the proxy of an endpoint at an address that a container of [`NETWORK_IMAGE`] holds, or
    /// finds it. It leads nowhere until it is [told](Self::lead_to).
    ///
    /// # Errors
    /// If it can't be started, or takes no commands.
    pub async fn start(
        docker: &Docker,
        owner: Owner,
        interface: &str,
        address: Ipv4Addr,
        port: u16,
    ) -> Result<Self, EndpointError> {
        let mut spec = Spec::new(owner, NETWORK_IMAGE, Network::Of(interface.to_owned()));
        // A file by its text: nothing has to be copied into the container.
        let script =
            "printf '%s' \"$CONFIG\" >/tmp/haproxy.cfg && exec haproxy -W -db -f /tmp/haproxy.cfg";
        spec = spec.command(["sh", "-c", script]).env("CONFIG", configuration(port));
        spec.restarts = true;
        let started = docker.run(&spec).await;
        started.map_err(|source| EndpointError::Start { address, port, source })?;
        let endpoint = Self { address, port };
        let began = Instant::now();
        loop {
            match endpoint.command("show version").await {
                Ok(_) => return Ok(endpoint),
                Err(error) if began.elapsed() >= START => return Err(error),
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// An endpoint that was started before.
    #[must_use]
    pub fn at(address: Ipv4Addr, port: u16) -> Self {
        Self { address, port }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> SocketAddrV4 {
        SocketAddrV4::new(self.address, self.port)
    }

    /// Where it leads; `None` if nowhere.
    ///
    /// # Errors
    /// If it does not say.
    pub async fn target(&self) -> Result<Option<SocketAddrV4>, EndpointError> {
        let command = "show servers state to";
        let said = self.command(command).await?;
        // The second line names the fields: be_id be_name srv_id srv_name srv_addr srv_op_state
        // srv_admin_state … srv_port is the 19th.
        let row = said.lines().nth(2).map(|row| row.split(' ').collect::<Vec<_>>());
        let target = row.as_ref().and_then(|row| {
            let address: Ipv4Addr = row.get(4)?.parse().ok()?;
            let port: u16 = row.get(18)?.parse().ok()?;
            Some((SocketAddrV4::new(address, port), *row.get(5)?))
        });
        match target {
            // 0: it is stopped.
            Some((target, state)) => Ok((state != "0").then_some(target)),
            None => Err(self.refused(command, said)),
        }
    }

    /// Leads it to a node, or nowhere: then it refuses connections. Connections to any other node are
    /// cut.
    ///
    /// # Errors
    /// If it does not do that.
    pub async fn lead_to(&self, target: Option<SocketAddrV4>) -> Result<(), EndpointError> {
        if self.target().await? == target {
            return Ok(());
        }
        let mut commands = vec!["set server to/node state maint".to_owned()];
        commands.push("shutdown sessions server to/node".to_owned());
        if let Some(target) = target {
            let (address, port) = (target.ip(), target.port());
            commands.push(format!("set server to/node addr {address} port {port}"));
            commands.push("set server to/node state ready".to_owned());
        }
        for command in commands {
            let said = self.command(&command).await?;
            let done =
                said.trim().is_empty() || said.contains("changed") || said.contains("no need");
            if !done {
                return Err(self.refused(&command, said));
            }
        }
        Ok(())
    }

    /// How many connections it leads through.
    ///
    /// # Errors
    /// If it does not say.
    pub async fn connections(&self) -> Result<u64, EndpointError> {
        let command = "show stat to 4 -1";
        let said = self.command(command).await?;
        // CSV: the fifth field is how many sessions there are.
        let row = said.lines().nth(1).and_then(|row| row.split(',').nth(4)?.parse().ok());
        row.ok_or_else(|| self.refused(command, said))
    }

    fn refused(&self, command: &str, said: String) -> EndpointError {
        let (address, port, command) = (self.address, self.port, command.to_owned());
        EndpointError::Refused { address, port, command, said }
    }

    async fn command(&self, command: &str) -> Result<String, EndpointError> {
        let asked = async {
            let mut stream = TcpStream::connect((self.address, COMMANDS)).await?;
            stream.write_all(format!("{command}\n").as_bytes()).await?;
            let mut said = String::new();
            stream.read_to_string(&mut said).await?;
            Ok(said)
        };
        let asked = timeout(PATIENCE, asked).await.unwrap_or_else(|elapsed| Err(elapsed.into()));
        let (address, port) = (self.address, self.port);
        asked.map_err(|source| EndpointError::Silent { address, port, source })
    }
}

/// What HAProxy reads. Those who wait for a connection wait no longer than the node may take.
fn configuration(port: u16) -> String {
    format!(
        "global\n\
         \x20 stats socket ipv4@0.0.0.0:{COMMANDS} level admin\n\
         \x20 maxconn 5000\n\
         defaults\n\
         \x20 mode tcp\n\
         \x20 timeout connect 2s\n\
         \x20 timeout client 1d\n\
         \x20 timeout server 1d\n\
         \x20 option redispatch 0\n\
         frontend from\n\
         \x20 bind :{port}\n\
         \x20 default_backend to\n\
         backend to\n\
         \x20 server node 127.0.0.1:1 disabled on-marked-down shutdown-sessions\n"
    )
}
