//! Networks, and containers at fixed addresses of them.

use std::{collections::HashMap, net::Ipv4Addr};

use ipnet::Ipv4Net;

use super::{
    Docker, DockerError, Labels, Owner, Spec,
    bollard::{
        models::{
            ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HostConfig, Ipam,
            IpamConfig, NetworkCreateRequest, NetworkingConfig, RestartPolicy,
            RestartPolicyNameEnum,
        },
        query_parameters::{CreateContainerOptionsBuilder, ListNetworksOptionsBuilder},
    },
    error::unless_gone,
};

/// A network.
#[derive(Clone, Debug)]
pub struct NetworkSpec {
    /// Whose it is: its name and labels.
    pub owner: Owner,
    /// Its addresses.
    pub range: Ipv4Net,
    /// The address of this machine on it.
    pub gateway: Ipv4Addr,
}

/// A network as Docker lists it. It does so once it is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedNetwork {
    /// Its id.
    pub id: String,
    /// Its name, which others may have as well.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its addresses, as Docker says them.
    pub ranges: Vec<String>,
}

impl ListedNetwork {
    /// Whose it is; `None` if it is none of ours.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        self.labels.owner()
    }
}

impl Docker {
    /// The networks that have all these labels.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn networks(&self, labels: &Labels) -> Result<Vec<ListedNetwork>, DockerError> {
        let options = ListNetworksOptionsBuilder::new().filters(&labels.filters()).build();
        let listed = self.api().list_networks(Some(options)).await;
        let listed = listed.map_err(|source| DockerError::api("list", "networks", source))?;
        let all = listed.into_iter().map(|network| {
            let configs = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
            ListedNetwork {
                id: network.id.unwrap_or_default(),
                name: network.name.unwrap_or_default(),
                labels: Labels(network.labels.unwrap_or_default()),
                ranges: configs.into_iter().filter_map(|config| config.subnet).collect(),
            }
        });
        Ok(all.collect())
    }

    /// Makes a network. Before version 25 Docker makes one whose name another one has, too.
    ///
    /// # Errors
    /// If Docker refuses: other networks of it have some of these addresses, also one that it is
    /// about to make and does not list yet (status 403), or its name ([`DockerError::is_conflict`]).
    pub async fn make_network(&self, spec: &NetworkSpec) -> Result<(), DockerError> {
        let name = spec.owner.name();
        let config = IpamConfig {
            subnet: Some(spec.range.to_string()),
            gateway: Some(spec.gateway.to_string()),
            ..IpamConfig::default()
        };
        let request = NetworkCreateRequest {
            name: name.clone(),
            driver: Some("bridge".to_owned()),
            ipam: Some(Ipam { config: Some(vec![config]), ..Ipam::default() }),
            labels: Some(Labels::of(&spec.owner).0),
            ..NetworkCreateRequest::default()
        };
        let made = self.api().create_network(request).await;
        made.map(|_| ()).map_err(|source| DockerError::api("make the network", name, source))
    }

    /// Removes a network, by its id or its name.
    ///
    /// # Errors
    /// If Docker refuses: a container is on it (status 403). That it is gone is none.
    pub async fn remove_network(&self, name: &str) -> Result<(), DockerError> {
        unless_gone("remove the network", name, self.api().remove_network(name).await)
    }

    /// Starts a container at a fixed address of a network, under further names that others there find
    /// it by; or finds the one of its name. Others share its address ([`super::Network::Of`]).
    ///
    /// Returns its id.
    ///
    /// # Errors
    /// If it can't be started: the address is taken.
    pub async fn run_at(
        &self,
        spec: &Spec,
        network: &str,
        address: Ipv4Addr,
        names: &[String],
    ) -> Result<String, DockerError> {
        let name = spec.owner.name();
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        let body = body(spec, network, address, names);
        let failed = |source| DockerError::api("start", name.clone(), source);
        match self.api().create_container(Some(options), body).await.map_err(failed) {
            Ok(_) => {}
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
        self.start(&name).await?;
        let seen = self.api().inspect_container(&name, None).await.map_err(failed)?;
        Ok(seen.id.unwrap_or(name))
    }
}

fn body(spec: &Spec, network: &str, address: Ipv4Addr, names: &[String]) -> ContainerCreateBody {
    let endpoint = EndpointSettings {
        ipam_config: Some(EndpointIpamConfig {
            ipv4_address: Some(address.to_string()),
            ..EndpointIpamConfig::default()
        }),
        aliases: Some(names.to_vec()),
        ..EndpointSettings::default()
    };
    let hosts = spec.hosts.iter().map(|(name, address)| format!("{name}:{address}"));
    let variables = spec.environment.iter().map(|(name, value)| format!("{name}={value}"));
    let mut labels = Labels::of(&spec.owner).0;
    labels.extend(spec.labels.clone());
    let policy = RestartPolicy {
        name: spec.restarts.then_some(RestartPolicyNameEnum::UNLESS_STOPPED),
        maximum_retry_count: None,
    };
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        cmd: (!spec.command.is_empty()).then(|| spec.command.clone()),
        env: Some(variables.collect()),
        open_stdin: Some(spec.serves),
        entrypoint: spec.entrypoint.clone().map(|program| vec![program]),
        labels: Some(labels),
        host_config: Some(HostConfig {
            network_mode: Some(network.to_owned()),
            cap_add: Some(spec.capabilities.clone()),
            extra_hosts: Some(hosts.collect()),
            init: Some(true),
            restart_policy: spec.restarts.then_some(policy),
            ..HostConfig::default()
        }),
        networking_config: Some(NetworkingConfig {
            endpoints_config: Some(HashMap::from([(network.to_owned(), endpoint)])),
        }),
        ..ContainerCreateBody::default()
    }
}
