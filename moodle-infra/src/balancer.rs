//! [`Balancer`]: the only thing of a site that is reached from outside.

use infra_core::{
    aws::{
        CertificateArn, HostedZoneId, SecurityGroupId, TrustStoreArn,
        elbv2::{
            Action, Listener, LoadBalancer, LoadBalancerScheme, LoadBalancingAlgorithm, Matcher,
            MutualAuthentication, Protocol, ResponseHeaders, TargetGroup, TargetType,
        },
        route53::{AliasTarget, Record, RecordType},
    },
    prelude::*,
};

use crate::{Domain, Network, ports};

/// The path that the balancer asks tasks for: answered by a process of PHP that does nothing
/// else, without database or files, so that a failover behind the tasks does not end all of them.
pub const HEALTH_PATH: &str = "/health";

/// How long a task that goes is given to finish what it is at; a container is given longer
/// ([`STOP_TIMEOUT`](crate::STOP_TIMEOUT)).
pub const DRAIN: Seconds = Seconds(60);

/// For how long a connection may be silent: longer than the slowest answer takes.
pub(crate) const IDLE: Seconds = Seconds(300);

/// TLS 1.2 and 1.3 alone.
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// Who asks a balancer.
#[derive(Clone, Debug, Default)]
pub enum Front {
    /// People: who comes by HTTP is sent to HTTPS.
    #[default]
    People,
    /// An edge, which shows a certificate of these authorities; nobody without one is answered.
    Proved(Output<TrustStoreArn>),
    /// An edge that has a way into the network: the balancer has no address outside.
    Inside,
}

/// How a balancer is to be.
#[derive(Clone, Debug)]
pub struct BalancerSettings {
    /// Whether AWS refuses to delete it. A deletion that the plan shows takes that back first.
    pub deletion_protection: bool,
    /// Who asks it.
    pub front: Front,
}

impl Default for BalancerSettings {
    /// Protected against deletion, and asked by people.
    fn default() -> Self {
        Self { deletion_protection: true, front: Front::People }
    }
}

/// An application load balancer over all zones, which speaks TLS and sends plain HTTP there.
#[derive(Clone, Copy, Debug)]
pub struct Balancer {
    /// The load balancer.
    pub load_balancer: LoadBalancer,
    /// The tasks behind it.
    pub tasks: TargetGroup,
    /// What answers with TLS.
    pub https: Listener,
    /// What sends others to TLS, where people ask it.
    pub http: Option<Listener>,
}

impl Balancer {
    /// The balancer of a site in a component of its own.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        security_group: impl IntoInput<SecurityGroupId>,
        certificate: impl IntoInput<CertificateArn>,
        settings: &BalancerSettings,
    ) -> Self {
        let stack = &stack.component(name);
        let (scheme, subnets) = match settings.front {
            Front::Inside => (LoadBalancerScheme::Internal, network.app_subnets()),
            Front::People | Front::Proved(_) => {
                (LoadBalancerScheme::InternetFacing, network.public_subnets())
            }
        };
        let clients = match &settings.front {
            Front::Proved(authorities) => Some(MutualAuthentication::verify(authorities)),
            Front::People | Front::Inside => None,
        };
        let load_balancer = LoadBalancer::named("web")
            .scheme(scheme)
            .subnets(subnets)
            .security_groups([security_group.into_input()])
            .idle_timeout(IDLE)
            .drop_invalid_header_fields(true)
            .deletion_protection(settings.deletion_protection)
            .create(stack);
        let tasks = TargetGroup::named("web")
            .vpc_id(&network.vpc)
            .protocol(Protocol::Http)
            .port(ports::APP)
            .target_type(TargetType::Ip)
            .health_check_path(HEALTH_PATH)
            .health_check_interval_seconds(Seconds(10))
            .healthy_threshold_count(2_u32)
            .unhealthy_threshold_count(3_u32)
            .matcher(Matcher::http("200"))
            .deregistration_delay(DRAIN)
            .load_balancing_algorithm(LoadBalancingAlgorithm::LeastOutstandingRequests)
            .create(stack);
        let headers = ResponseHeaders::new().strict_transport_security("max-age=31536000");
        let https = Listener::named("https")
            .load_balancer_arn(&load_balancer)
            .protocol(Protocol::Https)
            .port(ports::HTTPS)
            .certificates([certificate.into_input()])
            .ssl_policy(TLS_POLICY)
            .maybe_mutual_authentication(clients)
            .response_headers(headers)
            .default_actions([Action::to(&tasks)])
            .create(stack);
        let http = matches!(settings.front, Front::People).then(|| {
            Listener::named("http")
                .load_balancer_arn(&load_balancer)
                .protocol(Protocol::Http)
                .port(ports::HTTP)
                .default_actions([Action::to_https()])
                .create(stack)
        });
        Self { load_balancer, tasks, https, http }
    }

    /// What metrics call the balancer: the end of its ARN.
    pub(crate) fn metric_name(&self) -> Output<String> {
        self.load_balancer.load_balancer_arn().map(|arn| {
            let (_, end) = arn.as_str().split_once(":loadbalancer/").expect("it is a balancer's");
            end.to_owned()
        })
    }

    /// What metrics call the tasks behind it: the end of their ARN.
    pub(crate) fn tasks_metric_name(&self) -> Output<String> {
        self.tasks.target_group_arn().map(|arn| {
            let (_, end) = arn.as_str().split_once(":targetgroup/").expect("it is a group's");
            format!("targetgroup/{end}")
        })
    }

    /// The record by which a domain leads to the balancer, in a zone that answers for it.
    #[track_caller]
    pub fn named_in_zone(
        &self,
        stack: &Stack,
        name: &str,
        domain: &Domain,
        zone: impl IntoInput<HostedZoneId>,
    ) -> Record {
        Record::named(name)
            .hosted_zone_id(zone)
            .name(domain.as_str())
            .record_type(RecordType::A)
            .alias_target(AliasTarget::balancer(&self.load_balancer))
            .create(stack)
    }
}
