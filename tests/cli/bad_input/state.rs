//! State that is damaged, newer, somebody else's, or being worked on.

use super::{Case, Leaves, after, deployed};
use crate::environment::Environment;

pub(super) const CASES: [Case; 11] = [
    after("checkpoint-changed", "network", checkpoint_changed, "up", 7),
    after("checkpoint-garbage", "network", checkpoint_garbage, "up", 7),
    after("checkpoint-cut", "network", checkpoint_cut, "preview", 7),
    after("checkpoint-newer", "network", checkpoint_newer, "up", 7),
    after("checkpoint-other-stack", "network", other_stack, "--stack prod up", 7),
    after("journal-damaged", "network", journal_damaged, "up", 7),
    Case {
        leaves: Leaves::AccountInStep,
        ..after("journal-torn", "network", journal_torn, "--parallel 1 up", 0)
    },
    Case {
        leaves: Leaves::Whatever,
        ..after("journal-truncated", "network", journal_truncated, "--parallel 1 up", 1)
    },
    Case {
        leaves: Leaves::Whatever,
        ..after("journal-truncated-refresh", "network", journal_truncated, "refresh", 0)
    },
    after("account-damaged", "network", account_damaged, "up", 8),
    after("state-dir-file", "network", state_dir_file, "up", 1),
];

/// Changes a file of the stack.
fn change(environment: &Environment, name: &str, change: impl FnOnce(&mut String)) {
    let path = environment.stack_file(name);
    let mut text = std::fs::read_to_string(&path).unwrap();
    let before = text.clone();
    change(&mut text);
    assert_ne!(text, before);
    std::fs::write(path, text).unwrap();
}

fn checkpoint_changed(environment: &mut Environment) {
    deployed(environment);
    change(environment, "checkpoint.json", |text| *text = text.replace("\"it\"", "\"me\""));
}

fn checkpoint_garbage(environment: &mut Environment) {
    deployed(environment);
    change(environment, "checkpoint.json", |text| "garbage\n".clone_into(text));
}

fn checkpoint_cut(environment: &mut Environment) {
    deployed(environment);
    change(environment, "checkpoint.json", |text| text.truncate(text.len() / 2));
}

fn checkpoint_newer(environment: &mut Environment) {
    deployed(environment);
    change(environment, "checkpoint.json", |text| {
        *text = text.replacen("\"format\":1", "\"format\":9", 1);
    });
}

fn other_stack(environment: &mut Environment) {
    deployed(environment);
    let folder = environment.state_dir().join("campus");
    std::fs::rename(folder.join("dev"), folder.join("prod")).unwrap();
}

/// A run that was killed, so that its journal is still there.
fn killed(environment: &mut Environment) {
    killed_at(environment, "journal:9");
}

fn killed_at(environment: &mut Environment, moment: &str) {
    environment.set("CAMPUS_DIES_AT", moment);
    let ran = environment.run("--parallel 1 up");
    assert_eq!(ran.code, None, "{ran}");
    environment.unset("CAMPUS_DIES_AT");
}

fn journal_damaged(environment: &mut Environment) {
    killed(environment);
    change(environment, "journal", |text| *text = text.replacen("\"lineage\"", "\"linkage\"", 1));
}

/// The process died while it wrote an entry: a part of it arrived.
fn journal_torn(environment: &mut Environment) {
    killed(environment);
    change(environment, "journal", |text| {
        let last = text.lines().last().unwrap().to_owned();
        text.push_str(&last[..last.len() / 2]);
    });
}

/// Entries that were acknowledged are gone, as after a disk that lied: what they were about is in
/// the account, and the state does not know it.
fn journal_truncated(environment: &mut Environment) {
    killed_at(environment, "journal:13");
    // All entries about the security group.
    let about = "aws:ec2:SecurityGroup/web";
    change(environment, "journal", |text| text.truncate(text.find(about).unwrap()));
}

fn account_damaged(environment: &mut Environment) {
    deployed(environment);
    let path = environment.state_dir().join("sim/account.log");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text.replacen("10.0.0.0/16", "10.8.0.0/16", 1)).unwrap();
}

fn state_dir_file(environment: &mut Environment) {
    std::fs::write(environment.state_dir(), "a file\n").unwrap();
}
