//! Every type survives the death of the process that deploys it, at each operation of AWS and each
//! moment of it: its case comes up and goes as if nothing had been.
//!
//! `INFRA_AWS_KILLS=ec2` looks at one service alone.

use std::collections::BTreeSet;

use infra_core::{dsl::Provider, graph::Program};
use infra_tests::conformance::{Case, Variant, cases};

use crate::{
    conformance::built,
    deviations::known,
    proxy::{Each, Kills, Proxy},
    server::{Kind, Server},
    world::AwsWorld,
};

/// Runs until it ends, though it is killed at every operation and moment. How often it was.
#[expect(clippy::print_stderr, reason = "whoever asks is told where each kill was")]
pub(crate) async fn through_kills<F>(
    proxy: &Proxy,
    world: &AwsWorld,
    which: Kills,
    mut run: impl FnMut() -> F,
) -> Result<usize, String>
where
    F: Future<Output = Result<(), String>>,
{
    proxy.sweep(Some(which));
    let mut kills = 0;
    let done = loop {
        proxy.bomb.arm(0);
        let ended = proxy.bomb.drive(run()).await;
        // It may have died with its last word on its lips, which nobody has heard.
        if let Some(done) = ended.filter(|_| !proxy.bomb.is_dead()) {
            break done;
        }
        kills += 1;
        if std::env::var_os("INFRA_TRACE").is_some() {
            eprintln!("{kills}: killed at {:?}", proxy.last_kill());
        }
        proxy.comes_to_rest().await;
        world.bury().await;
        assert!(kills < 10_000, "it does not end");
    };
    let last = proxy.last_kill();
    let moments = proxy.sweep(None);
    proxy.bomb.arm(0);
    done.map_err(|why| format!("after {kills} kills, {last:?} was the last: {why}"))?;
    assert_eq!(moments.saturating_sub(which.spared), kills, "each of them was a kill");
    Ok(kills)
}

/// What carries the tags of the stack, of the types of a program.
async fn left(world: &AwsWorld, program: &Program, lineage: &str) -> Result<Vec<String>, String> {
    let mut left = vec![];
    let types: BTreeSet<&str> = program.nodes.iter().map(|node| node.ty.name).collect();
    for ty in types {
        let handler = world.handler(ty).ok_or("no handler")?;
        let provider = Provider::of_kind("aws");
        let listed = handler.list(&world.context(), &provider, Some(lineage)).await;
        let listed = listed.map_err(|error| format!("listing {ty}: {error}"))?;
        left.extend(listed.iter().map(|it| format!("{ty} {}", it.id)));
    }
    Ok(left)
}

/// The kills that a case survived; nothing where the server does not know what it takes.
async fn survived(server: &Server, case: &Case) -> Result<Option<usize>, String> {
    let (ty, kind) = ((case.ty)(), server.kind);
    let program = built(kind, case, &Variant::base(), None);
    let is_known = |what| program.nodes.iter().any(|it| known(kind, it.ty.name, what).is_some());
    // What carries no tags there, or does not come about, can't be found again.
    if ["list", "create", "found", "deleted"].into_iter().any(is_known) {
        return Ok(None);
    }
    server.reset();
    let proxy = Proxy::before(&server.url).await;
    let world = AwsWorld::through(&proxy.url, server, ty.service(), &[&program]);
    let up = || async { world.up(&program).await.map(drop) };
    let mut kills = through_kills(&proxy, &world, Kills::all(Each::Operation), up).await?;
    proxy.take_calls();
    world.up(&program).await.map_err(|why| format!("again: {why}"))?;
    let (mutating, _) = proxy.take_calls();
    if !mutating.is_empty() {
        return Err(format!("something is left to do: {mutating:?}"));
    }
    let lineage = world.state().await.place.map(|place| place.lineage).unwrap_or_default();
    kills += through_kills(&proxy, &world, Kills::all(Each::Operation), || world.destroy()).await?;
    let left = left(&world, &program, &lineage).await?;
    if left.is_empty() { Ok(Some(kills)) } else { Err(format!("left are {left:?}")) }
}

#[expect(clippy::print_stdout, reason = "the numbers are told")]
async fn all(kind: Kind) {
    let Some(server) = Server::with_other(kind) else { return };
    let wanted = std::env::var("INFRA_AWS_KILLS").ok();
    let is_wanted = |service: &str| wanted.as_deref().is_none_or(|wanted| wanted == service);
    let (mut wrong, mut types, mut kills) = (vec![], 0, 0);
    for case in cases() {
        let ty = (case.ty)();
        if ty.provider() != "aws" || !is_wanted(ty.service()) {
            continue;
        }
        match survived(&server, case).await {
            Ok(None) => {}
            Ok(Some(survived)) => {
                types += 1;
                kills += survived;
            }
            Err(why) => wrong.push(format!("{}: {why}", ty.name)),
        }
    }
    println!("{}: {kills} kills in {types} cases", kind.name());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn moto() {
    all(Kind::Moto).await;
}

#[tokio::test]
async fn ministack() {
    all(Kind::Ministack).await;
}
