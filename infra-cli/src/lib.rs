//! Turns a program into a command line.
//!
//! ```no_run
//! use infra_core::{Stack, aws::ec2::Vpc};
//!
//! fn main() -> std::process::ExitCode {
//!     infra_cli::App::new("campus").run(|stack: &Stack| {
//!         Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
//!         Ok(())
//!     })
//! }
//! ```
//!
//! The library crates print nothing and read no environment; arguments, colours, prompts, files
//! and exit codes are the matter of this one.

mod app;
mod args;
mod built;
mod commands;
mod config;
mod context;
mod diagram;
mod error;
pub mod exit;
mod keys;
mod project;
mod remote;
mod render;
mod repeated;
mod suggest;
mod ui;

pub use app::App;
pub use project::{Program, ProgramError};
