//! What every type must do that is in containers: the cases of the conformance suite, deployed to the place.
//!
//! Each case comes up, stays as it is, is found and goes without a trace in Docker. `INFRA_PLACE_CONFORMANCE=all`
//! changes each of its properties as well. `INFRA_PLACE_CASES=ecs:Service` looks at the types alone whose
//! names have that in them.

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use backend_local::containers::{
    agent::{Folder, Process},
    place::{ContainersBackend, Route, route},
};
use infra_core::{
    aws::{rds::DbClusterSnapshot, sns::Topic},
    dsl::ResourceType as _,
    graph::Program,
    handler::Backend as _,
    schema::TypeKind,
    value::Value,
};
use infra_tests::{
    clauses,
    conformance::{Case, Variant, cases},
    deployed::Deployed,
    world::program,
};

use tokio::time::Instant;

use crate::{
    deviations::{ALL, Deviation, NOT_DEPLOYED, known},
    world::World,
};

/// The image that the cases name, and what stands for it.
const IMAGE: &str = "registry.example.org/moodle:5.0";
const DOCKERFILE: &str = r#"FROM debian:bookworm-slim
RUN printf '#!/bin/sh\n' >/usr/local/bin/php && chmod +x /usr/local/bin/php
CMD ["perl", "-MIO::Socket::INET", "-e", "$SIG{TERM}=sub{exit}; $s=IO::Socket::INET->new(LocalPort=>8080,Listen=>9,ReuseAddr=>1); while(1){$c=$s->accept or next; while(<$c>){last if /^\\r?$/} print $c \"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok\"; close $c}"]
"#;

/// How long nothing may be left of what was deleted.
const GONE: Duration = Duration::from_secs(60);
/// How long is waited for what is known not to come about.
const SOON: Duration = Duration::from_secs(20);

/// The place, in this process, and the folder of its agent.
struct Ground {
    world: World,
    backend: Arc<ContainersBackend>,
}

impl Ground {
    /// `None`, and says why, if there is no Docker.
    fn new() -> Option<Self> {
        let world = World::of_piece("")?;
        build();
        world.ends("agent start", 0);
        let folder = Folder::of(&world.path("state")).unwrap();
        // This program can't be the agent: the one that runs is asked.
        let process = Process::of(&folder, vec![]).run_by(env!("CARGO_BIN_EXE_pieces").into());
        let port = folder.settings().unwrap().emulator;
        let backend = Arc::new(ContainersBackend::open(&folder, process, port).unwrap());
        Some(Self { world, backend })
    }

    fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.world.wait(what)
    }

    fn deployed(&self) -> Deployed {
        Deployed::on(Arc::clone(&self.backend) as _)
    }

    /// Deletes what clusters leave behind on purpose: the next one may leave no other copy under its name.
    fn forget_copies(&self) {
        let ty = DbClusterSnapshot::definition();
        let account = self.backend.account().unwrap();
        for copy in account.objects().iter().filter(|it| it.ty == ty.name && it.life == "live") {
            account.remove(&format!("{}/{}", ty.short_name(), copy.id)).unwrap();
        }
    }

    /// Nothing is there but what the topic below needs.
    fn is_clean(&self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            let traces = self.world.traces();
            let left: Vec<&str> = traces.lines().filter(|it| !it.contains("-emulator")).collect();
            if left.is_empty() {
                return Ok(());
            }
            if began.elapsed() > GONE {
                return Err(format!("left are {left:?}"));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// Builds what stands for the image of the cases.
fn build() {
    let words = ["build", "--quiet", "--tag", IMAGE, "-"];
    let mut docker = Command::new("docker").args(words).stdin(Stdio::piped()).spawn().unwrap();
    docker.stdin.take().unwrap().write_all(DOCKERFILE.as_bytes()).unwrap();
    assert!(docker.wait().unwrap().success());
}

/// The program of a case as it can be deployed here; with what one line would leave out.
fn built(case: &Case, variant: &Variant, but: Option<&Deviation>) -> Program {
    let mut built = program(|stack| (case.build)(stack, variant));
    assert_eq!(built.problems, [], "{}", (case.ty)().name);
    for line in ALL.iter().filter(|line| but.is_none_or(|but| !std::ptr::eq(*line, but))) {
        let Some(property) = line.left_out() else { continue };
        for node in built.nodes.iter_mut().filter(|node| node.ty.name == line.ty) {
            let slot = node.ty.slot(property).unwrap_or_else(|| panic!("{}: {property}", line.ty));
            let usual = node.ty.prop(slot).default.map_or(Value::Null, |usual| usual());
            node.inputs = node.inputs.with(slot, usual);
        }
    }
    built
}

/// A clause each, and why it is not kept.
type Broken = Vec<(String, String)>;

/// The clauses of a case: as it is, or with one property changed.
struct Check<'a> {
    ground: &'a Ground,
    case: &'a Case,
    number: usize,
    broken: Broken,
}

impl Check<'_> {
    fn clause(&self, clause: &str) -> String {
        if self.number == 0 { clause.to_owned() } else { format!("{clause} of {}", self.number) }
    }

    fn is_known(&self, clause: &str) -> bool {
        known((self.case.ty)().name, &self.clause(clause)).is_some()
    }

    fn keep(&mut self, clause: &str, result: Result<(), String>) -> bool {
        let is_kept = result.is_ok();
        let clause = self.clause(clause);
        self.broken.extend(result.err().map(|why| (clause, why)));
        is_kept
    }

    /// Deploys a program, and looks whether it stays as it is.
    fn settled(&self, world: &Deployed, program: &Program, clause: &str) -> Result<(), String> {
        let settled = clauses::settled(world, program, |_, _| false);
        let limit = self.is_known(clause).then_some(SOON);
        self.ground.wait(clauses::soon(limit, settled))
    }

    /// Whether what a line leaves out is refused.
    fn is_refused(&self, line: &Deviation) -> bool {
        let world = self.ground.deployed();
        let program = built(self.case, &Variant::base(), Some(line));
        let refused = self.ground.wait(world.up(&program)).is_err();
        self.ground.wait(world.bury());
        let destroyed = self.ground.wait(world.destroy());
        destroyed.unwrap_or_else(|why| panic!("{} {}: {why}", line.ty, line.clause));
        refused
    }

    /// As it is. Whether it came about.
    fn base(&mut self) -> bool {
        let world = self.ground.deployed();
        let program = built(self.case, &Variant::base(), None);
        let created = self.settled(&world, &program, "create");
        let stands = self.keep("create", created);
        self.ground.wait(world.bury());
        if stands && (self.case.ty)().kind == TypeKind::Resource {
            let found = self.ground.wait(clauses::found(&world, self.case));
            self.keep("found", found);
            let deleted = self.ground.wait(clauses::deleted(&world, self.case));
            self.keep("deleted", deleted);
        } else {
            let destroyed = self.ground.wait(world.destroy());
            self.keep("destroyed", destroyed);
        }
        let clean = self.ground.is_clean();
        self.keep("left", clean);
        stands
    }

    /// With one property changed, after it came about without. Whether nothing is left of it.
    fn change(&mut self, property: &'static str) -> bool {
        let world = self.ground.deployed();
        let clause = format!("update {property}");
        let base = built(self.case, &Variant::base(), None);
        self.ground.forget_copies();
        let created = self.ground.wait(world.up(&base));
        let updated = created.map_err(|why| format!("before it: {why}")).and_then(|_| {
            let changed = built(self.case, &Variant::of(property), None);
            self.settled(&world, &changed, &clause)
        });
        self.keep(&clause, updated);
        self.ground.wait(world.bury());
        // One that was replaced has left its copy behind, under the name that this one's is to have.
        self.ground.forget_copies();
        let destroyed = self.ground.wait(world.destroy());
        if !self.keep(&format!("destroy after {property}"), destroyed) {
            // What was before lets go of what holds it.
            let again = self.ground.wait(world.up(&base));
            let gone = again.and_then(|_| self.ground.wait(world.destroy()));
            self.keep(&format!("destroy again after {property}"), gone);
        }
        let clean = self.ground.is_clean();
        self.keep(&format!("left after {property}"), clean)
    }
}

/// Whether a case is of a service, and in containers.
fn is_meant(case: &Case, service: &str) -> bool {
    let wanted = std::env::var("INFRA_PLACE_CASES").unwrap_or_default();
    let ty = (case.ty)();
    ty.provider() == "aws"
        && ty.service() == service
        && route(ty) == Route::Containers
        && ty.name.contains(&*wanted)
}

/// The cases of a service that are deployed, each with its number among those of its type.
fn numbered(service: &str) -> Vec<(usize, &'static Case)> {
    let mut last = "";
    let mut number = 0;
    let all = cases().into_iter().filter(|case| is_meant(case, service));
    let all = all.map(|case| {
        let ty = (case.ty)().name;
        number = if ty == last { number + 1 } else { 0 };
        last = ty;
        (number, case)
    });
    let is_deployed = |it: &(usize, &Case)| {
        let ty = (it.1.ty)().name;
        !NOT_DEPLOYED.iter().any(|(of, number, _)| (*of, *number) == (ty, it.0))
    };
    all.filter(is_deployed).collect()
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what took so long")]
fn check(ground: &Ground, service: &str) -> Vec<String> {
    let with_changes = std::env::var("INFRA_PLACE_CONFORMANCE").is_ok_and(|value| value == "all");
    let mut said = vec![];
    let mut needed: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut looked: BTreeSet<&str> = BTreeSet::new();
    for (number, case) in numbered(service) {
        let ty = (case.ty)().name;
        looked.insert(ty);
        let began = Instant::now();
        let mut check = Check { ground, case, number, broken: vec![] };
        for line in ALL.iter().filter(|it| it.ty == ty && it.left_out().is_some()) {
            if check.is_refused(line) {
                needed.insert((ty, line.clause.to_owned()));
            }
        }
        if check.base() && with_changes {
            let base = Variant::base();
            built(case, &base, None);
            let left_out = |property: &&str| known(ty, &format!("without {property}")).is_none();
            for property in base.seen().into_iter().filter(left_out) {
                // What is left of one is in the way of all others.
                if !check.change(property) {
                    break;
                }
            }
        }
        println!("{ty} {number}: {:?}", began.elapsed());
        for (clause, why) in check.broken {
            match known(ty, &clause) {
                Some(_) => {
                    needed.insert((ty, clause));
                }
                None => said.push(format!("{ty} {clause}: {why}")),
            }
        }
    }
    let is_looked_at =
        |it: &&Deviation| looked.contains(it.ty) && (with_changes || !it.is_about_changes());
    for it in ALL.iter().filter(is_looked_at) {
        if !needed.contains(&(it.ty, it.clause.to_owned())) {
            said.push(format!("{} {}: is kept now ({})", it.ty, it.clause, it.why));
        }
    }
    said
}

fn conformance(service: &str) {
    let Some(ground) = Ground::new() else { return };
    // As long as something is there the emulator stays, which takes its time to come.
    let topic = program(|stack| {
        Topic::named("stays").create(stack);
    });
    let stays = ground.deployed();
    ground.wait(stays.up(&topic)).unwrap_or_else(|why| panic!("{why}"));
    let said = check(&ground, service);
    ground.wait(stays.destroy()).unwrap_or_else(|why| panic!("{why}"));
    assert!(said.is_empty(), "{}:\n{}", said.len(), said.join("\n"));
}

/// A test for each service.
macro_rules! services {
    ($($service:ident)*) => {
        $(
            #[test]
            fn $service() {
                conformance(stringify!($service));
            }
        )*

        /// The services that have tests.
        const SERVICES: &[&str] = &[$(stringify!($service)),*];
    };
}

services! {
    applicationautoscaling autoscaling ec2 ecr ecs efs elasticache elbv2 rds
}

#[test]
fn every_service_in_containers_has_a_test() {
    let all = cases().into_iter().map(|case| (case.ty)());
    let all = all.filter(|ty| ty.provider() == "aws" && route(ty) == Route::Containers);
    let without: BTreeSet<&str> =
        all.map(|ty| ty.service()).filter(|it| !SERVICES.contains(it)).collect();
    assert!(without.is_empty(), "{without:?}");
}
