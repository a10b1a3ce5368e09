//! Containers: how what they need comes up and goes, and what AWS keeps while they run.

use std::sync::Arc;

use backend_local::sim::{Hook, SimOptions};
use infra_core::{
    aws::{
        autoscaling::{
            Group, LaunchTemplateOverride, LaunchTemplateSpecification, MixedInstancesPolicy,
            MixedLaunchTemplate,
        },
        ec2::{
            IamInstanceProfile, InternetGateway, LaunchTemplate, LaunchTemplateData, SecurityGroup,
            Subnet, Vpc,
        },
        ecs::{
            CapacityProvider, CapacityProviderStrategyItem, Cluster, ClusterCapacityProviders,
            ContainerDefinition, LogConfiguration, NetworkConfiguration, NetworkMode, PortMapping,
            Service, ServiceDeployment, ServiceLoadBalancer, Switch, TaskDefinition,
        },
        elbv2::{Action, Listener, LoadBalancer, Protocol, TargetGroup, TargetType},
        iam::{InstanceProfile, PolicyDocument, Role, RolePolicyAttachment},
        logs::LogGroup,
    },
    graph::Program,
    handler::Problem,
    plan::ChangeKind,
    prelude::*,
    state::store::StateStore,
};
use infra_tests::{
    calls::Calls,
    crash::{Bomb, BombStore},
    world::{PROJECT, STACK, World, full_message, program},
};

use crate::network::delete;

const CLUSTER: &str = "aws:ecs:Cluster";
const GROUP: &str = "aws:autoscaling:Group";
const PROVIDER: &str = "aws:ecs:CapacityProvider";
const PROVIDERS: &str = "aws:ecs:ClusterCapacityProviders";
const SERVICE: &str = "aws:ecs:Service";
const DEFINITION: &str = "aws:ecs:TaskDefinition";

/// A role that a service of AWS takes on, with a managed policy.
fn role(stack: &Stack, name: &str, service: &str, policy: &str) -> Role {
    let role = Role::named(name)
        .assume_role_policy_document(PolicyDocument::assumed_by_service(service))
        .create(stack);
    let arn = format!("arn:aws:iam::aws:policy/service-role/{policy}");
    RolePolicyAttachment::named(name).role_name(&role).policy_arn(arn.as_str()).create(stack);
    role
}

/// A network of two zones that leads to the internet.
struct Network {
    vpc: Vpc,
    subnets: [Subnet; 2],
}

impl Network {
    fn new(stack: &Stack) -> Self {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        InternetGateway::named("main").vpc_id(&vpc).create(stack);
        let subnets = [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")].map(|(zone, range)| {
            Subnet::named(zone)
                .vpc_id(&vpc)
                .cidr_block(range)
                .availability_zone(format!("eu-central-1{zone}"))
                .create(stack)
        });
        Self { vpc, subnets }
    }
}

/// Instances that register with a cluster, by a capacity provider.
fn instances(stack: &Stack, network: &Network, cluster: &Cluster, name: &str) -> CapacityProvider {
    let role = role(stack, name, "ec2.amazonaws.com", "AmazonEC2ContainerServiceforEC2Role");
    let profile = InstanceProfile::named(name).role_name(&role).create(stack);
    let data = LaunchTemplateData::new()
        .image_id("ami-0123456789abcdef0")
        .instance_type("m7g.large")
        .iam_instance_profile(IamInstanceProfile::new().arn(profile.arn()))
        .user_data(interpolate!(
            "#!/bin/sh\necho ECS_CLUSTER={} >> /etc/ecs/ecs.config\n",
            cluster.cluster_name()
        ));
    let template = LaunchTemplate::named(name).launch_template_data(data).create(stack);
    let group = Group::named(name)
        .min_size(2_u32)
        .max_size(6_u32)
        .vpc_zone_identifier(network.subnets.each_ref())
        .launch_template(LaunchTemplateSpecification::latest(&template))
        .new_instances_protected_from_scale_in(true)
        .force_delete(true)
        .create(stack);
    CapacityProvider::named(name)
        .auto_scaling_group_arn(group.auto_scaling_group_arn())
        .managed_termination_protection(Switch::Enabled)
        .create(stack)
}

fn definition(stack: &Stack, image: &str) -> TaskDefinition {
    let policy = "AmazonECSTaskExecutionRolePolicy";
    let start = role(stack, "start", "ecs-tasks.amazonaws.com", policy);
    let log = LogGroup::named("web").create(stack);
    let web = ContainerDefinition::new("web", image)
        .port_mappings([PortMapping::new(8080_u16)])
        .log_configuration(LogConfiguration::awslogs(
            log.log_group_name().map(|name| name.to_string()),
            "eu-central-1",
            "web",
        ));
    TaskDefinition::named("web")
        .family("campus-web")
        .network_mode(NetworkMode::Awsvpc)
        .cpu(1024_u32)
        .memory(GiB(2))
        .execution_role_arn(start.arn())
        .container_definitions([web])
        .create(stack)
}

/// A site whose containers have this image and run on the instances of one of two groups; the
/// cluster has the providers of these groups.
fn site(image: &'static str, on: &'static str, with: &'static [&'static str]) -> Program {
    program(move |stack| {
        let network = Network::new(stack);
        let cluster = Cluster::named("web").create(stack);
        let all = ["web", "more"].map(|name| (name, instances(stack, &network, &cluster, name)));
        let provider = |wanted: &str| &all.iter().find(|(name, _)| *name == wanted).unwrap().1;
        ClusterCapacityProviders::named("web")
            .cluster(&cluster)
            .capacity_providers(with.iter().map(|name| provider(name)).collect::<Vec<_>>())
            .create(stack);
        let group = TargetGroup::named("web")
            .vpc_id(&network.vpc)
            .protocol(Protocol::Http)
            .port(8080_u16)
            .target_type(TargetType::Ip)
            .create(stack);
        let balancer = LoadBalancer::named("web").subnets(network.subnets.each_ref()).create(stack);
        Listener::named("web")
            .load_balancer_arn(&balancer)
            .protocol(Protocol::Http)
            .port(80_u16)
            .default_actions([Action::to(&group)])
            .create(stack);
        let inside = SecurityGroup::named("web")
            .vpc_id(&network.vpc)
            .group_description("containers")
            .create(stack);
        Service::named("web")
            .cluster(&cluster)
            .task_definition(&definition(stack, image))
            .desired_count(2_u32)
            .capacity_provider_strategy([CapacityProviderStrategyItem::new(provider(on))])
            .network_configuration(NetworkConfiguration::private(
                network.subnets.each_ref(),
                [&inside],
            ))
            .load_balancers([ServiceLoadBalancer::new(&group, "web", 8080_u16)])
            .deployment_configuration(ServiceDeployment::guarded())
            .create(stack);
    })
}

const BOTH: &[&str] = &["web", "more"];
const OLD: &str = "registry.example.org/moodle:5.0";
const NEW: &str = "registry.example.org/moodle:5.1";

#[tokio::test]
async fn containers_come_up_and_go_in_order_and_without_a_refused_call() {
    let (world, calls) = Calls::observe(Default::default());
    let up = world.up(&site(OLD, "web", BOTH)).await;
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    let created = calls.count("Create");
    assert_eq!(created.values().sum::<usize>(), up.done, "each was made by one call");
    let made = |ty| calls.first("Create", ty);
    assert!(made(CLUSTER) < made("aws:ec2:LaunchTemplate"), "instances are told their cluster");
    assert!(made(GROUP) < made(PROVIDER));
    assert!(made(PROVIDER) < made(PROVIDERS));
    assert!(made(PROVIDERS) < made(SERVICE), "a service names providers of its cluster");
    assert!(made("aws:elbv2:Listener") < made(SERVICE), "its target group is used");
    assert!(made("aws:iam:RolePolicyAttachment") < made(SERVICE), "tasks pull their image");

    let again = world.up(&site(OLD, "web", BOTH)).await;
    assert_eq!((again.done, again.serial), (0, up.serial), "nothing changed");

    calls.clear();
    world.destroy().await;
    assert_eq!(calls.count("Delete"), created, "nothing was tried too early");
    let gone = |ty| calls.first("Delete", ty);
    assert!(gone(SERVICE) < gone(PROVIDERS), "tasks end before their provider is taken away");
    assert!(gone(PROVIDERS) < gone(PROVIDER), "it is taken from the cluster before it goes");
    assert!(gone(PROVIDER) < gone(GROUP));
    assert!(gone(GROUP) < gone(CLUSTER), "instances are gone before their cluster");
    assert!(gone(SERVICE) < gone("aws:elbv2:Listener"), "requests are finished");
    assert!(gone(SERVICE) < gone(DEFINITION));
    assert!(world.objects().is_empty() && world.state().await.is_empty());
}

#[tokio::test]
async fn another_image_is_another_revision_that_the_service_moves_to() {
    let world = World::default();
    world.up(&site(OLD, "web", BOTH)).await;
    let revision = |world: &World| {
        let objects = world.objects();
        let all = objects.iter().filter(|object| object.ty.name == DEFINITION);
        let all: Vec<String> = all.map(|object| object.id.to_string()).collect();
        let [one] = &all[..] else { panic!("one revision, not {all:?}") };
        let service = objects.iter().find(|object| object.ty.name == SERVICE).unwrap();
        assert_eq!(service.text("task_definition"), one);
        one.clone()
    };
    let before = revision(&world);
    let preview = world.preview(&site(NEW, "web", BOTH)).await;
    let mut kinds: Vec<(&str, ChangeKind)> =
        preview.changes.iter().map(|change| (change.urn.ty(), change.kind)).collect();
    kinds.sort_by_key(|(ty, _)| *ty);
    let expected = [(SERVICE, ChangeKind::Update), (DEFINITION, ChangeKind::CreateThenDelete)];
    assert_eq!(kinds, expected, "the service stays, and moves");
    world.up(&site(NEW, "web", BOTH)).await;
    world.assert_in_step("moved").await;
    assert_ne!(revision(&world), before);
    assert!(world.preview(&site(NEW, "web", BOTH)).await.is_empty());
}

#[tokio::test]
async fn a_provider_is_not_taken_from_a_service_that_uses_it() {
    let world = World::default();
    world.up(&site(OLD, "web", BOTH)).await;
    let outcome = world.try_up(&site(OLD, "web", &["more"])).await;
    let outcome = outcome.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let said = full_message(&failure.error);
    assert!(said.contains("`capacity_providers` without campus-test-web-"), "{said}");
    assert!(said.contains("keep it until the service has moved"), "{said}");
    // First the service moves, then the provider goes.
    world.up(&site(OLD, "more", BOTH)).await;
    world.up(&site(OLD, "more", &["more"])).await;
    world.assert_in_step("moved").await;
}

#[tokio::test]
async fn what_runs_keeps_what_it_runs_on() {
    let world = World::default();
    world.up(&site(OLD, "web", BOTH)).await;
    let state = world.state().await;
    for (name, ty, by) in [
        ("web", GROUP, "CapacityProvider"),
        ("web", PROVIDER, "ClusterCapacityProviders"),
        ("web", PROVIDERS, "Service"),
        ("web", DEFINITION, "Service"),
        ("web", CLUSTER, "Service"),
    ] {
        let error = delete(&world, &state, name, ty).await.unwrap_err();
        let Problem::InUse { by: users } = &error.problem else { panic!("{ty}: {error}") };
        assert!(users.iter().any(|user| user.contains(by)), "{ty}: {users:?}");
    }
}

#[tokio::test]
async fn a_cluster_does_not_go_before_its_instances() {
    let world = World::default();
    let program = program(|stack| {
        let cluster = Cluster::named("web").create(stack);
        instances(stack, &Network::new(stack), &cluster, "web");
    });
    world.up(&program).await;
    let state = world.state().await;
    let error = delete(&world, &state, "web", CLUSTER).await.unwrap_err();
    assert_eq!(error.code, "ClusterContainsContainerInstancesException");
    let Problem::InUse { by } = &error.problem else { panic!("{error}") };
    assert!(by[0].contains("(instances: 2)"), "{by:?}");
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// A task of so much, on a group of several types.
fn sized(types: &'static [&'static str], cpu: u32, memory: MiB) -> Program {
    program(move |stack| {
        let network = Network::new(stack);
        let cluster = Cluster::named("web").create(stack);
        let data = LaunchTemplateData::new().image_id("ami-0123456789abcdef0");
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        let mixed = MixedLaunchTemplate::new(LaunchTemplateSpecification::latest(&template))
            .overrides(
                types.iter().map(|ty| LaunchTemplateOverride::of_type(ty)).collect::<Vec<_>>(),
            );
        let group = Group::named("web")
            .min_size(0_u32)
            .max_size(2_u32)
            .vpc_zone_identifier(network.subnets.each_ref())
            .mixed_instances_policy(MixedInstancesPolicy::new(mixed))
            .create(stack);
        let provider = CapacityProvider::named("web")
            .auto_scaling_group_arn(group.auto_scaling_group_arn())
            .create(stack);
        ClusterCapacityProviders::named("web")
            .cluster(&cluster)
            .capacity_providers([&provider])
            .default_capacity_provider_strategy([CapacityProviderStrategyItem::new(&provider)])
            .create(stack);
        let definition = TaskDefinition::named("web")
            .family("campus-web")
            .cpu(cpu)
            .memory(memory)
            .container_definitions([ContainerDefinition::new("web", OLD)])
            .create(stack);
        Service::named("web").cluster(&cluster).task_definition(&definition).create(stack);
    })
}

#[tokio::test]
async fn a_task_must_fit_one_of_its_group_s_instances() {
    for (types, cpu, memory) in [
        (&["m7g.large", "m7g.xlarge"][..], 4096, MiB(8192)),
        // Nobody knows how much room the second one has.
        (&["m7g.large", "x8g.large"], 4096, MiB(65_536)),
    ] {
        World::default().up(&sized(types, cpu, memory)).await;
    }
    for (types, cpu, memory, says) in [
        (&["m7g.large"][..], 2048, MiB(8192), "the largest, m7g.large, has 2048 and 8192 MiB"),
        // Each of the two has one of what it takes.
        (&["c7g.2xlarge", "r7g.large"], 8192, MiB(16_384), "a task needs 8192 units"),
    ] {
        let outcome = World::default().try_up(&sized(types, cpu, memory)).await.unwrap();
        let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
        assert_eq!(failure.urn.ty(), SERVICE);
        let said = full_message(&failure.error);
        assert!(said.contains(says), "{said}");
        assert!(said.contains("the group's launch template a larger `instance_type`"), "{said}");
    }
}

/// What a run does that dies.
#[derive(Clone, Copy, Debug)]
enum Act {
    Up,
    NewImage,
    Destroy,
}

impl Act {
    /// Does it on a world; whether there was anything to do.
    async fn carry_out(self, world: &World, store: Arc<dyn StateStore>) -> bool {
        let engine = world.engine_on(store);
        let outcome = match self {
            Self::Up => engine.up(&site(OLD, "web", BOTH), &world.options).await,
            Self::NewImage => engine.up(&site(NEW, "web", BOTH), &world.options).await,
            Self::Destroy => engine.destroy(PROJECT, STACK, &world.options.plan).await,
        };
        let outcome = outcome.unwrap();
        assert!(outcome.is_success(), "{self:?}: {:?}", outcome.failures);
        outcome.done > 0
    }
}

/// Runs that die at every third moment, and what the next one makes of it.
#[tokio::test]
async fn invariant_9_containers_outlive_crashes() {
    const STRIDE: usize = 3;
    for act in [Act::Up, Act::NewImage, Act::Destroy] {
        let mut crashes = 0;
        for at in (1..).step_by(STRIDE) {
            let bomb = Arc::new(Bomb::default());
            let hook: Arc<dyn Hook> = bomb.clone();
            let world = World::new(SimOptions { hook: Some(hook), ..SimOptions::default() });
            let whole = || Arc::new(world.store.clone());
            if !matches!(act, Act::Up) {
                Act::Up.carry_out(&world, whole()).await;
            }
            bomb.arm(at);
            let store = BombStore { inner: world.store.clone(), bomb: Arc::clone(&bomb) };
            let done = bomb.drive(act.carry_out(&world, Arc::new(store))).await;
            bomb.arm(0);
            world.store.holder_died();
            if done.is_some() {
                break;
            }
            crashes += 1;
            let what = format!("{act:?} died at moment {at}");
            act.carry_out(&world, whole()).await;
            world.assert_in_step(&what).await;
            assert!(!act.carry_out(&world, whole()).await, "{what}: something was left to do");
        }
        assert!(crashes > 5, "{act:?}: {crashes} crashes");
    }
}
