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
async fn undisturbed(server: &Server, which: Act) -> Result<Inventory, String> {
    server.reset();
    let world = server.deployed();
    act(&world, Act::Up).await?;
    if which != Act::Up {
        act(&world, which).await?;
    }
    Ok(server.account(|account| account.inventory()))
}

/// One kill; `Ok(false)` when the act had ended before it.
async fn kill(
    server: &Server,
    which: Act,
    moment: u64,
    wanted: &Inventory,
) -> Result<bool, String> {
    server.reset();
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
    if there != *wanted {
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

#[tokio::test]
async fn an_edge_survives_a_kill_at_every_call() {
    let server = Server::start().await;
    let mut wrong = vec![];
    let mut kills = 0;
    for which in [Act::Up, Act::Update, Act::Destroy] {
        let wanted = undisturbed(&server, which).await.unwrap();
        for moment in 1.. {
            match kill(&server, which, moment, &wanted).await {
                Ok(false) => break,
                Ok(true) => kills += 1,
                Err(why) => wrong.push(why),
            }
            assert!(moment < 200, "{which:?} does not end");
        }
    }
    assert!(kills > 40, "{kills} kills");
    assert!(wrong.is_empty(), "{} of {kills}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Of a hundred calls twenty are throttled, fail, or are cut off before or after they are executed.
#[tokio::test]
async fn an_edge_comes_about_whatever_fails() {
    let server = Server::start().await;
    let wanted = undisturbed(&server, Act::Up).await.unwrap();
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
