//! Planted secrets: the passwords of a whole site are nowhere that anybody could read, in whatever
//! is written to disk, rendered, drawn or said.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// What somebody sets for the mail server.
const MAIL: &str = "canary+mail/7c41";

struct Operator {
    folder: TempDir,
}

impl Operator {
    fn command(&self, arguments: &[&str]) -> Output {
        let state = self.folder.path().join("state");
        let mut command = Command::new(env!("CARGO_BIN_EXE_whole"));
        command.env_clear().env("INFRA_PASSPHRASE", "of this test").env("USER", "tester");
        command.env("HOME", self.folder.path()).current_dir(self.folder.path());
        command.arg("--state-dir").arg(state).args(arguments).stdin(Stdio::null());
        command.output().unwrap()
    }

    /// What a command says that succeeds, or finds (11) that one machine is all that there is of
    /// something: the controller.
    #[track_caller]
    fn said(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 11)), "{arguments:?}: {said}");
        said
    }

    /// The passwords that the program has made, by whose they are.
    fn made(&self) -> BTreeMap<String, String> {
        let shown = self.said(&["state", "show", "*RandomPassword/*", "--show-secrets"]);
        let mut made = BTreeMap::new();
        let mut of = "";
        for line in shown.lines() {
            if line.contains(":RandomPassword/") {
                of = line;
            }
            if let Some(password) = line.trim().strip_prefix("password ") {
                made.insert(of.to_owned(), password.trim().to_owned());
            }
        }
        made
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// What a secret may look like: a part of it is too much as well, and so are its bytes.
fn forms(secret: &str) -> [String; 3] {
    let half = secret.len() / 2;
    let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    [secret[..half].to_owned(), secret[half..].to_owned(), hexadecimal]
}

#[test]
fn no_password_of_a_site_is_anywhere_in_clear() {
    let operator = Operator { folder: tempfile::tempdir().unwrap() };
    let mut said: Vec<(String, String)> = vec![];
    let mut say = |arguments: &[&str]| {
        said.push((arguments.join(" "), operator.said(arguments)));
    };
    say(&["config", "set", "--secret", "mail_password", MAIL]);
    say(&["config", "list"]);
    say(&["preview", "--diff"]);
    say(&["preview", "--diff", "--plan", "saved"]);
    say(&["up", "--yes", "--diff"]);
    for more in [&[][..], &["--json"]] {
        for command in [
            &["preview", "--diff", "--refresh", "--replace", "*", "--delete-data"][..],
            &["graph"],
            &["graph", "--format", "dot"],
            &["graph", "--format", "mermaid"],
            &["output"],
            &["cost"],
            &["availability"],
            &["state", "list"],
            &["state", "show", "*"],
            &["state", "export"],
            &["sim", "ls"],
        ] {
            say(&[command, more].concat());
        }
    }
    let first = operator.made();
    say(&["up", "--yes", "--json", "--replace", "*RandomPassword*", "--delete-data"]);
    let then = operator.made();

    // Those of both caches, the database's user, the site's first, who only logs in, and the controller's.
    assert_eq!((first.len(), then.len()), (6, 6), "{:?}", first.keys());
    let mut secrets: Vec<(String, String)> = first.into_iter().chain(then).collect();
    assert!(secrets.iter().all(|(_, secret)| secret.len() >= 24));
    assert_eq!(secrets.iter().map(|(_, secret)| secret).collect::<BTreeSet<_>>().len(), 12);
    secrets.push(("mail".to_owned(), MAIL.to_owned()));

    for path in files(operator.folder.path()) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        said.push((path.strip_prefix(operator.folder.path()).unwrap().display().to_string(), text));
    }
    // What is rendered is among it.
    let rendered = |part: &str| said.iter().any(|(_, text)| text.contains(part));
    for part in ["getenv('SMTP_PASSWORD')", "ECS_CLUSTER=", "container_definitions", "<svg "] {
        assert!(rendered(part), "{part} is nowhere");
    }
    for (name, secret) in &secrets {
        for form in forms(secret) {
            for (place, text) in &said {
                assert!(!text.contains(&form), "the password of {name} is in {place}");
            }
        }
    }
    // Whoever asks for it is told.
    assert!(operator.said(&["output", "mail", "--show-secrets"]).contains(MAIL));
}
