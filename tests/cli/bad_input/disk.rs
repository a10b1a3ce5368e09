//! Disks that are full or can't be written, and files that somebody else works on.

use std::{
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

use backend_local::sim::{Sim, SimOptions};
use infra_core::state::store::{Holder, LocalStore, StateStore as _};

use super::{kept, snapshot};
use crate::environment::Environment;

/// The rows of this file.
pub(super) const NAMES: [&str; 4] = ["account-busy", "disk-full", "folder-read-only", "lease-held"];

fn deployed() -> Environment {
    let environment = Environment::new("network");
    environment.ok("up");
    environment
}

#[tokio::test]
async fn a_lease_that_is_held_is_respected() {
    let environment = deployed();
    let store = LocalStore::new(environment.stack_file(""));
    let holder = Holder { who: "somebody on a machine (process 7)".to_owned(), since: 0 };
    let lease = store.acquire(holder).await.unwrap();
    let before = kept(&environment);
    let ran = environment.run("--config owner=me up");
    snapshot("lease-held", &format!("$ campus --config owner=me up\n{ran}"));
    assert_eq!(ran.code, Some(6));
    assert_eq!(kept(&environment), before);
    store.release(lease).await.unwrap();
    environment.ok("--config owner=me up");
    environment.assert_in_step("after the lease was given back");
}

#[test]
fn an_account_that_is_used_by_another_process_is_left_alone() {
    let environment = deployed();
    let account = Some(environment.state_dir().join("sim/account.log"));
    let other = Sim::open(SimOptions { account, ..SimOptions::default() }).unwrap();
    let before = kept(&environment);
    let ran = environment.run("--config owner=me up");
    snapshot("account-busy", &format!("$ campus --config owner=me up\n{ran}"));
    assert_eq!(ran.code, Some(8));
    assert_eq!(kept(&environment), before);
    drop(other);
    environment.ok("--config owner=me up");
}

/// As somebody whom the modes of files bind: the superuser is not such a one.
#[test]
fn a_folder_that_can_not_be_written_is_told() {
    let mut environment = deployed();
    let program = environment.folder().join("campus");
    std::fs::copy(crate::environment::PROGRAM, &program).unwrap();
    environment.program(program);
    set_modes(&environment.state_dir(), 0o555, 0o444);
    std::fs::set_permissions(environment.folder(), PermissionsExt::from_mode(0o755)).unwrap();
    let before = kept(&environment);
    let mut command = environment.command("--config owner=me up");
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let ran = environment.finish(command);
    set_modes(&environment.state_dir(), 0o755, 0o644);
    snapshot("folder-read-only", &format!("$ campus --config owner=me up\n{ran}"));
    assert_ne!(ran.code, Some(0));
    assert_eq!(kept(&environment), before);
    environment.ok("--config owner=me up");
    environment.assert_in_step("when the folder can be written again");
}

fn set_modes(path: &Path, folder: u32, file: u32) {
    let mode = if path.is_dir() { folder } else { file };
    if path.is_dir() && folder & 0o200 != 0 {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    for entry in std::fs::read_dir(path).into_iter().flatten() {
        set_modes(&entry.unwrap().path(), folder, file);
    }
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// Files may not grow beyond a few blocks: the first limits are hit in the simulator's log, later
/// ones in the journal or the checkpoint, and whatever was acknowledged is still there.
#[test]
fn a_disk_that_is_full_loses_nothing() {
    let mut failures = 0;
    let mut shown = None;
    for kilobytes in 1..=24 {
        let mut environment = Environment::new("zones");
        let up = environment.command("up");
        let ran = environment.finish(limited(&up, kilobytes));
        if ran.code == Some(0) {
            continue;
        }
        failures += 1;
        assert!(ran.stderr.contains("help: make room on the disk"), "{kilobytes} kB: {ran}");
        if kilobytes == 4 {
            shown = Some(ran.to_string());
        }
        environment.ok("up");
        environment.assert_in_step(&format!("after {kilobytes} kB"));
        environment.shape("empty").ok("up");
        environment.assert_in_step("all gone");
    }
    assert!(failures >= 10, "only {failures} runs hit the limit");
    let shown = shown.expect("the run with 4 kB fails");
    let last = shown.lines().skip_while(|line| !line.starts_with("error"));
    snapshot("disk-full", &format!("$ campus up\n{}", last.collect::<Vec<_>>().join("\n")));
}

/// A command whose files may not grow beyond this: as on a disk without room, writing fails.
fn limited(command: &Command, kilobytes: u32) -> Command {
    let mut shell = Command::new("bash");
    shell
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\""))
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(command.get_current_dir().unwrap());
    shell.env_clear();
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell
}
