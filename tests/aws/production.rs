//! The production example on servers that somebody else wrote: it comes up, stays, changes, grows and
//! goes, and nothing is left; and it survives a kill at each operation, at each moment.
//!
//! `INFRA_AWS_LADDER=call` kills at each call instead: the full ladder, of ten minutes.
//! `INFRA_AWS_LADDER_FROM=up:120` lets the first 120 moments of an act pass, and the acts before it
//! (`up`, `update`, `destroy`) undisturbed: to repeat a kill. `INFRA_TRACE=1` says where each was.

use std::{collections::BTreeMap, sync::Arc};

use infra_core::graph::Program;
use infra_tests::world::configured;

use crate::{
    inventory::{difference, site as inventory},
    killed::through_kills,
    mirror::Mirror,
    proxy::{Each, Kills, Proxy, StandsIn},
    server::{Kind, Server, Services},
    standin::{for_moto, stand_in},
    without::taken_at,
    world::AwsWorld,
};

#[allow(dead_code)]
#[path = "../../examples/production.rs"]
mod example;

/// The server that knows most of what a site needs: processes are killed there.
const SERVER: Kind = Kind::Ministack;

/// Of the server alone.
const HERE: Services = &[];

/// Of what a site needs these know too little at moto, and are at ministack.
const AT_MINISTACK: Services = &["backup", "cloudwatch", "efs", "elasticache", "rds", "s3"];

/// What ministack does not know at all, and on which nothing else stands.
const LEFT_OUT: &[&str] = &[
    "*RestoreTesting*",
    "*aws:rds:EventSubscription*",
    "*aws:applicationautoscaling:*",
    "*aws:cloudwatch:Dashboard*",
];

/// An image of an instance: what AWS publishes is not published there.
const IMAGE: &str = "ami-0123456789abcdef0";

/// The site, with settings as from the command line, where some services are at ministack.
fn site_at(kind: Kind, at_ministack: Services, settings: &[(&str, &str)]) -> Program {
    let all: Vec<_> = [&[("host_image", IMAGE)], settings].concat();
    let stack = configured(&all);
    example::site(&stack).unwrap();
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
    let at = |service: &str| {
        if at_ministack.contains(&service) { Kind::Ministack } else { kind }
    };
    taken_at(program, at, None)
}

fn site(settings: &[(&str, &str)]) -> Program {
    site_at(SERVER, HERE, settings)
}

async fn proxy(server: &Server) -> Proxy {
    let own: StandsIn = Arc::new(|request, server| Box::pin(stand_in(request, server)));
    Proxy::with(&server.url, Some(own)).await
}

/// What stands before moto, and before the ministack beside it.
async fn proxies(moto: &Server) -> [Proxy; 2] {
    let ministack = moto.other().unwrap();
    let beside = ministack.place().to_owned();
    let own: StandsIn = Arc::new(move |request, server| {
        let beside = beside.clone();
        Box::pin(async move { for_moto(request, server, &beside).await })
    });
    let mirror = Arc::new(Mirror::of(moto.place()));
    let mirrored: StandsIn = Arc::new(move |request, server| {
        let mirror = Arc::clone(&mirror);
        Box::pin(async move { mirror.answer(request, server).await })
    });
    [Proxy::with(&moto.url, Some(own)).await, Proxy::with(&ministack.url, Some(mirrored)).await]
}

/// Without flow logs, whose tags the server does not tell: one whose creation was killed can't be
/// found again, and the token that it was made with is not looked at.
fn world_to_kill(proxy: &Proxy) -> AwsWorld {
    let left_out = [LEFT_OUT, &["*aws:ec2:FlowLog*"]].concat();
    AwsWorld::excluding(&proxy.url, BTreeMap::new(), &left_out)
}

/// The whole life of the site, through what stands before the servers.
async fn lives(
    server: &Server,
    proxies: &[Proxy],
    world: &AwsWorld,
    site: impl Fn(&[(&str, &str)]) -> Program,
) {
    let mutating = || -> Vec<_> { proxies.iter().map(|proxy| proxy.take_calls().0).collect() };
    let mut done = vec![0; proxies.len()];
    let empty = inventory(server);
    let settings: [&[(&str, &str)]; 4] = [
        &[],
        // A larger site.
        &[("students", "9000")],
        // Another template of its instances.
        &[("students", "9000"), ("host_image", "ami-0fedcba9876543210")],
        // As it was.
        &[],
    ];
    for settings in settings {
        let program = site(settings);
        mutating();
        world.up(&program).await.unwrap_or_else(|why| panic!("{settings:?}: {why}"));
        let calls = mutating();
        assert!(!calls.iter().all(BTreeMap::is_empty), "{settings:?}: nothing was done");
        done.iter_mut().zip(&calls).for_each(|(done, calls)| *done += calls.len());
        let again = world.preview(&program).await.unwrap();
        assert!(again.is_empty(), "{settings:?}: {:?}", again.changes);
        world.up(&program).await.unwrap();
        let calls = mutating();
        assert!(calls.iter().all(BTreeMap::is_empty), "{settings:?}: {calls:?}");
    }
    assert!(!done.contains(&0), "nothing was done at one of the servers: {done:?}");
    assert_ne!(inventory(server), empty);
    world.destroy().await.unwrap();
    assert_eq!(difference(&empty, &inventory(server)), [""; 0]);
}

#[tokio::test]
async fn it_comes_up_stays_changes_and_goes() {
    let Some(server) = Server::start(SERVER) else { return };
    let proxy = proxy(&server).await;
    let world = AwsWorld::excluding(&proxy.url, BTreeMap::new(), LEFT_OUT);
    lives(&server, &[proxy], &world, site).await;
}

#[tokio::test]
async fn so_it_does_on_moto_with_what_that_lacks_elsewhere() {
    let server = Server::of_a_site(Kind::Moto, AT_MINISTACK, Kind::Ministack);
    let Some(server) = server else { return };
    let proxies = proxies(&server).await;
    let [own, other] = &proxies;
    let endpoints = AT_MINISTACK.iter().map(|it| ((*it).to_owned(), other.url.clone())).collect();
    let world = AwsWorld::excluding(&own.url, endpoints, LEFT_OUT);
    lives(&server, &proxies, &world, |settings| site_at(Kind::Moto, AT_MINISTACK, settings)).await;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Up,
    Update,
    Destroy,
}

impl Act {
    const ALL: [Self; 3] = [Self::Up, Self::Update, Self::Destroy];

    async fn run(self, world: &AwsWorld) -> Result<(), String> {
        match self {
            Self::Up => world.up(&site(&[])).await.map(drop),
            Self::Update => world.up(&site(&[("students", "9000")])).await.map(drop),
            Self::Destroy => world.destroy().await,
        }
    }

    /// Which kills of it there are, as the environment has it; none before the act with which the
    /// ladder begins.
    fn kills(self) -> Option<Kills> {
        let setting = |name| std::env::var(name).ok();
        let every = setting("INFRA_AWS_LADDER").is_some_and(|each| each == "call");
        let each = if every { Each::Call } else { Each::Operation };
        let Some(from) = setting("INFRA_AWS_LADDER_FROM") else { return Some(Kills::all(each)) };
        let (act, spared) = from.split_once(':').expect("an act and a number: up:120");
        let first = Self::ALL.iter().find(|it| format!("{it:?}").eq_ignore_ascii_case(act));
        let first = *first.expect("up, update or destroy");
        let spared = if self == first { spared.parse().expect("a number") } else { 0 };
        (self >= first).then_some(Kills { each, spared })
    }
}

#[tokio::test]
async fn it_survives_a_kill_at_each_operation() {
    let Some(server) = Server::start(SERVER) else { return };
    let calm = proxy(&server).await;
    let mut wanted = vec![inventory(&server)];
    let undisturbed = world_to_kill(&calm);
    for act in [Act::Up, Act::Update] {
        act.run(&undisturbed).await.unwrap();
        wanted.insert(wanted.len() - 1, inventory(&server));
    }
    server.reset();
    let proxy = proxy(&server).await;
    let world = world_to_kill(&proxy);
    for (act, wanted) in Act::ALL.into_iter().zip(wanted) {
        let Some(kills) = act.kills() else {
            act.run(&world).await.unwrap_or_else(|why| panic!("{act:?}: {why}"));
            continue;
        };
        let survived = through_kills(&proxy, &world, kills, || act.run(&world)).await;
        let survived = survived.unwrap_or_else(|why| panic!("{act:?}: {why}"));
        let each = kills.each;
        println!(
            "{act:?}: {survived} kills, of each {each:?} before it, after it and after its answer"
        );
        assert_eq!(difference(&wanted, &inventory(&server)), [""; 0], "{act:?}");
        if act != Act::Destroy {
            proxy.take_calls();
            act.run(&world).await.unwrap();
            let (mutating, _) = proxy.take_calls();
            assert!(mutating.is_empty(), "{act:?} again: {mutating:?}");
        }
    }
}
