//! The shortest program that deploys something: a network, without the Moodle architecture.
//!
//! ```text
//! cargo run --example minimal             # preview and deploy to the simulator
//! cargo run --example minimal -- preview  # what would change
//! cargo run --example minimal -- destroy  # undo
//! ```

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::ec2::{Subnet, Vpc},
    prelude::*,
};

fn main() -> ExitCode {
    let app = App::new("minimal").command("cargo run --example minimal --").place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(network)
}

fn network(stack: &Stack) -> Result<(), ProgramError> {
    // From infra.dev.toml or `--config zones=2`; three zones if neither says anything.
    let zones: usize = stack.config_or("zones", 3)?;
    if !(1..=3).contains(&zones) {
        return Err(ConfigError::invalid("zones", zones, "this network has 1 to 3 zones").into());
    }

    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").tags([("owner", "you")]).create(stack);

    let subnets: Vec<Subnet> = ["a", "b", "c"]
        .iter()
        .take(zones)
        .enumerate()
        .map(|(number, zone)| {
            Subnet::named(format!("private-{zone}"))
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{}.0/20", number * 16).as_str())
                .availability_zone(format!("eu-central-1{zone}"))
                .create(stack)
        })
        .collect();

    stack.output("vpc_id", vpc.vpc_id());
    stack.output("first_zone", subnets[0].availability_zone());
    Ok(())
}
