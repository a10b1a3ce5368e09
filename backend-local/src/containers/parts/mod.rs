//! What the agent looks after, in the order in which it depends on each other: each part reads the
//! account, and has a manager make what is wanted there.

mod alarms;
mod balancer;
mod cache;
mod compute;
mod counted;
mod database;
mod emulator;
mod figures;
mod files;
mod groups;
mod listeners;
mod net;
mod targets;

use std::sync::Arc;

use tokio::sync::watch;

use super::{
    agent::{AgentError, Part, Surroundings},
    authority::Authority,
    images::{Images, Options},
};

pub use net::{Net, Subnet, Wanted};

/// All parts.
///
/// # Errors
/// If one can't begin.
pub fn all(around: &Surroundings) -> Result<Vec<Arc<dyn Part>>, AgentError> {
    let authority = Authority::open(&around.folder, &around.vault)
        .map_err(|error| AgentError::Part { part: "authority", source: error.into() })?;
    let options = Options::of_environment()
        .map_err(|error| AgentError::Part { part: "images", source: error.into() })?;
    let images = Images::new(around.docker.clone(), options);
    let shared = files::Shared::default();
    let net = Net::new(around, &images)?;
    let beginning = Arc::clone(&net);
    tokio::spawn(async move { net::begin(&beginning).await });
    let handles = database::Handles::default();
    let databases = database::Databases::new(around, &net, &authority, &images, &handles);
    let snapshots = database::Snapshots::new(around, &handles);
    let caches = cache::Caches::new(around, &net, &authority, &images);
    let files = files::SharedFiles::new(around, &net, &images, &shared);
    let emulators = emulator::Emulators::new(around, &net, &images);
    let targets = Arc::new(targets::Targets::default());
    let figures = figures::Figures::new(&targets);
    let balancers = balancer::Balancers::new(around, &net, &authority, &targets);
    let (tell, signals) = watch::channel(alarms::Signals::default());
    let seen = (&targets, &figures, &signals);
    let compute = compute::Compute::new(around, &net, &images, &shared, seen)?;
    let alarms = alarms::Alarms::new(around, &figures, tell)?;
    Ok(vec![
        Arc::new(emulators),
        net,
        Arc::new(databases),
        Arc::new(snapshots),
        Arc::new(caches),
        Arc::new(files),
        Arc::new(balancers),
        Arc::new(compute),
        Arc::new(alarms),
    ])
}
