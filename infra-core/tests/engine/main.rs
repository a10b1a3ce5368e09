//! The behaviour of the crate through its public API, on a backend of closures.

#![allow(clippy::unwrap_used, clippy::field_reassign_with_default, missing_docs)]

mod cancel;
mod checks;
mod config;
mod consent;
mod dsl;
mod failures;
mod import;
mod lease;
mod levels;
mod lookups;
mod manage;
mod permissions;
mod plan_file;
mod program;
mod providers;
mod refresh;
mod secrets;
mod store;
mod targets;
mod tasks;
mod types;
mod world;
