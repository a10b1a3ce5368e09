//! The crash ladder and faults: a process is killed at each call that changes something, before it,
//! after it was executed and after its answer; calls are throttled, fail, and are cut off. Nothing is
//! there twice, nothing is left over, and nothing is left to do.

use std::collections::BTreeMap;

use infra_core::{
    cloudflare::{
        Plan, Switch,
        dns::{Record, RecordContent},
        origin_tls::{AuthenticatedOriginPulls, Certificate},
        rulesets::{Phase, Rule, Ruleset},
        zones::{Settings, SslMode, Zone},
    },
    graph::Program,
    local::{SelfSignedCertificate, Subject},
    prelude::*,
};
use infra_tests::{deployed::Deployed, faults::Faults, world::program};
use tokio::task::JoinSet;

use crate::server::{Server, changes};

/// All types, one of them in two forms.
fn edge(stack: &Stack, host: &str, ssl: SslMode, rule: &str) {
    let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(stack);
    let zone = zone.zone_id();
    let own = SelfSignedCertificate::named("edge").subject(Subject::new("edge")).create(stack);
    let shown = Certificate::named("edge")
        .zone_id(&zone)
        .certificate(own.certificate_pem())
        .private_key(own.private_key_pem())
        .create(stack);
    AuthenticatedOriginPulls::named("edge").zone_id(&zone).certificate_id(&shown).create(stack);
    Settings::named("edge").zone_id(&zone).ssl(ssl).always_use_https(Switch::On).create(stack);
    Ruleset::named("edge")
        .zone_id(&zone)
        .phase(Phase::HttpRequestFirewallCustom)
        .rules([Rule::block(rule)])
        .create(stack);
    Record::named("site")
        .zone_id(&zone)
        .name("moodle.campus.example.org")
        .content(RecordContent::cname(host))
        .proxied(true)
        .create(stack);
    Record::named("mail")
        .zone_id(&zone)
        .name("campus.example.org")
        .content(RecordContent::txt("v=spf1 -all"))
        .create(stack);
}

fn before() -> Program {
    program(|stack| edge(stack, "one.example.com", SslMode::Flexible, "true"))
}

fn after() -> Program {
    program(|stack| edge(stack, "other.example.com", SslMode::Strict, "false"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Up,
    Update,
    Destroy,
}

async fn act(world: &Deployed, act: Act) -> Result<(), String> {
    match act {
        Act::Up => world.up(&before()).await.map(drop),
        Act::Update => world.up(&after()).await.map(drop),
        Act::Destroy => world.destroy().await,
    }
}

type Inventory = BTreeMap<&'static str, usize>;

/// What is there after an act that nobody disturbs.
async fn undisturbed(which: Act) -> Result<Inventory, String> {
    let server = Server::start().await;
    let world = server.deployed();
    act(&world, Act::Up).await?;
    if which != Act::Up {
        act(&world, which).await?;
    }
    Ok(server.account(|account| account.inventory()))
}

/// One kill; `Ok(false)` when the act had ended before it.
async fn kill(which: Act, moment: u64, wanted: Inventory) -> Result<bool, String> {
    let server = Server::start().await;
    let world = server.deployed();
    if which != Act::Up {
        act(&world, Act::Up).await?;
    }
    server.bomb.arm(moment);
    let ended = server.bomb.drive(act(&world, which)).await;
    server.bomb.arm(0);
    world.bury().await;
    if let Some(done) = ended {
        return done.map(|()| false);
    }
    act(&world, which).await.map_err(|why| format!("{which:?} {moment}: {why}"))?;
    let there = server.account(|account| account.inventory());
    if there != wanted {
        return Err(format!("{which:?} {moment}: there is {there:?}, not {wanted:?}"));
    }
    let program = match which {
        Act::Up => before(),
        Act::Update => after(),
        Act::Destroy => return Ok(true),
    };
    let again = world.preview(&program).await?;
    if again.is_empty() {
        return Ok(true);
    }
    Err(format!("{which:?} {moment}: it would change {:?}", again.changes))
}

/// How many kills are tried at once, each at a server of its own: most of the time they wait.
const AT_ONCE: u64 = 16;

async fn survives(which: Act, least: usize) {
    let wanted = undisturbed(which).await.unwrap();
    let mut wrong = vec![];
    let mut kills = 0;
    for first in (1..200).step_by(AT_ONCE as usize) {
        let mut tried = JoinSet::new();
        for moment in first..first + AT_ONCE {
            tried.spawn(kill(which, moment, wanted.clone()));
        }
        let results = tried.join_all().await;
        let has_ended = results.contains(&Ok(false));
        kills += results.iter().filter(|result| **result == Ok(true)).count();
        wrong.extend(results.into_iter().filter_map(Result::err));
        if has_ended {
            break;
        }
    }
    assert!(wrong.is_empty(), "{} of {kills}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(kills >= least, "{kills} kills");
}

#[tokio::test]
async fn an_edge_that_comes_survives_a_kill_at_every_call() {
    survives(Act::Up, 15).await;
}

#[tokio::test]
async fn an_edge_that_changes_survives_a_kill_at_every_call() {
    survives(Act::Update, 6).await;
}

#[tokio::test]
async fn an_edge_that_goes_survives_a_kill_at_every_call() {
    survives(Act::Destroy, 15).await;
}

/// Of a hundred calls twenty are throttled, fail, or are cut off before or after they are executed.
#[tokio::test]
async fn an_edge_comes_about_whatever_fails() {
    let server = Server::start().await;
    let wanted = undisturbed(Act::Up).await.unwrap();
    for seed in 1..=3 {
        server.reset();
        let world = server.deployed();
        server.fail(Some(Faults::new(20, seed)));
        // Runs that give up are begun again, as people would.
        let mut tries = 0;
        while let Err(why) = world.up(&before()).await {
            tries += 1;
            assert!(tries < 10, "seed {seed}: {why}");
        }
        server.fail(None);
        assert!(world.preview(&before()).await.unwrap().is_empty(), "seed {seed}");
        assert_eq!(server.account(|account| account.inventory()), wanted, "seed {seed}");
        // What is as it is to be is left alone.
        server.take_calls();
        world.up(&before()).await.unwrap();
        let mutating = server.take_calls().into_iter().filter(|call| changes(call));
        assert_eq!(mutating.collect::<Vec<_>>(), [""; 0], "seed {seed}");
    }
}
