//! Who logs in only to see whether that works, and the alarm that tells when it does not.

use infra_core::{
    aws::{
        cloudwatch::MetricAlarm,
        ec2::{NatGateway, SecurityGroupRule},
        ecs::{RunTask, Service, TaskDefinition},
        logs::MetricFilter,
    },
    dsl::ResourceType,
    graph::Program,
    value::Value,
};
use infra_tests::{
    certificates::issued,
    world::{World, of, program},
};
use moodle_infra::{Environment, MonitoringSettings, Moodle, MoodleBuilder};

fn site(build: impl Fn(MoodleBuilder) -> MoodleBuilder) -> Program {
    let domain = "moodle.example.edu";
    program(|stack| {
        let site = Moodle::named("site").domain(domain.parse().unwrap());
        build(site.certificate(issued(stack, "site", domain))).create(stack).unwrap();
    })
}

#[tokio::test]
async fn silence_of_who_logs_in_is_told() {
    let world = World::default();
    let program = site(|site| site);
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let filters = of::<MetricFilter>(&objects);
    let filter = filters.iter().find(|it| it.id.contains("login")).unwrap();
    let counted = filter.named("metric_transformation").to_string();
    assert!(counted.contains("$milliseconds") && counted.contains("Milliseconds"), "{counted}");
    let alarms = of::<MetricAlarm>(&objects);
    let alarm = alarms.iter().find(|it| it.id.contains("login-fails")).unwrap();
    assert_eq!(alarm.text("metric_name"), "LoginTime");
    assert!(counted.contains(alarm.text("namespace")), "{counted}");
    assert_eq!(
        (alarm.text("treat_missing_data"), alarm.text("statistic")),
        ("breaching", "SampleCount")
    );
    assert!(alarm.named("alarm_actions").to_string().contains(":sns:"));
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// It knows its own password, and nothing of the site.
#[tokio::test]
async fn who_logs_in_has_one_password_and_no_role() {
    let world = World::default();
    assert!(world.up(&site(|site| site)).await.is_success());
    let objects = world.objects();
    let definitions = of::<TaskDefinition>(&objects);
    let of_family = |end: &str| {
        let found = definitions.iter().find(|it| it.text("family").ends_with(end));
        found.unwrap_or_else(|| panic!("no definition {end}"))
    };
    let probe = of_family("-probe");
    assert_eq!(probe.named("task_role_arn"), &Value::Null);
    let containers = probe.named("container_definitions").to_string();
    assert!(containers.contains("https://moodle.example.edu"), "{containers}");
    assert_eq!(containers.matches("value_from").count(), 1, "{containers}");
    for other in ["DB_", "CONFIG_PHP", "/var/moodledata"] {
        assert!(!containers.contains(other), "{other} in {containers}");
    }
    // Who installs the site makes the user; nobody else is told the password.
    let told = |end: &str| of_family(end).named("container_definitions").to_string();
    assert!(told("-install").contains("PROBE_PASSWORD"));
    for part in ["-moodle", "-cron", "-adhoc"] {
        assert!(!told(part).contains("PROBE_PASSWORD"), "{part}");
    }
}

/// Where nobody is told of anything, and where people log in elsewhere, nobody logs in.
#[tokio::test]
async fn a_site_may_do_without() {
    for without in [
        site(|site| site.monitoring(MonitoringSettings::default().logins(false))),
        site(|site| site.environment(Environment::NonProduction)),
    ] {
        let world = World::default();
        assert!(world.up(&without).await.is_success());
        let objects = world.objects();
        let services = of::<Service>(&objects);
        assert!(services.iter().all(|it| !it.id.contains("probe")), "{services:?}");
        assert!(of::<MetricAlarm>(&objects).iter().all(|it| !it.id.contains("login-fails")));
        let tasks = without.nodes.iter().filter(|it| it.ty.name == RunTask::definition().name);
        assert!(tasks.count() > 0);
    }
}

/// The name of the site leads out of the network and back in.
#[tokio::test]
async fn a_balancer_that_some_reach_lets_in_who_logs_in() {
    let campus = ["192.0.2.0/24".parse().unwrap()];
    let reaching = |objects: &[backend_local::sim::Object]| -> Vec<String> {
        let rules = of::<SecurityGroupRule>(objects).into_iter();
        let rules = rules.filter(|it| it.text("direction") == "ingress");
        let ranges = rules.filter_map(|it| it.named("cidr_ipv4").as_str().map(str::to_owned));
        ranges.collect()
    };
    let world = World::default();
    assert!(world.up(&site(|site| site.reached_from(campus))).await.is_success());
    let objects = world.objects();
    let ranges = reaching(&objects);
    let gateways = of::<NatGateway>(&objects);
    assert_eq!(gateways.len(), 3);
    for gateway in gateways {
        let own = format!("{}/32", gateway.text("public_ip"));
        assert!(ranges.contains(&own), "{own} is not in {ranges:?}");
    }
    assert!(ranges.iter().all(|it| it != "0.0.0.0/0"), "{ranges:?}");
    world.destroy().await;
    assert!(world.objects().is_empty());

    let world = World::default();
    let silent = MonitoringSettings::default().logins(false);
    let nobody = site(|site| site.reached_from(campus).monitoring(silent.clone()));
    assert!(world.up(&nobody).await.is_success());
    assert_eq!(reaching(&world.objects()), ["192.0.2.0/24", "192.0.2.0/24"]);
}
