//! Single tasks: what they come to, and that no second one is started where one does.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use backend_local::sim::{End, Faults, Hook, Life, SimOptions, Starting, Workload};
use infra_core::{
    aws::{
        ec2::Vpc,
        ecs::{
            Cluster, ContainerDefinition, ContainerOverride, RunTask, TaskDefinition, TaskOverride,
        },
    },
    engine::Outcome,
    graph::Program,
    handler::{Backend, Cancel},
    prelude::*,
};
use infra_tests::{
    crash::{Bomb, BombStore},
    world::{World, full_message, program},
};

const RUN_TASK: &str = "aws:ecs:RunTask";

/// What containers come to, one after the other; the last one again and again.
#[derive(Default)]
struct Script {
    ends: Mutex<Vec<End>>,
    started: Mutex<Vec<String>>,
}

impl Script {
    fn of(ends: impl IntoIterator<Item = End>) -> Arc<Self> {
        Arc::new(Self { ends: Mutex::new(ends.into_iter().collect()), ..Self::default() })
    }

    /// What was started: the commands.
    fn started(&self) -> Vec<String> {
        self.started.lock().unwrap().clone()
    }
}

impl Workload for Script {
    fn end(&self, starting: &Starting<'_>) -> Option<End> {
        let mut ends = self.ends.lock().unwrap();
        let end = if ends.len() > 1 { ends.remove(0) } else { ends.first()?.clone() };
        self.started.lock().unwrap().push(starting.command.join(" "));
        Some(end)
    }
}

fn exits(code: i32, minutes: u64) -> End {
    End::Exited { code, after: Duration::from_secs(60 * minutes) }
}

/// A task that upgrades a site before anything else comes about.
struct Upgrade {
    version: &'static str,
    accepted: &'static [i32],
    time_limit: Seconds,
}

impl Upgrade {
    const fn to(version: &'static str) -> Self {
        Self { version, accepted: &[0], time_limit: Seconds(3_600) }
    }

    fn program(&self) -> Program {
        program(|stack| {
            let cluster = Cluster::named("web").create(stack);
            let web = ContainerDefinition::new("web", "registry.example.org/moodle:5.0");
            let definition = TaskDefinition::named("web")
                .family("campus-web")
                .container_definitions([web.memory(MiB(512)).command(["apache2"])])
                .create(stack);
            let command = ContainerOverride::new("web").command(["php", "upgrade.php"]);
            let upgraded = RunTask::named("upgrade")
                .cluster(&cluster)
                .task_definition(&definition)
                .overrides(TaskOverride::new().container_overrides([command]))
                .accepted_exit_codes(self.accepted.to_vec())
                .time_limit(self.time_limit)
                .triggers([("version", self.version)])
                .create(stack);
            Vpc::named("after").cidr_block("10.0.0.0/16").depends_on(&upgraded).create(stack);
            stack.output("code", upgraded.exit_code());
        })
    }
}

fn world(script: &Arc<Script>, faults: Faults) -> World {
    let workload: Arc<dyn Workload> = script.clone();
    World::new(SimOptions { workload: Some(workload), faults, ..SimOptions::default() })
}

/// The only failure of a run, which is that of the task; what depends on it did not come about.
#[track_caller]
fn failure(outcome: &Outcome) -> String {
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    assert_eq!((failure.urn.ty(), failure.urn.name()), (RUN_TASK, "upgrade"));
    assert_eq!(outcome.skipped.iter().map(|urn| urn.name()).collect::<Vec<_>>(), ["after"]);
    full_message(&failure.error)
}

/// The tasks that the account remembers, and whether they have ended.
fn tasks(world: &World) -> Vec<bool> {
    world.sim.with_world(|account| {
        let tasks = account.live().filter(|object| object.ty.name == RUN_TASK);
        tasks.map(|task| task.life == Life::Ended).collect()
    })
}

/// Lets time pass.
async fn pass(world: &World, duration: Duration) {
    let clock = world.sim.clock();
    let mut sleep = std::pin::pin!(clock.sleep(duration));
    let passed = std::future::poll_fn(|context| {
        let polled = sleep.as_mut().poll(context);
        if polled.is_pending() {
            clock.advance_if_idle(1);
        }
        polled
    });
    passed.await;
}

#[tokio::test]
async fn a_task_runs_to_its_end_and_tells_its_code() {
    let script = Script::of([exits(2, 20)]);
    let world = world(&script, Faults::default());
    let upgrade = Upgrade { accepted: &[0, 2], ..Upgrade::to("5.0") };
    let outcome = world.up(&upgrade.program()).await;
    assert!(outcome.took >= 20 * 60_000, "it takes its twenty minutes: {}", outcome.took);
    assert_eq!(outcome.outputs[0].1.as_int(), Some(2));
    assert_eq!((script.started(), tasks(&world)), (vec!["php upgrade.php".to_owned()], vec![true]));
    world.assert_in_step("up").await;
    // An hour later the account has forgotten it, and the state has not.
    pass(&world, Duration::from_secs(3_700)).await;
    assert!(tasks(&world).is_empty());
    assert_eq!(world.up(&upgrade.program()).await.done, 0);
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_code_that_is_not_accepted_is_a_failure_that_names_the_task() {
    let script = Script::of([exits(1, 1), exits(3, 1), exits(0, 1)]);
    let world = world(&script, Faults::default());
    let program = Upgrade::to("5.0").program();
    for code in [1, 3] {
        let said = failure(&world.try_up(&program).await.unwrap());
        let expected = format!("ended with the code {code}, and `accepted_exit_codes` are 0");
        assert!(said.contains(&expected), "{said}");
        assert!(said.contains("arn:aws:ecs:eu-central-1:123456789012:task/campus-test-web-"));
    }
    // It is due until it succeeds, each time as another task.
    world.up(&program).await;
    assert_eq!((script.started().len(), tasks(&world)), (3, vec![true; 3]));
    assert_eq!(world.up(&program).await.done, 0);
    // The same for a later run.
    *script.ends.lock().unwrap() = vec![exits(1, 1), exits(0, 1)];
    let program = Upgrade::to("5.1").program();
    let said = world.try_up(&program).await.unwrap();
    assert!(full_message(&said.failures[0].error).contains("ended with the code 1"));
    world.up(&program).await;
    assert_eq!(script.started().len(), 5);
    // What ran before runs again, though its inputs were there before.
    world.up(&Upgrade::to("5.0").program()).await;
    assert_eq!(script.started().len(), 6);
    world.assert_in_step("all").await;
}

#[tokio::test]
async fn a_container_that_does_not_start_is_told_with_aws_s_reason() {
    let reason = "CannotPullContainerError: manifest unknown".to_owned();
    let world = world(&Script::of([End::NotStarted { reason }]), Faults::default());
    let said = failure(&world.try_up(&Upgrade::to("5.0").program()).await.unwrap());
    assert!(said.contains("did not start: CannotPullContainerError: manifest unknown"), "{said}");
}

#[tokio::test]
async fn a_task_that_takes_too_long_is_stopped() {
    let script = Script::of([exits(0, 120)]);
    let world = world(&script, Faults::default());
    let program = Upgrade { time_limit: Seconds(600), ..Upgrade::to("5.0") }.program();
    let outcome = world.try_up(&program).await.unwrap();
    let said = failure(&outcome);
    assert!(said.contains("ended with the code 137"), "{said}");
    assert!(said.contains("`time_limit` is over"), "{said}");
    assert!((600_000..1_200_000).contains(&outcome.took), "{}", outcome.took);
    assert_eq!(tasks(&world), [true], "nothing runs on");
}

/// What a run starts is gone on with wherever its process died.
async fn dies_everywhere(faults: &Faults) {
    let program = Upgrade::to("5.0").program();
    for at in 1.. {
        let (script, bomb) = (Script::of([exits(0, 30)]), Arc::new(Bomb::default()));
        let (workload, hook): (Arc<dyn Workload>, Arc<Bomb>) = (script.clone(), bomb.clone());
        let world = World::new(SimOptions {
            workload: Some(workload),
            hook: Some(hook),
            faults: faults.clone(),
            ..SimOptions::default()
        });
        bomb.arm(at);
        let store = BombStore { inner: world.store.clone(), bomb: Arc::clone(&bomb) };
        let engine = world.engine_on(Arc::new(store));
        let done = bomb.drive(engine.up(&program, &world.options)).await;
        let moments = bomb.count();
        bomb.arm(0);
        world.store.holder_died();
        if let Some(done) = done {
            assert!(done.unwrap().is_success() && moments < at);
            assert!(at > 20, "a run has more moments than {at}");
            return;
        }
        let what = format!("died at moment {at}");
        world.up(&program).await;
        world.assert_in_step(&what).await;
        assert_eq!((script.started().len(), tasks(&world)), (1, vec![true]), "{what}");
        assert_eq!(world.up(&program).await.done, 0, "{what}");
    }
}

#[tokio::test]
async fn invariant_9_no_second_task_is_started_after_a_crash() {
    dies_everywhere(&Faults::default()).await;
}

#[tokio::test]
async fn invariant_9_no_second_task_is_started_on_a_bad_day() {
    dies_everywhere(&Faults { throttle: 0.1, lost: 0.2, seed: 3, ..Faults::default() }).await;
}

#[tokio::test]
async fn a_task_outlives_the_account_s_process() {
    let folder = tempfile::tempdir().unwrap();
    let (script, bomb) = (Script::of([exits(0, 30)]), Arc::new(Bomb::default()));
    let open = |bomb: Option<&Arc<Bomb>>| {
        let workload: Arc<dyn Workload> = script.clone();
        World::new(SimOptions {
            workload: Some(workload),
            hook: bomb.cloned().map(|bomb| bomb as Arc<dyn Hook>),
            account: Some(folder.path().join("account")),
            ..SimOptions::default()
        })
    };
    let program = Upgrade::to("5.0").program();
    for at in 1.. {
        let first = open(Some(&bomb));
        bomb.arm(at);
        let engine = first.engine();
        let done = bomb.drive(engine.up(&program, &first.options)).await;
        drop(engine);
        let running = tasks(&first) == [false];
        let store = first.store.clone();
        drop(first);
        store.holder_died();
        assert!(done.is_none(), "no moment at which the task was running");
        if running {
            let second = World { store, ..open(None) };
            second.up(&program).await;
            second.assert_in_step("again").await;
            assert_eq!((script.started().len(), tasks(&second)), (1, vec![true]));
            break;
        }
        std::fs::remove_file(folder.path().join("account")).unwrap();
    }
    // Another process still knows it by its token.
    assert_eq!(tasks(&open(None)), [true]);
}

/// Asks the run to stop as soon as its task has started.
struct Impatient(Cancel);

impl Workload for Impatient {
    fn end(&self, _: &Starting<'_>) -> Option<End> {
        self.0.cancel();
        Some(exits(0, 30))
    }
}

#[tokio::test]
async fn invariant_13_a_task_goes_on_when_its_run_is_to_stop() {
    let cancel = Cancel::default();
    let workload: Arc<dyn Workload> = Arc::new(Impatient(cancel.clone()));
    let world = World::new(SimOptions { workload: Some(workload), ..SimOptions::default() });
    let program = Upgrade::to("5.0").program();
    let engine = world.engine().with_cancel(cancel);
    let outcome = engine.up(&program, &world.options).await.unwrap();
    assert!(outcome.cancelled && outcome.took < 60_000, "nobody waits for half an hour");
    assert_eq!(tasks(&world), [false]);
    let outcome = world.up(&program).await;
    assert!(outcome.took >= 29 * 60_000, "the rest of it is waited for: {}", outcome.took);
    assert_eq!(tasks(&world), [true]);
}
