//! The tests of the workspace: one binary, because each further one links everything again.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod availability;
mod balancers;
mod buckets;
mod caches;
mod certificates;
mod checks;
mod choices;
mod conformance;
mod containers;
mod cost;
mod crashes;
mod databases;
mod durable;
mod edits;
mod files;
mod groups;
mod invariants;
mod kept_names;
mod lookups;
mod makespan;
mod moodle;
mod network;
mod planted;
mod rules;
mod slice;
mod stand_ins;
mod tasks;
