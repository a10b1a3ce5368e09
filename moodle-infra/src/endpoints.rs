//! [`InterfaceEndpoint`]: services of AWS that are reached without NAT.

use infra_core::{
    aws::ec2::{RuleDirection, SecurityGroup, VpcEndpoint, VpcEndpointType},
    prelude::*,
};

use crate::{Network, ports, security};

/// A service of AWS that a site talks to, and can reach by a network interface in each zone.
///
/// Such an interface is paid for by the hour and the gigabyte, like NAT, and less by the gigabyte:
/// it pays off where much goes to that service, or where nothing may leave the VPC. S3, which most
/// goes to (layers of images among it), has a gateway endpoint in every network, for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InterfaceEndpoint {
    /// Who may fetch images.
    EcrApi,
    /// The images, without their layers.
    EcrDkr,
    /// Logs.
    Logs,
    /// Secrets.
    SecretsManager,
    /// What instances and tasks ask ECS.
    Ecs,
    /// What ECS tells instances.
    EcsAgent,
    /// What instances measure.
    EcsTelemetry,
    /// Session Manager and parameters.
    Ssm,
    /// What Session Manager shows.
    SsmMessages,
    /// What Session Manager asks.
    Ec2Messages,
}

impl InterfaceEndpoint {
    /// All that a site talks to.
    pub const ALL: [Self; 10] = [
        Self::EcrApi,
        Self::EcrDkr,
        Self::Logs,
        Self::SecretsManager,
        Self::Ecs,
        Self::EcsAgent,
        Self::EcsTelemetry,
        Self::Ssm,
        Self::SsmMessages,
        Self::Ec2Messages,
    ];

    /// The end of the service's name: `ecr.api`.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::EcrApi => "ecr.api",
            Self::EcrDkr => "ecr.dkr",
            Self::Logs => "logs",
            Self::SecretsManager => "secretsmanager",
            Self::Ecs => "ecs",
            Self::EcsAgent => "ecs-agent",
            Self::EcsTelemetry => "ecs-telemetry",
            Self::Ssm => "ssm",
            Self::SsmMessages => "ssmmessages",
            Self::Ec2Messages => "ec2messages",
        }
    }
}

/// The endpoints of a network, which everything in it may use.
pub(crate) fn create(
    stack: &Stack,
    network: &Network,
    range: Ipv4Net,
    wanted: &[InterfaceEndpoint],
) -> Vec<VpcEndpoint> {
    if wanted.is_empty() {
        return vec![];
    }
    let group = SecurityGroup::named("endpoints")
        .vpc_id(&network.vpc)
        .group_description("Endpoints of AWS: from the network alone")
        .create(stack);
    security::rule("endpoints-from-network", &group, RuleDirection::Ingress, ports::HTTPS)
        .cidr_ipv4(range)
        .create(stack);
    let region = &network.region;
    let endpoints = wanted.iter().map(|endpoint| {
        let service = endpoint.service();
        VpcEndpoint::named(service.replace('.', "-"))
            .vpc_id(&network.vpc)
            .service_name(interpolate!("com.amazonaws.{region}.{service}"))
            .vpc_endpoint_type(VpcEndpointType::Interface)
            .subnet_ids(network.app_subnets())
            .security_group_ids([&group])
            .private_dns_enabled(true)
            .create(stack)
    });
    endpoints.collect()
}
