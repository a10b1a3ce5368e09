//! The commands.

mod agent;
mod availability;
mod common;
mod config;
mod cost;
mod deploy;
mod destroy;
mod drill;
mod graph;
mod iam_policy;
mod import;
mod output;
mod preview;
mod rebuild;
mod refresh;
mod sim;
mod state;
mod watch;

use crate::{
    args::{Command, Up},
    context::Context,
    error::CliError,
    project::Program,
};

/// Does what a command says. Returns the exit code.
pub(crate) async fn run(
    context: &Context,
    program: &dyn Program,
    command: Option<Command>,
) -> Result<u8, CliError> {
    match command {
        None => deploy::run(context, program, &Up::default()).await,
        Some(Command::Preview(args)) => preview::run(context, program, &args).await,
        Some(Command::Up(args)) => deploy::run(context, program, &args).await,
        Some(Command::Destroy(args)) => destroy::run(context, &args).await,
        Some(Command::Refresh) => refresh::run(context).await,
        Some(Command::Import(args)) => import::run(context, &args).await,
        Some(Command::Output(args)) => output::run(context, &args).await,
        Some(Command::Graph(args)) => graph::run(context, program, &args).await,
        Some(Command::Availability) => availability::run(context, program).await,
        Some(Command::Cost) => cost::run(context, program).await,
        Some(Command::IamPolicy) => iam_policy::run(context, program).await,
        Some(Command::State(command)) => state::run(context, program, command).await,
        Some(Command::Sim(command)) => sim::run(context, &command),
        Some(Command::Agent(command)) => agent::run(context, &command).await,
        Some(Command::Drill(command)) => drill::run(context, &command).await,
        Some(Command::Config(command)) => config::run(context, command).await,
    }
}
