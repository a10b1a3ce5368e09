//! [`Workshop`]: a checkout, a folder for results, and the stages run in it as a job would.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The commit that is checked out, where a test has none of its own.
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const REPOSITORY: &str = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/moodle";

/// The folder of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The folder of the delivery.
pub(crate) fn delivery() -> PathBuf {
    workspace().join("moodle-infra/delivery")
}

/// Where a stand-in lies.
fn standin(name: &str) -> PathBuf {
    workspace().join("tests/delivery/standin").join(name)
}

/// A folder that a delivery works in, with the environment that its stages get.
#[derive(Debug)]
pub(crate) struct Workshop {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    path: Vec<PathBuf>,
}

/// What a stage came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

impl Workshop {
    /// An image's folder, and stand-ins for AWS, Docker and the scanners.
    pub(crate) fn new() -> Self {
        let mut workshop = Self::with(&["cloud", "docker", "scanners"]);
        workshop.set("COMMIT", COMMIT).set("REPOSITORY", REPOSITORY);
        workshop.write("image/Dockerfile", "FROM debian\n");
        workshop.write("image/rootfs/usr/local/bin/start", "#!/bin/sh\n");
        workshop.write("image/context/moodle/index.php", "<?php\n");
        workshop
    }

    /// An empty folder, and these stand-ins.
    pub(crate) fn with(standins: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("delivery-").tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let variables = [
            ("HOME", at("home")),
            ("RESULTS", at("results")),
            ("STANDIN", at("standin")),
            ("IMAGE_DIR", at("image")),
            ("TMPDIR", at("tmp")),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("MOODLE_VERSION", "5.2.0".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        for name in ["home", "results", "standin", "image", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let system = std::env::var_os("PATH").unwrap();
        let path = standins.iter().map(|name| standin(name));
        let path = path.chain(std::env::split_paths(&system)).collect();
        Self { folder, variables, path }
    }

    /// A file or folder of the workshop.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Unsets one.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.variables.remove(name);
        self
    }

    /// Commands of these names are nowhere, wherever the system has them.
    pub(crate) fn without(&mut self, names: &[&str]) -> &mut Self {
        let folder = self.at("commands");
        fs::create_dir_all(&folder).unwrap();
        for place in self.path.iter().rev() {
            for entry in fs::read_dir(place).into_iter().flatten().flatten() {
                let command = folder.join(entry.file_name());
                let _ = fs::remove_file(&command);
                if !names.iter().any(|name| entry.file_name() == *name) {
                    let _ = std::os::unix::fs::symlink(entry.path(), command);
                }
            }
        }
        self.path = vec![folder];
        self
    }

    /// Writes a file, and the folders that it lies in.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    /// A command in the environment of the stages.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.variables)
            .env("PATH", std::env::join_paths(&self.path).unwrap())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a stage.
    pub(crate) fn run(&self, stage: &str) -> Ran {
        ran(&self.command(delivery().join("stages").join(stage)).output().unwrap())
    }

    /// Runs a stage that must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, stage: &str) -> Ran {
        let ran = self.run(stage);
        assert_eq!(ran.code, Some(0), "{stage}: {}", ran.said);
        ran
    }

    /// Runs a stage that must fail, say why, and leave no result.
    #[track_caller]
    pub(crate) fn fails(&self, stage: &str, code: i32, why: &str) {
        let ran = self.run(stage);
        assert_eq!(ran.code, Some(code), "{stage}: {}", ran.said);
        assert!(ran.said.contains(why), "{stage} does not say {why:?}: {}", ran.said);
        assert_eq!(self.read(&format!("results/{stage}.env")), "", "{stage} left a result");
    }

    /// What a stage has said, by its key.
    #[track_caller]
    pub(crate) fn result(&self, stage: &str, key: &str) -> String {
        let text = self.read(&format!("results/{stage}.env"));
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_else(|| panic!("{stage} says no {key}: {text}")).to_owned()
    }

    /// How often a stand-in was called with words that begin so.
    pub(crate) fn calls(&self, standin: &str, words: &str) -> usize {
        let calls = self.read(&format!("standin/{standin}.calls"));
        calls.lines().filter(|line| line.starts_with(words)).count()
    }
}

fn ran(output: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), said: text(&output.stdout) + &text(&output.stderr) }
}
