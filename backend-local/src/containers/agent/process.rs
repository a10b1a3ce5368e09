//! [`Process`]: the agent's process, as the commands see it.

use std::{
    fs::{self, OpenOptions},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{AgentError, Client, Folder, protocol::Report};

/// How long it may take until it answers.
const START: Duration = Duration::from_secs(15);
/// How long it may take to end.
const END: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(25);

/// The agent of a folder, and how it is started.
#[derive(Clone, Debug)]
pub struct Process {
    folder: Folder,
    client: Client,
    /// What is the agent.
    program: PathBuf,
    /// What comes after the program's name to make it the agent.
    arguments: Vec<String>,
}

/// What a start came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It ran already.
    Running,
    /// It was started.
    New,
    /// Another build of the program ran, and made way.
    Renewed,
}

impl Process {
    /// The agent of a folder: this program, with arguments that make it one.
    #[must_use]
    pub fn of(folder: &Folder, arguments: Vec<String>) -> Self {
        Self { folder: folder.clone(), client: Client::of(folder), program: program(), arguments }
    }

    /// The same by another program, for one that can't be an agent itself.
    #[must_use]
    pub fn run_by(self, program: PathBuf) -> Self {
        Self { program, ..self }
    }

    /// Asks it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What it says of itself; `None` if it does not run.
    ///
    /// # Errors
    /// If it runs and does not answer.
    pub async fn report(&self) -> Result<Option<Report>, AgentError> {
        match self.client.get("/report").await {
            Ok(report) => Ok(Some(report)),
            Err(AgentError::NotThere { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Starts it, if it does not run. One of another build of the program is started anew: what it
    /// looks after goes on meanwhile.
    ///
    /// # Errors
    /// If it does not come up; says what its log ends with.
    pub async fn start(&self) -> Result<Started, AgentError> {
        let mut started = Started::New;
        if let Some(report) = self.report().await? {
            if report.build == build(&self.program) {
                return Ok(Started::Running);
            }
            self.stop().await?;
            started = Started::Renewed;
        }
        let log = self.folder.log();
        let begin = fs::metadata(&log).map_or(0, |told| told.len());
        self.spawn()?;
        let mut waited = Duration::ZERO;
        loop {
            if self.report().await.is_ok_and(|report| report.is_some()) {
                return Ok(started);
            }
            if waited >= START {
                return Err(AgentError::NotStarted { said: self.said(begin), log });
            }
            sleep(STEP).await;
            waited += STEP;
        }
    }

    fn spawn(&self) -> Result<(), AgentError> {
        let log = self.folder.log();
        let written = OpenOptions::new().create(true).append(true).open(&log);
        let written = written.map_err(AgentError::file(&log, "written"))?;
        let output = written.try_clone().map_err(AgentError::file(&log, "written"))?;
        let spawned = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(written)
            .current_dir(self.folder.path())
            // Ctrl-C at the terminal is meant for the command, not for the agent.
            .process_group(0)
            .spawn();
        let failed = |source| AgentError::Spawn { program: self.program.clone(), source };
        let mut child = spawned.map_err(failed)?;
        // Whoever ends before us is waited for, or stays in the system's table.
        std::thread::spawn(move || child.wait());
        Ok(())
    }

    /// What its log says from a place on, shortened to its end.
    fn said(&self, begin: u64) -> String {
        let log = fs::read(self.folder.log()).unwrap_or_default();
        let new = log.get(usize::try_from(begin).unwrap_or(0)..).unwrap_or_default();
        let new = String::from_utf8_lossy(new);
        let lines: Vec<&str> = new.lines().rev().take(10).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Ends it. What it started goes on.
    ///
    /// # Errors
    /// If it does not end.
    pub async fn stop(&self) -> Result<bool, AgentError> {
        if self.report().await?.is_none() {
            return Ok(false);
        }
        // Who ends may do so before the answer is out: what counts is that it lets go of the folder.
        let told = self.client.post::<bool>("/stop", &()).await;
        let began = Instant::now();
        while self.is_held()? {
            if began.elapsed() >= END {
                let busy = AgentError::Busy { folder: self.folder.path().to_owned() };
                return Err(told.err().unwrap_or(busy));
            }
            sleep(STEP).await;
        }
        Ok(true)
    }

    /// Whether an agent holds the folder.
    fn is_held(&self) -> Result<bool, AgentError> {
        let path = self.folder.lock();
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(AgentError::file(&path, "opened"))?;
        Ok(file.try_lock().is_err())
    }
}

/// This program.
pub(super) fn program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/proc/self/exe"))
}

/// Which program it is: its file, when that was written, and how long it is.
pub(super) fn build(program: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    let told = fs::metadata(program);
    let told = told.map_or((0, 0, 0), |told| (told.mtime(), told.mtime_nsec(), told.len()));
    format!("{} {told:?}", program.display())
}
