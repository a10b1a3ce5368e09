//! [`Vpc`]: the network of Docker for a VPC.

use std::{net::Ipv4Addr, sync::Arc};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::{
    error::NetworkError,
    making::Making,
    range::{Ranges, Taken, first_free, overlaps},
    routes::routes,
};
use crate::containers::docker::{Docker, DockerError, Labels, NetworkSpec, Owner};

/// What the network of a VPC is labelled as being for.
const KIND: &str = "vpc";

/// So often another process may take the range that was just chosen.
const ATTEMPTS: usize = 20;

/// The network of a VPC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcSpec {
    /// The account.
    pub account: String,
    /// The id of the VPC.
    pub id: String,
    /// Its addresses, as on AWS.
    pub range: Ipv4Net,
    /// The address of this machine on it, as on AWS: that of the VPC's router, the second one.
    pub gateway: Ipv4Addr,
}

impl VpcSpec {
    /// With the gateway where AWS has the router: the range's second address.
    #[must_use]
    pub fn new(account: impl Into<String>, id: impl Into<String>, range: Ipv4Net) -> Self {
        let gateway = Ipv4Addr::from(u32::from(range.network()) + 1);
        Self { account: account.into(), id: id.into(), range, gateway }
    }

    fn owner(&self) -> Owner {
        Owner {
            account: self.account.clone(),
            kind: KIND.to_owned(),
            id: self.id.clone(),
            part: String::new(),
        }
    }
}

/// That a VPC has other addresses here than on AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Those that it has here.
    pub local: Ipv4Net,
    /// What has those that it was to have; `None` if it was moved when it was made, by another process.
    pub by: Option<String>,
}

/// The network of a VPC, which is there.
#[derive(Clone, Debug)]
pub struct Vpc {
    pub(super) docker: Docker,
    pub(super) account: String,
    pub(super) id: String,
    pub(super) network: String,
    ranges: Ranges,
    gateway: Ipv4Addr,
    moved: Option<Moved>,
    /// Held while an address is chosen.
    pub(super) choosing: Arc<Mutex<()>>,
    /// Those that were chosen, and that no container has yet.
    pub(super) making: Making,
}

impl Vpc {
    /// Makes the network of a VPC, or finds it. If something on this machine has some of its addresses,
    /// it gets others ([`Vpc::moved`]) and keeps them from then on.
    ///
    /// # Errors
    /// If no range is free, or Docker refuses.
    pub async fn ensure(docker: &Docker, spec: &VpcSpec) -> Result<Self, NetworkError> {
        let name = spec.owner().name();
        if let Some(there) = subnet(docker, &name).await? {
            return Self::found(docker, spec, name, &there);
        }
        let mut taken = taken(docker).await?;
        for _ in 0..ATTEMPTS {
            let Some(local) = first_free(spec.range.trunc(), &taken) else { break };
            let ranges = Ranges::new(spec.range, local).unwrap_or(Ranges::same(local));
            let network = NetworkSpec {
                owner: spec.owner(),
                range: local,
                gateway: ranges.address(spec.gateway),
            };
            match docker.make_network(&network).await {
                Ok(()) => {
                    let by = overlaps(spec.range, &taken).map(|taken| taken.by.clone());
                    let mut made = Self::of(docker, spec, name, ranges);
                    made.moved = made.moved.map(|moved| Moved { by, ..moved });
                    return Ok(made);
                }
                // Another process has taken it meanwhile.
                Err(error) if error.status() == Some(403) => {
                    let by = "another network of Docker".to_owned();
                    taken.push(Taken { range: local, by });
                }
                // Another process has made this very network, with a range of its own choice.
                Err(error) if error.is_conflict() => {
                    if let Some(there) = subnet(docker, &name).await? {
                        return Self::found(docker, spec, name, &there);
                    }
                }
                Err(error) => {
                    return Err(NetworkError::docker(format!("make the network of {}", spec.id))(
                        error,
                    ));
                }
            }
        }
        Err(NetworkError::NoRange { vpc: spec.id.clone(), range: spec.range })
    }

    /// The networks of an account that are there, to be removed: which addresses their VPCs have on AWS
    /// is not known.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn all(docker: &Docker, account: &str) -> Result<Vec<Self>, NetworkError> {
        let listed = docker.networks(&Labels::of_kind(account, KIND)).await;
        let listed = listed.map_err(NetworkError::docker("list the networks of VPCs"))?;
        let mut all = vec![];
        for (name, owner) in listed {
            let range = subnet(docker, &name).await?.and_then(|range| range.parse().ok());
            let Some(range) = range else { continue };
            let spec = VpcSpec::new(account, owner.id, range);
            all.push(Self::of(docker, &spec, name, Ranges::same(range)));
        }
        Ok(all)
    }

    /// Removes the network. That it is gone is no error.
    ///
    /// # Errors
    /// If interfaces are on it, or Docker refuses.
    pub async fn remove(self) -> Result<(), NetworkError> {
        let there = self.interfaces().await?;
        if !there.is_empty() {
            let ids: Vec<String> = there.into_iter().map(|interface| interface.id).collect();
            return Err(NetworkError::InUse { vpc: self.id, interfaces: ids.join(", ") });
        }
        let removed = self.docker.remove_network(&self.network).await;
        removed.map_err(NetworkError::docker(format!("remove the network of {}", self.id)))
    }

    /// The id of the VPC.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of its network.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.network
    }

    /// Its addresses on AWS and here.
    #[must_use]
    pub fn ranges(&self) -> Ranges {
        self.ranges
    }

    /// The address of this machine on it, here.
    #[must_use]
    pub fn gateway(&self) -> Ipv4Addr {
        self.gateway
    }

    /// That it has other addresses here than on AWS, if it has.
    #[must_use]
    pub fn moved(&self) -> Option<&Moved> {
        self.moved.as_ref()
    }

    fn found(
        docker: &Docker,
        spec: &VpcSpec,
        name: String,
        there: &str,
    ) -> Result<Self, NetworkError> {
        let local = there.parse().ok();
        let ranges = local.and_then(|local| Ranges::new(spec.range, local));
        let ranges = ranges.ok_or_else(|| NetworkError::OtherSize {
            vpc: spec.id.clone(),
            range: spec.range,
            there: there.to_owned(),
        })?;
        Ok(Self::of(docker, spec, name, ranges))
    }

    fn of(docker: &Docker, spec: &VpcSpec, network: String, ranges: Ranges) -> Self {
        let moved =
            (ranges.local() != ranges.aws()).then(|| Moved { local: ranges.local(), by: None });
        Self {
            docker: docker.clone(),
            account: spec.account.clone(),
            id: spec.id.clone(),
            network,
            ranges,
            gateway: ranges.address(spec.gateway),
            moved,
            choosing: Arc::default(),
            making: Making::default(),
        }
    }
}

/// The range of a network, as Docker says it; `None` if there is no such network.
async fn subnet(docker: &Docker, network: &str) -> Result<Option<String>, NetworkError> {
    let seen = docker.api().inspect_network(network, None).await;
    match seen.map_err(|source| DockerError::api("look at the network", network, source)) {
        Ok(seen) => {
            let configs = seen.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
            Ok(Some(configs.into_iter().find_map(|config| config.subnet).unwrap_or_default()))
        }
        Err(error) if error.is_missing() => Ok(None),
        Err(source) => {
            Err(NetworkError::Docker { doing: format!("look at the network {network}"), source })
        }
    }
}

/// The ranges that Docker's networks and this machine's routes have.
async fn taken(docker: &Docker) -> Result<Vec<Taken>, NetworkError> {
    let listed = docker.api().list_networks(None).await;
    let listed = listed
        .map_err(|source| DockerError::api("list", "networks", source))
        .map_err(NetworkError::docker("list the networks of Docker"))?;
    let mut taken = vec![];
    for network in listed {
        let by = format!("the network {} of Docker", network.name.unwrap_or_default());
        let configs = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
        let ranges = configs.into_iter().filter_map(|config| config.subnet?.parse().ok());
        taken.extend(ranges.map(|range: Ipv4Net| Taken { range, by: by.clone() }));
    }
    taken.extend(routes().await?);
    Ok(taken)
}
