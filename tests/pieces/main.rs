//! The program that the crash ladder of the place deploys: small stacks, which together have every type
//! that is in containers.
//!
//! `PIECE` names the stack, `--config changed=true` is its update, and `PIECES_RUNGS` the file of the moments
//! that it survived: the process and its agent die at the first one that is not in it.

mod cache;
mod database;
mod emulated;
mod files;
mod ladder;
mod network;
mod web;

use std::process::ExitCode;

use infra_cli::{App, ProgramError};
use infra_core::Stack;

use ladder::LadderPlace;

fn main() -> ExitCode {
    let rungs = variable("PIECES_RUNGS").map(Into::into);
    App::new("pieces").command("pieces").place(LadderPlace::dying_at(rungs)).run(build)
}

fn build(stack: &Stack) -> Result<(), ProgramError> {
    let piece = variable("PIECE").unwrap_or_default();
    let changed = stack.config_or("changed", false)?;
    match piece.as_str() {
        "cache" => cache::build(stack, changed),
        "database" => database::build(stack, changed),
        "emulated" => emulated::build(stack, changed),
        "files" => files::build(stack, changed),
        "web" => web::build(stack, changed),
        other => return Err(format!("there is no piece `{other}`").into()),
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "tests choose what this binary does")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
