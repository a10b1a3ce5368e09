//! A site through the year: what follows the calendar by itself, and what follows the season that
//! the program is run in.

use std::collections::BTreeMap;

use backend_local::sim::Object;
use infra_core::{
    aws::{
        applicationautoscaling::{self, ScalableTarget},
        autoscaling::{self, Group},
        elasticache::ReplicationGroup,
        rds::DbInstance,
    },
    engine::UpOptions,
    graph::Program,
    handler::Account,
    value::Value,
};
use infra_tests::world::{World, configured};

#[allow(dead_code)]
#[path = "../../examples/campus.rs"]
mod campus;

fn site(season: &str) -> Program {
    let stack = configured(&[("season", season)]);
    campus::site(&stack).unwrap();
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
    program
}

/// The least that each schedule sets, by its name.
fn least(schedules: &[Object], within: Option<&str>, key: &str) -> BTreeMap<String, i64> {
    let number = |it: &Object| {
        let value = match within {
            Some(structure) => it.named(structure).field(key).cloned().unwrap_or(Value::Null),
            None => it.named(key).clone(),
        };
        value.as_int().unwrap()
    };
    schedules.iter().map(|it| (it.text("scheduled_action_name").to_owned(), number(it))).collect()
}

fn tasks(world: &World) -> BTreeMap<String, i64> {
    let schedules = world.all::<applicationautoscaling::ScheduledAction>();
    least(&schedules, Some("scalable_target_action"), "min_capacity")
}

fn hosts(world: &World) -> BTreeMap<String, i64> {
    least(&world.all::<autoscaling::ScheduledAction>(), None, "min_size")
}

#[tokio::test]
async fn tasks_and_instances_follow_the_calendar() {
    let world = World::default();
    let program = site("exams");
    assert!(world.up(&program).await.is_success());
    world.assert_in_step("up").await;
    assert!(world.preview(&program).await.is_empty());

    let (tasks, hosts) = (tasks(&world), hosts(&world));
    // A quiz of 4,000 on 60 tasks of one CPU; one in each zone in the holidays.
    assert_eq!((tasks["exams-0111-0730"], tasks["holidays-0529-0000"]), (60, 3));
    assert_eq!(tasks.keys().collect::<Vec<_>>(), hosts.keys().collect::<Vec<_>>());
    for (name, tasks) in &tasks {
        assert!(hosts[name] * 4 >= *tasks, "{name}: {} instances for {tasks} tasks", hosts[name]);
    }
    let schedules = world.all::<autoscaling::ScheduledAction>();
    let named = |name: &str| {
        let mut all = schedules.iter();
        all.find(|it| it.text("scheduled_action_name") == name).unwrap().text("recurrence")
    };
    assert_eq!(named("exams-0111-0730"), "15 7 11-31 1 *");
    assert!(schedules.iter().all(|it| it.text("time_zone") == "Europe/Zurich"));
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// What a schedule has set is not undone by the next run.
#[tokio::test]
async fn what_the_calendar_has_set_stays() {
    let world = World::default();
    let program = site("semester");
    world.up(&program).await;
    let targets = world.all::<ScalableTarget>();
    let web = targets.iter().max_by_key(|it| it.named("max_capacity").as_int()).unwrap();
    let [group] = world.all::<Group>().try_into().unwrap();
    for (object, property, set) in [(web, "min_capacity", "40"), (&group, "min_size", "12")] {
        Account::set(&world.sim, &object.id, property, set).unwrap();
    }
    let options = UpOptions { refresh: true, ..world.options.clone() };
    let outcome = world.engine().up(&program, &options).await.unwrap();
    assert!(outcome.is_success() && outcome.done == 0, "{outcome:?}");
    assert_eq!(world.all::<Group>()[0].named("min_size").as_int(), Some(12));
}

#[tokio::test]
async fn database_and_caches_follow_the_season_that_the_program_is_run_in() {
    let world = World::default();
    let classes = |world: &World| {
        let machines = world.all::<DbInstance>();
        let caches = world.all::<ReplicationGroup>();
        let mut found: Vec<String> =
            machines.iter().map(|it| it.text("db_instance_class").to_owned()).collect();
        found.extend(caches.iter().map(|it| it.text("cache_node_type").to_owned()));
        found.sort();
        found.dedup();
        found
    };
    world.up(&site("holidays")).await;
    assert_eq!(classes(&world), ["cache.t4g.medium", "db.r7g.large"]);
    // As many tasks as that database has connections for, whatever the calendar says.
    assert_eq!(tasks(&world)["exams-0111-0730"], 27);

    world.up(&site("exams")).await;
    world.assert_in_step("exams").await;
    assert_eq!(classes(&world), ["cache.m7g.large", "cache.r7g.xlarge", "db.r7g.4xlarge"]);
    assert_eq!(tasks(&world)["exams-0111-0730"], 60);
    assert!(world.preview(&site("exams")).await.is_empty());
}
