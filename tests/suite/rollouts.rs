//! How a site changes: what another version takes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use backend_local::sim::{End, SimOptions, Starting, Workload};
use infra_core::{
    aws::{
        ecs::{RunTask, Service},
        rds::DbClusterSnapshot,
    },
    dsl::ResourceType,
    engine::EngineError,
    event::{Event, EventKind, Operation},
    graph::{Field, Program},
    plan::{ChangeKind, PlanProblem},
};
use infra_tests::world::{World, configured, program};
use moodle_infra::Rollout;

use crate::moodle::{changed, plain_site, site};

const OLD: (&str, &str) = ("moodle", "5.2.0");
const NEW: (&str, &str) = ("moodle", "5.2.1");
const FROM: (&str, &str) = ("from", "5.2.0");

/// What a run does, by the names of what it does it to, in the order in which steps end.
struct Heard {
    world: World,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Heard {
    fn new(options: SimOptions) -> Self {
        let events = Arc::<Mutex<Vec<Event>>>::default();
        let world = World { events: Some(Arc::clone(&events)), ..World::new(options) };
        Self { world, events }
    }

    /// A site of the old version.
    async fn standing(options: SimOptions) -> Self {
        let heard = Self::new(options);
        heard.world.up(&site(&[OLD])).await;
        heard.take();
        heard
    }

    /// The steps since the last time: when each began and ended, in order.
    fn take(&self) -> Vec<(String, bool)> {
        let events = std::mem::take(&mut *self.events.lock().unwrap());
        let steps = events.into_iter().filter_map(|event| {
            let (urn, operation, ended) = match event.kind {
                EventKind::StepStarted { urn, operation, .. } => (urn, operation, false),
                EventKind::StepFinished { urn, operation, .. } => (urn, operation, true),
                _ => return None,
            };
            let counts =
                matches!(operation, Operation::Run | Operation::Create | Operation::Update);
            counts.then(|| (format!("{} {}", short(urn.ty()), urn.name()), ended))
        });
        steps.collect()
    }
}

fn short(ty: &str) -> &str {
    ty.rsplit(':').next().unwrap()
}

/// What a plan is refused for.
#[track_caller]
fn refused(problems: &[PlanProblem]) -> String {
    let [PlanProblem::Refused(problem)] = problems else { panic!("{problems:?}") };
    format!("{problem} | {}", problem.help.clone().unwrap_or_default())
}

async fn refused_plan(world: &World, settings: &[(&str, &str)]) -> String {
    refused(&world.preview(&site(settings)).await.problems)
}

/// What the installation that ran last was told about its rollout.
fn told(world: &World) -> String {
    let ran = world.sim.with_world(|account| {
        let tasks = account.live().filter(|it| it.ty.name == RunTask::definition().name);
        let overrides = tasks.map(|task| task.named("overrides").to_string());
        overrides.filter(|it| it.contains("ROLLOUT")).last().unwrap()
    });
    let words = ["version-changing", "config-only"];
    words.into_iter().find(|word| ran.contains(word)).unwrap().to_owned()
}

#[tokio::test]
async fn another_version_closes_copies_upgrades_rolls_and_opens_in_this_order() {
    let heard = Heard::standing(SimOptions::default()).await;
    let next = site(&[NEW, FROM]);
    let snapshot = "from-5-2-0-to-5-2-1";
    let services = ["cron", "adhoc", "moodle"].map(|name| format!("Service {name}"));
    let mut expected = BTreeMap::from([
        ("RunTask users".to_owned(), ChangeKind::Run),
        ("RunTask maintenance".to_owned(), ChangeKind::Run),
        (format!("DbClusterSnapshot {snapshot}"), ChangeKind::Create),
        ("RunTask install".to_owned(), ChangeKind::Run),
        ("RunTask maintenance-off".to_owned(), ChangeKind::Run),
        // The rotation is another revision too.
        ("Schedule rotation".to_owned(), ChangeKind::Update),
        ("RolePolicy rotation-starter".to_owned(), ChangeKind::Update),
    ]);
    expected.extend(services.clone().map(|service| (service, ChangeKind::Update)));
    // Who only logs in may go on while the site is closed, and after.
    let probe = ("Service probe".to_owned(), ChangeKind::Update);
    expected.extend([probe.clone()]);
    for part in ["moodle", "install", "cron", "adhoc", "users", "rotate", "probe"] {
        expected.insert(format!("TaskDefinition {part}"), ChangeKind::CreateThenDelete);
    }
    assert_eq!(changed(&heard.world.preview(&next).await), expected);

    let outcome = heard.world.up(&next).await;
    heard.world.assert_in_step("another version").await;
    let steps = heard.take();
    let at = |name: &str, ended: bool| {
        let found = steps.iter().position(|(it, end)| it == name && *end == ended);
        found.unwrap_or_else(|| panic!("{name} is not in {steps:?}"))
    };
    let order = [
        "RunTask users",
        "RunTask maintenance",
        &format!("DbClusterSnapshot {snapshot}"),
        "RunTask install",
    ];
    for pair in order.windows(2) {
        assert!(at(pair[0], true) < at(pair[1], false), "{pair:?} of {steps:?}");
    }
    for service in &services {
        assert!(at("RunTask install", true) < at(service, false), "{steps:?}");
        assert!(at(service, true) < at("RunTask maintenance-off", false), "{steps:?}");
    }
    let advice = outcome.outputs.iter().find(|(name, _)| &**name == "site_recovery").unwrap();
    let advice = advice.1.as_str().unwrap();
    let is_copy = |ty: &str| ty == DbClusterSnapshot::definition().name;
    let copy = heard.world.objects().into_iter().find(|it| is_copy(it.ty.name)).unwrap().id;
    assert!(advice.contains(&*copy) && advice.contains("5.2.0"), "{advice}");

    assert_eq!(told(&heard.world), "version-changing");
    // The program stays as it is, and changes its configuration.
    assert!(heard.world.preview(&next).await.is_empty());
    let more =
        changed(&heard.world.preview(&site(&[NEW, FROM, ("domain", "a.example.edu")])).await);
    let run: Vec<&String> =
        more.iter().filter(|(_, kind)| **kind == ChangeKind::Run).map(|(name, _)| name).collect();
    assert_eq!(run, ["RunTask install"], "{more:?}");
    assert!(!more.contains_key(&format!("DbClusterSnapshot {snapshot}")), "{more:?}");
    heard.world.up(&site(&[NEW, FROM, ("domain", "a.example.edu")])).await;
    heard.world.assert_in_step("another configuration").await;

    // Back to what is usual: the copy is left alone.
    let usual = site(&[NEW, ("domain", "a.example.edu")]);
    let back = changed(&heard.world.preview(&usual).await);
    let mut expected = BTreeMap::from([
        // Opened, as it is already: the task that closed it is the one that opens it now.
        ("RunTask maintenance".to_owned(), ChangeKind::Run),
        ("RunTask maintenance-off".to_owned(), ChangeKind::Forget),
        (format!("DbClusterSnapshot {snapshot}"), ChangeKind::Forget),
    ]);
    expected.extend(services.map(|service| (service, ChangeKind::Update)));
    expected.extend([probe]);
    assert_eq!(back, expected);
    heard.world.up(&usual).await;
    let kept = heard.world.objects();
    assert!(kept.iter().any(|it| it.id == copy), "the copy stays in the account");
    heard.world.up(&site(&[NEW])).await;
    assert_eq!(told(&heard.world), "config-only");
}

#[tokio::test]
async fn another_version_without_a_rollout_is_refused_once_a_site_stands() {
    let world = World::default();
    // The first version of a site changes nothing, whatever its rollout.
    let first = world.preview(&site(&[NEW, FROM])).await;
    assert!(first.problems.is_empty(), "{:?}", first.problems);
    world.up(&site(&[OLD])).await;
    let said = refused_plan(&world, &[NEW]).await;
    for part in
        ["5.2.0", "5.2.1", "Rollout::ConfigOnly", "Rollout::VersionChanging { from: \"5.2.0\""]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let Err(EngineError::Plan(problems)) = world.try_up(&site(&[NEW])).await else { panic!() };
    assert_eq!(refused(&problems), said);
    let wrong = refused_plan(&world, &[NEW, ("from", "5.1.0")]).await;
    assert!(wrong.contains("is one from 5.1.0; the site runs 5.2.0"), "{wrong}");
    assert!(world.preview(&site(&[OLD])).await.is_empty(), "nothing was touched");
}

#[test]
fn an_older_version_is_no_rollout() {
    let stack = configured(&[]);
    let from = "5.2.1".parse().unwrap();
    let site = plain_site(&stack)
        .version("5.2.0".parse().unwrap())
        .rollout(Rollout::VersionChanging { from });
    let error = site.create(&stack).unwrap_err().to_string();
    assert!(error.contains("Moodle 5.2.1 is not taken back to 5.2.0"), "{error}");
}

#[tokio::test]
async fn a_new_site_may_name_where_it_comes_from() {
    let world = World::default();
    world.up(&site(&[NEW, FROM])).await;
    world.assert_in_step("a new site").await;
    assert!(world.preview(&site(&[NEW, FROM])).await.is_empty());
    world.destroy().await;
}

/// A site whose image has a code of its own.
fn of_code(code: &str, rollout: Rollout) -> Program {
    program(|stack| {
        plain_site(stack)
            .version("5.2.0".parse().unwrap())
            .code_version(code)
            .rollout(rollout)
            .create(stack)
            .unwrap();
    })
}

#[tokio::test]
async fn another_plugin_is_another_version_too() {
    let world = World::default();
    world.up(&of_code("one", Rollout::ConfigOnly)).await;
    let refusal = refused(&world.preview(&of_code("other", Rollout::ConfigOnly)).await.problems);
    assert!(refusal.contains("the code of the image changes from one to other"), "{refusal}");
    let from = "5.2.0".parse().unwrap();
    let next = of_code("other", Rollout::VersionChanging { from });
    let changes = changed(&world.preview(&next).await);
    let run: Vec<&str> = changes
        .iter()
        .filter(|(_, kind)| **kind == ChangeKind::Run)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(run, ["RunTask install", "RunTask maintenance", "RunTask maintenance-off"]);
    world.up(&next).await;
    assert!(world.preview(&next).await.is_empty());
}

/// A copy brings the version back that it was made of.
#[tokio::test]
async fn an_upgrade_is_taken_back_by_its_copy() {
    let heard = Heard::standing(SimOptions::default()).await;
    let world = &heard.world;
    world.up(&site(&[NEW, FROM])).await;
    let is_copy = |ty: &str| ty == DbClusterSnapshot::definition().name;
    let copy = world.objects().into_iter().find(|it| is_copy(it.ty.name)).unwrap().id;
    heard.take();
    let restored = site(&[OLD, ("snapshot", &copy)]);
    world.up(&restored).await;
    let steps = heard.take();
    for task in ["RunTask users", "RunTask install", "RunTask maintenance"] {
        assert!(steps.iter().any(|(name, _)| name == task), "{task}: {steps:?}");
    }
    assert!(world.preview(&restored).await.is_empty());
    // It needs not be named for ever.
    assert!(world.preview(&site(&[OLD])).await.is_empty());
}

/// What the tasks of a site come to: an upgrade that fails as often as it is said.
#[derive(Default)]
struct Upgrades {
    left: Mutex<u32>,
    ran: Mutex<Vec<Vec<String>>>,
}

impl Upgrades {
    /// A site of the old version whose tasks come to that.
    async fn standing() -> (Arc<Self>, Heard) {
        let upgrades = Arc::new(Self::default());
        let workload: Arc<dyn Workload> = upgrades.clone();
        let options = SimOptions { workload: Some(workload), ..Default::default() };
        (upgrades, Heard::standing(options).await)
    }

    /// How the site was closed and opened.
    fn maintenance(&self) -> Vec<String> {
        let ran = self.ran.lock().unwrap();
        let those = ran.iter().filter(|it| it.first().is_some_and(|role| role == "maintenance"));
        those.map(|command| command[1].clone()).collect()
    }
}

impl Workload for Upgrades {
    fn end(&self, starting: &Starting<'_>) -> Option<End> {
        let mut left = self.left.lock().unwrap();
        self.ran.lock().unwrap().push(starting.command.iter().map(ToString::to_string).collect());
        let fails = starting.command == ["install"] && *left > 0;
        fails.then(|| {
            *left -= 1;
            End::Exited { code: 1, after: Duration::from_secs(60) }
        })
    }
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_tasks_as_they_are_and_is_gone_on_with() {
    let (upgrades, heard) = Upgrades::standing().await;
    *upgrades.left.lock().unwrap() = 1;
    let next = site(&[NEW, FROM]);
    let outcome = heard.world.try_up(&next).await.unwrap();
    let failed: Vec<&str> = outcome.failures.iter().map(|it| it.urn.name()).collect();
    assert_eq!(failed, ["install"]);
    let steps = heard.take();
    assert!(!steps.iter().any(|(name, _)| name.starts_with("Service")), "{steps:?}");
    assert!(!steps.iter().any(|(name, _)| name == "RunTask maintenance-off"), "{steps:?}");
    // It is still a change of the version.
    assert!(refused_plan(&heard.world, &[NEW]).await.contains("from 5.2.0 to 5.2.1"));

    heard.world.up(&next).await;
    let steps = heard.take();
    let begun: BTreeSet<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    assert!(begun.contains("RunTask maintenance-off") && !begun.contains("RunTask maintenance"));
    assert!(heard.world.preview(&next).await.is_empty());
}

/// Where the database is as it was, nothing is restored: the site is opened.
#[tokio::test]
async fn an_upgrade_that_is_given_up_opens_the_site() {
    let (upgrades, heard) = Upgrades::standing().await;
    assert_eq!(upgrades.maintenance(), ["off"]);
    *upgrades.left.lock().unwrap() = 1;
    heard.world.try_up(&site(&[NEW, FROM])).await.unwrap();
    assert_eq!(upgrades.maintenance(), ["off", "on"]);
    heard.world.up(&site(&[OLD])).await;
    assert_eq!(upgrades.maintenance(), ["off", "on", "off"]);
    assert!(heard.world.preview(&site(&[OLD])).await.is_empty());
    // And the next one closes it again.
    heard.world.up(&site(&[NEW, FROM])).await;
    assert_eq!(upgrades.maintenance(), ["off", "on", "off", "on", "off"]);
}

#[test]
fn services_are_taken_back_by_themselves_unless_the_database_is_another() {
    for (settings, taken_back) in [(&[OLD][..], true), (&[NEW, FROM][..], false)] {
        let program = site(settings);
        for service in program.all::<Service>() {
            let deployment = service.get(Service::DEPLOYMENT_CONFIGURATION);
            let Field::Known(deployment) = deployment else { panic!() };
            let breaker = deployment.deployment_circuit_breaker.unwrap();
            assert_eq!((breaker.enable, breaker.rollback), (true, taken_back));
        }
        let tasks: BTreeSet<&str> =
            program.all::<RunTask>().map(|task| task.node.urn.name()).collect();
        assert_eq!(tasks.contains("maintenance-off"), !taken_back);
        assert!(tasks.is_superset(&["users", "install", "maintenance"].into()));
    }
}
