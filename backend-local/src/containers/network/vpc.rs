//! [`Vpc`]: the network of Docker for a VPC.

use std::{net::Ipv4Addr, sync::Arc};

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::{
    bridge::{self, Bridge},
    error::NetworkError,
    making::Making,
    range::Ranges,
};
use crate::containers::docker::{Docker, Labels, NetworkSpec, Owner};

/// What the network of a VPC is labelled as being for.
const KIND: &str = "vpc";

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
}

/// Whose the network of a VPC is.
fn owner(account: &str, id: &str) -> Owner {
    let [account, kind, id] = [account, KIND, id].map(str::to_owned);
    Owner { account, kind, id, part: String::new() }
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
        let owner = owner(&spec.account, &spec.id);
        let wanted = NetworkSpec { owner, range: spec.range, gateway: spec.gateway };
        let Bridge { network, by } = bridge::ensure(docker, &wanted).await?;
        let local = network.ranges.first().and_then(|local| local.parse().ok());
        let ranges = local.and_then(|local| Ranges::new(spec.range, local));
        let ranges = ranges.ok_or_else(|| NetworkError::OtherSize {
            vpc: spec.id.clone(),
            range: spec.range,
            there: network.ranges.join(", "),
        })?;
        let mut vpc = Self::of(docker, spec, network.name, ranges);
        vpc.moved = vpc.moved.map(|moved| Moved { by, ..moved });
        Ok(vpc)
    }

    /// The networks of an account that are there, to be removed: which addresses their VPCs have on AWS
    /// is not known.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn all(docker: &Docker, account: &str) -> Result<Vec<Self>, NetworkError> {
        let listed = docker.networks(&Labels::of_kind(account, KIND)).await;
        let listed = listed.map_err(NetworkError::docker("list the networks of VPCs"))?;
        let all = listed.into_iter().filter_map(|network| {
            let range = network.ranges.first()?.parse().ok()?;
            let spec = VpcSpec::new(account, network.owner()?.id, range);
            Some(Self::of(docker, &spec, network.name, Ranges::same(range)))
        });
        Ok(all.collect())
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
        let removed = bridge::remove(&self.docker, &owner(&self.account, &self.id)).await;
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
