//! The invariants of the engine, one file each, in the order of their numbers: properties of
//! random programs and histories, and the planted bugs that break them. Number 9 has
//! `crashes.rs`.

pub(crate) mod building;
pub(crate) mod cancelling;
pub(crate) mod deletion;
pub(crate) mod journal;
pub(crate) mod leases;
pub(crate) mod levels;
pub(crate) mod names;
pub(crate) mod permissions;
pub(crate) mod resuming;
pub(crate) mod secrets;
pub(crate) mod steps;
pub(crate) mod targets;
pub(crate) mod unknowns;
