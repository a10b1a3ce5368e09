//! [`Environment`]: a folder, and the program run in it as somebody would run it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The program that is run; its source tells the shapes that it has.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_campus");

/// A folder for state and keys, and the program run as somebody would run it: nobody at the
/// terminal, nothing of the caller's environment, from the folder of the workspace.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: TempDir,
    variables: BTreeMap<&'static str, String>,
    program: PathBuf,
    /// Words of commands that stand for others: `<vpc>`.
    words: BTreeMap<&'static str, String>,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Environment {
    /// An empty folder, and a program of this shape.
    pub(crate) fn new(shape: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("infra-cli-").tempdir().unwrap();
        let variables = BTreeMap::from([
            ("CAMPUS", shape.to_owned()),
            ("XDG_CONFIG_HOME", folder.path().join("config").display().to_string()),
            ("USER", "tester".to_owned()),
        ]);
        Self { folder, variables, program: PROGRAM.into(), words: BTreeMap::new() }
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) -> &mut Self {
        self.variables.insert(name, value.into());
        self
    }

    /// Unsets one.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.variables.remove(name);
        self
    }

    /// The program gets another shape.
    pub(crate) fn shape(&mut self, shape: &str) -> &mut Self {
        self.set("CAMPUS", shape)
    }

    /// Runs this binary in place of the program.
    pub(crate) fn program(&mut self, program: PathBuf) -> &mut Self {
        self.program = program;
        self
    }

    /// The whole folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where state and the simulated account are kept.
    pub(crate) fn state_dir(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A file of the stack: `checkpoint.json`, `journal`.
    pub(crate) fn stack_file(&self, name: &str) -> PathBuf {
        self.state_dir().join("campus/dev/sim").join(name)
    }

    /// The command for some words, not started yet.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .envs(&self.variables)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
            .arg("--state-dir")
            .arg(self.state_dir())
            .args(words.split_whitespace().map(|word| self.meant(word)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A word of commands stands for another.
    pub(crate) fn word(&mut self, word: &'static str, meant: &str) -> &mut Self {
        self.words.insert(word, meant.to_owned());
        self
    }

    fn meant(&self, word: &str) -> String {
        let word = word.replace("<dir>", &self.dir());
        self.words.iter().fold(word, |word, (from, to)| word.replace(from, to))
    }

    fn dir(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// Runs a command.
    pub(crate) fn run(&self, words: &str) -> Ran {
        self.finish(self.command(words))
    }

    /// Runs a command to its end.
    pub(crate) fn finish(&self, mut command: Command) -> Ran {
        self.ran(&command.output().unwrap())
    }

    /// What a command that must end well writes as its result, ids and all.
    #[track_caller]
    pub(crate) fn raw(&self, words: &str) -> String {
        let output = self.command(words).output().unwrap();
        assert!(output.status.success(), "{words}\n{}", self.ran(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a run came to, without what differs from one run to the next.
    pub(crate) fn ran(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).unwrap();
            crate::redact::redact(&text.replace(&self.dir(), "<dir>"))
        };
        Ran {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Runs a command that must end well.
    #[track_caller]
    pub(crate) fn ok(&self, words: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}\n{ran}");
        ran
    }

    /// Every file below a folder, with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.state_dir()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), std::fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

impl std::fmt::Display for Ran {
    /// Both outputs and the exit code, as one text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit code {code}")?,
            None => writeln!(f, "killed")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}
