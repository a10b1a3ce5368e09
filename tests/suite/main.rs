//! The tests of the workspace: one binary, because each further one links everything again.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod backups;
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
mod delivery;
mod domains;
mod durable;
mod edge;
mod edits;
mod files;
mod groups;
mod invariants;
mod kept_names;
mod lookups;
mod machines;
mod mail;
mod makespan;
mod moodle;
mod mounts;
mod network;
mod planted;
mod rules;
mod site_backups;
mod site_mail;
mod slice;
mod tasks;
