//! A node's container: its start, its files, its end.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing,
    options::{BACKUP, FOLDER, HOME, Options, PROGRAM, files},
    parameters,
    sql::{Server, Session, text},
};
use crate::containers::docker::{Docker, DockerError, Mounted, Network, Spec};

/// The label of what a container can't be told later.
const MADE: &str = "infra.made";
/// How often it is looked whether the container of a node that starts still runs.
const LOOK: Duration = Duration::from_secs(1);

/// What a node was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Running {
    /// Its settings.
    pub(super) options: Options,
    /// Its certificate.
    pub(super) certificate: String,
    /// What its container is.
    pub(super) made: String,
}

/// What the container of a node is: another one needs another container.
pub(super) fn made(spec: &ClusterSpec, node: &NodeSpec) -> String {
    let memory = spec.sizes.memory.map(|bytes| bytes.to_string()).unwrap_or_default();
    format!("1|{}|{}|{memory}", spec.image, node.interface)
}

/// What a node is to be started with.
pub(super) fn wanted(spec: &ClusterSpec, node: &NodeSpec, timing: &Timing) -> Running {
    Running {
        options: Options::new(spec, node, timing),
        certificate: spec.tls.certificate.clone(),
        made: made(spec, node),
    }
}

/// The container of a node.
async fn container(
    docker: &Docker,
    spec: &ClusterSpec,
    node: &NodeSpec,
    timing: &Timing,
) -> Result<Spec, DockerError> {
    let data = docker.ensure_volume(&spec.data_owner(&node.id)).await?;
    let backup = docker.ensure_volume(&spec.backup_owner()).await?;
    let network = Network::Of(node.interface.clone());
    let mut container = Spec::new(spec.node_owner(&node.id), &spec.image, network)
        .command(["-c", PROGRAM])
        .volume(data, HOME)
        .volume(backup, BACKUP);
    container.entrypoint = Some("sh".to_owned());
    let options = "mode=0755,size=4m".to_owned();
    container.mounts.push(Mounted::Memory { at: FOLDER.to_owned(), options });
    container.memory = spec.sizes.memory;
    container.timeout = timing.start_patience;
    container.labels.insert(MADE.to_owned(), made(spec, node));
    Ok(container)
}

/// Starts a node, or finds it; it answers then, and is no writer unless it was one.
pub(super) async fn start(
    docker: Docker,
    spec: ClusterSpec,
    node: NodeSpec,
    timing: Timing,
) -> Result<Running, DatabaseError> {
    let name = spec.node_owner(&node.id).name();
    let seen = docker.see(&name).await?;
    if let Some(seen) = &seen {
        // One that was made for something else, and is not in use.
        let same = seen.labels.0.get(MADE).is_some_and(|was| *was == made(&spec, &node));
        if !same && !seen.running {
            docker.remove(&name).await?;
        }
    }
    docker.run(&container(&docker, &spec, &node, &timing).await?).await?;
    // A start takes them away.
    let has_files = seen.is_some_and(|seen| seen.running);
    let read = if has_files { read(&docker, &spec, &node).await? } else { None };
    let running = match read {
        Some(running) => running,
        None => {
            let wanted = wanted(&spec, &node, &timing);
            give(&docker, &name, &spec, &wanted.options, true).await?;
            wanted
        }
    };
    let mut session = wait(&docker, &name, &spec, &node, &timing).await?;
    for (name, value) in running.options.unwritten() {
        set(&mut session, name, Some(value), &running.options).await?;
    }
    session.close().await;
    Ok(running)
}

/// What a container was started with; `None` if it still waits for its files.
pub(super) async fn read(
    docker: &Docker,
    spec: &ClusterSpec,
    node: &NodeSpec,
) -> Result<Option<Running>, DatabaseError> {
    let name = spec.node_owner(&node.id).name();
    let script = "cd \"$0\" && [ -e ready ] && cat my.cnf && echo --- && cat certificate.pem";
    let done = docker.try_exec(&name, &["sh", "-c", script, FOLDER], b"").await?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let Some((options, certificate)) = said.split_once("---\n").filter(|_| done.code == 0) else {
        return Ok(None);
    };
    let seen = docker.see(&name).await?;
    let made = seen.and_then(|seen| seen.labels.0.get(MADE).cloned()).unwrap_or_default();
    let options = Options::parse(options);
    Ok(Some(Running { options, certificate: certificate.to_owned(), made }))
}

/// Gives a container its files, all in one go: they follow each other on its standard input. With the last one
/// it begins, if it waits for them.
pub(super) async fn give(
    docker: &Docker,
    container: &str,
    spec: &ClusterSpec,
    options: &Options,
    begins: bool,
) -> Result<(), DatabaseError> {
    let mut script = format!("set -e; umask 077; cd {FOLDER}; chown mysql:mysql .");
    let mut input = vec![];
    for (name, content) in files(spec, options) {
        // `head -c` takes no byte more than it is told to.
        script.push_str(&format!(
            "; head -c {} >{name}.new; chown mysql:mysql {name}.new; mv {name}.new {name}",
            content.len()
        ));
        input.extend(content.into_bytes());
    }
    if begins {
        script.push_str("; touch ready");
    }
    docker.exec(container, &["sh", "-c", &script], &input).await?;
    Ok(())
}

/// Waits until a node answers.
pub(super) async fn wait(
    docker: &Docker,
    container: &str,
    spec: &ClusterSpec,
    node: &NodeSpec,
    timing: &Timing,
) -> Result<Session, DatabaseError> {
    let (server, began) = (Server::new(spec, node), Instant::now());
    let mut seen = began;
    loop {
        let error = match server.open(timing.statement_patience).await {
            Ok(session) => return Ok(session),
            Err(error) => error,
        };
        // To look costs more than to ask, and takes processor time from the node that starts.
        if seen.elapsed() >= LOOK {
            seen = Instant::now();
            if !docker.see(container).await?.is_some_and(|seen| seen.running) {
                let said = docker.last_words(container, 8).await?.trim().to_owned();
                return Err(DatabaseError::NoStart { node: node.id.clone(), said });
            }
        }
        if began.elapsed() >= timing.start_patience {
            return Err(error.into());
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Sets a parameter of a running node.
async fn set(
    session: &mut Session,
    name: &str,
    value: Option<&str>,
    options: &Options,
) -> Result<(), DatabaseError> {
    // Numbers must be none of text, and the rest must be.
    let literal = |value: &str| match value.parse::<f64>() {
        Ok(_) => value.to_owned(),
        Err(_) => text(value),
    };
    let value = value.or_else(|| options.default_of(name));
    let value = value.map_or_else(|| "DEFAULT".to_owned(), literal);
    session.run("set a parameter", &format!("SET GLOBAL {name} = {value}")).await?;
    Ok(())
}

/// Makes so on a running node what can be without a restart; returns what it has then.
pub(super) async fn tune(
    docker: Docker,
    spec: ClusterSpec,
    node: NodeSpec,
    timing: Timing,
    running: Running,
) -> Result<Running, DatabaseError> {
    let wanted = wanted(&spec, &node, &timing);
    let mut session = Server::new(&spec, &node).open(timing.statement_patience).await?;
    for (name, value) in wanted.options.at_once(&running.options) {
        set(&mut session, name, value, &running.options).await?;
    }
    let options = wanted.options.without_restart(&running.options);
    give(&docker, &spec.node_owner(&node.id).name(), &spec, &options, false).await?;
    if wanted.certificate != running.certificate {
        session.run("take another certificate", "ALTER INSTANCE RELOAD TLS").await?;
    }
    session.close().await;
    Ok(Running { options, certificate: wanted.certificate, ..running })
}

impl Running {
    /// Whether the node has to be started again to be what is wanted.
    pub(super) fn needs_restart(&self, wanted: &Self) -> bool {
        self.made != wanted.made || wanted.options.needs_restart(&self.options)
    }

    /// Whether something is to be changed that needs no restart.
    pub(super) fn needs_tuning(&self, wanted: &Self) -> bool {
        self.certificate != wanted.certificate
            || wanted.options.at_once(&self.options).next().is_some()
    }
}

impl Options {
    /// What can't be in the file, and is set once the node runs.
    fn unwritten(&self) -> Vec<(&str, &str)> {
        let parameters = self.parameters();
        parameters.filter(|(name, _)| parameters::option(name).is_none()).collect()
    }
}
