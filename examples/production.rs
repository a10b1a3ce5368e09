//! The reference architecture.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::prelude::*;
use moodle_infra::{Database, DatabaseSettings, Network, NetworkSettings, SecurityGroups, Storage};

fn main() -> ExitCode {
    App::new("campus").command("cargo run --example production --").place(SimPlace).run(site)
}

fn site(stack: &Stack) -> Result<(), ProgramError> {
    let network = Network::create(stack, "network", &NetworkSettings::default())?;
    let everyone = ["0.0.0.0/0".parse()?];
    let groups = SecurityGroups::create(stack, "security", &network.vpc, &everyone);
    let storage = Storage::create(stack, "storage", &network, &groups.files);
    let settings = DatabaseSettings::default();
    let database = Database::create(stack, "database", &network, &groups.database, &settings)?;
    stack.output("database", database.cluster.endpoint());
    stack.output("files", storage.files.file_system_id());
    Ok(())
}
