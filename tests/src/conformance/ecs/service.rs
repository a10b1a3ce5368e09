//! The cases of `aws:ecs:Service`: on a group's instances, by launch type, on Fargate, and with
//! traffic that is shifted.

mod differences;
mod refused;

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::{
        SecurityGroupId,
        cloudwatch::MetricAlarm,
        ec2::{InternetGateway, SecurityGroup},
        ecs::{
            AdvancedConfiguration, CapacityProvider, CapacityProviderStrategyItem, Cluster,
            ClusterCapacityProviders, Compatibility, ContainerDefinition, DeploymentAlarms,
            DeploymentCircuitBreaker, DeploymentStrategy, LaunchType, MetricConfiguration,
            NetworkConfiguration, NetworkMode, PlacementConstraint, PlacementConstraintType,
            PlacementStrategy, PropagateTags, SchedulingStrategy, Service, ServiceBuilder,
            ServiceDeployment, ServiceLoadBalancer, ServiceMetric, ServiceMonitoring,
            ServiceRegistry, Switch, TaskDefinition, ThresholdConfiguration, ThresholdType,
        },
        elbv2::{
            Action, Listener, ListenerRule, PathPattern, Protocol, RuleCondition, TargetGroup,
            TargetType,
        },
    },
    dsl::Provided,
    prelude::*,
};

use super::{
    cluster_capacity_providers::provider,
    task_definition::{of, on_fargate, role, web},
};
use crate::conformance::{
    cloudwatch::metric_alarm::errors,
    elbv2::load_balancer::{Network, balancer},
};

type Subject = ServiceBuilder<Provided, Provided>;

const REGISTRY: &str =
    "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-0123456789abcdef";

/// A cluster with two groups of instances, and a network.
pub(crate) struct Site {
    pub(crate) network: Network,
    pub(crate) cluster: Cluster,
    pub(crate) web: CapacityProvider,
    other: CapacityProvider,
}

impl Site {
    pub(crate) fn new(stack: &Stack) -> Self {
        let network = Network::private(stack, "vpc");
        let [web, other] = ["web", "other"].map(|name| provider(stack, &network, name));
        let site = |cluster| Self { network, cluster, web, other };
        let site = site(Cluster::named("web").create(stack));
        site.join(stack, "web", &site.cluster);
        site
    }

    /// Gives a cluster the capacity providers.
    pub(crate) fn join(&self, stack: &Stack, name: &str, cluster: &Cluster) {
        ClusterCapacityProviders::named(name)
            .cluster(cluster)
            .capacity_providers(inputs![&self.web, &self.other, "FARGATE"])
            .create(stack);
    }

    fn security_group(&self, stack: &Stack, name: &str) -> SecurityGroup {
        self.network.group(stack, name)
    }

    pub(crate) fn interfaces(&self) -> NetworkConfiguration {
        NetworkConfiguration::private(self.network.two(), Vec::<SecurityGroupId>::new())
    }

    fn target_group(&self, stack: &Stack, name: &str, ty: TargetType) -> TargetGroup {
        TargetGroup::named(name)
            .vpc_id(&self.network.vpc)
            .protocol(Protocol::Http)
            .port(80_u16)
            .target_type(ty)
            .create(stack)
    }

    /// A listener that forwards to a target group.
    fn listener(&self, stack: &Stack, to: &TargetGroup) -> Listener {
        InternetGateway::named("gateway").vpc_id(&self.network.vpc).create(stack);
        Listener::named("web")
            .load_balancer_arn(&balancer(stack, &self.network))
            .protocol(Protocol::Http)
            .port(80_u16)
            .default_actions([Action::to(to)])
            .create(stack)
    }

    /// A service of a definition with interfaces of its own, on the first group.
    fn service(&self, stack: &Stack, name: &str) -> Subject {
        let definition = of("web", [web()]).network_mode(NetworkMode::Awsvpc).create(stack);
        self.service_of(name, &definition).network_configuration(self.interfaces())
    }

    /// Two services of one definition.
    pub(crate) fn services(&self, stack: &Stack) -> [Service; 2] {
        let definition = of("web", [web()]).network_mode(NetworkMode::Awsvpc).create(stack);
        ["one", "other"].map(|name| {
            let service = self.service_of(name, &definition).service_name(name);
            service.network_configuration(self.interfaces()).create(stack)
        })
    }

    fn service_of(&self, name: &str, definition: &TaskDefinition) -> Subject {
        Service::named(name)
            .cluster(&self.cluster)
            .task_definition(definition)
            .capacity_provider_strategy([CapacityProviderStrategyItem::new(&self.web)])
    }
}

fn rule(stack: &Stack, name: &str, listener: &Listener, to: &TargetGroup) -> ListenerRule {
    let pattern = PathPattern::new().values(["/admin/*"]);
    ListenerRule::named(name)
        .listener_arn(listener)
        .priority(1_u32)
        .conditions([RuleCondition::path_pattern(pattern)])
        .actions([Action::to(to)])
        .create(stack)
}

fn definition(stack: &Stack, name: &str, containers: [ContainerDefinition; 1]) -> TaskDefinition {
    let task = role(stack, name);
    of(name, containers).network_mode(NetworkMode::Awsvpc).task_role_arn(task.arn()).create(stack)
}

fn deployment(alarm: &MetricAlarm) -> ServiceDeployment {
    let breaker = DeploymentCircuitBreaker::new(true, true)
        .threshold_configuration(ThresholdConfiguration::new(ThresholdType::Count, 5_u32));
    ServiceDeployment::new()
        .minimum_healthy_percent(50_u32)
        .maximum_percent(150_u32)
        .deployment_circuit_breaker(breaker)
        .alarms(DeploymentAlarms::new([alarm], true, true))
        .bake_time_in_minutes(Minutes(5))
}

fn monitored(seconds: u32) -> ServiceMonitoring {
    let figures = [ServiceMetric::CpuUtilization, ServiceMetric::MemoryUtilization];
    ServiceMonitoring::new([MetricConfiguration::new(figures, Seconds(seconds))])
}

const ON_INSTANCES: Case = Case {
    ty: Service::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let elsewhere = Cluster::named("elsewhere").create(stack);
        site.join(stack, "elsewhere", &elsewhere);
        let [one, two] = [("one", "php-fpm"), ("two", "apache2")]
            .map(|(name, command)| definition(stack, name, [web().command([command])]));
        let [front, admin] =
            ["front", "admin"].map(|name| site.target_group(stack, name, TargetType::Ip));
        let listener = site.listener(stack, &front);
        rule(stack, "admin", &listener, &admin);
        let group = site.security_group(stack, "web");
        let [a, b, c] = &site.network.subnets;
        let into = |group: &TargetGroup| ServiceLoadBalancer::new(group, "web", 8080_u16);
        let item = CapacityProviderStrategyItem::new(&site.web);
        let zones = PlacementStrategy::spread("attribute:ecs.availability-zone");
        Service::named("subject")
            .cluster(v.pick("cluster", &site.cluster, &elsewhere))
            .task_definition(v.pick("task_definition", &one, &two))
            .service_name(v.pick("service_name", "web", "site"))
            .desired_count(v.pick("desired_count", 2_u32, 4))
            .capacity_provider_strategy(v.pick(
                "capacity_provider_strategy",
                vec![item.clone()],
                vec![item.base(1_u32), CapacityProviderStrategyItem::new(&site.other)],
            ))
            .network_configuration(v.pick(
                "network_configuration",
                NetworkConfiguration::private([a, b], [&group]),
                NetworkConfiguration::private([a, b, c], [&group]),
            ))
            .load_balancers(v.pick(
                "load_balancers",
                vec![into(&front)],
                vec![into(&front), into(&admin)],
            ))
            .health_check_grace_period(v.pick(
                "health_check_grace_period",
                Seconds(60),
                Seconds(120),
            ))
            .service_registries(v.pick(
                "service_registries",
                vec![],
                vec![ServiceRegistry::new(REGISTRY).container_name("web").container_port(8080_u16)],
            ))
            .deployment_configuration(v.pick(
                "deployment_configuration",
                ServiceDeployment::guarded(),
                deployment(&errors(stack, "errors")),
            ))
            .placement_strategies(v.pick(
                "placement_strategies",
                vec![zones.clone()],
                vec![zones, PlacementStrategy::binpack("memory")],
            ))
            .placement_constraints(v.pick(
                "placement_constraints",
                vec![PlacementConstraint::new(PlacementConstraintType::DistinctInstance)],
                vec![
                    PlacementConstraint::new(PlacementConstraintType::MemberOf)
                        .expression("attribute:ecs.instance-type =~ m7g.*"),
                ],
            ))
            .availability_zone_rebalancing(v.pick(
                "availability_zone_rebalancing",
                Switch::Enabled,
                Switch::Disabled,
            ))
            .enable_execute_command(v.pick("enable_execute_command", false, true))
            .enable_ecs_managed_tags(v.pick("enable_ecs_managed_tags", true, false))
            .propagate_tags(v.pick(
                "propagate_tags",
                PropagateTags::Service,
                PropagateTags::TaskDefinition,
            ))
            .monitoring(v.pick("monitoring", monitored(60), monitored(20)))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: refused::ON_INSTANCES,
    fixed: &[
        ("launch_type", "excludes `capacity_provider_strategy`; the second case has it"),
        ("scheduling_strategy", "DAEMON has no `desired_count`; the second case has it"),
        ("platform_version", "is of Fargate, which the third case is on"),
    ],
    cfn: Cfn {
        name: "AWS::ECS::Service",
        differs: differences::ALL,
        renamed: differences::RENAMED,
    },
};

const BY_LAUNCH_TYPE: Case = Case {
    ty: Service::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let definition = on_fargate("web")
            .requires_compatibilities([Compatibility::Ec2, Compatibility::Fargate])
            .create(stack);
        Service::named("subject")
            .cluster(&site.cluster)
            .task_definition(&definition)
            .network_configuration(site.interfaces())
            .launch_type(v.pick("launch_type", LaunchType::Ec2, LaunchType::Fargate))
            .scheduling_strategy(v.pick(
                "scheduling_strategy",
                SchedulingStrategy::Replica,
                SchedulingStrategy::Daemon,
            ))
            .create(stack);
    },
    refused: refused::BY_LAUNCH_TYPE,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const ON_FARGATE: Case = Case {
    ty: Service::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        Service::named("subject")
            .cluster(&site.cluster)
            .task_definition(&on_fargate("web").create(stack))
            .network_configuration(site.interfaces())
            .capacity_provider_strategy([CapacityProviderStrategyItem::new("FARGATE")])
            .platform_version(v.pick("platform_version", "LATEST", "1.4.0"))
            .create(stack);
    },
    refused: refused::ON_FARGATE,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

/// A service whose traffic shifts from one target group to another.
fn shifting(stack: &Stack, deployment: ServiceDeployment) -> Subject {
    let site = Site::new(stack);
    let [blue, green] =
        ["blue", "green"].map(|name| site.target_group(stack, name, TargetType::Ip));
    let listener = site.listener(stack, &blue);
    let rule = rule(stack, "green", &listener, &green);
    let ecs = role(stack, "ecs");
    let shift = AdvancedConfiguration::new(&green, &rule, ecs.arn());
    let into = ServiceLoadBalancer::new(&blue, "web", 8080_u16).advanced_configuration(shift);
    site.service(stack, "subject").load_balancers([into]).deployment_configuration(deployment)
}

const SHIFTING: Case = Case {
    ty: Service::definition,
    build: |stack, v| {
        let deployment = ServiceDeployment::new().strategy(DeploymentStrategy::BlueGreen);
        let deployment = v.pick(
            "deployment_configuration",
            deployment.clone().bake_time_in_minutes(Minutes(10)),
            deployment.bake_time_in_minutes(Minutes(30)),
        );
        shifting(stack, deployment).create(stack);
    },
    refused: refused::SHIFTING,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[ON_INSTANCES, BY_LAUNCH_TYPE, ON_FARGATE, SHIFTING];
