//! What every type must do.
//!
//! `INFRA_AWS_CASES=dns:Record` looks at the types alone whose names have that in them.

use std::collections::BTreeSet;

use infra_core::{
    cloudflare::KIND,
    graph::Program,
    handler::{Backend, Found, Request},
    schema::TypeKind,
};
use infra_tests::{
    conformance::{Case, Variant, cases},
    deployed::Deployed,
    world::program,
};

use crate::server::{Server, TOKEN};

fn built(case: &Case, variant: &Variant) -> Program {
    let built = program(|stack| (case.build)(stack, variant));
    assert_eq!(built.problems, [], "{}", (case.ty)().name);
    built
}

/// Deployed, it stays as it is: a second run changes nothing, and Cloudflare says what it was told.
async fn settled(world: &Deployed, program: &Program) -> Result<(), String> {
    world.up(program).await?;
    let again = world.preview(program).await?;
    if !again.is_empty() {
        return Err(format!("an unchanged program would change {:?}", again.changes));
    }
    let refreshed = world.refresh().await?;
    let drift: Vec<String> =
        refreshed.drift.iter().map(|it| format!("{}: {:?}", it.urn, it.kind)).collect();
    if drift.is_empty() { Ok(()) } else { Err(drift.join("; ")) }
}

/// A request about the resource that a case is about.
async fn subject(world: &Deployed, case: &Case) -> Result<Request, String> {
    let ty = (case.ty)();
    let state = world.state().await;
    let mut all = state.iter();
    let record = all.find(|(_, it)| it.ty.name() == ty.name && it.urn.name() == "subject");
    let (_, record) = record.ok_or("there is no subject")?;
    Deployed::request(&state, record).ok_or_else(|| "a record of no type".to_owned())
}

/// A creation whose answer was lost is found again. Settings are not made: they are always there.
async fn found(world: &Deployed, case: &Case) -> Result<(), String> {
    let mut request = subject(world, case).await?;
    let id = std::mem::replace(&mut request.id, "".into());
    let handler = world.handler(request.ty.name).unwrap();
    let is_made = request.ty.name != "cloudflare:zones:Settings";
    match handler.find(&world.context(), &request).await {
        Ok(Found::Here(allocated)) if allocated.id == id && is_made => Ok(()),
        Ok(Found::NotYetCertain { .. }) if !is_made => Ok(()),
        other => Err(format!("{id} was made, and looking for it comes to {other:?}")),
    }
}

/// What is gone is not there, and deleting it again harms nothing.
async fn deleted(server: &Server, world: &Deployed, case: &Case) -> Result<(), String> {
    let request = subject(world, case).await?;
    world.destroy().await?;
    let handler = world.handler(request.ty.name).unwrap();
    match handler.read(&world.context(), &request).await {
        Ok(None) => {}
        other => return Err(format!("it is read after its deletion: {other:?}")),
    }
    let again = handler.delete(&world.context(), &request).await;
    let is_sound = again
        .as_ref()
        .map_or_else(|error| error.problem == infra_core::handler::Problem::NotFound, |_| true);
    if !is_sound {
        return Err(format!("deleting what is gone comes to {again:?}"));
    }
    nothing_is_left(server)
}

/// Looked at without any handler.
fn nothing_is_left(server: &Server) -> Result<(), String> {
    let left = server.account(|account| account.inventory());
    if left.values().all(|count| *count == 0) { Ok(()) } else { Err(format!("left are {left:?}")) }
}

/// All clauses of one type.
async fn check(server: &Server, case: &Case) -> Vec<String> {
    let ty = (case.ty)();
    let mut broken = vec![];
    let mut keep = |clause: &str, result: Result<(), String>| {
        broken.extend(result.err().map(|why| format!("{} {clause}: {why}", ty.name)));
    };
    let base = Variant::base();
    let program = built(case, &base);
    server.reset();
    let world = server.deployed();
    keep("create", settled(&world, &program).await);
    if ty.kind == TypeKind::Resource {
        keep("found", found(&world, case).await);
        keep("deleted", deleted(server, &world, case).await);
    }
    for property in base.seen() {
        server.reset();
        let world = server.deployed();
        keep(&format!("before {property}"), world.up(&program).await.map(drop));
        let changed = built(case, &Variant::of(property));
        keep(&format!("update {property}"), settled(&world, &changed).await);
        keep(&format!("destroy after {property}"), world.destroy().await);
        keep(&format!("left after {property}"), nothing_is_left(server));
    }
    broken
}

#[tokio::test]
async fn every_type_keeps_to_the_contract() {
    let server = Server::start().await;
    let wanted = std::env::var_os("INFRA_AWS_CASES").unwrap_or_default();
    let wanted = wanted.to_str().unwrap();
    let mut broken = vec![];
    let mut types = BTreeSet::new();
    for case in cases() {
        let ty = (case.ty)();
        if ty.provider() == KIND && ty.name.contains(wanted) {
            types.insert(ty.name);
            broken.extend(check(&server, case).await);
        }
    }
    assert!(!types.is_empty(), "no type has {wanted:?} in its name");
    assert!(broken.is_empty(), "{} of {types:?}:\n{}", broken.len(), broken.join("\n"));
}

#[tokio::test]
async fn every_type_of_the_catalogue_has_a_handler() {
    let server = Server::start().await;
    let backend = server.backend(Some(TOKEN));
    let without = infra_core::cloudflare::types()
        .into_iter()
        .map(|ty| ty.name)
        .filter(|name| backend.registry().get(name).is_none());
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test]
async fn every_refused_program_is_refused() {
    let server = Server::start().await;
    let mut kept = vec![];
    for case in cases() {
        let ty = (case.ty)();
        if ty.provider() != KIND {
            continue;
        }
        for refused in case.refused {
            server.reset();
            let program = program(|stack| (refused.build)(stack));
            if program.problems.is_empty() && server.deployed().up(&program).await.is_ok() {
                kept.push(format!("{} {}: {}", ty.name, refused.property, refused.says));
            }
        }
    }
    // Cloudflare shows the certificate that it was given last, and is not told which.
    kept.retain(|it| !it.contains("AuthenticatedOriginPulls certificate_id"));
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}
