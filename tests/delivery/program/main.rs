//! What the stages deploy: the production example on the simulator, and what is left of it after
//! somebody has deleted the wrong lines.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::prelude::*;
use moodle_infra::{Network, NetworkSettings};

#[allow(dead_code)]
#[path = "../../../examples/production.rs"]
mod production;

fn main() -> ExitCode {
    App::new("campus").place(SimPlace).run(program)
}

fn program(stack: &Stack) -> Result<(), ProgramError> {
    if stack.config_or("network_alone", false)? {
        // Asked for, so that the command line may say them here too.
        let _: (Option<String>, Option<String>) = (stack.config("image")?, stack.config("moodle")?);
        Network::create(stack, "network", &NetworkSettings::default())?;
        return Ok(());
    }
    // Stands for what carries the delivery out.
    let size: Option<u32> = stack.config("controllers")?;
    for number in 0..size.unwrap_or(0) {
        infra_core::aws::ec2::ElasticIp::named(format!("controller-{number}"))
            .create(&stack.component("delivery"));
    }
    production::site(stack)
}
