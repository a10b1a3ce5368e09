//! What is told of a site that no figure shows: events, what a month costs, who was refused; and
//! what the whole account is told for its instances.

use backend_local::sim::Object;
use infra_core::{
    aws::{
        autoscaling::Group,
        budgets::Budget,
        ec2::FlowLog,
        ecs::{AccountSetting, Service},
        eventbridge::{Rule, Target},
        logs::{LogGroup, Retention},
        s3::Bucket,
        sns::Topic,
    },
    graph::Program,
    prelude::*,
};
use infra_tests::{
    certificates::issued,
    world::{World, of, program},
};
use moodle_infra::{
    Capacity, Environment, FlowLogs, MonitoringSettings, Moodle, MoodleBuilder, SettingsError,
    Trunking,
};

fn named(stack: &Stack, name: &str) -> MoodleBuilder {
    let domain = format!("{name}.example.edu");
    Moodle::named(name).domain(domain.parse().unwrap()).certificate(issued(stack, name, &domain))
}

fn site(build: impl Fn(MoodleBuilder) -> MoodleBuilder) -> Program {
    program(|stack| {
        build(named(stack, "site")).create(stack).unwrap();
    })
}

/// The pattern of the rule whose name has a word.
#[track_caller]
fn pattern(objects: &[Object], word: &str) -> String {
    let rules = of::<Rule>(objects);
    let [rule] = rules.iter().filter(|it| it.id.contains(word)).collect::<Vec<_>>()[..] else {
        panic!("one rule {word} of {:?}", rules.iter().map(|it| &it.id).collect::<Vec<_>>())
    };
    rule.named("event_pattern").to_string()
}

#[tokio::test]
async fn what_fails_without_a_figure_is_told() {
    let world = World::default();
    let program = site(|site| site);
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let [topic] = of::<Topic>(&objects)[..] else { panic!("one topic") };
    let targets = of::<Target>(&objects);
    assert_eq!(targets.len(), of::<Rule>(&objects).len());
    for target in targets {
        assert!(target.named("arn").to_string().contains(&*topic.id), "{:?}", target.id);
        let text = target.named("input_transformer").field("input_template").unwrap().to_string();
        assert!(text.contains("<what>") && text.contains("<why>"), "{text}");
    }
    let failed = pattern(&objects, "deployment-failed");
    assert!(failed.contains("SERVICE_DEPLOYMENT_FAILED"), "{failed}");
    let mut services = of::<Service>(&objects);
    // Whether logins fail an alarm tells.
    services.retain(|service| !service.id.contains("-probe-"));
    assert_eq!(services.len(), 3);
    for service in services {
        assert!(failed.contains(service.text("service_arn")), "{failed}");
    }
    let [group] = of::<Group>(&objects)[..] else { panic!("one group") };
    let launches = pattern(&objects, "instance-not-launched");
    assert!(launches.contains(group.text("auto_scaling_group_name")), "{launches}");
    assert!(pattern(&objects, "certificate-ends").contains(":certificate/"));
    let copies = pattern(&objects, "backup-not-made");
    for word in ["Backup Job", "Copy Job", "FAILED", "ABORTED", "EXPIRED", "state"] {
        assert!(copies.contains(word), "{copies}");
    }
    assert!(pattern(&objects, "restore-failed").contains("status"));
    assert!(of::<Budget>(&objects).is_empty());
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn without_backups_nothing_is_told_of_them() {
    let world = World::default();
    assert!(world.up(&site(|site| site.backups(None))).await.is_success());
    let rules = of::<Rule>(&world.objects()).len();
    assert_eq!(rules, 3);
}

#[tokio::test]
async fn what_a_month_costs_is_told_before_it_is_too_much() {
    let world = World::default();
    let watch = MonitoringSettings::default().monthly_budget(1_500).unwrap();
    let program = site(|site| site.monitoring(watch.clone()));
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let [budget] = of::<Budget>(&objects)[..] else { panic!("one budget") };
    let limit = budget.named("budget_limit").to_string();
    assert!(limit.contains("1500") && limit.contains("USD"), "{limit}");
    let told = budget.named("notifications").to_string();
    for part in ["ACTUAL", "80", "FORECASTED", "100", ":sns:"] {
        assert!(told.contains(part), "{told}");
    }
    world.destroy().await;
    assert!(world.objects().is_empty());
    let nothing = MonitoringSettings::default().monthly_budget(0).unwrap_err();
    assert_eq!(nothing, SettingsError::Budget);
}

#[tokio::test]
async fn who_was_refused_is_written_down_where_it_was_said() {
    let world = World::default();
    assert!(world.up(&site(|site| site)).await.is_success());
    let objects = world.objects();
    let [log] = of::<FlowLog>(&objects)[..] else { panic!("one log") };
    assert_eq!(log.text("traffic_type"), "REJECT");
    let group = of::<LogGroup>(&objects).into_iter().find(|it| it.id.contains("refused")).unwrap();
    assert_eq!(group.named("retention_in_days").to_string(), "\"30\"");
    assert!(log.named("destination").to_string().contains(&*group.id));

    let files = site(|site| site.flow_logs(FlowLogs::Bucket(Days(400))));
    assert!(world.up(&files).await.is_success());
    assert!(world.preview(&files).await.is_empty());
    let objects = world.objects();
    let [log] = of::<FlowLog>(&objects)[..] else { panic!("one log") };
    let bucket = of::<Bucket>(&objects).into_iter().find(|it| it.id.contains("refused")).unwrap();
    assert!(log.named("destination").to_string().contains(&*bucket.id));
    assert!(bucket.named("lifecycle_configuration").to_string().contains("400"));
    assert!(of::<LogGroup>(&objects).iter().all(|it| !it.id.contains("refused")));

    assert!(world.up(&site(|site| site.flow_logs(FlowLogs::None))).await.is_success());
    assert!(of::<FlowLog>(&world.objects()).is_empty());
    let long = site(|site| site.flow_logs(FlowLogs::Logs(Retention::Days365)));
    assert!(world.up(&long).await.is_success());
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn the_account_has_trunks_before_instances_start() {
    let world = World::default();
    let here = site(|site| site);
    assert!(world.up(&here).await.is_success());
    let objects = world.objects();
    let [setting] = of::<AccountSetting>(&objects)[..] else { panic!("one setting") };
    assert_eq!((setting.text("name"), setting.text("value")), ("awsvpcTrunking", "enabled"));
    let [group] = of::<Group>(&objects)[..] else { panic!("one group") };
    assert_eq!(group.named("max_size").to_string(), "6");
    world.destroy().await;

    // More instances, and nothing of the account is touched.
    let off = site(|site| site.trunking(Trunking::Off));
    assert!(world.up(&off).await.is_success());
    let objects = world.objects();
    assert!(of::<AccountSetting>(&objects).is_empty());
    let [group] = of::<Group>(&objects)[..] else { panic!("one group") };
    assert_eq!(group.named("max_size").to_string(), "9");
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn two_sites_have_one_setting_of_the_account() {
    let world = World::default();
    let both = program(|stack| {
        let first = named(stack, "science").create(stack).unwrap();
        let trunking = Trunking::With(first.hosts.trunking.unwrap());
        let small = |name| named(stack, name).environment(Environment::NonProduction);
        small("arts").trunking(trunking).create(stack).unwrap();
        small("trial").create(stack).unwrap();
    });
    assert!(world.up(&both).await.is_success());
    assert_eq!(of::<AccountSetting>(&world.objects()).len(), 1);
    assert!(world.preview(&both).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
    // Another stack beside them.
    let beside = site(|site| site.trunking(Trunking::Elsewhere));
    assert!(world.up(&beside).await.is_success());
    assert!(of::<AccountSetting>(&world.objects()).is_empty());
    // A small one has interfaces enough, and nothing is allowed that nothing breaks.
    let small = |it: MoodleBuilder| it.environment(Environment::NonProduction);
    assert_eq!(site(|site| small(site).trunking(Trunking::Elsewhere)).problems, []);
    for people in [100, 400, 2_000, 5_000, 9_000] {
        let size = Capacity::for_quiz_peak(people);
        for trunking in [Trunking::Here, Trunking::Elsewhere, Trunking::Off] {
            let built = site(|site| site.capacity(size.clone()).trunking(trunking));
            assert_eq!(built.problems, [], "{people} {trunking:?}");
        }
    }
}

#[tokio::test]
async fn two_sites_that_people_depend_on_stand_beside_each_other() {
    let both = program(|stack| {
        let first = named(stack, "science").create(stack).unwrap();
        let trunking = Trunking::With(first.hosts.trunking.unwrap());
        named(stack, "arts").trunking(trunking).create(stack).unwrap();
    });
    let preview = World::default().preview(&both).await;
    assert!(preview.problems.is_empty(), "{:?}", preview.problems);
}
