//! What people get wrong, and what they are told: a table.
//!
//! Each row is what was there before, a command, the exit code, and a snapshot of every word that
//! it says. What was there is not touched by a command that was refused, byte for byte; what a
//! deployment had done before a step failed stays, and the state knows it.

mod commands;
mod consent;
mod disk;
mod program;
mod secrets;
mod state;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::environment::Environment;

/// A row of the table.
struct Case {
    /// What the snapshot is called.
    name: &'static str,
    /// The shape of the program.
    shape: &'static str,
    /// What was there before.
    before: fn(&mut Environment),
    /// The words of the command.
    command: &'static str,
    /// The exit code.
    code: u8,
    leaves: Leaves,
}

/// What a command leaves of what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    /// Everything, byte for byte.
    Everything,
    /// What it did before it failed is in state, and nothing else is in the account.
    AccountInStep,
    /// Something was lost before; it is told.
    Whatever,
}

/// A row about a program alone.
const fn case(shape: &'static str, command: &'static str, code: u8) -> Case {
    Case { name: shape, shape, before: |_| {}, command, code, leaves: Leaves::Everything }
}

/// A row about a program that was deployed.
const fn after(
    name: &'static str,
    shape: &'static str,
    before: fn(&mut Environment),
    command: &'static str,
    code: u8,
) -> Case {
    Case { name, shape, before, command, code, leaves: Leaves::Everything }
}

fn deployed(environment: &mut Environment) {
    environment.ok("--parallel 1 up");
}

impl Case {
    /// What is wrong with what the command did.
    fn run(&self) -> Result<(), String> {
        let mut environment = Environment::new(self.shape);
        (self.before)(&mut environment);
        let before = kept(&environment);
        let ran = environment.run(self.command);
        let shown = format!("$ campus {}\n{ran}", self.command);
        snapshot(self.name, &shown);
        if ran.code != Some(self.code.into()) {
            return Err(format!(
                "{}: exit code {:?} in place of {}",
                self.name, ran.code, self.code
            ));
        }
        match self.leaves {
            Leaves::Everything if kept(&environment) != before => {
                return Err(format!("{}: something was touched", self.name));
            }
            Leaves::Everything | Leaves::Whatever => {}
            Leaves::AccountInStep => environment.assert_in_step(self.name),
        }
        Ok(())
    }
}

fn snapshot(name: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let shown = crate::redact::untimed(shown);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// The files that hold anything; the lock tells of the last attempt, and goes with every one.
fn kept(environment: &Environment) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = environment.files();
    files.retain(|path, bytes| {
        !bytes.is_empty() && !path.ends_with("lock") && !path.ends_with(".gitignore")
    });
    files
}

fn table() -> impl Iterator<Item = &'static Case> {
    let parts: [&'static [Case]; 5] =
        [&program::CASES, &commands::CASES, &consent::CASES, &secrets::CASES, &state::CASES];
    parts.into_iter().flatten()
}

#[test]
fn every_bad_input_is_told_and_nothing_is_lost() {
    let wrong: Vec<String> = table().filter_map(|case| case.run().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_snapshot_has_its_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/bad_input/snapshots");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "snap"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let names = table().map(|case| case.name).chain(disk::NAMES);
    assert_eq!(files, names.map(str::to_owned).collect());
}
