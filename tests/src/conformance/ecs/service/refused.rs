//! Services that AWS refuses, or whose tasks it would never start.

use crate::conformance::Refused;
use infra_core::{
    aws::{
        AlarmName, SubnetId,
        ecs::{
            AwsvpcConfiguration, CanaryConfiguration, CapacityProviderStrategyItem, Compatibility,
            ContainerDefinition, DeploymentAlarms, DeploymentCircuitBreaker, DeploymentHookTarget,
            DeploymentLifecycleHook, DeploymentLifecycleStage, DeploymentStrategy, LaunchType,
            MetricConfiguration, NetworkConfiguration, NetworkMode, PlacementConstraint,
            PlacementConstraintType, PlacementStrategy, PortMapping, SchedulingStrategy, Service,
            ServiceDeployment, ServiceLoadBalancer, ServiceMonitoring, ServiceRegistry, Switch,
        },
        elbv2::TargetType,
        iam::Role,
    },
    prelude::*,
};

use super::{REGISTRY, Site, Subject, of, on_fargate, shifting, web};
use crate::conformance::iam::role::trust;

/// A service on instances, and what is wrong with it.
fn refused(stack: &Stack, change: impl FnOnce(Subject) -> Subject) {
    change(Site::new(stack).service(stack, "subject")).create(stack);
}

fn deployed(stack: &Stack, deployment: ServiceDeployment) {
    refused(stack, |subject| subject.deployment_configuration(deployment));
}

/// A service with this container in this network mode, behind a target group.
fn balanced(stack: &Stack, mode: NetworkMode, ty: TargetType, into: (&'static str, u16)) {
    let site = Site::new(stack);
    let group = site.target_group(stack, "front", ty);
    site.listener(stack, &group);
    let definition = of("web", [web()]).network_mode(mode).create(stack);
    let service = site
        .service_of("subject", &definition)
        .load_balancers([ServiceLoadBalancer::new(&group, into.0, into.1)]);
    match mode {
        NetworkMode::Awsvpc => service.network_configuration(site.interfaces()).create(stack),
        _ => service.create(stack),
    };
}

/// A service whose container keeps so much.
fn sized(stack: &Stack, container: ContainerDefinition) {
    let site = Site::new(stack);
    let definition = of("web", [container]).create(stack);
    site.service_of("subject", &definition).create(stack);
}

pub(super) const ON_INSTANCES: &[Refused] = &[
    Refused {
        property: "capacity_provider_strategy",
        build: |stack| {
            refused(stack, |subject| {
                let spot = CapacityProviderStrategyItem::new("FARGATE_SPOT");
                subject.capacity_provider_strategy([spot])
            });
        },
        says: "names FARGATE_SPOT, which the cluster campus-test-web-",
    },
    Refused {
        property: "capacity_provider_strategy",
        build: |stack| {
            refused(stack, |subject| {
                let item = CapacityProviderStrategyItem::new("FARGATE");
                subject.capacity_provider_strategy([item.weight(0_u32)])
            });
        },
        says: "gives no provider a `weight`",
    },
    Refused {
        property: "launch_type",
        build: |stack| refused(stack, |subject| subject.launch_type(LaunchType::Ec2)),
        says: "EC2 and `capacity_provider_strategy` are both given",
    },
    Refused {
        property: "task_definition",
        build: |stack| {
            let nowhere = "arn:aws:ecs:eu-central-1:123456789012:task-definition/nowhere:1";
            Service::named("subject")
                .cluster(&Site::new(stack).cluster)
                .task_definition(nowhere)
                .create(stack);
        },
        says: "does not exist",
    },
    Refused {
        property: "network_configuration",
        build: |stack| {
            let site = Site::new(stack);
            let definition = of("web", [web()]).network_mode(NetworkMode::Awsvpc).create(stack);
            site.service_of("subject", &definition).create(stack);
        },
        says: "is needed: the network mode of",
    },
    Refused {
        property: "network_configuration",
        build: |stack| {
            let site = Site::new(stack);
            site.service_of("subject", &of("web", [web()]).create(stack))
                .network_configuration(site.interfaces())
                .create(stack);
        },
        says: "goes with the network mode awsvpc, and that of",
    },
    Refused {
        property: "network_configuration",
        build: |stack| {
            refused(stack, |subject| {
                let none = AwsvpcConfiguration::new(Vec::<SubnetId>::new());
                subject.network_configuration(NetworkConfiguration::new(none))
            });
        },
        says: "names 0 subnets; 1 to 16 are allowed",
    },
    Refused {
        property: "network_configuration",
        build: |stack| {
            let site = Site::new(stack);
            let public = AwsvpcConfiguration::new(site.network.two());
            let public = public.assign_public_ip(Switch::Enabled);
            site.service(stack, "subject")
                .network_configuration(NetworkConfiguration::new(public))
                .create(stack);
        },
        says: "only tasks on Fargate get public addresses",
    },
    Refused {
        property: "load_balancers",
        build: |stack| {
            balanced(stack, NetworkMode::Awsvpc, TargetType::Instance, ("web", 8080));
        },
        says: "is for targets of type instance, and tasks with the network mode awsvpc are of type ip",
    },
    Refused {
        property: "load_balancers",
        build: |stack| balanced(stack, NetworkMode::Bridge, TargetType::Ip, ("web", 8080)),
        says: "is for targets of type ip, and tasks with the network mode bridge are of type instance",
    },
    Refused {
        property: "load_balancers",
        build: |stack| balanced(stack, NetworkMode::Awsvpc, TargetType::Ip, ("site", 8080)),
        says: "has no container `site`; it has web",
    },
    Refused {
        property: "load_balancers",
        build: |stack| balanced(stack, NetworkMode::Awsvpc, TargetType::Ip, ("web", 80)),
        says: "does not map the port 80; put it among its `port_mappings`",
    },
    Refused {
        property: "load_balancers",
        build: |stack| {
            let site = Site::new(stack);
            let group = site.target_group(stack, "front", TargetType::Ip);
            site.service(stack, "subject")
                .load_balancers([ServiceLoadBalancer::new(&group, "web", 8080_u16)])
                .create(stack);
        },
        says: "no load balancer forwards to it",
    },
    Refused {
        property: "load_balancers",
        build: |stack| {
            let site = Site::new(stack);
            let group = site.target_group(stack, "front", TargetType::Ip);
            site.listener(stack, &group);
            let twice = [(); 2].map(|()| ServiceLoadBalancer::new(&group, "web", 8080_u16));
            site.service(stack, "subject").load_balancers(twice).create(stack);
        },
        says: "twice for one port",
    },
    Refused {
        property: "health_check_grace_period",
        build: |stack| {
            refused(stack, |subject| subject.health_check_grace_period(Seconds(60)));
        },
        says: "60 s: without `load_balancers` there are no health checks",
    },
    Refused {
        property: "service_registries",
        build: |stack| {
            refused(stack, |subject| {
                let both = ServiceRegistry::new(REGISTRY).port(80_u16);
                let both = both.container_name("web").container_port(8080_u16);
                subject.service_registries([both])
            });
        },
        says: "takes one of `port` and the container's name and port",
    },
    Refused {
        property: "enable_execute_command",
        build: |stack| refused(stack, |subject| subject.enable_execute_command(true)),
        says: "needs a `task_role_arn` in the task definition",
    },
    Refused {
        property: "task_definition",
        build: |stack| {
            let site = Site::new(stack);
            let role = Role::named("task")
                .assume_role_policy_document(trust("ec2.amazonaws.com"))
                .create(stack);
            let definition = of("web", [web()]).task_role_arn(role.arn()).create(stack);
            site.service_of("subject", &definition).create(stack);
        },
        says: "does not let ecs-tasks.amazonaws.com do so",
    },
    Refused {
        property: "task_definition",
        build: |stack| sized(stack, web().cpu(4096_u32)),
        says: "a task needs 4096 units of processor and 512 MiB, and no instance of the group \
               campus-test-web-",
    },
    Refused {
        property: "task_definition",
        build: |stack| sized(stack, web().memory(GiB(8))),
        says: "the largest, m7g.large, has 2048 and 8192 MiB, some of which its system keeps",
    },
    Refused {
        property: "placement_strategies",
        build: |stack| {
            refused(stack, |subject| {
                subject.placement_strategies([PlacementStrategy::binpack("disk")])
            });
        },
        says: "[0].field` is disk; binpack takes cpu or memory",
    },
    Refused {
        property: "placement_constraints",
        build: |stack| {
            refused(stack, |subject| {
                let member = PlacementConstraint::new(PlacementConstraintType::MemberOf);
                subject.placement_constraints([member])
            });
        },
        says: "[0].expression` is needed for memberOf",
    },
    Refused {
        property: "availability_zone_rebalancing",
        build: |stack| {
            refused(stack, |subject| {
                subject
                    .placement_strategies([PlacementStrategy::spread("instanceId")])
                    .availability_zone_rebalancing(Switch::Enabled)
            });
        },
        says: "spreads by attribute:ecs.availability-zone, not spread by instanceId",
    },
    Refused {
        property: "availability_zone_rebalancing",
        build: |stack| {
            refused(stack, |subject| {
                let tight = ServiceDeployment::new();
                let tight = tight.minimum_healthy_percent(50_u32).maximum_percent(100_u32);
                subject
                    .deployment_configuration(tight)
                    .availability_zone_rebalancing(Switch::Enabled)
            });
        },
        says: "needs a `maximum_percent` above 100, not 100",
    },
    Refused {
        property: "monitoring",
        build: |stack| {
            refused(stack, |subject| subject.monitoring(super::monitored(30)));
        },
        says: "`resolution_seconds` 30 s is 20 or 60 s",
    },
    Refused {
        property: "monitoring",
        build: |stack| {
            refused(stack, |subject| {
                subject.monitoring(ServiceMonitoring::new(Vec::<MetricConfiguration>::new()))
            });
        },
        says: "has 0 `metric_configurations`; one or two fit",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| deployed(stack, ServiceDeployment::new().maximum_percent(100_u32)),
        says: "are both 100, so that no task can be replaced",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            let breaker = DeploymentCircuitBreaker::new(false, true);
            deployed(stack, ServiceDeployment::new().deployment_circuit_breaker(breaker));
        },
        says: "`deployment_circuit_breaker.rollback` goes with `enable`",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            let none = DeploymentAlarms::new(Vec::<AlarmName>::new(), true, true);
            deployed(stack, ServiceDeployment::new().alarms(none));
        },
        says: "`alarms.alarm_names` names no alarm",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            let canary = CanaryConfiguration::new();
            deployed(stack, ServiceDeployment::new().canary_configuration(canary));
        },
        says: "`canary_configuration` does not go with the strategy ROLLING",
    },
];

pub(super) const BY_LAUNCH_TYPE: &[Refused] = &[
    Refused {
        property: "desired_count",
        build: |stack| {
            let daemon = SchedulingStrategy::Daemon;
            refused(stack, |subject| subject.scheduling_strategy(daemon).desired_count(2_u32));
        },
        says: "2 does not go with `scheduling_strategy` DAEMON",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            refused(stack, |subject| {
                subject
                    .scheduling_strategy(SchedulingStrategy::Daemon)
                    .deployment_configuration(ServiceDeployment::new().maximum_percent(200_u32))
            });
        },
        says: "`maximum_percent` 200 must be 100 with DAEMON",
    },
    Refused {
        property: "task_definition",
        build: |stack| {
            let site = Site::new(stack);
            Service::named("subject")
                .cluster(&site.cluster)
                .task_definition(&on_fargate("web").create(stack))
                .network_configuration(site.interfaces())
                .launch_type(LaunchType::Ec2)
                .create(stack);
        },
        says: "is not for EC2; put it among its `requires_compatibilities`",
    },
];

pub(super) const ON_FARGATE: &[Refused] = &[
    Refused {
        property: "platform_version",
        build: |stack| refused(stack, |subject| subject.platform_version("1.4.0")),
        says: "1.4.0: only Fargate has versions",
    },
    Refused {
        property: "scheduling_strategy",
        build: |stack| {
            let site = Site::new(stack);
            Service::named("subject")
                .cluster(&site.cluster)
                .task_definition(&on_fargate("web").create(stack))
                .network_configuration(site.interfaces())
                .launch_type(LaunchType::Fargate)
                .scheduling_strategy(SchedulingStrategy::Daemon)
                .create(stack);
        },
        says: "does not go with Fargate, which has no instances",
    },
    Refused {
        property: "task_definition",
        build: |stack| {
            let site = Site::new(stack);
            let container = web().port_mappings([PortMapping::new(8080_u16)]);
            let definition = of("web", [container])
                .network_mode(NetworkMode::Awsvpc)
                .requires_compatibilities([Compatibility::Ec2])
                .create(stack);
            Service::named("subject")
                .cluster(&site.cluster)
                .task_definition(&definition)
                .network_configuration(site.interfaces())
                .launch_type(LaunchType::Fargate)
                .create(stack);
        },
        says: "is not for FARGATE",
    },
    Refused {
        property: "task_definition",
        build: |stack| {
            let site = Site::new(stack);
            let definition = of("web", [web()]).network_mode(NetworkMode::Awsvpc).create(stack);
            Service::named("subject")
                .cluster(&site.cluster)
                .task_definition(&definition)
                .network_configuration(site.interfaces())
                .launch_type(LaunchType::Fargate)
                .create(stack);
        },
        says: "`cpu` is needed for Fargate",
    },
];

fn shifted(stack: &Stack, change: impl FnOnce(ServiceDeployment) -> ServiceDeployment) {
    let deployment = ServiceDeployment::new().strategy(DeploymentStrategy::BlueGreen);
    shifting(stack, change(deployment)).create(stack);
}

pub(super) const SHIFTING: &[Refused] = &[
    Refused {
        property: "load_balancers",
        build: |stack| {
            shifted(stack, |deployment| deployment.strategy(DeploymentStrategy::Rolling));
        },
        says: "does not go with the strategy ROLLING, which shifts no traffic",
    },
    Refused {
        property: "load_balancers",
        build: |stack| {
            let site = Site::new(stack);
            let group = site.target_group(stack, "front", TargetType::Ip);
            site.listener(stack, &group);
            let shift = ServiceDeployment::new().strategy(DeploymentStrategy::BlueGreen);
            site.service(stack, "subject")
                .load_balancers([ServiceLoadBalancer::new(&group, "web", 8080_u16)])
                .deployment_configuration(shift)
                .create(stack);
        },
        says: "needs an `advanced_configuration`",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            shifted(stack, |deployment| deployment.bake_time_in_minutes(Minutes(1_441)));
        },
        says: "`bake_time_in_minutes` 1441 min must be between 0 and 1440 min",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            shifted(stack, |deployment| {
                let hook = DeploymentLifecycleHook::new([DeploymentLifecycleStage::PostScaleUp]);
                deployment.lifecycle_hooks([hook])
            });
        },
        says: "a function is called by its `hook_target_arn` as a `role_arn`",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            shifted(stack, |deployment| {
                let hook = DeploymentLifecycleHook::new([DeploymentLifecycleStage::PostScaleUp])
                    .target_type(DeploymentHookTarget::Pause)
                    .hook_target_arn("arn:aws:lambda:eu-central-1:123456789012:function:check");
                deployment.lifecycle_hooks([hook])
            });
        },
        says: "PAUSE waits for somebody",
    },
    Refused {
        property: "deployment_configuration",
        build: |stack| {
            shifted(stack, |deployment| {
                let canary = CanaryConfiguration::new().canary_percent(0.01);
                deployment.strategy(DeploymentStrategy::Canary).canary_configuration(canary)
            });
        },
        says: "`canary_percent` 0.01 must be between 0.1 and 100",
    },
];
