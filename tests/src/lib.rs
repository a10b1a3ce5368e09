//! What the tests of the workspace share: worlds, test types, and checks of an account against a
//! state that do not trust the engine.

#![allow(clippy::unwrap_used)]

pub mod conformance;
pub mod world;
