//! Kills at every call of the store, faults, and two runs at once: the account is the simulator, and
//! the state is in S3.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use infra_core::{
    aws::ec2::{RouteTable, RouteTableAssociation, Subnet, Vpc},
    engine::{Engine, EngineError, EngineOptions, UpOptions, full_message},
    graph::Program,
    state::store::StoreError,
};
use infra_tests::{
    stores::{WatchWrites, Watched},
    world::{PROJECT, STACK, World, program},
};

use super::{AFTER, LEASE, NOW, server, somebody, store};
use crate::proxy::Proxy;
use infra_tests::faults::Faults;

fn network(third: &str) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let table = RouteTable::named("public").vpc_id(&vpc).create(stack);
        for (name, range) in [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24"), ("c", third)] {
            let subnet = Subnet::named(name).vpc_id(&vpc).cidr_block(range).create(stack);
            let table = RouteTableAssociation::named(name).route_table_id(&table);
            table.subnet_id(&subnet).create(stack);
        }
    })
}

fn before() -> Program {
    network("10.0.2.0/24")
}

fn after() -> Program {
    network("10.0.3.0/24")
}

/// What is in the account: how many things of each type.
fn things(world: &World) -> Vec<&'static str> {
    let mut types: Vec<_> = world.objects().iter().map(|object| object.ty.name).collect();
    types.sort_unstable();
    types
}

/// A process that works on the stack, at a time.
fn process(world: &World, url: &str, prefix: &str, now: u64) -> Engine {
    world.engine_on(Arc::new(store(url, prefix, now)))
}

/// What is done when the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Up,
    Update,
    Destroy,
}

async fn act(world: &World, engine: &Engine, act: Act) -> Result<(), String> {
    let done = match act {
        Act::Up => engine.up(&before(), &world.options).await,
        Act::Update => engine.up(&after(), &world.options).await,
        Act::Destroy => engine.destroy(PROJECT, STACK, &world.options.plan).await,
    };
    let outcome = done.map_err(|error| full_message(&error))?;
    if outcome.is_success() { Ok(()) } else { Err(format!("{:?}", outcome.failures)) }
}

/// The act is carried out, and whoever began it is killed at a moment of his calls of S3; each time
/// another process takes over when the lease has run out, and is killed as well if there is a moment
/// left for it. Says whether the first one was killed.
async fn kill(server: &str, which: Act, moments: &[u64]) -> Result<bool, String> {
    let what = format!("{which:?} {moments:?}");
    let prefix = what.replace(|it: char| !it.is_alphanumeric(), "-");
    let world = World::default();
    if which != Act::Up {
        act(&world, &process(&world, server, &prefix, NOW), Act::Up).await?;
    }
    let proxy = Proxy::before(server).await;
    let mut now = NOW;
    for (number, moment) in moments.iter().enumerate() {
        proxy.bomb.arm(*moment);
        let engine = process(&world, &proxy.url, &prefix, now);
        if let Some(done) = proxy.bomb.drive(act(&world, &engine, which)).await {
            done.map_err(|why| format!("{what}: {why}"))?;
            if number == 0 {
                return Ok(false);
            }
        }
        now += LEASE + AFTER;
    }
    let last = process(&world, server, &prefix, now);
    act(&world, &last, which).await.map_err(|why| format!("{what}: {why}"))?;
    let state = last.open().await.map_err(|error| format!("{what}: {error}"))?.state;
    world.check_against(&state, &what)?;
    let calm = World::default();
    act(&calm, &calm.engine(), Act::Up).await?;
    if which != Act::Up {
        act(&calm, &calm.engine(), which).await?;
    }
    let (there, wanted) = (things(&world), things(&calm));
    if there == wanted { Ok(true) } else { Err(format!("{what}: {there:?}, not {wanted:?}")) }
}

/// An act is killed at each of its calls. How often that was, and what went wrong.
async fn kills(server: &str, which: Act) -> (usize, Vec<String>) {
    let (mut kills, mut wrong) = (0, vec![]);
    for moment in 1.. {
        assert!(moment < 1_000, "{which:?} does not end");
        match kill(server, which, &[moment]).await {
            Ok(false) => break,
            Ok(true) => kills += 1,
            Err(why) => wrong.push(why),
        }
    }
    (kills, wrong)
}

#[tokio::test]
async fn a_run_killed_at_each_call_of_its_state_is_finished_by_the_next() {
    let Some(server) = server() else { return };
    let acts = [Act::Up, Act::Update, Act::Destroy].map(|which| kills(&server.url, which));
    let [up, update, destroy] = acts;
    let (up, update, destroy) = tokio::join!(up, update, destroy);
    for (kills, wrong) in [up, update, destroy] {
        assert!(wrong.is_empty(), "{} of {kills}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(kills > 20, "{kills} kills");
    }
}

/// Whoever takes over is killed too, at each call until he has what he needs.
#[tokio::test]
async fn a_take_over_killed_at_each_call_is_taken_over_in_turn() {
    let Some(server) = server() else { return };
    for first in [4, 10] {
        for second in 1..=9 {
            let killed = kill(&server.url, Act::Up, &[first, second, second]).await;
            assert_eq!(killed, Ok(true));
        }
    }
}

/// Runs of a stack, of whose calls of S3 thirty in a hundred are throttled, fail, or are cut off
/// before or after they are executed.
async fn faulty(server: &str, seed: u64) {
    let proxy = Proxy::before(server).await;
    let (world, prefix) = (World::default(), format!("faults-{seed}"));
    proxy.fail(Some(Faults::new(30, seed)));
    let mut now = NOW;
    for which in [Act::Up, Act::Update, Act::Destroy, Act::Up] {
        let mut tries = 0;
        // Runs that give up are begun again, as people would.
        loop {
            let engine = process(&world, &proxy.url, &prefix, now);
            let Err(why) = act(&world, &engine, which).await else { break };
            tries += 1;
            assert!(tries < 5, "seed {seed}, {which:?}: {why}");
            now += LEASE + AFTER;
        }
        let state = process(&world, server, &prefix, now).open().await.unwrap().state;
        world.check_against(&state, &format!("seed {seed}, {which:?}")).unwrap();
    }
    let calm = process(&world, server, &prefix, now);
    assert!(calm.preview(&before(), &world.options).await.unwrap().is_empty(), "seed {seed}");
}

#[tokio::test]
async fn runs_come_about_whatever_fails_of_the_calls_of_their_state() {
    let Some(server) = server() else { return };
    let some = async |seeds: std::ops::RangeInclusive<u64>| {
        for seed in seeds {
            faulty(&server.url, seed).await;
        }
    };
    // Most of the time they wait until the next try.
    tokio::join!(some(1..=4), some(5..=8), some(9..=12), some(13..=16), some(17..=20));
}

#[tokio::test]
async fn of_two_runs_at_once_one_is_refused_and_told_who_is_at_work() {
    let Some(server) = server() else { return };
    let proxy = Proxy::before(&server.url).await;
    for round in 0..5 {
        let (world, prefix) = (World::default(), format!("two-{round}"));
        let run = async |who: &str| {
            let mut options = EngineOptions::default();
            options.holder = somebody(who);
            let engine = process(&world, &proxy.url, &prefix, NOW).with_options(options);
            engine.up(&before(), &world.options).await
        };
        let (program, options) = (before(), &world.options);
        let done = tokio::join!(run("ada"), run("bob"));
        let (winner, loser, who) = match done {
            (Ok(won), Err(lost)) => (won, lost, "ada"),
            (Err(lost), Ok(won)) => (won, lost, "bob"),
            done => panic!("one of two is refused: {done:?}"),
        };
        assert!(winner.is_success());
        assert_eq!(loser.to_string(), format!("the stack is locked by {who}"));
        let next = process(&world, &proxy.url, &prefix, NOW);
        assert!(next.preview(&program, options).await.unwrap().is_empty());
        let state = next.open().await.unwrap().state;
        world.check_against(&state, "two at once").unwrap();
    }
}

/// Takes the stack over before a write of the journal, and changes it, while the run is frozen.
struct Thief {
    at: usize,
    writes: AtomicUsize,
    engine: Engine,
    options: UpOptions,
}

#[async_trait::async_trait]
impl WatchWrites for Thief {
    async fn append(&self, _: &[u8]) {
        if self.writes.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            let outcome = self.engine.up(&after(), &self.options).await.unwrap();
            assert!(outcome.is_success(), "{:?}", outcome.failures);
        }
    }
}

/// A run is frozen before a write of its journal; somebody takes over and ends it. The frozen one
/// wakes, and is told so; it calls and writes nothing more.
#[tokio::test]
async fn a_frozen_run_does_nothing_after_somebody_took_over() {
    let Some(server) = server() else { return };
    for at in 1..=4 {
        let (world, prefix) = (World::default(), format!("frozen-{at}"));
        let engine = process(&world, &server.url, &prefix, NOW + LEASE + AFTER);
        let options = world.options.clone();
        let watch = Thief { at, writes: AtomicUsize::new(0), engine, options };
        let inner = store(&server.url, &prefix, NOW);
        let frozen = world.engine_on(Arc::new(Watched { inner, watch }));
        let done = frozen.up(&before(), &world.options).await;
        assert!(matches!(done, Err(EngineError::Store(StoreError::Fenced))), "{at}: {done:?}");
        let next = process(&world, &server.url, &prefix, NOW);
        assert!(next.preview(&after(), &world.options).await.unwrap().is_empty(), "{at}");
        world.check_against(&next.open().await.unwrap().state, &format!("{at}")).unwrap();
    }
}
