//! How long runs take on the simulator's clock, against what no order of steps could do better.

use std::num::NonZeroUsize;

use backend_local::sim::SimOptions;
use infra_core::{
    dsl::{Dependable, Dependency, ResourceType},
    engine::EngineOptions,
    graph::{Graph, Program},
    prelude::*,
    resource,
    schema::Level,
};
use infra_tests::{
    certificates::issued,
    world::{World, program},
};
use moodle_infra::{
    Balancer, BalancerSettings, CacheSettings, Caches, Database, DatabaseSettings, Nat, Network,
    NetworkSettings, SecurityGroups, SecuritySettings, Storage,
};
use proptest::prelude::*;

use crate::moodle;

const EIGHT: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Types that are nothing but the time that they take.
macro_rules! durations {
    ($($name:ident, $id:ident, $ty:tt, $create:tt;)*) => {$(
        infra_core::ids! {
            /// An id.
            $id: hex "job-" => $ty;
        }

        /// Something that takes its time.
        #[resource($ty, create = $create)]
        pub struct $name {
            /// The id.
            #[output(id = "job-", at = exists)]
            pub job_id: $id,
        }
    )*};
}

durations! {
    Second, SecondId, "test:time:Second", "1s";
    TenSeconds, TenSecondsId, "test:time:TenSeconds", "10s";
    NinetySeconds, NinetySecondsId, "test:time:NinetySeconds", "90s";
    Long, LongId, "test:time:Long", "8min";
}

/// The time that the longest path takes: what nobody can be quicker than.
fn longest_path(program: &Program) -> u64 {
    let graph = Graph::new(program).unwrap();
    let mut times = vec![(0, 0); program.nodes.len()];
    for place in &graph.order {
        let begins = graph.dependencies(*place).map(|(other, edge)| {
            let (began, ready) = times[other as usize];
            if edge.needs == Level::Ready { ready } else { began }
        });
        let begins = begins.max().unwrap_or(0);
        let takes = program.nodes[*place as usize].ty.durations.create;
        times[*place as usize] = (begins, begins + takes);
    }
    times.iter().map(|(_, ready)| *ready).max().unwrap_or(0)
}

fn work(program: &Program) -> u64 {
    program.nodes.iter().map(|node| node.ty.durations.create).sum()
}

/// Jobs of four lengths, each after up to three of the earlier ones.
fn jobs() -> impl Strategy<Value = Vec<(u8, Vec<prop::sample::Index>)>> {
    let earlier = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    prop::collection::vec((0..4_u8, earlier), 1..120)
}

/// Any of them, to be waited for.
struct Job(Dependency);

impl Dependable for Job {
    fn dependency(&self) -> Dependency {
        self.0
    }
}

fn build(jobs: &[(u8, Vec<prop::sample::Index>)]) -> Program {
    program(|stack| {
        let mut made: Vec<Job> = vec![];
        for (number, (length, earlier)) in jobs.iter().enumerate() {
            let needs = earlier.iter().filter(|_| number > 0).map(|at| &made[at.index(number)]);
            let name = format!("job-{number}");
            macro_rules! job {
                ($ty:ident) => {{
                    let job = needs.fold($ty::named(name), |job, need| job.depends_on(need));
                    Job(job.create(stack).dependency())
                }};
            }
            let job = match length {
                0 => job!(Second),
                1 => job!(TenSeconds),
                2 => job!(NinetySeconds),
                _ => job!(Long),
            };
            made.push(job);
        }
    })
}

/// How long a run takes from nothing, with so many steps at once.
fn makespan(program: &Program, parallel: Option<NonZeroUsize>) -> u64 {
    let types = vec![
        Second::definition(),
        TenSeconds::definition(),
        NinetySeconds::definition(),
        Long::definition(),
    ];
    let world = World::new(SimOptions { types, ..SimOptions::default() });
    let mut options = EngineOptions::default();
    options.parallel = parallel;
    let engine = world.engine().with_options(options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let outcome = runtime.block_on(engine.up(program, &world.options)).unwrap();
    assert!(outcome.is_success(), "{outcome:?}");
    outcome.took
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the graph, nobody is idle while a step could begin: Graham's bound, which holds for
    /// every order of steps that is so.
    #[test]
    fn eight_at_once_are_never_idle(jobs in jobs()) {
        let program = build(&jobs);
        let (longest, took) = (longest_path(&program), makespan(&program, Some(EIGHT)));
        prop_assert!(took >= longest);
        let bound = work(&program).div_ceil(8) + longest * 7 / 8;
        prop_assert!(took <= bound, "{took} ms of {bound} ms");
    }
}

/// Several sites with the durations of the catalogue, eight steps at once: at most 15 of 100 longer
/// than what no order could do better.
#[test]
fn sites_together_take_hardly_longer_than_they_must() {
    // The account has room for five networks and five public addresses.
    for sites in 3..=5_u8 {
        let program = program(|stack| {
            for site in 0..sites {
                let stack = stack.component(&format!("site-{site}"));
                let domain = format!("site-{site}.example.org");
                data_of_a_site(&stack, &domain, 2 + site % 2, 1 + site % 4);
            }
        });
        let bound = longest_path(&program).max(work(&program).div_ceil(8));
        let took = makespan(&program, Some(EIGHT));
        assert!(took * 100 <= bound * 115, "{sites} sites: {took} ms of {bound} ms");
    }
}

/// What takes long of a site.
fn data_of_a_site(stack: &Stack, domain: &str, zones: u8, instances: u8) {
    let settings = NetworkSettings { zones, nat: Nat::Single, ..NetworkSettings::default() };
    let network = Network::create(stack, "network", &settings).unwrap();
    let settings = SecuritySettings::default();
    let groups = SecurityGroups::create(stack, "security", &network.vpc, &settings);
    Storage::create(stack, "storage", &network, &groups.files, &settings.storage).unwrap();
    let settings = DatabaseSettings { instances, ..DatabaseSettings::default() };
    Database::create(stack, "database", &network, &groups.database, &settings).unwrap();
    let settings = CacheSettings::default();
    Caches::create(stack, "caches", &network, &groups.cache, &settings);
    let certificate = issued(stack, "site", domain);
    Balancer::create(
        stack,
        "balancer",
        &network,
        &groups.balancer,
        certificate,
        &BalancerSettings::default(),
    );
}

#[test]
fn the_production_example_takes_as_long_as_its_longest_path() {
    let program = moodle::site(&[]);
    let (longest, took) = (longest_path(&program), makespan(&program, None));
    assert!(took * 100 <= longest * 102, "{took} ms of {longest} ms");
    assert!(took >= longest);
}
