//! A network as production has it: three zones, its way up, its changes, and its way down.

use std::collections::BTreeMap;

use backend_local::sim::{Faults, SimOptions};
use infra_core::{
    aws::{
        SecurityGroupId,
        ec2::{
            AddressFamily, ElasticIp, Instance, InternetGateway, IpProtocol, LaunchTemplate,
            LaunchTemplateData, NatGateway, NetworkInterface, PrefixList, Route, RouteBuilder,
            RouteTable, RouteTableAssociation, RuleDirection, SecurityGroup, SecurityGroupRule,
            Subnet, Vpc, VpcEndpoint, VpcEndpointType,
        },
    },
    dsl::Provided,
    graph::Program,
    handler::{Backend as _, Context, HandlerError, Ownership, Problem, Request},
    plan::ChangeKind,
    prelude::*,
    state::State,
    value::Properties,
};
use infra_tests::{
    calls::Calls,
    world::{World, full_message, program},
};

const ZONES: [&str; 3] = ["a", "b", "c"];

fn subnet(stack: &Stack, vpc: &Vpc, layer: &str, zone: &str, third: usize) -> Subnet {
    Subnet::named(format!("{layer}-{zone}"))
        .vpc_id(vpc)
        .cidr_block(format!("10.0.{third}.0/24").as_str())
        .availability_zone(format!("eu-central-1{zone}"))
        .create(stack)
}

fn table(stack: &Stack, vpc: &Vpc, name: &str, subnet: &Subnet) -> RouteTable {
    let table = RouteTable::named(name).vpc_id(vpc).create(stack);
    RouteTableAssociation::named(name).subnet_id(subnet).route_table_id(&table).create(stack);
    table
}

fn default_route(table: &RouteTable, name: &str) -> RouteBuilder<Provided, Provided> {
    Route::named(name).route_table_id(table).destination_cidr_block("0.0.0.0/0")
}

fn group(stack: &Stack, vpc: &Vpc, name: &str) -> SecurityGroup {
    SecurityGroup::named(name).vpc_id(vpc).group_description("a group").create(stack)
}

/// Lets a group in from another one, by every protocol.
fn allow(stack: &Stack, to: &SecurityGroup, from: &SecurityGroup, name: &str) {
    SecurityGroupRule::named(name)
        .group_id(to)
        .direction(RuleDirection::Ingress)
        .ip_protocol(IpProtocol::All)
        .referenced_group_id(from)
        .create(stack);
}

/// A network in three zones: a NAT gateway in each, two layers of subnets, two groups that name
/// each other and themselves, and endpoints of both kinds.
pub(crate) fn production(stack: &Stack) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let [web, database] = ["web", "database"].map(|name| group(stack, &vpc, name));
    allow(stack, &database, &web, "database-from-web");
    allow(stack, &web, &database, "web-from-database");
    allow(stack, &web, &web, "web-from-web");
    let mut private = vec![];
    let mut tables = vec![];
    for (place, zone) in ZONES.into_iter().enumerate() {
        let public = subnet(stack, &vpc, "public", zone, place);
        let app = subnet(stack, &vpc, "app", zone, 16 + place);
        let outward = table(stack, &vpc, &format!("public-{zone}"), &public);
        default_route(&outward, &format!("public-{zone}")).gateway_id(&gateway).create(stack);
        let address = ElasticIp::named(zone).create(stack);
        let nat = NatGateway::named(zone).subnet_id(&public).allocation_id(&address).create(stack);
        let inward = table(stack, &vpc, &format!("app-{zone}"), &app);
        default_route(&inward, &format!("app-{zone}")).nat_gateway_id(&nat).create(stack);
        private.push(app);
        tables.push(inward);
    }
    VpcEndpoint::named("s3")
        .vpc_id(&vpc)
        .service_name("com.amazonaws.eu-central-1.s3")
        .route_table_ids(tables.iter().collect::<Vec<_>>())
        .create(stack);
    VpcEndpoint::named("secrets")
        .vpc_id(&vpc)
        .service_name("com.amazonaws.eu-central-1.secretsmanager")
        .vpc_endpoint_type(VpcEndpointType::Interface)
        .private_dns_enabled(true)
        .subnet_ids(private.iter().collect::<Vec<_>>())
        .security_group_ids([&web])
        .create(stack);
    LaunchTemplate::named("web")
        .launch_template_data(LaunchTemplateData::new().security_group_ids([&web]))
        .create(stack);
}

#[tokio::test]
async fn a_network_comes_up_stays_and_goes_without_a_refused_call() {
    let (world, calls) = Calls::observe(SimOptions::default());
    let program = program(production);
    let up = world.up(&program).await;
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    assert!(world.preview(&program).await.is_empty());
    let created = calls.count("Create");
    assert_eq!(created.values().sum::<usize>(), up.done, "each was made by one call");
    let attached = calls.first("Modify", "aws:ec2:InternetGateway");
    assert!(attached < calls.first("Create", "aws:ec2:NatGateway"));
    assert!(attached < calls.first("Create", "aws:ec2:Route"));

    calls.clear();
    world.destroy().await;
    // Nothing was tried too early: one call for each thing.
    assert_eq!(calls.count("Delete"), created);
    assert_eq!(calls.count("Detach"), BTreeMap::from([("aws:ec2:InternetGateway", 1)]));
    let left = world.sim.with_world(|account| {
        account.live().map(|object| object.id.to_string()).collect::<Vec<_>>()
    });
    assert_eq!(left, [""; 0], "default groups, their rules and main tables go with the VPC");
}

/// Calls fail, are repeated late, lose their answers, and what they did is seen late: only the
/// catalogue's own orders and levels keep one thing from being tried before another one is there.
#[tokio::test]
async fn a_network_comes_up_and_goes_on_a_bad_day() {
    let program = program(production);
    for seed in 0..20 {
        let faults = Faults {
            throttle: 0.2,
            unavailable: 0.2,
            lost: 0.1,
            lag_ms: 8_000,
            seed,
            ..Faults::default()
        };
        let world = World::new(SimOptions { faults, ..SimOptions::default() });
        world.up(&program).await;
        world.assert_in_step(&format!("seed {seed}")).await;
        assert!(world.preview(&program).await.is_empty(), "seed {seed}");
        world.destroy().await;
        assert!(world.objects().is_empty(), "seed {seed}");
    }
}

/// One route, whose target is chosen.
fn with_target(
    target: impl Fn(&Stack, &Vpc, RouteBuilder<Provided, Provided>) -> RouteBuilder<Provided, Provided>,
) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let table = RouteTable::named("table").vpc_id(&vpc).create(stack);
        target(stack, &vpc, default_route(&table, "subject")).create(stack);
    })
}

#[tokio::test]
async fn a_route_changes_from_target_to_target_in_place() {
    let gateway =
        |stack: &Stack, vpc: &Vpc| InternetGateway::named("main").vpc_id(vpc).create(stack);
    let programs = [
        with_target(|stack, vpc, route| route.gateway_id(&gateway(stack, vpc))),
        with_target(|stack, vpc, route| {
            gateway(stack, vpc);
            let subnet = subnet(stack, vpc, "public", "a", 0);
            let address = ElasticIp::named("a").create(stack);
            let nat = NatGateway::named("a").subnet_id(&subnet).allocation_id(&address);
            route.nat_gateway_id(&nat.create(stack))
        }),
        with_target(|stack, vpc, route| {
            let subnet = subnet(stack, vpc, "public", "a", 0);
            let endpoint = VpcEndpoint::named("firewall")
                .vpc_id(vpc)
                .service_name("com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0")
                .vpc_endpoint_type(VpcEndpointType::GatewayLoadBalancer)
                .subnet_ids_push(&subnet);
            route.vpc_endpoint_id(&endpoint.create(stack))
        }),
        with_target(|_, _, route| route.transit_gateway_id("tgw-0123456789abcdef0")),
        with_target(|_, _, route| route.vpc_peering_connection_id("pcx-0123456789abcdef0")),
        with_target(|stack, vpc, route| {
            let subnet = subnet(stack, vpc, "public", "a", 0);
            let interface = NetworkInterface::named("filter").subnet_id(&subnet);
            route.network_interface_id(&interface.create(stack))
        }),
        with_target(|stack, vpc, route| {
            let subnet = subnet(stack, vpc, "public", "a", 0);
            let machine = Instance::named("filter").image_id("ami-0123456789abcdef0");
            let machine = machine.instance_type("m7g.large").subnet_id(&subnet);
            route.instance_id(&machine.source_dest_check(false).create(stack))
        }),
    ];
    const NAT: usize = 1;
    let world = World::default();
    for (place, program) in programs.iter().enumerate() {
        if place > 0 {
            let preview = world.preview(program).await;
            let change =
                preview.changes.iter().find(|change| change.urn.name() == "subject").unwrap();
            assert_eq!(change.kind, ChangeKind::Update, "target {place}");
            assert_eq!(change.properties.len(), 2, "target {place}: {change:?}");
        }
        let outcome = world.up(program).await;
        world.assert_in_step(&format!("target {place}")).await;
        if place == NAT {
            let last = outcome.critical_path.last().unwrap();
            assert_eq!(last.urn.name(), "subject");
            assert!(last.began >= 90_000, "a route leads to a NAT gateway that works: {last:?}");
        }
        assert!(world.preview(program).await.is_empty(), "target {place}");
    }
}

/// A list in two rules of a group.
fn listed(max_entries: u32) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let group = SecurityGroup::named("web").vpc_id(&vpc).group_description("the web");
        let group = group.create(stack);
        let campus = PrefixList::named("campus")
            .prefix_list_name("campus")
            .address_family(AddressFamily::Ipv4)
            .max_entries(max_entries)
            .create(stack);
        for port in [80, 443] {
            SecurityGroupRule::named(format!("port-{port}"))
                .group_id(&group)
                .direction(RuleDirection::Ingress)
                .ip_protocol(IpProtocol::Tcp)
                .from_port(port)
                .to_port(port)
                .prefix_list_id(&campus)
                .create(stack);
        }
    })
}

#[tokio::test]
async fn a_prefix_list_grows_as_far_as_the_groups_that_name_it_allow() {
    let world = World::default();
    world.up(&listed(20)).await;
    world.up(&listed(30)).await;
    world.assert_in_step("30 entries in two rules").await;
    let said = world.refusals(&listed(31)).await.concat();
    assert!(said.contains("`max_entries` 31: the list counts as so many rules of sg-"), "{said}");
}

/// Asks the account to delete something, past the engine.
pub(crate) async fn delete(
    world: &World,
    state: &State,
    name: &str,
    ty: &str,
) -> Result<(), HandlerError> {
    let (_, record) = state
        .iter()
        .find(|(_, record)| record.urn.name() == name && record.ty.name() == ty)
        .unwrap();
    let request = Request {
        ty: record.ty.known().unwrap(),
        provider: state.provider(record).clone(),
        owner: Ownership {
            stack: "".into(),
            stable: record.stable,
            intent: record.token.clone(),
            urn: record.urn.clone(),
        },
        id: record.id.clone(),
        inputs: record.inputs.clone(),
        old_inputs: Properties::default(),
        outputs: record.outputs.clone(),
        changed: Box::default(),
        created_at: 0,
    };
    let handler = world.sim.registry().get(ty).unwrap();
    handler.delete(&Context::new(world.sim.clock()), &request).await.map(|_| ())
}

#[tokio::test]
async fn a_gateway_is_not_detached_while_addresses_are_mapped() {
    let world = World::default();
    world.up(&program(production)).await;
    let state = world.state().await;
    let error = delete(&world, &state, "main", "aws:ec2:InternetGateway").await.unwrap_err();
    let Problem::InUse { by } = &error.problem else { panic!("{error}") };
    assert_eq!(by.len(), ZONES.len(), "every NAT gateway is named: {by:?}");
    assert!(error.message.contains("mapped public addresses"), "{error}");
}

#[tokio::test]
async fn a_gateway_does_not_move_away_from_mapped_addresses() {
    let network = |home: &'static str, nat: bool| {
        program(move |stack| {
            let [one, two] = ["one", "two"]
                .map(|name| (name, Vpc::named(name).cidr_block("10.0.0.0/16").create(stack)));
            let home = if home == one.0 { &one.1 } else { &two.1 };
            InternetGateway::named("main").vpc_id(home).create(stack);
            let subnet = subnet(stack, &one.1, "public", "a", 0);
            let address = ElasticIp::named("a").create(stack);
            if nat {
                NatGateway::named("a").subnet_id(&subnet).allocation_id(&address).create(stack);
            }
        })
    };
    let world = World::default();
    world.up(&network("one", true)).await;
    let outcome = world.try_up(&network("two", true)).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let said = full_message(&failure.error);
    assert!(said.contains("mapped public addresses"), "{said}");
    // Without the NAT gateway it moves, in place.
    world.up(&network("one", false)).await;
    world.up(&network("two", false)).await;
    world.assert_in_step("moved").await;
}

#[tokio::test]
async fn rules_go_with_their_group_and_keep_others() {
    let world = World::default();
    world
        .up(&program(|stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            let [alone, named] = ["alone", "named"].map(|name| group(stack, &vpc, name));
            allow(stack, &alone, &alone, "itself");
            allow(stack, &alone, &named, "other");
        }))
        .await;
    let state = world.state().await;
    let error = delete(&world, &state, "named", "aws:ec2:SecurityGroup").await.unwrap_err();
    assert!(matches!(error.problem, Problem::InUse { .. }), "{error}");
    // A rule that names the group that it is a rule of does not keep it.
    delete(&world, &state, "alone", "aws:ec2:SecurityGroup").await.unwrap();
    assert!(!world.objects().iter().any(|object| object.ty.name == "aws:ec2:SecurityGroupRule"));
    delete(&world, &state, "named", "aws:ec2:SecurityGroup").await.unwrap();
}

#[tokio::test]
async fn the_default_group_exists_and_can_be_used_but_not_deleted() {
    let world = World::default();
    let open = |port: i32| {
        program(move |stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            SecurityGroupRule::named("rule")
                .group_id(vpc.default_security_group())
                .direction(RuleDirection::Ingress)
                .ip_protocol(IpProtocol::Tcp)
                .from_port(port)
                .to_port(port)
                .cidr_ipv4("10.0.0.0/8")
                .create(stack);
            stack.output("group", vpc.default_security_group());
        })
    };
    let outcome = world.up(&open(443)).await;
    world.assert_in_step("a rule of the default group").await;
    let (_, id) = &outcome.outputs[0];
    let id = SecurityGroupId::parse(id.as_str().unwrap()).unwrap();
    let scope = "123456789012/eu-central-1";
    let found = world.sim.with_world(|account| {
        account.get("aws:ec2:SecurityGroup", id.as_str(), scope).cloned().unwrap()
    });
    assert_eq!((found.text("group_name"), found.implicit), ("default", true));
    world.up(&open(8443)).await;
    world.destroy().await;
}

#[tokio::test]
async fn groups_of_two_networks_may_have_the_same_name() {
    let world = World::default();
    world
        .up(&program(|stack| {
            for network in ["one", "two"] {
                let vpc = Vpc::named(network).cidr_block("10.0.0.0/16").create(stack);
                SecurityGroup::named(network)
                    .vpc_id(&vpc)
                    .group_description("a group")
                    .group_name("web")
                    .create(stack);
            }
        }))
        .await;
    world.assert_in_step("the same name twice").await;
}

/// A template, and one of the outputs that tell its version.
fn template(
    ty: &'static str,
    tag: &'static str,
    version: fn(&LaunchTemplate) -> Output<String>,
) -> Program {
    program(move |stack| {
        let template = LaunchTemplate::named("web")
            .launch_template_data(LaunchTemplateData::new().instance_type(ty))
            .tags([("tag", tag)])
            .create(stack);
        stack.output("version", version(&template));
    })
}

#[tokio::test]
async fn a_template_gets_a_version_when_its_data_changes_and_only_then() {
    for version in [LaunchTemplate::latest_version_number, LaunchTemplate::default_version_number] {
        let world = World::default();
        let mut versions = vec![];
        for (ty, tag) in [("m7g.large", "a"), ("m7g.large", "b"), ("m7g.xlarge", "b")] {
            let outcome = world.up(&template(ty, tag, version)).await;
            let (_, shown) = &outcome.outputs[0];
            versions.push(shown.as_str().unwrap().to_owned());
        }
        assert_eq!(versions, ["1", "1", "2"]);
        let preview = world.preview(&template("m7g.large", "b", version)).await;
        assert!(preview.outputs_change, "a new version is not known before it is made");
        let preview = world.preview(&template("m7g.xlarge", "c", version)).await;
        assert!(!preview.outputs_change, "a tag makes no version");
    }
}
