//! The place `containers`: where each type goes, and how a program gets there.
//!
//! | module | is |
//! |---|---|
//! | `agent` | the agent, as commands see it |
//! | `backend` | [`ContainersPlace`], [`ContainersBackend`] |
//! | `drill` | drills: a site that is drilled through the agent |
//! | `routes` | which type goes where |
//! | `emulated` | types whose things are in the emulator of AWS |
//! | `ground` | the agent, started when something is first asked of it |
//! | `live` | types whose things the agent makes |
//! | `task` | tasks that the agent runs |
//! | `upgrade` | a drill: an upgrade that fails, and the way back |

mod agent;
mod backend;
mod drill;
#[cfg(feature = "localstack")]
mod emulated;
mod ground;
mod live;
mod routes;
mod task;
mod upgrade;

/// The emulator of AWS, as the agent is asked for it: type and id.
pub const EMULATOR_ID: &str = "emulator";

pub use backend::{ContainersBackend, ContainersPlace};
pub(in crate::containers) use routes::EMULATOR;
pub use routes::{Route, route};
