//! What the examples cost in a month: held against sums that were reckoned by hand.

use std::collections::BTreeMap;

use infra_core::{
    analysis::cost::{Cost, Prices, Season},
    aws::{
        SubnetId,
        autoscaling::{Group, LaunchTemplateSpecification, ScheduledAction},
        ec2::{ElasticIp, LaunchTemplate, LaunchTemplateData},
        ecs::{Cluster, ContainerDefinition, LaunchType, NetworkMode, Service, TaskDefinition},
    },
    graph::Program,
    prelude::*,
};
use infra_tests::world::program;

use crate::{edits::Edited, moodle::nonproduction};

fn cost(program: &Program) -> Cost {
    let prices = Prices::of("eu-central-1").unwrap();
    Cost::of(program, prices, &[Season::base(), Season::peak()])
}

/// What each component comes to in a season, to a tenth of a cent.
fn by_component(cost: &Cost, season: usize) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for line in &cost.lines {
        *sums.entry(line.component()).or_default() += line.amount(season);
    }
    sums.into_iter().map(|(component, sum)| (component, tenths(sum))).collect()
}

#[allow(clippy::cast_possible_truncation)]
fn tenths(amount: f64) -> i64 {
    (amount * 1000.0).round() as i64
}

#[track_caller]
fn check(cost: &Cost, season: usize, expected: &[(&str, f64)]) {
    let expected: BTreeMap<String, i64> =
        expected.iter().map(|(component, sum)| ((*component).to_owned(), tenths(*sum))).collect();
    assert_eq!(by_component(cost, season), expected);
    assert_eq!(tenths(cost.total(season)), expected.values().sum::<i64>());
}

#[test]
fn production_by_hand() {
    let cost = cost(Edited::production().program());
    // Three secrets. An hour of a balancer, and of an address in each of three zones.
    let app = 3.0 * 0.40;
    // Alarms on 45 metrics, one on two alarms, and a page.
    let monitoring = 45.0 * 0.10 + 0.50 + 3.0;
    let balancer = 0.027 * 730.0 + 3.0 * 0.005 * 730.0;
    // Two nodes for sessions, two for the store, two secrets.
    let caches = 2.0 * 0.1504 * 730.0 + 2.0 * 0.2088 * 730.0 + 2.0 * 0.40;
    // Three machines, and the secret that AWS keeps.
    let database = 3.0 * 0.333 * 730.0 + 0.40;
    // An instance, 50 GiB and seven figures by the minute.
    let host = 0.1952 * 730.0 + 50.0 * 0.0952 + 7.0 * 0.30;
    // A gateway and its address in each of three zones.
    let network = 3.0 * (0.052 + 0.005) * 730.0;
    let rest = [
        // A zone.
        ("", 0.50),
        ("site/app", app),
        ("site/monitoring", monitoring),
        ("site/balancer", balancer),
        ("site/caches", caches),
        ("site/database", database),
        ("site/network", network),
    ];
    check(&cost, 0, &[&rest[..], &[("site/hosts", 3.0 * host)]].concat());
    check(&cost, 1, &[&rest[..], &[("site/hosts", 6.0 * host)]].concat());
    assert_eq!(format!("{:.2} {:.2}", cost.total(0), cost.total(1)), "1868.16 2316.23");
}

#[test]
fn the_cheap_twin_by_hand() {
    let program = program(|stack| nonproduction::site(stack).unwrap());
    let cost = cost(&program);
    let host = 0.0976 * 730.0 + 50.0 * 0.0952 + 7.0 * 0.30;
    let rest = [
        ("", 0.50),
        ("campus/app", 2.0 * 0.40),
        ("campus/balancer", 0.027 * 730.0 + 2.0 * 0.005 * 730.0),
        ("campus/caches", 2.0 * 0.0144 * 730.0 + 2.0 * 0.40),
        ("campus/network", (0.052 + 0.005) * 730.0),
    ];
    // Half a capacity unit at least, four at most.
    let least = [("campus/database", 0.5 * 0.14 * 730.0 + 0.40), ("campus/hosts", host)];
    let most = [("campus/database", 4.0 * 0.14 * 730.0 + 0.40), ("campus/hosts", 5.0 * host)];
    check(&cost, 0, &[&rest[..], &least].concat());
    check(&cost, 1, &[&rest[..], &most].concat());
}

#[test]
fn a_season_of_ones_own() {
    let edited = Edited::production();
    let hosts = edited.program().nodes.iter().find(|node| node.ty.name == "aws:autoscaling:Group");
    let exams = Season::named("exams", [(hosts.unwrap().urn.clone(), 5.0)]);
    let prices = Prices::of("eu-central-1").unwrap();
    let cost = Cost::of(edited.program(), prices, &[Season::base(), exams]);
    assert_eq!(cost.seasons, ["base", "exams"]);
    let two_more = 2.0 * (0.1952 * 730.0 + 50.0 * 0.0952 + 7.0 * 0.30);
    assert_eq!(tenths(cost.total(1) - cost.total(0)), tenths(two_more));
}

#[test]
fn schedules_of_groups_are_seasons() {
    let program = program(|stack| {
        let data =
            LaunchTemplateData::new().image_id("ami-0123456789abcdef0").instance_type("m7g.large");
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        let group = Group::named("web")
            .min_size(1_u32)
            .max_size(8_u32)
            .vpc_zone_identifier([SubnetId::parse("subnet-0123456789abcdef0").unwrap()])
            .launch_template(LaunchTemplateSpecification::latest(&template))
            .create(stack);
        // What takes nothing beyond the least is no season.
        for (name, least) in [("exams", 5_u32), ("nights", 1)] {
            ScheduledAction::named(name)
                .auto_scaling_group_name(group.auto_scaling_group_name())
                .scheduled_action_name(name)
                .recurrence("0 7 * * *")
                .min_size(least)
                .create(stack);
        }
    });
    let seasons = Season::all(&program);
    let cost = Cost::of(&program, Prices::of("eu-central-1").unwrap(), &seasons);
    assert_eq!(cost.seasons, ["base", "exams", "peak"]);
    let host = 0.0976 * 730.0 + 30.0 * 0.0952;
    let sums: Vec<i64> = (0..3).map(|season| tenths(cost.total(season))).collect();
    assert_eq!(sums, [1.0, 5.0, 8.0].map(|count| tenths(count * host)));
}

#[test]
fn tasks_on_fargate() {
    let program = program(|stack| {
        let cluster = Cluster::named("web").create(stack);
        let container = ContainerDefinition::new("web", "registry.example.org/web:1");
        let definition = TaskDefinition::named("web")
            .family("web")
            .network_mode(NetworkMode::Awsvpc)
            .cpu(512_u32)
            .memory(GiB(2))
            .container_definitions([container])
            .create(stack);
        Service::named("web")
            .cluster(&cluster)
            .task_definition(&definition)
            .launch_type(LaunchType::Fargate)
            .desired_count(3_u32)
            .create(stack);
    });
    let expected = 3.0 * (0.5 * 0.04656 + 2.0 * 0.00511) * 730.0;
    assert_eq!(tenths(cost(&program).total(0)), tenths(expected));
}

#[test]
fn nothing_is_left_out_in_silence() {
    let named = |cost: &Cost, text: &str| {
        assert!(cost.not_counted.iter().any(|it| it.contains(text)), "{text}: {cost:#?}");
    };
    let production = cost(Edited::production().program());
    for what in ["data through NAT", "capacity units of load balancers", "files: storage", "tax"] {
        named(&production, what);
    }
    // The production example has no resource of which nothing is known.
    assert!(!production.not_counted.iter().any(|it| it.contains("is known")), "{production:#?}");

    let class =
        Edited::production().set("DbInstance/database-1", "db_instance_class", "db.x9.huge");
    let less = cost(class.program());
    named(
        &less,
        "machine database-1 db.x9.huge of site/database/aws:rds:DbInstance/database-1: no",
    );
    assert_eq!(tenths(production.total(0) - less.total(0)), tenths(0.333 * 730.0));

    let elsewhere = program(|stack| {
        stack.use_provider(Provider::aws("eu-west-1"));
        ElasticIp::named("door").create(stack);
    });
    let elsewhere = cost(&elsewhere);
    assert_eq!(elsewhere.total(0), 0.0);
    named(&elsewhere, "it does not lie in eu-central-1, whose prices these are");
}

#[test]
fn what_is_not_verified_is_told_apart() {
    let cost = cost(Edited::production().program());
    // Aurora, ElastiCache, the balancer and an alarm of alarms.
    let expected = 3.0 * 0.333 * 730.0 + 2.0 * (0.1504 + 0.2088) * 730.0 + 0.027 * 730.0 + 0.50;
    assert_eq!(tenths(cost.unchecked(0)), tenths(expected));
}

#[test]
fn the_break_even_of_endpoints_is_told_where_there_is_nat() {
    let production = cost(Edited::production().program());
    assert_eq!(production.notes.len(), 1);
    // 0.012 * 730 / (0.052 - 0.010)
    let note = &production.notes[0];
    assert!(note.contains("pays from 209 GB a month and zone on"), "{note}");
    let without = program(|stack| {
        ElasticIp::named("door").create(stack);
    });
    assert!(cost(&without).notes.is_empty());
}
