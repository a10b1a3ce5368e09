//! Tasks on instances behind a load balancer; their update is another revision and another rule.

use infra_core::{
    aws::{
        applicationautoscaling::{
            PredefinedMetric, ScalableDimension, ScalableTarget, ScalingPolicy, TargetTracking,
        },
        autoscaling::{Group, LaunchTemplateSpecification},
        ec2::{
            IpProtocol, LaunchTemplate, LaunchTemplateData, RuleDirection, SecurityGroup,
            SecurityGroupRule,
        },
        ecr::Repository,
        ecs::{
            CapacityProvider, CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders,
            ContainerDefinition, ContainerOverride, NetworkConfiguration, NetworkMode, PortMapping,
            RunTask, Service, ServiceLoadBalancer, TaskDefinition, TaskOverride,
        },
        elbv2::{
            Action, FixedResponseAction, Listener, ListenerRule, LoadBalancer, PathPattern,
            Protocol, RuleCondition, TargetGroup, TargetType,
        },
    },
    prelude::*,
};

use crate::network::Network;

/// Part of every image that the tests build.
const IMAGE: &str = "debian:bookworm-slim";
/// Answers every request.
const SERVER: &str = r#"
    $SIG{TERM} = sub { exit };
    my $all = IO::Socket::INET->new(LocalPort => 8080, Listen => 9, ReuseAddr => 1) or die;
    while (1) {
        my $one = $all->accept or next;
        while (<$one>) { last if /^\r?$/ }
        print $one "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        close $one;
    }
"#;
const PORT: u16 = 8080;

pub(crate) fn build(stack: &Stack, changed: bool) {
    let network = Network::new(stack);
    let group = network.group(stack, "web");
    let provider = instances(stack, &network, &group);
    let cluster = Cluster::named("web").create(stack);
    let providers = ClusterCapacityProviders::named("web")
        .cluster(&cluster)
        .capacity_providers([&provider])
        .create(stack);
    let targets = behind_balancer(stack, &network, &group, changed);
    let definition = TaskDefinition::named("web")
        .family("pieces-web")
        .network_mode(NetworkMode::Awsvpc)
        .container_definitions([ContainerDefinition::new("web", IMAGE)
            .memory(MiB(64))
            .command(["perl", "-MIO::Socket::INET", "-e", SERVER])
            .environment([("REVISION", if changed { "two" } else { "one" })])
            .port_mappings([PortMapping::new(PORT)])])
        .create(stack);
    let within = || NetworkConfiguration::private(network.subnets.each_ref(), [&group]);
    let once = ContainerOverride::new("web").command(["true"]);
    let job = RunTask::named("once")
        .cluster(&cluster)
        .task_definition(&definition)
        .capacity_provider_strategy([CapacityProviderStrategyItem::new(&provider)])
        .network_configuration(within())
        .overrides(TaskOverride::new().container_overrides([once]))
        .depends_on(&providers)
        .create(stack);
    let service = Service::named("web")
        .cluster(&cluster)
        .task_definition(&definition)
        .desired_count(2_u32)
        .capacity_provider_strategy([CapacityProviderStrategyItem::new(&provider)])
        .network_configuration(within())
        .load_balancers([ServiceLoadBalancer::new(&targets, "web", PORT)])
        .depends_on(&providers)
        .depends_on(&job)
        .create(stack);
    scaled(stack, &cluster, &service);
    Repository::named("web").create(stack);
}

fn instances(stack: &Stack, network: &Network, group: &SecurityGroup) -> CapacityProvider {
    let data = LaunchTemplateData::new()
        .image_id("ami-0123456789abcdef0")
        .instance_type("m7g.large")
        .security_group_ids([group]);
    let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
    let machines = Group::named("web")
        .min_size(2_u32)
        .max_size(4_u32)
        .vpc_zone_identifier(network.subnets.each_ref())
        .launch_template(LaunchTemplateSpecification::latest(&template))
        .new_instances_protected_from_scale_in(true)
        .force_delete(true)
        .create(stack);
    CapacityProvider::named("web")
        .auto_scaling_group_arn(machines.auto_scaling_group_arn())
        .create(stack)
}

fn behind_balancer(
    stack: &Stack,
    network: &Network,
    group: &SecurityGroup,
    changed: bool,
) -> TargetGroup {
    SecurityGroupRule::named("web")
        .group_id(group)
        .direction(RuleDirection::Ingress)
        .ip_protocol(IpProtocol::Tcp)
        .from_port(i32::from(PORT))
        .to_port(i32::from(PORT))
        .cidr_ipv4("0.0.0.0/0")
        .create(stack);
    let targets = TargetGroup::named("web")
        .vpc_id(&network.vpc)
        .protocol(Protocol::Http)
        .port(PORT)
        .target_type(TargetType::Ip)
        .health_check_interval_seconds(Seconds(5))
        .health_check_timeout_seconds(Seconds(2))
        .healthy_threshold_count(2_u32)
        .deregistration_delay(Seconds(0))
        .create(stack);
    let balancer = LoadBalancer::named("web")
        .subnets(network.subnets.each_ref())
        .security_groups([group])
        .create(stack);
    let listener = Listener::named("web")
        .load_balancer_arn(&balancer)
        .protocol(Protocol::Http)
        .port(80_u16)
        .default_actions([Action::to(&targets)])
        .create(stack);
    let pattern = PathPattern::new().values([if changed { "/new/*" } else { "/old/*" }]);
    ListenerRule::named("web")
        .listener_arn(&listener)
        .priority(1_u32)
        .conditions([RuleCondition::path_pattern(pattern)])
        .actions([Action::fixed_response(FixedResponseAction::new(404_u16))])
        .create(stack);
    targets
}

fn scaled(stack: &Stack, cluster: &Cluster, service: &Service) {
    let dimension = ScalableDimension::EcsServiceDesiredCount;
    let (cluster, service) = (cluster.cluster_name(), service.service_name());
    let target = ScalableTarget::named("web")
        .resource_id(interpolate!("service/{cluster}/{service}"))
        .scalable_dimension(dimension)
        .min_capacity(2_u32)
        .max_capacity(3_u32)
        .create(stack);
    let used = PredefinedMetric::EcsServiceAverageCpuUtilization;
    ScalingPolicy::named("web")
        .policy_name("use")
        .resource_id(target.resource_id())
        .scalable_dimension(dimension)
        .target_tracking(TargetTracking::of(used, 90.0))
        .create(stack);
}
