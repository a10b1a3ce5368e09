//! Backends on this machine.
//!
//! [`sim`] is a simulator of AWS in this process: no Docker, no account, no network.

pub mod sim;
