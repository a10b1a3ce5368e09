//! The agent's process.

use std::{
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use infra_core::{
    clock::{Clock as _, SystemClock},
    engine::full_message,
    types::Secret,
};
use tokio::{net::UnixListener, sync::Notify, time::sleep};

use super::{
    AgentError, Folder, Part, Surroundings, Vault,
    counted::{Place, Sample, Series},
    pages,
    part::Log,
    process::{build, program},
    protocol::{Ran, Report, Run, SecretOf, Serving, State, Strike, Struck, Which},
    server,
    strike::{self, Strikes},
};
use crate::{containers::docker::Docker, sim::View};

/// How often it is looked whether the account was written.
const LOOK: Duration = Duration::from_millis(100);
/// How often it is looked whether there is a Docker, where there is none.
const AGAIN: Duration = Duration::from_secs(2);

/// The agent, while it runs.
pub(super) struct Agent {
    around: Surroundings,
    parts: Vec<Arc<dyn Part>>,
    since: u64,
    seen: Mutex<Known>,
    strikes: Strikes,
    page: OnceLock<String>,
    end: Notify,
}

/// The account as it was read last.
#[derive(Default)]
struct Known {
    /// Which file, and how long it was.
    stamp: Option<Option<(u64, u64)>>,
    view: Arc<View>,
}

/// Runs the agent of a folder until it is told to end. What it started goes on without it.
///
/// # Errors
/// If another one runs, or its files can't be used.
pub async fn run(
    folder: &Folder,
    key: &Path,
    parts: impl FnOnce(&Surroundings) -> Result<Vec<Arc<dyn Part>>, AgentError>,
) -> Result<(), AgentError> {
    let _lock = alone(folder)?;
    let log = Log;
    log.line(format_args!(
        "the agent of {} begins (process {})",
        folder.path().display(),
        std::process::id()
    ));
    let settings = folder.settings()?;
    let vault = Arc::new(Vault::open(folder.vault(), key).await?);
    let docker = docker(log).await;
    let around = Surroundings { docker, folder: folder.clone(), settings, vault, log };
    let parts = parts(&around)?;
    let agent = Arc::new(Agent {
        around,
        parts,
        since: SystemClock.now(),
        seen: Mutex::default(),
        strikes: Strikes::default(),
        page: OnceLock::new(),
        end: Notify::new(),
    });
    agent.look()?;
    let listener = listen(&folder.socket())?;
    tokio::spawn(server::serve(Arc::clone(&agent), listener));
    let port = agent.around.settings.pages;
    tokio::spawn(pages::serve(Arc::clone(&agent), port));
    let watching = async {
        loop {
            sleep(LOOK).await;
            // An agent without its folder would keep what another one is asked for.
            if !agent.around.folder.path().exists() {
                log.line("its folder is gone");
                return;
            }
            if let Err(error) = agent.look() {
                log.line(full_message(&error));
                sleep(AGAIN).await;
            }
        }
    };
    tokio::select! {
        () = watching => {}
        () = agent.end.notified() => log.line("told to end"),
        () = terminated() => log.line("terminated"),
    }
    // Nobody is to find a socket at which nobody answers.
    let _ = fs::remove_file(folder.socket());
    Ok(())
}

/// Holds the folder's lock: there is one agent for it.
fn alone(folder: &Folder) -> Result<File, AgentError> {
    let path = folder.lock();
    let file = OpenOptions::new().create(true).append(true).open(&path);
    let file = file.map_err(AgentError::file(&path, "opened"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            Err(AgentError::Busy { folder: folder.path().to_owned() })
        }
        Err(fs::TryLockError::Error(error)) => Err(AgentError::file(&path, "locked")(error)),
    }
}

/// Waits for Docker: it may be started later than the agent, or anew.
async fn docker(log: Log) -> Docker {
    loop {
        match Docker::connect().await {
            Ok(docker) => return docker,
            Err(error) => log.line(error),
        }
        sleep(AGAIN).await;
    }
}

fn listen(socket: &PathBuf) -> Result<UnixListener, AgentError> {
    // What an agent that was killed has left: the lock says that it is none's.
    match fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(AgentError::file(socket, "removed")(error));
        }
        _ => {}
    }
    let listener = UnixListener::bind(socket).map_err(AgentError::file(socket, "made"))?;
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(socket, own).map_err(AgentError::file(socket, "protected"))?;
    Ok(listener)
}

/// Ends when somebody asks the process to end. That a terminal was closed is nothing to it.
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let hangup = signal(SignalKind::hangup());
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        // Without a handler the system's own ends it.
        Err(_) => std::future::pending().await,
    }
    drop(hangup);
}

impl Agent {
    /// Reads the account, if it was written since, and tells the parts what is wanted.
    fn look(&self) -> Result<Arc<View>, AgentError> {
        let mut known = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.around.folder.account());
        if known.stamp == Some(stamp) {
            return Ok(Arc::clone(&known.view));
        }
        let view = Arc::new(View::read(&self.around.folder.account())?);
        for part in &self.parts {
            part.want(&view);
        }
        (known.stamp, known.view) = (Some(stamp), Arc::clone(&view));
        Ok(view)
    }

    /// How far a thing is, by the account as it is now.
    pub(super) async fn state(&self, which: &Which) -> Result<State, AgentError> {
        let view = self.look()?;
        let part = self.parts.iter().find(|part| part.types().contains(&which.ty.as_str()));
        Ok(match part {
            Some(part) => part.state(which),
            // What nobody looks after is what the account says.
            None if view.has(&which.ty, &which.id) => State::ready(),
            None => State::default(),
        })
    }

    /// Keeps a secret of a thing.
    pub(super) fn keep(&self, secret: SecretOf) -> Result<(), AgentError> {
        let SecretOf { which, property, text } = secret;
        self.around.vault.keep(&which, &property, &Secret::new(text))?;
        // Who waits for it may go on.
        let mut known = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        known.stamp = None;
        drop(known);
        self.look().map(drop)
    }

    /// Runs a single task, or looks how it is.
    pub(super) async fn run_task(&self, run: &Run) -> Result<Ran, AgentError> {
        self.look()?;
        for part in &self.parts {
            if let Some(ran) = part.run(run).await? {
                return Ok(ran);
            }
        }
        Err(AgentError::Refused { said: format!("nobody runs tasks of the type {}", run.ty) })
    }

    pub(super) fn report(&self) -> Report {
        Report {
            process: std::process::id(),
            build: build(&program()),
            since: self.since,
            parts: self.parts.iter().map(|part| part.report()).collect(),
            address: self.parts.iter().find_map(|part| part.address()),
            page: self.page.get().cloned(),
        }
    }

    /// Does to it what a drill says.
    pub(super) async fn inject(&self, strike: &Strike) -> Result<Struck, AgentError> {
        self.look()?;
        let reports: Vec<_> = self.parts.iter().map(|part| part.report()).collect();
        self.strikes.inject(&self.around, &self.parts, &reports, strike).await
    }

    /// Takes back what drills did.
    pub(super) async fn heal(&self) -> Result<(), AgentError> {
        self.strikes.heal(&self.around, &self.parts).await
    }

    /// Who serves people.
    pub(super) async fn serving(&self) -> Result<Serving, AgentError> {
        strike::serving(&self.around).await
    }

    /// What was counted in the last seconds.
    pub(super) fn series(&self) -> Series {
        self.parts.iter().find_map(|part| part.series()).unwrap_or_default()
    }

    /// What is counted.
    pub(super) fn samples(&self) -> Vec<Sample> {
        self.parts.iter().flat_map(|part| part.samples()).collect()
    }

    /// What is where.
    pub(super) fn places(&self) -> Vec<Place> {
        self.parts.iter().flat_map(|part| part.places()).collect()
    }

    /// Where the status page is.
    pub(super) fn has_page(&self, address: String) {
        // It is said once.
        let _ = self.page.set(address);
    }

    /// Writes a line into the log.
    pub(super) fn say(&self, words: std::fmt::Arguments<'_>) {
        self.around.log.line(words);
    }

    pub(super) fn stop(&self) {
        self.end.notify_one();
    }
}

/// Which file it is, and how long: whoever writes an account only appends, or puts another file there.
fn stamp(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let told = fs::metadata(path).ok()?;
    Some((told.ino(), told.len()))
}
