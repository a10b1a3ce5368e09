//! The tests of the workspace: one binary, because each further one links everything again.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod conformance;
mod crashes;
mod lookups;
mod network;
mod slice;
