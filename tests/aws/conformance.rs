//! What every type must do, on each server.
//!
//! `INFRA_AWS_CASES=ec2:Subnet` looks at the types alone whose names have that in them.

use std::{collections::BTreeSet, time::Duration};

use infra_core::{graph::Program, schema::TypeKind};
use infra_tests::{
    clauses,
    conformance::{Case, Variant, cases},
    world::program,
};

use crate::{
    deviations::{AT_TIMES, Deviation, WITHOUT, all, known},
    server::{Kind, Server},
    without::{left_out, taken},
    world::AwsWorld,
};

/// How long is waited for what is known not to come about: a server may fail with 500 at what it does
/// not know, leave a task running or a group on its way out.
const SOON: Duration = Duration::from_secs(30);

/// What one type came to: a clause each, and why it is not kept.
type Broken = Vec<(String, String)>;

/// The program of a case as it can be deployed to a server; with what one line would leave out.
pub(crate) fn built(
    kind: Kind,
    case: &Case,
    variant: &Variant,
    but: Option<&Deviation>,
) -> Program {
    let built = program(|stack| (case.build)(stack, variant));
    assert_eq!(built.problems, [], "{}", (case.ty)().name);
    taken(built, kind, but)
}

/// The properties that a server is known to tell otherwise than AWS, of the types that were met.
type Excused = BTreeSet<(String, String)>;

/// Deployed, it stays as it is, but for what the server is known to tell otherwise.
async fn settled(
    world: &AwsWorld,
    program: &Program,
    kind: Kind,
    excused: &mut Excused,
) -> Result<(), String> {
    let is_known = |ty: &str, name: &str| {
        let is_known = known(kind, ty, name).is_some();
        if is_known {
            excused.insert((ty.to_owned(), name.to_owned()));
        }
        is_known
    };
    clauses::settled(world, program, is_known).await
}

/// Whether a server takes after all what a line would leave out.
async fn is_taken(server: &Server, case: &Case, line: &Deviation) -> bool {
    let program = built(server.kind, case, &Variant::base(), Some(line));
    server.reset();
    let world = AwsWorld::of(server, (case.ty)().service(), &[&program]);
    clauses::soon(Some(SOON), settled(&world, &program, server.kind, &mut Excused::new()))
        .await
        .is_ok()
}

/// Each call is one that the table of its type says.
fn said(world: &AwsWorld) -> Result<(), String> {
    let unsaid = world.unsaid();
    if world.calls().is_empty() {
        return Err("no call was seen".to_owned());
    }
    if unsaid.is_empty() { Ok(()) } else { Err(format!("not in the tables: {unsaid:?}")) }
}

/// All clauses of one type.
async fn check(server: &Server, case: &Case, excused: &mut Excused) -> Broken {
    let kind = server.kind;
    let mut broken = Broken::new();
    let mut keep = |clause: String, result: Result<(), String>| {
        let is_kept = result.is_ok();
        if let Err(why) = result {
            broken.push((clause, why));
        }
        is_kept
    };
    let ty = (case.ty)();
    let limit = |clause: &str| known(kind, ty.name, clause).map(|_| SOON);
    let base = Variant::base();
    let program = built(kind, case, &base, None);
    server.reset();
    let world = AwsWorld::of(server, ty.service(), &[&program]);
    let created = clauses::soon(limit("create"), settled(&world, &program, kind, excused)).await;
    let stands = keep("create".to_owned(), created);
    if stands && ty.kind == TypeKind::Resource {
        keep("found".to_owned(), clauses::found(&world, case).await);
    }
    world.bury().await;
    if stands && ty.kind == TypeKind::Resource {
        keep("deleted".to_owned(), clauses::deleted(&world, case).await);
    } else {
        keep("destroyed".to_owned(), clauses::soon(limit("destroyed"), world.destroy()).await);
    }
    keep("needs".to_owned(), said(&world));
    if stands {
        let left_out = |property: &&str| known(kind, ty.name, &format!("{WITHOUT}{property}"));
        let properties = base.seen();
        for property in properties.into_iter().filter(|it| left_out(it).is_none()) {
            let changed = built(kind, case, &Variant::of(property), None);
            server.reset();
            let world = AwsWorld::of(server, ty.service(), &[&program, &changed]);
            let clause = format!("update {property}");
            let updated = async {
                world.up(&program).await.map_err(|why| format!("before it: {why}"))?;
                settled(&world, &changed, kind, excused).await
            };
            let updated = clauses::soon(limit(&clause), updated).await;
            keep(clause, updated);
            // A run that took too long has left its lease behind. What is in the way of the next one
            // is told.
            world.bury().await;
            let clause = format!("destroy after {property}");
            let destroyed = clauses::soon(limit(&clause), world.destroy()).await;
            keep(clause, destroyed);
            keep(format!("needs to update {property}"), said(&world));
        }
    }
    broken
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was left out")]
async fn conformance(kind: Kind, service: &str) {
    let Some(server) = Server::with_other(kind) else { return };
    let wanted = std::env::var("INFRA_AWS_CASES").unwrap_or_default();
    let service = format!("aws:{service}:");
    let is_wanted = |ty: &str| ty.starts_with(&service) && ty.contains(&*wanted);
    let mut said = vec![];
    let mut needed: Vec<(&str, String)> = vec![];
    let mut excused = Excused::new();
    let mut types = 0;
    for case in cases() {
        let ty = (case.ty)();
        let world = AwsWorld::new(&server);
        let has_handler = world.handler(ty.name).is_some();
        if !case.is_in_account() || !has_handler || !is_wanted(ty.name) {
            continue;
        }
        let base = built(kind, case, &Variant::base(), None);
        let lacking = base.nodes.iter().find(|node| world.handler(node.ty.name).is_none());
        if let Some(node) = lacking {
            println!("{}: waits for {}", ty.name, node.ty.name);
            continue;
        }
        types += 1;
        for line in all().filter(|it| it.server == kind && it.ty == ty.name) {
            if left_out(line).is_some() && !is_taken(&server, case, line).await {
                needed.push((ty.name, line.what.to_owned()));
            }
        }
        for (clause, why) in check(&server, case, &mut excused).await {
            match known(kind, ty.name, &clause) {
                Some(_) => needed.push((ty.name, clause)),
                None => said.push(format!("{} {clause}: {why}", ty.name)),
            }
        }
    }
    for it in all().filter(|it| it.server == kind && is_wanted(it.ty)) {
        let is_needed = match it.what {
            "list" => !AwsWorld::new(&server).lists(it.ty).await,
            what if what.ends_with(AT_TIMES) => true,
            _ => {
                let property = (it.ty.to_owned(), it.what.to_owned());
                excused.contains(&property)
                    || needed.iter().any(|(ty, clause)| *ty == it.ty && *clause == it.what)
            }
        };
        if !is_needed {
            said.push(format!("{} {}: keeps to AWS now ({})", it.ty, it.what, it.aws));
        }
    }
    assert!(said.is_empty(), "{} of {types} types:\n{}", said.len(), said.join("\n"));
}

/// A test for each service and server.
macro_rules! services {
    ($($service:ident)*) => {
        mod moto {
            $(
                #[tokio::test]
                async fn $service() {
                    super::conformance(super::Kind::Moto, stringify!($service)).await;
                }
            )*
        }

        mod ministack {
            $(
                #[tokio::test]
                async fn $service() {
                    super::conformance(super::Kind::Ministack, stringify!($service)).await;
                }
            )*
        }

        /// The services that have tests.
        const SERVICES: &[&str] = &[$(stringify!($service)),*];
    };
}

crate::of_all_services!(services);

/// A test for each service that LocalStack knows without a licence.
macro_rules! of_localstack {
    ($($service:ident)*) => {
        mod localstack {
            $(
                #[tokio::test]
                async fn $service() {
                    super::conformance(super::Kind::Localstack, stringify!($service)).await;
                }
            )*
        }
    };
}

crate::of_localstack_services!(of_localstack);

#[test]
fn every_service_has_tests() {
    let cases = cases().into_iter().filter(|case| (case.ty)().provider() == "aws");
    let without: BTreeSet<&str> = cases.map(|case| (case.ty)().service()).collect();
    let without: Vec<&&str> = without.iter().filter(|it| !SERVICES.contains(it)).collect();
    assert!(without.is_empty(), "{without:?}");
}
