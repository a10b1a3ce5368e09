//! An upgrade that fails half way, and the way back, as somebody would go it by the command line.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use crate::world::{IMAGE, SOURCES, World};

/// The image with the upgrade that fails.
const BROKEN: &str = "moodle-infra-test/standin:broken";

/// Half of the tables are new, and then it ends.
const FAILS: &str = r"<?php
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');
if (in_array('--is-pending', $argv, true)) {
    exit(2);
}
$DB->query('ALTER TABLE mdl_drill_rows ADD COLUMN half INT');
$DB->query('UPDATE mdl_config SET value = 2 WHERE name = \'version\'');
exit(1);
";

/// The words of a drill whose upgrade fails: its command, and that of the way back, which `up` advises.
pub(crate) fn failing(world: &World) -> String {
    let application = world.path("application");
    let (from, to) = (format!("{SOURCES}/standin"), application.to_str().unwrap());
    assert!(Command::new("cp").args(["-R", &from, to]).status().unwrap().success());
    fs::write(application.join("admin/cli/upgrade.php"), FAILS).unwrap();
    world.build(BROKEN, &application);
    let program = env!("CARGO_BIN_EXE_production");
    let with =
        |image| format!("{program} --backend containers --state-dir state --config image={image}");
    let (broken, usual) = (with(BROKEN), with(IMAGE));
    let upgrade = format!("{broken} up --yes --config moodle=5.2.1 --config from=5.2.0");
    // The copy that was made before the first step, by its name in the advice.
    let back = format!(
        "copy=$({usual} output site_recovery | grep -o 'campus-dev-from[^ ]*')
         {usual} up --yes --config snapshot=$copy --delete-data"
    );
    let (upgrade, back) = (script(world, "upgrade", &upgrade), script(world, "back", &back));
    format!("upgrade-fails --upgrade {upgrade} --way-back {back}")
}

/// Commands as a file that can be run.
fn script(world: &World, name: &str, commands: &str) -> String {
    let path = world.path(name);
    fs::write(&path, format!("#!/bin/sh\nset -e\n{commands}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}
