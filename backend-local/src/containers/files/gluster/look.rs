//! A look at servers: what each has by itself, and what clients of the volume see.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

use super::{
    super::{FilesError, Timing},
    Server,
    cli::Cli,
    decide::Seen,
    said::{self, Brick},
    server::{shape, shape_of},
    spec::GlusterSpec,
};
use crate::containers::docker::Docker;

/// Since when servers hang, by id.
pub(super) type Hanging = BTreeMap<String, Instant>;

/// When each server was started, if all of them run and none is frozen: what is so still has not
/// changed by itself.
pub(super) async fn glance(
    docker: &Docker,
    spec: &GlusterSpec,
) -> Result<Option<Vec<String>>, FilesError> {
    let names: Vec<String> =
        spec.servers.iter().map(|server| spec.container(server).name()).collect();
    let mut started = vec![];
    for seen in join_all(names.iter().map(|name| docker.see(name))).await {
        let seen = seen.map_err(FilesError::docker(&spec.id, "looking at a server"))?;
        match seen.filter(|it| it.running && !it.paused) {
            Some(seen) => started.push(seen.started_at),
            None => return Ok(None),
        }
    }
    Ok(Some(started))
}

/// Looks at all servers.
pub(super) async fn servers(
    docker: &Docker,
    spec: &GlusterSpec,
    timing: Timing,
    hanging: &mut Hanging,
) -> Result<Vec<Seen>, FilesError> {
    let looks = spec.servers.iter().map(|server| look(docker, spec, timing, server));
    let mut seen = vec![];
    for (server, found) in spec.servers.iter().zip(join_all(looks).await) {
        let found = found?;
        // How long is known here alone.
        seen.push(match found {
            Seen::Hung(_) => {
                let since = hanging.entry(server.id.clone()).or_insert_with(Instant::now);
                Seen::Hung(since.elapsed())
            }
            found => {
                hanging.remove(&server.id);
                found
            }
        });
    }
    Ok(seen)
}

async fn look(
    docker: &Docker,
    spec: &GlusterSpec,
    timing: Timing,
    server: &Server,
) -> Result<Seen, FilesError> {
    let name = spec.container(server).name();
    let failed = || FilesError::docker(&spec.id, "looking at a server");
    let hung = Seen::Hung(std::time::Duration::ZERO);
    let Some(there) = docker.see(&name).await.map_err(failed())?.filter(|it| it.running) else {
        return Ok(Seen::Down);
    };
    if there.paused {
        return Ok(hung);
    }
    let seconds = timing.ask.as_secs().max(1).to_string();
    let folder = spec.folder();
    let command = ["sh", "-c", said::LOCAL, "sh", &spec.volume, &folder, &seconds];
    let Ok(asked) = timeout(timing.ask * 2, docker.try_exec(&name, &command, b"")).await else {
        return Ok(hung);
    };
    match asked {
        Ok(done) => Ok(said::local(&done.text()).map_or(hung, |local| {
            let outdated = shape_of(&there) != Some(&*shape(spec, server));
            Seen::Up { local, outdated }
        })),
        // It was frozen, or has ended, since it was looked at.
        Err(error) if error.is_conflict() || error.is_missing() => {
            let again = docker.see(&name).await.map_err(failed())?;
            let hangs = again.is_some_and(|it| it.running);
            Ok(if hangs { hung } else { Seen::Down })
        }
        Err(error) => Err(failed()(error)),
    }
}

/// The bricks as a client of the volume sees them: of those clients that could run beside a server,
/// the one that reaches most. A server that is cut off sees itself alone.
pub(super) async fn bricks(
    docker: &Docker,
    spec: &GlusterSpec,
    timing: Timing,
    seen: &[Seen],
) -> Vec<Brick> {
    let mut best: Vec<Brick> = vec![];
    let reached = |bricks: &[Brick]| bricks.iter().filter(|brick| brick.connected).count();
    for (server, seen) in spec.servers.iter().zip(seen) {
        if seen.local().is_none_or(|local| local.volume.is_none()) {
            continue;
        }
        let container = spec.container(server).name();
        let cli = Cli { docker, id: &spec.id, container: &container };
        let command = ["volume", "heal", &spec.volume, "info", "summary"];
        // One that can't tell sees nothing: another one may.
        let Ok(done) = cli.attempt(&command, timing.ask_all).await else { continue };
        let bricks = said::bricks(&done.text());
        if reached(&bricks) > reached(&best) || best.is_empty() {
            best = bricks;
        }
        // Two of three: whoever sees them is on the side of the majority.
        if reached(&best) * 2 > spec.servers.len() {
            break;
        }
    }
    best
}
