//! What the tests of the workspace share: worlds, test types, and checks of an account against a
//! state that do not trust the engine.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

pub mod calls;
pub mod certificates;
pub mod clauses;
pub mod conformance;
pub mod crash;
pub mod deployed;
pub mod faults;
pub mod history;
pub mod http;
pub mod keys;
pub mod spec;
pub mod stores;
pub mod through;
pub mod tools;
pub mod types;
pub mod world;
