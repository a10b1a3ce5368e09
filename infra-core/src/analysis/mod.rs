//! What can be said of a program from its graph alone, before anything is deployed.
//!
//! [`Outline`] reads properties as far as they are known by then, and follows references;
//! [`Tasks`] and [`Hosts`] are what containers come to: who runs where, how many of them, and how
//! much room there is. The rules of `aws/rules` stand on these, and so does [`availability`]: what each
//! single failure would take. [`cost`] is what all of it costs in a month, and [`permissions`] what
//! must be allowed to whoever deploys it.
//!
//! **Invariant 1:** nothing here does I/O; the same program gives the same answer.

pub mod availability;
pub mod cost;
mod hosts;
mod outline;
pub mod permissions;
mod tasks;

pub use hosts::Hosts;
pub use outline::Outline;
pub use tasks::Tasks;
pub(crate) use tasks::health_checks;
