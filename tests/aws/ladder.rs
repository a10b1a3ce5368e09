//! The crash ladder: a process is killed at each call that changes something, before it, after it
//! was executed and after its answer, and the next run goes on. Nothing is there twice, nothing is
//! left over, and nothing is left to do.

use infra_core::{
    aws::{
        ec2::{RouteTable, RouteTableAssociation, Subnet, Vpc},
        iam::{PolicyDocument, Role},
    },
    graph::Program,
    prelude::*,
};
use infra_tests::{faults::Faults, world::program};

use crate::{
    inventory::{Inventory, network},
    proxy::Proxy,
    server::{Kind, Server},
    world::AwsWorld,
};

fn net(stack: &Stack, third: &str) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").tags([("third", third)]).create(stack);
    let table = RouteTable::named("public").vpc_id(&vpc).create(stack);
    for (name, range) in [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24"), ("c", third)] {
        let subnet = Subnet::named(name)
            .vpc_id(&vpc)
            .cidr_block(range)
            .map_public_ip_on_launch(true)
            .create(stack);
        RouteTableAssociation::named(name).subnet_id(&subnet).route_table_id(&table).create(stack);
    }
    Role::named("host")
        .assume_role_policy_document(PolicyDocument::assumed_by_service("ec2.amazonaws.com"))
        .create(stack);
}

fn before() -> Program {
    program(|stack| net(stack, "10.0.2.0/24"))
}

fn after() -> Program {
    program(|stack| net(stack, "10.0.3.0/24"))
}

/// What is deployed when the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Up,
    Update,
    Destroy,
}

async fn act(world: &AwsWorld, act: Act) -> Result<(), String> {
    match act {
        Act::Up => world.up(&before()).await.map(|_| ()),
        Act::Update => world.up(&after()).await.map(|_| ()),
        Act::Destroy => world.destroy().await,
    }
}

/// What an act comes to if it is there afterwards.
fn expected(which: Act) -> Option<Program> {
    match which {
        Act::Up => Some(before()),
        Act::Update => Some(after()),
        Act::Destroy => None,
    }
}

/// What is there after an act that nobody disturbs.
async fn undisturbed(server: &Server, which: Act) -> Result<Inventory, String> {
    server.reset();
    if let Some(program) = expected(which) {
        AwsWorld::new(server).up(&program).await?;
    }
    Ok(network(server))
}

/// One kill; `Ok(false)` when the act had ended before it.
async fn kill(
    server: &Server,
    which: Act,
    moment: u64,
    wanted: &Inventory,
) -> Result<bool, String> {
    server.reset();
    let proxy = Proxy::before(&server.url).await;
    let world = AwsWorld::at(&proxy.url, Kind::Moto, &[]);
    if which != Act::Up {
        act(&world, Act::Up).await?;
    }
    proxy.bomb.arm(moment);
    let ended = proxy.bomb.drive(act(&world, which)).await;
    let ended = ended.filter(|_| !proxy.bomb.is_dead());
    proxy.comes_to_rest().await;
    proxy.bomb.arm(0);
    world.bury().await;
    if let Some(done) = ended {
        return done.map(|()| false);
    }
    act(&world, which).await.map_err(|why| format!("{which:?} {moment}: {why}"))?;
    let there = network(server);
    if let Some(program) = expected(which) {
        let again = world.preview(&program).await?;
        if !again.is_empty() {
            return Err(format!("{which:?} {moment}: it would change {:?}", again.changes));
        }
    }
    if there == *wanted {
        return Ok(true);
    }
    Err(format!("{which:?} {moment}: there is {there:?}, and without a kill {wanted:?}"))
}

#[tokio::test]
async fn a_network_survives_a_kill_at_every_call() {
    let Some(server) = Server::start(Kind::Moto) else { return };
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
            assert!(moment < 1_000, "{which:?} does not end");
        }
    }
    assert!(kills > 30, "{kills} kills");
    assert!(wrong.is_empty(), "{} of {kills}:\n{}", wrong.len(), wrong.join("\n"));
}

/// So many seeds CI looks at; `INFRA_AWS_SEEDS` says another number.
const SEEDS: u64 = 4;

/// Of a hundred calls thirty are throttled, fail, or are cut off before or after they are executed.
#[tokio::test]
async fn a_network_comes_about_whatever_fails() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let calm = AwsWorld::at(&server.url, server.kind, &[&before()]);
    calm.up(&before()).await.unwrap();
    let wanted = network(&server);
    let seeds = std::env::var("INFRA_AWS_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for seed in 1..=seeds {
        server.reset();
        let proxy = Proxy::before(&server.url).await;
        let world = AwsWorld::at(&proxy.url, Kind::Moto, &[&before()]);
        proxy.fail(Some(Faults::new(30, seed)));
        // Runs that give up are begun again, as people would.
        let mut tries = 0;
        while let Err(why) = world.up(&before()).await {
            tries += 1;
            assert!(tries < 10, "seed {seed}: {why}");
        }
        proxy.fail(None);
        assert!(world.preview(&before()).await.unwrap().is_empty(), "seed {seed}");
        assert_eq!(network(&server), wanted, "seed {seed}");
        // What is as it is to be is left alone.
        proxy.take_calls();
        world.up(&before()).await.unwrap();
        let (mutating, _) = proxy.take_calls();
        assert!(mutating.is_empty(), "seed {seed}: {mutating:?}");
    }
}
