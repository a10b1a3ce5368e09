//! Docker as its own client has it: images, and containers that end with the test.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

use infra_tests::tools::{MACHINE, skipped};

/// What the images begin with.
pub(crate) const BASE: &str = "debian:bookworm-slim";

/// Makes it, where it is not there.
pub(crate) fn base() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/image/base.sh");
    succeeded(&Command::new(script).args([BASE, "bookworm"]).output().unwrap());
}

/// What `apt-get` is told in builds on this machine.
pub(crate) fn apt_options() -> Option<String> {
    std::env::var_os("INFRA_APT_OPTS").map(|options| options.into_string().unwrap())
}

/// Copies what is below a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    let arguments = [from.join("."), to.to_owned()];
    succeeded(&Command::new("cp").arg("-R").args(arguments).output().unwrap());
}

/// Runs Docker's client to its end.
pub(crate) fn try_docker<I: AsRef<str>>(arguments: impl IntoIterator<Item = I>) -> Output {
    let mut command = Command::new("docker");
    for argument in arguments {
        command.arg(argument.as_ref());
    }
    // The builder that every version has.
    command.env("DOCKER_BUILDKIT", "0").stdin(Stdio::null()).output().unwrap()
}

/// Runs it, which must succeed, and returns what it said.
#[track_caller]
pub(crate) fn docker<I: AsRef<str>>(arguments: impl IntoIterator<Item = I>) -> String {
    succeeded(&try_docker(arguments))
}

/// What a command said that must have succeeded.
#[track_caller]
pub(crate) fn succeeded(output: &Output) -> String {
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}\n{said}\n{}", output.status, text(&output.stderr));
    said
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Whether there is a Docker to talk to; otherwise the test says that it was skipped.
pub(crate) fn is_there() -> bool {
    let asked =
        Command::new("docker").args(["version", "--format", "{{.Server.Version}}"]).output();
    let there = asked.is_ok_and(|output| output.status.success());
    if !there {
        skipped("no Docker (install docker.io and debootstrap, start dockerd)", MACHINE);
    }
    there
}

/// Builds an image of a folder, and returns its id: a tag may be another checkout's a moment later.
pub(crate) fn build(tag: &str, folder: &Path, arguments: &[&str]) -> String {
    let mut all = vec!["build", "--quiet", "--tag", tag];
    all.extend_from_slice(arguments);
    let folder = folder.display().to_string();
    all.push(&folder);
    docker(all)
}

/// A container, which ends with this.
pub(crate) struct Container(pub(crate) String);

impl Container {
    /// Starts one in the background, by the arguments of `docker run`.
    #[track_caller]
    pub(crate) fn start(arguments: &[String]) -> Self {
        let begin = ["run", "--detach"].map(str::to_owned);
        Self(docker(begin.iter().chain(arguments)))
    }

    /// Runs a command within it.
    pub(crate) fn run(&self, command: &[&str]) -> Output {
        try_docker(["exec", &self.0].iter().chain(command))
    }

    /// All that it has said.
    pub(crate) fn logs(&self) -> String {
        let output = try_docker(["logs", &self.0]);
        format!("{}\n{}", text(&output.stdout), text(&output.stderr))
    }

    /// Where it answers pages, if it does.
    pub(crate) fn address(&self) -> String {
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        format!("http://{}:8080", docker(["inspect", "--format", format, &self.0]))
    }

    /// Waits until a command within it succeeds.
    #[track_caller]
    pub(crate) fn wait_for(&self, command: &[&str]) {
        self.wait(&format!("{command:?} succeeds"), || self.run(command).status.success());
    }

    /// Waits until it has said something.
    #[track_caller]
    pub(crate) fn wait_until_it_says(&self, what: &str) {
        self.wait(&format!("it says {what:?}"), || self.logs().contains(what));
    }

    #[track_caller]
    fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        let mut tries = 0;
        while !is_so() {
            tries += 1;
            assert!(tries < 200, "waited in vain until {what}:\n{}", self.logs());
            sleep(Duration::from_millis(200));
        }
    }

    /// Waits until it ends by itself, and returns its exit code.
    #[track_caller]
    pub(crate) fn end(&self) -> String {
        docker(["wait", &self.0])
    }

    /// Tells it to end, waits until it has, and returns its exit code.
    pub(crate) fn stop(&self) -> String {
        docker(["stop", "--time", "30", &self.0]);
        docker(["inspect", "--format", "{{.State.ExitCode}}", &self.0])
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        try_docker(["rm", "--force", "--volumes", &self.0]);
    }
}

/// A network or a volume, which goes with this.
pub(crate) struct Made {
    kind: &'static str,
    pub(crate) name: String,
}

impl Made {
    pub(crate) fn create(kind: &'static str, name: String, options: &[&str]) -> Self {
        docker([kind, "create"].iter().chain(options).chain(&[name.as_str()]));
        Self { kind, name }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        try_docker([self.kind, "rm", &self.name]);
    }
}
