//! The place `containers`: where each type goes, and how a program gets there.
//!
//! | module | is |
//! |---|---|
//! | `agent` | the agent, as commands see it |
//! | `backend` | [`ContainersPlace`], [`ContainersBackend`] |
//! | `routes` | which type goes where |
//! | `ground` | the agent, started when something is first asked of it |
//! | `live` | types whose things the agent makes |
//! | `task` | tasks that the agent runs |

mod agent;
mod backend;
mod ground;
mod live;
mod routes;
mod task;

pub use backend::{ContainersBackend, ContainersPlace};
pub use routes::{Route, route};
