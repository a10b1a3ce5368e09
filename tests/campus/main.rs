//! The program that the tests of the command line run.
//!
//! `CAMPUS` chooses its shape, the configuration what differs between two runs of one shape, and
//! `CAMPUS_DIES_AT` the moment at which the process kills or interrupts itself. All of that is this binary's
//! own: neither the engine nor the command line knows of it.

mod crash;
mod network;
mod refused;
mod rules;
mod wrong;

use std::process::ExitCode;

use infra_cli::{App, ProgramError};
use infra_core::Stack;

use crash::CrashPlace;

fn main() -> ExitCode {
    let app = App::new("campus").command("campus");
    #[cfg(feature = "aws")]
    let app = app.remote(backend_aws::AwsPlace::default());
    match variable("CAMPUS_PLACE").as_deref() {
        Some("real") => app.place(crash::RealPlace),
        Some("none") => app,
        _ => app.place(CrashPlace::from(variable("CAMPUS_DIES_AT"))),
    }
    .run(build)
}

fn build(stack: &Stack) -> Result<(), ProgramError> {
    let shape = variable("CAMPUS").unwrap_or_else(|| "network".to_owned());
    match network::build(&shape, stack) {
        Some(built) => built,
        None => wrong::build(&shape, stack)
            .or_else(|| rules::build(&shape, stack))
            .or_else(|| refused::build(&shape, stack))
            .ok_or_else(|| format!("there is no shape `{shape}`"))?,
    }
}

#[expect(clippy::disallowed_methods, reason = "tests choose what this binary does")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
