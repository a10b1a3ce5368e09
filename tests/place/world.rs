//! [`World`]: a folder and a program in it, and what the two have in Docker.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use backend_local::{
    containers::{
        agent::Folder,
        docker::{
            Docker, DockerError, Labels, ListedNetwork, Seen,
            bollard::query_parameters::RemoveImageOptionsBuilder,
        },
        images::{FolderBuild, Images, Options, catalogue::recipes},
    },
    sim::{Sim, SimOptions},
};
use infra_core::{
    clock::{Clock, SystemClock},
    handler::Backend as _,
};
use infra_tests::tools::{MACHINE, skipped};
use serde_json::Value;
use tempfile::TempDir;

use crate::slow;

/// The site's image: the application that stands in for Moodle.
pub(crate) const IMAGE: &str = "moodle-infra-test/standin:1";

/// Where images are built from.
pub(crate) const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../moodle-infra/image");

/// Whatever is run ends in less time than this, also on a machine with much to do.
const ENDS: Duration = Duration::from_secs(300);

/// A folder for everything, and what lies in Docker by it. If a test fails all of that is removed,
/// by the commands of `docs/containers.md`: its successor needs the machine.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) docker: Docker,
    runtime: tokio::runtime::Runtime,
    /// Where commands find Docker, if not where this process does.
    at: Option<PathBuf>,
    program: Program,
}

/// What is deployed.
#[derive(Clone, Copy, Debug)]
enum Program {
    /// The production example.
    Site,
    /// One of the small stacks.
    Piece(&'static str),
}

impl World {
    /// That of the production example. `None`, and says why, if there is no Docker.
    pub(crate) fn of_site() -> Option<Self> {
        let world = Self::of(Program::Site)?;
        world.build(IMAGE, &Path::new(SOURCES).join("standin"));
        Some(world)
    }

    /// That of one of the small stacks.
    pub(crate) fn of_piece(name: &'static str) -> Option<Self> {
        let world = Self::of(Program::Piece(name))?;
        world.has_own_ports();
        Some(world)
    }

    /// Chooses ports that are no other folder's, whose agent may just have been killed.
    fn has_own_ports(&self) {
        let folder = Folder::of(&self.path("state")).unwrap();
        let mut settings = folder.settings().unwrap();
        let taken = [(); 4].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        let ports = taken.each_ref().map(|listener| listener.local_addr().unwrap().port());
        [settings.emulator, settings.pages, settings.https, settings.http] = ports;
        let settings = serde_json::to_vec(&settings).unwrap();
        std::fs::write(folder.path().join("settings.json"), settings).unwrap();
    }

    fn of(program: Program) -> Option<Self> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let docker = match runtime.block_on(Docker::connect()) {
            Ok(docker) => docker,
            Err(error @ (DockerError::NotThere { .. } | DockerError::Silent { .. })) => {
                skipped(&format!("no Docker ({error})"), MACHINE);
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let folder = tempfile::Builder::new().prefix("infra-place-").tempdir().unwrap();
        Some(Self { folder, docker, runtime, at: None, program })
    }

    /// Builds the site's image with an application.
    pub(crate) fn build(&self, image: &str, application: &Path) {
        let build = FolderBuild::new(image, SOURCES)
            .with("context/moodle", application)
            .argument("BASE", "debian:trixie-slim")
            .base("debian:trixie-slim");
        let images = Images::new(self.docker.clone(), Options::of_environment().unwrap());
        self.wait(images.build_folder(&build, &|_| {})).unwrap();
    }

    /// Takes their names from the images that nobody but this program has: the machine is as one is before its
    /// first deployment, but that steps of their builds are known.
    pub(crate) fn forgets_images(&self) {
        for recipe in recipes().iter().filter(|recipe| recipe.image.starts_with("moodle-infra/")) {
            let options = RemoveImageOptionsBuilder::new().force(true).noprune(true).build();
            let removed = self.docker.api().remove_image(&recipe.image, Some(options), None);
            let removed = self.wait(removed).map_err(|source| {
                DockerError::api("forget the image", recipe.image.as_str(), source)
            });
            assert!(removed.as_ref().err().is_none_or(DockerError::is_missing), "{removed:?}");
        }
    }

    /// A file of this folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Commands, and the agent that they start, find a slow Docker from now on.
    pub(crate) fn slows_docker(&mut self) {
        let socket = self.path("docker.sock");
        self.wait(async { slow::serve(&socket) });
        self.at = Some(socket);
    }

    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = match self.program {
            Program::Site => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
                command.args(["--config", &format!("image={IMAGE}")]);
                command
            }
            Program::Piece(name) => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_pieces"));
                command.env("PIECE", name);
                command
            }
        };
        command
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("INFRA_PASSPHRASE", "of this test")
            .current_dir(self.folder.path())
            .args(["--backend", "containers", "--state-dir"])
            .arg(self.path("state"))
            .args(words.split_whitespace())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(socket) = &self.at {
            command.env("DOCKER_HOST", format!("unix://{}", socket.display()));
        }
        command
    }

    /// Begins a command.
    pub(crate) fn begin(&self, words: &str) -> Child {
        self.command(words).spawn().unwrap()
    }

    /// Runs a command.
    pub(crate) fn run(&self, words: &str) -> Output {
        self.output(self.command(words))
    }

    /// What a command writes and ends with. One that does not end fails its test, with what it waits for.
    #[track_caller]
    pub(crate) fn output(&self, mut command: Command) -> Output {
        let words = format!("{:?}", command.get_args());
        let files = [self.path("said.out"), self.path("said.err")];
        let [stdout, stderr] = files.each_ref().map(|file| File::create(file).unwrap());
        command.stdout(stdout).stderr(stderr);
        let ended = self.wait(async {
            let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn();
            tokio::time::timeout(ENDS, child.as_mut().unwrap().wait()).await
        });
        let [stdout, stderr] = files.map(|file| std::fs::read(file).unwrap());
        let Ok(status) = ended else {
            let said = [&stdout, &stderr].map(|said| String::from_utf8_lossy(said)).concat();
            let (traces, log, emulator) = (self.traces(), self.log(), self.emulator_log());
            panic!(
                "{words} has not ended after {ENDS:?}\n{said}\n{traces}\nThe agent:\n{log}\n\
                 The emulator:\n{emulator}"
            );
        };
        Output { status: status.unwrap(), stdout, stderr }
    }

    /// Runs a command that must end so, and returns what it wrote.
    #[track_caller]
    pub(crate) fn ends(&self, words: &str, code: i32) -> String {
        let output = self.run(words);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        let log = if output.status.code() == Some(code) { String::new() } else { self.log() };
        assert_eq!(output.status.code(), Some(code), "{words}\n{said}\nThe agent:\n{log}");
        said
    }

    /// Runs a command that must end well, and returns the JSON object that it wrote.
    #[track_caller]
    pub(crate) fn json(&self, words: &str) -> Value {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{words}\n{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The end of what the agent has said.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.path("state/containers/agent.log"));
        let log = log.unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// The end of what the emulator of AWS has said.
    fn emulator_log(&self) -> String {
        let is_emulator = |seen: &Seen| seen.owner().is_some_and(|owner| owner.kind == "emulator");
        let Some(emulator) = self.containers().into_iter().find(is_emulator) else {
            return "(there is none)".to_owned();
        };
        let said = self.wait(self.docker.last_words(&emulator.id, 40));
        said.unwrap_or_else(|error| error.to_string())
    }

    /// The process of the agent.
    pub(crate) fn agent(&self) -> u32 {
        let process = self.json("--json agent status")["process"].as_u64().unwrap();
        u32::try_from(process).unwrap()
    }

    /// The name of this folder in Docker's labels, once it has one.
    pub(crate) fn account(&self) -> Option<String> {
        let settings = std::fs::read(self.path("state/containers/settings.json")).ok()?;
        let settings: Value = serde_json::from_slice(&settings).unwrap();
        Some(settings["account"].as_str().unwrap().to_owned())
    }

    /// Whatever comes of it.
    pub(crate) fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// All containers that it has.
    pub(crate) fn containers(&self) -> Vec<Seen> {
        let Some(account) = self.account() else { return vec![] };
        self.wait(self.docker.find(&Labels::of_account(&account))).unwrap()
    }

    /// One of its containers, by its labels.
    #[track_caller]
    pub(crate) fn container(&self, what: &str, is_meant: impl Fn(&Seen) -> bool) -> Seen {
        let found = self.containers().into_iter().find(is_meant);
        found.unwrap_or_else(|| panic!("no {what}, but\n{}", self.traces()))
    }

    /// How much there is of it in Docker, by what it is for, and in the account, by type.
    pub(crate) fn inventory(&self) -> BTreeMap<String, usize> {
        let mut there = BTreeMap::new();
        let Some(account) = self.account() else { return there };
        let labels = Labels::of_account(&account);
        let mut count = |what: String| *there.entry(what).or_default() += 1;
        for owner in self.containers().iter().filter_map(Seen::owner) {
            count(format!("container {} {}", owner.kind, kind_of(&owner.part)));
        }
        for (_, owner) in self.wait(self.docker.volumes(&labels)).unwrap() {
            count(format!("volume {} {}", owner.kind, kind_of(&owner.part)));
        }
        let networks = self.wait(self.docker.networks(&labels)).unwrap();
        for owner in networks.iter().filter_map(ListedNetwork::owner) {
            count(format!("network {} {}", owner.kind, kind_of(&owner.part)));
        }
        let account = Some(self.path("state/containers/account.log"));
        let clock: Option<Arc<dyn Clock>> = Some(Arc::new(SystemClock));
        let start = SystemClock.now();
        let sim = Sim::open(SimOptions { account, clock, start, ..SimOptions::default() }).unwrap();
        for object in sim.account().unwrap().objects() {
            if object.life == "live" {
                count(format!("account {}", object.ty));
            }
        }
        there
    }

    /// What there is of it in Docker and among the mounts of this machine, by name.
    pub(crate) fn traces(&self) -> String {
        let mut traces = String::new();
        let Some(account) = self.account() else { return traces };
        let labels = Labels::of_account(&account);
        for container in self.containers() {
            writeln!(traces, "container {}", container.name).unwrap();
        }
        for (volume, _) in self.wait(self.docker.volumes(&labels)).unwrap() {
            writeln!(traces, "volume {volume}").unwrap();
        }
        for network in self.wait(self.docker.networks(&labels)).unwrap() {
            writeln!(traces, "network {}", network.name).unwrap();
        }
        let folder = self.folder.path().display().to_string();
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        for mount in mounts.lines().filter(|mount| mount.contains(&folder)) {
            writeln!(traces, "mount {mount}").unwrap();
        }
        traces
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(account) = self.account() else { return };
        if let Ok(status) = serde_json::from_slice::<Value>(&self.run("--json agent status").stdout)
            && let Some(process) = status["process"].as_u64()
        {
            kill(u32::try_from(process).unwrap_or(0));
        }
        let filter = format!("--filter label=infra.account={account}");
        let undo = format!(
            "docker ps -aq {filter} | xargs -r docker rm -f -v
             docker volume ls -q {filter} | xargs -r docker volume rm
             docker network ls -q {filter} | xargs -r docker network rm
             findmnt -rno TARGET -t fuse.glusterfs | grep -F '{folder}/' | xargs -r umount --lazy",
            folder = self.folder.path().display()
        );
        let _ = Command::new("sh").args(["-c", &undo]).output();
    }
}

/// A part without what the engine has made up to its name.
fn kind_of(part: &str) -> &str {
    let made_up = |end: &str| end.len() == 8 && end.bytes().all(|it| it.is_ascii_hexdigit());
    part.rsplit_once('-').filter(|(_, end)| made_up(end)).map_or(part, |(kind, _)| kind)
}

/// Ends a process as a machine that fails would.
pub(crate) fn kill(process: u32) {
    let Some(process) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) else {
        return;
    };
    let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
}
