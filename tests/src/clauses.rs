//! What every type must do where it is deployed: the clauses of a [`Case`].

use std::time::Duration;

use infra_core::{
    engine::DriftKind,
    graph::Program,
    handler::{Found, Problem, Request},
    schema::Find,
    state::Record,
};

use crate::{conformance::Case, deployed::Deployed};

/// What comes of something. With a limit it is known not to come about, and nobody waits longer.
///
/// # Errors
/// With why it did not.
pub async fn soon(
    limit: Option<Duration>,
    what: impl Future<Output = Result<(), String>>,
) -> Result<(), String> {
    let Some(limit) = limit else { return what.await };
    let ended = tokio::time::timeout(limit, what).await;
    ended.unwrap_or_else(|_| Err(format!("it did not come about in {limit:?}")))
}

/// Deployed, it stays as it is: a second run changes nothing, and the cloud says what it was told. `is_known`
/// says whether a property of a type is told otherwise.
///
/// # Errors
/// With what differs.
pub async fn settled(
    world: &Deployed,
    program: &Program,
    mut is_known: impl FnMut(&str, &str) -> bool,
) -> Result<(), String> {
    world.up(program).await?;
    let again = world.preview(program).await?;
    if !again.is_empty() {
        return Err(format!("an unchanged program would change {:?}", again.changes));
    }
    let refreshed = world.refresh().await?;
    let mut drift: Vec<String> = vec![];
    for it in &refreshed.drift {
        let DriftKind::Changed(changes) = &it.kind else {
            drift.push(format!("{}: {:?}", it.urn, it.kind));
            continue;
        };
        let new: Vec<String> = changes
            .iter()
            .filter(|(name, ..)| !is_known(it.urn.ty(), name))
            .map(|(name, told, found)| format!("{name} was {told} and is {found}"))
            .collect();
        if !new.is_empty() {
            drift.push(format!("{}: {}", it.urn.name(), new.join(", ")));
        }
    }
    if drift.is_empty() { Ok(()) } else { Err(drift.join("; ")) }
}

/// A request about the resource that a case is about.
async fn subject(world: &Deployed, case: &Case) -> Result<Request, String> {
    let ty = (case.ty)();
    let state = world.state().await;
    let is_it = |it: &Record| it.ty.name() == ty.name && it.urn.name() == "subject";
    let (_, record) = state.iter().find(|(_, it)| is_it(it)).ok_or("there is no subject")?;
    Deployed::request(&state, record).ok_or_else(|| "a record of no type".to_owned())
}

/// A creation whose answer was lost is found again.
///
/// # Errors
/// With what looking for it comes to.
///
/// # Panics
/// If the place does not serve the type.
pub async fn found(world: &Deployed, case: &Case) -> Result<(), String> {
    let mut request = subject(world, case).await?;
    let id = std::mem::replace(&mut request.id, "".into());
    let handler = world.handler(request.ty.name).unwrap();
    match handler.find(&world.context(), &request).await {
        Ok(Found::Here(allocated)) if allocated.id == id => Ok(()),
        Ok(other) => Err(format!("{id} was made, and looking for it comes to {other:?}")),
        Err(error) => Err(format!("looking for {id}: {error}")),
    }
}

/// What is gone is not there, and deleting it says so.
///
/// # Errors
/// With what is left.
///
/// # Panics
/// If the place does not serve the type.
pub async fn deleted(world: &Deployed, case: &Case) -> Result<(), String> {
    let request = subject(world, case).await?;
    world.destroy().await?;
    let handler = world.handler(request.ty.name).unwrap();
    match handler.read(&world.context(), &request).await {
        Ok(None) => {}
        Ok(Some(seen)) if seen.deleting => {}
        Ok(Some(seen)) => return Err(format!("it is there after its deletion: {seen:?}")),
        Err(error) => return Err(format!("reading what is gone: {error}")),
    }
    match handler.delete(&world.context(), &request).await {
        Err(error) if error.problem == Problem::NotFound => {}
        Ok(_) if request.ty.find == Find::Key => {}
        other => return Err(format!("deleting what is gone comes to {other:?}")),
    }
    let lineage = Some(&*request.owner.stack);
    let left = handler.list(&world.context(), &request.provider, lineage).await;
    let left = left.map_err(|error| format!("listing: {error}"))?;
    let left: Vec<_> = left.into_iter().filter(|it| it.owner.is_some()).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("left are {left:?}")) }
}
