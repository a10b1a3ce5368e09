//! Backends on this machine.
//!
//! [`sim`] is a simulator of AWS in this process: no Docker, no account, no network.
//!
//! `containers` (a feature) has databases, caches, files and applications in containers, behind a
//! load balancer.

#[cfg(feature = "containers")]
pub mod containers;
pub mod sim;
