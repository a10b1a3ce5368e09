//! What programs see of lookups: what was read stays until it is asked for again.

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    aws::{
        ec2::{
            AvailabilityZones, IpProtocol, LaunchTemplate, LaunchTemplateData, ManagedPrefixList,
            RuleDirection, SecurityGroup, SecurityGroupRule, Subnet, Vpc,
        },
        ssm::{Architecture, EcsOptimizedAmi},
        sts::CallerIdentity,
    },
    graph::Program,
    plan::ChangeKind,
};
use infra_tests::{
    calls::Calls,
    world::{World, program},
};

const WEEK: u64 = 7 * 24 * 60 * 60 * 1000;

fn image_and_template() -> Program {
    program(|stack| {
        let image =
            EcsOptimizedAmi::lookup("image").architecture(Architecture::Arm64).create(stack);
        let data = LaunchTemplateData::new().image_id(image.image_id()).instance_type("m7g.large");
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        stack.output("image", image.image_name());
        stack.output("version", template.latest_version_number());
    })
}

fn shown(outcome: &infra_core::engine::Outcome, name: &str) -> String {
    let (_, value) = outcome.outputs.iter().find(|(key, _)| **key == *name).unwrap();
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_image_surprises_no_unchanged_program() {
    let folder = tempfile::tempdir().unwrap();
    let options = |start| SimOptions {
        account: Some(folder.path().join("account")),
        start,
        ..SimOptions::default()
    };
    let program = image_and_template();
    let mut world = World::new(options(0));
    let first = world.up(&program).await;

    // Weeks later AWS has brought out another image.
    world.sim = Sim::in_memory();
    world.sim = Sim::open(options(5 * WEEK)).unwrap();
    assert!(world.preview(&program).await.is_empty());
    assert_eq!(world.up(&program).await.done, 0);

    world.options.plan.refresh_lookups = true;
    let preview = world.preview(&program).await;
    let kinds: Vec<_> =
        preview.changes.iter().map(|change| (change.urn.name(), change.kind)).collect();
    assert_eq!(kinds, [("image", ChangeKind::Read), ("web", ChangeKind::Update)]);
    let later = world.up(&program).await;
    assert_ne!(shown(&later, "image"), shown(&first, "image"));
    assert_eq!((shown(&first, "version"), shown(&later, "version")), ("1".into(), "2".into()));
    world.assert_in_step("a new image").await;
    world.options.plan.refresh_lookups = false;
    assert!(world.preview(&program).await.is_empty());
}

#[tokio::test]
async fn a_lookup_waits_for_what_it_asks_with() {
    let (world, calls) = Calls::observe(SimOptions::default());
    let program = program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        // A name that is not known before the VPC is there.
        let name = vpc.arn().map(|arn: String| {
            let region = arn.split(':').nth(3).unwrap_or_default().to_owned();
            format!("com.amazonaws.{region}.s3")
        });
        let list = ManagedPrefixList::lookup("s3").prefix_list_name(name).create(stack);
        let group =
            SecurityGroup::named("web").vpc_id(&vpc).group_description("a group").create(stack);
        SecurityGroupRule::named("to-s3")
            .group_id(&group)
            .direction(RuleDirection::Egress)
            .ip_protocol(IpProtocol::Tcp)
            .from_port(443)
            .to_port(443)
            .prefix_list_id(list.prefix_list_id())
            .create(stack);
    });
    let preview = world.preview(&program).await;
    assert_eq!(preview.changes.len(), 4);
    assert!(calls.count("Read").is_empty(), "there is nothing to ask with yet");
    world.up(&program).await;
    world.assert_in_step("read on the way").await;
    assert!(world.preview(&program).await.is_empty());
}

#[tokio::test]
async fn zones_and_account_are_known_when_a_program_is_previewed() {
    let world = World::default();
    let program = program(|stack| {
        let zones = AvailabilityZones::lookup("zones").exclude_zone_ids(["euc1-az3"]).create(stack);
        let caller = CallerIdentity::lookup("caller").create(stack);
        let vpc = Vpc::named("main")
            .cidr_block("10.0.0.0/16")
            .tags_push("account", caller.account())
            .create(stack);
        for (number, zone) in zones.zone_names().take::<2>().iter().enumerate() {
            Subnet::named(format!("app-{number}"))
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{number}.0/24").as_str())
                .availability_zone(zone)
                .create(stack);
        }
    });
    let preview = world.preview(&program).await;
    let planned = |name: &str, property: &str| {
        let properties = preview.properties(name);
        let change = properties.iter().find(|change| change.name == property).unwrap();
        change.new.to_string()
    };
    assert_eq!(planned("app-0", "availability_zone"), r#""eu-central-1a""#);
    assert_eq!(planned("app-1", "availability_zone"), r#""eu-central-1c""#);
    assert_eq!(planned("main", "tags"), r#"{account: "123456789012"}"#);
    world.up(&program).await;
    world.assert_in_step("zones").await;
}

#[tokio::test]
async fn an_edge_that_is_let_in_takes_most_of_a_groups_rules() {
    let with_rules = |further: u32| {
        program(move |stack| {
            let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
            let group = SecurityGroup::named("balancer")
                .vpc_id(&vpc)
                .group_description("a group")
                .create(stack);
            let edge = ManagedPrefixList::lookup("edge")
                .prefix_list_name("com.amazonaws.global.cloudfront.origin-facing")
                .create(stack);
            let rule = |name: String, port: i32| {
                SecurityGroupRule::named(name)
                    .group_id(&group)
                    .direction(RuleDirection::Ingress)
                    .ip_protocol(IpProtocol::Tcp)
                    .from_port(port)
                    .to_port(port)
            };
            rule("edge".to_owned(), 443).prefix_list_id(edge.prefix_list_id()).create(stack);
            for number in 0..further {
                let range = format!("10.{number}.0.0/16");
                rule(format!("rule-{number}"), 443).cidr_ipv4(range.as_str()).create(stack);
            }
        })
    };
    let world = World::default();
    world.up(&with_rules(5)).await;
    let outcome = world.try_up(&with_rules(6)).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let said = infra_tests::world::full_message(&failure.error);
    assert!(said.contains("the quota of 60 ingress rules"), "{said}");
}
