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

/// The label of what a container can't be told later.
const MADE: &str = "infra.made";

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
        let configuration = configuration(port);
        let made = format!("{:08x}", crc32fast::hash(configuration.as_bytes()));
        let failed = |source| EndpointError::Start { address, port, source };
        // One that an older program has made does not know what it would be told.
        let there = docker.see(&spec.owner.name()).await.map_err(failed)?;
        if there.is_some_and(|there| there.labels.0.get(MADE) != Some(&made)) {
            docker.remove(&spec.owner.name()).await.map_err(failed)?;
        }
        spec = spec.command(["sh", "-c", script]).env("CONFIG", configuration);
        spec.labels.insert(MADE.to_owned(), made);
        spec.restarts = true;
        let started = docker.run(&spec).await;
        started.map_err(failed)?;
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
        let leads = |slot: Slot| slot.leads.then_some(slot.to);
        Ok(self.slots().await?.into_iter().find_map(leads))
    }

    async fn slots(&self) -> Result<Vec<Slot>, EndpointError> {
        let command = "show servers state to";
        let said = self.command(command).await?;
        // The second line names the fields: be_id be_name srv_id srv_name srv_addr srv_op_state
        // srv_admin_state … srv_port is the 19th.
        let slots = said.lines().skip(2).filter(|row| !row.is_empty()).map(|row| {
            let row: Vec<&str> = row.split(' ').collect();
            let to = SocketAddrV4::new(row.get(4)?.parse().ok()?, row.get(18)?.parse().ok()?);
            // 0: it is stopped.
            Some(Slot { name: (*row.get(3)?).to_owned(), to, leads: *row.get(5)? != "0" })
        });
        match slots.collect::<Option<Vec<_>>>().filter(|slots| !slots.is_empty()) {
            Some(slots) => Ok(slots),
            None => Err(self.refused(command, said)),
        }
    }

    /// Leads it to a node, or nowhere: then it refuses connections. Connections to any other node are
    /// cut; who still waits for one that is gone gets to the new one.
    ///
    /// # Errors
    /// If it does not do that.
    pub async fn lead_to(&self, target: Option<SocketAddrV4>) -> Result<(), EndpointError> {
        for command in commands(&self.slots().await?, target) {
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
        let of = |row: &str| row.split(',').nth(4)?.parse::<u64>().ok();
        let rows = said.lines().skip(1).filter(|row| !row.is_empty());
        let all: Option<Vec<u64>> = rows.map(of).collect();
        match all.filter(|all| !all.is_empty()) {
            Some(all) => Ok(all.iter().sum()),
            None => Err(self.refused(command, said)),
        }
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

/// One of HAProxy's servers. There are two: whoever waits for the one that is gone is led to the other by
/// a further attempt, while an attempt at the same one keeps the address that it had.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    name: String,
    to: SocketAddrV4,
    leads: bool,
}

/// What leads an endpoint to a node, or nowhere. It leads to the new one before it leaves the old one, so
/// that it refuses nobody in between; where both could be written, whoever asks leads it nowhere before.
fn commands(slots: &[Slot], target: Option<SocketAddrV4>) -> Vec<String> {
    let leave = |slot: &Slot| {
        let at = format!("server to/{}", slot.name);
        [format!("set {at} state maint"), format!("shutdown sessions {at}")]
    };
    let leads_there = |slot: &&Slot| slot.leads && Some(slot.to) == target;
    let mut left: Vec<&Slot> = slots.iter().filter(|it| it.leads && !leads_there(it)).collect();
    let mut commands = vec![];
    if let Some(target) = target.filter(|_| !slots.iter().any(|slot| leads_there(&slot))) {
        let free = slots.iter().find(|slot| !slot.leads);
        // Both lead elsewhere if an agent was killed between two commands.
        let into = free.unwrap_or_else(|| {
            let first = left.remove(0);
            commands.extend(leave(first));
            first
        });
        let (name, address, port) = (&into.name, target.ip(), target.port());
        commands.push(format!("set server to/{name} addr {address} port {port}"));
        commands.push(format!("set server to/{name} state ready"));
    }
    commands.extend(left.into_iter().flat_map(leave));
    commands
}

/// What HAProxy reads. Those who wait for a connection wait no longer than the node may take, and are led
/// to whichever server there is by each further attempt: one every 300 ms, for three seconds.
fn configuration(port: u16) -> String {
    format!(
        "global\n\
         \x20 stats socket ipv4@0.0.0.0:{COMMANDS} level admin\n\
         \x20 maxconn 5000\n\
         defaults\n\
         \x20 mode tcp\n\
         \x20 timeout connect 300ms\n\
         \x20 timeout client 1d\n\
         \x20 timeout server 1d\n\
         \x20 retries 10\n\
         \x20 option redispatch 1\n\
         frontend from\n\
         \x20 bind :{port}\n\
         \x20 default_backend to\n\
         backend to\n\
         \x20 default-server on-marked-down shutdown-sessions\n\
         \x20 server one 127.0.0.1:1 disabled\n\
         \x20 server two 127.0.0.1:1 disabled\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, last), 3306)
    }

    fn slots(one: Option<u8>, two: Option<u8>) -> [Slot; 2] {
        let slot = |name: &str, to: Option<u8>| Slot {
            name: name.to_owned(),
            to: at(to.unwrap_or(99)),
            leads: to.is_some(),
        };
        [slot("one", one), slot("two", two)]
    }

    fn told(one: Option<u8>, two: Option<u8>, target: Option<u8>) -> String {
        commands(&slots(one, two), target.map(at)).join("; ")
    }

    #[test]
    fn the_new_one_is_there_before_the_old_one_is_left() {
        assert_eq!(
            told(Some(1), None, Some(2)),
            "set server to/two addr 10.0.0.2 port 3306; set server to/two state ready; \
             set server to/one state maint; shutdown sessions server to/one"
        );
        assert_eq!(
            told(None, None, Some(1)),
            "set server to/one addr 10.0.0.1 port 3306; set server to/one state ready"
        );
    }

    #[test]
    fn what_is_so_already_is_not_done_again() {
        assert_eq!(told(None, Some(1), Some(1)), "");
        assert_eq!(told(None, None, None), "");
        // An address from before leads nowhere.
        assert_eq!(
            told(None, None, Some(99)),
            "set server to/one addr 10.0.0.99 port 3306; set server to/one state ready"
        );
    }

    #[test]
    fn what_was_half_done_is_done() {
        let left = "set server to/one state maint; shutdown sessions server to/one";
        assert_eq!(told(Some(1), Some(2), Some(2)), left);
        assert_eq!(told(Some(1), None, None), left);
        assert_eq!(
            told(Some(1), Some(2), Some(3)),
            "set server to/one state maint; shutdown sessions server to/one; \
             set server to/one addr 10.0.0.3 port 3306; set server to/one state ready; \
             set server to/two state maint; shutdown sessions server to/two"
        );
    }
}
