//! The tests of the workspace: one binary, because each further one links everything again.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod balancers;
mod buckets;
mod certificates;
mod choices;
mod conformance;
mod crashes;
mod databases;
mod durable;
mod files;
mod groups;
mod kept_names;
mod lookups;
mod network;
mod slice;
