//! The tests of the workspace: one binary, because each further one links everything again.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod balancers;
mod buckets;
mod caches;
mod certificates;
mod checks;
mod choices;
mod conformance;
mod containers;
mod crashes;
mod databases;
mod domains;
mod durable;
mod edge;
mod files;
mod groups;
mod invariants;
mod kept_names;
mod lookups;
mod makespan;
mod moodle;
mod network;
mod planted;
mod slice;
mod tasks;
