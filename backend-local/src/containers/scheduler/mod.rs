//! What runs where: services, tasks, instances, deployments, scaling; decisions alone, no Docker.
//!
//! Each decision is a function from what is wanted, what is there, what was kept and what time it
//! is, to what is to be done, what to keep and what to tell people. Nothing here does anything, or
//! asks for the time. Who carries decisions out keeps the state **before** it acts; it may then be
//! killed between any two actions: the next decision finds what was done among what is there, and
//! asks for the rest again, by the same tokens.
//!
//! | module | decides |
//! |---|---|
//! | [`service`] | which tasks of a service start and stop: deployments, circuit breaker, spread |
//! | [`run`] | when a single task starts, and what became of it |
//! | [`placement`] | on which instance |
//! | [`group`] | which instances start and end |
//! | [`capacity`] | how many instances waiting tasks need |
//! | [`scaling`] | how many tasks a load needs |
//! | [`schedule`] | when bounds change by the clock |
//! | [`alarm`] | what state alarms are in |

pub mod alarm;
pub mod capacity;
mod fleet;
pub mod group;
mod moment;
mod pace;
pub mod placement;
pub mod run;
pub mod scaling;
pub mod schedule;
pub mod service;
mod task;

pub use fleet::{Fleet, InstanceSpec, InstanceStatus, Room};
pub use moment::{Event, Moment};
pub use pace::Pace;
pub use task::{ContainerSpec, ContainerState, Health, TaskSpec, TaskState, TaskStatus};
