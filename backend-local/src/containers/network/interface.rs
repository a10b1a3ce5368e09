//! [`Interface`]: an ENI: a container that does nothing but hold an address, for others to share.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    time::Duration,
};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::{error::NetworkError, ruleset::Ruleset, vpc::Vpc};
use crate::containers::{
    docker::{
        Docker, DockerError, Labels, Network, Owner, Spec,
        bollard::models::{
            EndpointIpamConfig, EndpointSettings, NetworkConnectRequest, NetworkDisconnectRequest,
        },
    },
    endpoint::NETWORK_IMAGE,
};

/// What the container of an interface is labelled as being for.
pub(super) const KIND: &str = "eni";

const VPC: &str = "infra.vpc";
const ZONE: &str = "infra.zone";
const ADDRESS: &str = "infra.address";
const GROUPS: &str = "infra.groups";

/// AWS keeps the first four addresses of each subnet, and the last one.
const RESERVED_FIRST: u32 = 4;

/// What takes changes of the rules of an interface, in its container.
pub(super) const TELL: [&str; 3] = ["nft", "-f", "-"];

/// How long is waited for another one that makes the same interface.
const AGAIN: Duration = Duration::from_millis(50);

/// An interface that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceSpec {
    /// Its id.
    pub id: String,
    /// Its availability zone.
    pub zone: String,
    /// The range of its subnet, as on AWS.
    pub subnet: Ipv4Net,
    /// Its address, as on AWS; the next free one of the subnet if none is given.
    pub address: Option<Ipv4Addr>,
    /// The names that others on the network find it by.
    pub names: BTreeSet<String>,
    /// The security groups that it is in when it is made: a label, for people. The groups that count are
    /// those of the [`Policy`](super::Policy).
    pub groups: BTreeSet<String>,
}

/// An interface that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its id.
    pub id: String,
    /// The name of its container, whose network others share.
    pub container: String,
    /// Its VPC.
    pub vpc: String,
    /// Its availability zone.
    pub zone: String,
    /// Its address here.
    pub address: Ipv4Addr,
    /// The security groups that it was in when it was made.
    pub groups: BTreeSet<String>,
    /// Whether its container runs. If it had to be started anew, who shared its network must be, too.
    pub running: bool,
}

impl Interface {
    /// The network that a container says it is on, to have this address.
    #[must_use]
    pub fn shared(&self) -> Network {
        Network::Of(self.container.clone())
    }

    fn of(labels: &Labels, name: &str, running: bool) -> Option<Self> {
        let label = |key: &str| labels.0.get(key);
        Some(Self {
            id: labels.owner()?.id,
            container: name.to_owned(),
            vpc: label(VPC)?.clone(),
            zone: label(ZONE)?.clone(),
            address: label(ADDRESS)?.parse().ok()?,
            groups: label(GROUPS)?
                .split(',')
                .map(str::to_owned)
                .filter(|id| !id.is_empty())
                .collect(),
            running,
        })
    }
}

/// Whose the container of an interface is.
pub(super) fn owner(account: &str, id: &str) -> Owner {
    let [account, kind, id] = [account, KIND, id].map(str::to_owned);
    Owner { account, kind, id, part: String::new() }
}

/// The name of the container of an interface.
#[must_use]
pub fn interface_container(account: &str, id: &str) -> String {
    owner(account, id).name()
}

/// Removes an interface of an account. Who shares its network goes first. That it is gone is no error.
///
/// # Errors
/// If Docker refuses.
pub async fn remove_interface(
    docker: &Docker,
    account: &str,
    id: &str,
) -> Result<(), NetworkError> {
    let removed = docker.remove(&owner(account, id).name()).await;
    removed.map_err(NetworkError::docker(format!("remove the interface {id}")))
}

/// The ids of all interfaces of an account, whatever VPC they are in.
///
/// # Errors
/// If Docker refuses.
pub async fn interface_ids(docker: &Docker, account: &str) -> Result<Vec<String>, NetworkError> {
    let listed = docker.list(&Labels::of_kind(account, KIND)).await;
    let listed = listed.map_err(NetworkError::docker("find interfaces"))?;
    Ok(listed.iter().filter_map(|listed| Some(listed.owner()?.id)).collect())
}

impl Vpc {
    /// Makes an interface, or finds it, and starts its container if it has ended. Its address stays; its
    /// names become those of the spec. It is closed until a [`Firewall`](super::Firewall) opens it.
    ///
    /// # Errors
    /// If the address is not to be had, or Docker refuses.
    pub async fn ensure_interface(&self, spec: &InterfaceSpec) -> Result<Interface, NetworkError> {
        let (address, _taken) = loop {
            // Two that look for an address at the same time would find the same one.
            let choosing = self.choosing.lock().await;
            // First those on their way: who arrives meanwhile is among those that are there.
            let mut taken = self.making.now();
            if taken.contains_key(&spec.id) {
                drop(choosing);
                sleep(AGAIN).await;
                continue;
            }
            let there = self.interfaces().await?;
            if let Some(found) = there.iter().find(|interface| interface.id == spec.id) {
                return self.as_wanted(found.clone(), spec).await;
            }
            taken.extend(there.into_iter().map(|interface| (interface.id, interface.address)));
            let address = self.choose(spec, &taken)?;
            break (address, self.making.take(&spec.id, address));
        };
        let wanted = owner(&self.account, &spec.id);
        let network = Network::On(self.network.clone());
        let mut container = Spec::new(wanted, NETWORK_IMAGE, network).capability("NET_ADMIN");
        // The rules come before anybody shares the address.
        let first = "printf '%s' \"$RULES\" | nft -f - || exit";
        container = container.env("RULES", Ruleset::closed().text()).serves(first, &TELL);
        let groups: Vec<&str> = spec.groups.iter().map(String::as_str).collect();
        let labels = [
            (VPC, self.id.clone()),
            (ZONE, spec.zone.clone()),
            (ADDRESS, address.to_string()),
            (GROUPS, groups.join(",")),
        ];
        container.labels = labels.map(|(key, value)| (key.to_owned(), value)).into();
        let names: Vec<String> = spec.names.iter().cloned().collect();
        let started = self.docker.run_at(&container, &self.network, address, &names).await;
        started.map_err(NetworkError::docker(format!("start the interface {}", spec.id)))?;
        let made = self.see(&spec.id).await?;
        made.ok_or_else(|| self.bad_address(spec, address, "it was removed while it was made"))
    }

    /// All its interfaces.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn interfaces(&self) -> Result<Vec<Interface>, NetworkError> {
        let labels = Labels::of_kind(&self.account, KIND).with(VPC, &self.id);
        let listed = self.docker.list(&labels).await;
        let listed =
            listed.map_err(NetworkError::docker(format!("find the interfaces of {}", self.id)))?;
        let all = listed.iter().filter_map(|it| Interface::of(&it.labels, &it.name, it.running));
        Ok(all.collect())
    }

    /// Removes an interface. Who shares its network goes first. That it is gone is no error.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove_interface(&self, id: &str) -> Result<(), NetworkError> {
        remove_interface(&self.docker, &self.account, id).await
    }

    async fn see(&self, id: &str) -> Result<Option<Interface>, NetworkError> {
        let seen = self.docker.see(&owner(&self.account, id).name()).await;
        let seen = seen.map_err(NetworkError::docker(format!("look at the interface {id}")))?;
        Ok(seen.and_then(|it| Interface::of(&it.labels, &it.name, it.running)))
    }

    /// One that is there: with the names that are wanted, and running.
    async fn as_wanted(
        &self,
        mut found: Interface,
        spec: &InterfaceSpec,
    ) -> Result<Interface, NetworkError> {
        let wanted = spec.address.map(|address| self.ranges().address(address));
        if let Some(wanted) = wanted.filter(|wanted| *wanted != found.address) {
            let has = self.ranges().aws_address(found.address);
            let reason = format!("it has {has}, and keeps it as long as it is there");
            return Err(self.bad_address(spec, wanted, &reason));
        }
        let failed = || NetworkError::docker(format!("start the interface {}", spec.id));
        if names(&self.docker, &found.container, &self.network).await.map_err(failed())?.as_ref()
            != Some(&spec.names)
        {
            self.rename(&found, spec).await.map_err(failed())?;
        }
        if !found.running {
            self.docker.start(&found.container).await.map_err(failed())?;
            found.running = true;
        }
        Ok(found)
    }

    /// Docker gives names at the moment of connection alone. Address, rules and those who share the
    /// network stay; packets are lost for an instant.
    async fn rename(&self, found: &Interface, spec: &InterfaceSpec) -> Result<(), DockerError> {
        let (api, network) = (self.docker.api(), self.network.as_str());
        let container = found.container.clone();
        let request = NetworkDisconnectRequest { container: container.clone(), force: Some(true) };
        let failed = |source| DockerError::api("name", found.container.clone(), source);
        match api.disconnect_network(network, request).await.map_err(failed) {
            Ok(()) => {}
            // A process that was killed between the two steps has left it without a network.
            Err(error) if matches!(error.status(), Some(403 | 404 | 500)) => {}
            Err(error) => return Err(error),
        }
        let endpoint = EndpointSettings {
            ipam_config: Some(EndpointIpamConfig {
                ipv4_address: Some(found.address.to_string()),
                ..EndpointIpamConfig::default()
            }),
            aliases: Some(spec.names.iter().cloned().collect()),
            ..EndpointSettings::default()
        };
        let request = NetworkConnectRequest { container, endpoint_config: Some(endpoint) };
        api.connect_network(network, request).await.map_err(failed)
    }

    /// An address that none has of those that are there or on their way, by their ids.
    fn choose(
        &self,
        spec: &InterfaceSpec,
        there: &BTreeMap<String, Ipv4Addr>,
    ) -> Result<Ipv4Addr, NetworkError> {
        let taken: BTreeSet<Ipv4Addr> = there
            .values()
            .copied()
            .chain([self.gateway()])
            .map(|address| self.ranges().aws_address(address))
            .collect();
        let Some(address) = spec.address else {
            let (interface, subnet) = (spec.id.clone(), spec.subnet);
            let free = usable(subnet).find(|address| !taken.contains(address));
            let free = free.ok_or(NetworkError::Full { interface, subnet })?;
            return Ok(self.ranges().address(free));
        };
        let reason = if !self.ranges().aws().contains(&spec.subnet) {
            format!("its subnet {} is not in the VPC's range {}", spec.subnet, self.ranges().aws())
        } else if !usable(spec.subnet).any(|usable| usable == address) {
            format!("it is none that AWS gives in the subnet {}", spec.subnet)
        } else if let Some((other, _)) =
            there.iter().find(|(_, other)| **other == self.ranges().address(address))
        {
            format!("{other} has it")
        } else if taken.contains(&address) {
            "this machine has it".to_owned()
        } else {
            return Ok(self.ranges().address(address));
        };
        Err(self.bad_address(spec, self.ranges().address(address), &reason))
    }

    fn bad_address(&self, spec: &InterfaceSpec, local: Ipv4Addr, reason: &str) -> NetworkError {
        let (interface, address) = (spec.id.clone(), self.ranges().aws_address(local));
        NetworkError::Address { interface, address, reason: reason.to_owned() }
    }
}

/// The addresses of a subnet that AWS gives to interfaces, in order.
fn usable(subnet: Ipv4Net) -> impl Iterator<Item = Ipv4Addr> {
    let first = u32::from(subnet.network()).saturating_add(RESERVED_FIRST);
    (first..u32::from(subnet.broadcast())).map(Ipv4Addr::from)
}

/// The names that a container has on a network; `None` if it is not on it.
async fn names(
    docker: &Docker,
    container: &str,
    network: &str,
) -> Result<Option<BTreeSet<String>>, DockerError> {
    let seen = docker.api().inspect_container(container, None).await;
    let seen = seen.map_err(|source| DockerError::api("look at", container, source))?;
    let networks = seen.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let id = seen.id.unwrap_or_default();
    // Docker adds the first letters of the container's id, and newer ones its name.
    let own =
        |name: &String| (name.len() >= 12 && id.starts_with(name.as_str())) || name == container;
    let names = networks.get(network).map(|endpoint| {
        let names = endpoint.aliases.iter().flatten();
        names.filter(|name| !own(name)).cloned().collect()
    });
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_keeps_the_first_four_addresses_and_the_last() {
        let addresses: Vec<String> =
            usable("10.0.1.0/28".parse().unwrap()).map(|address| address.to_string()).collect();
        assert_eq!(addresses.len(), 11);
        assert_eq!((&*addresses[0], &*addresses[10]), ("10.0.1.4", "10.0.1.14"));
    }
}
