//! The agent: what AWS would be. A process of its own (the user's binary, detached) that makes of an
//! account what is wanted in it, and keeps it so: it outlives the commands that write the account.
//!
//! ```text
//!   up ──► account (a file) ──► View ──► Part… ──► Docker
//!    └──── "how far is it?" ──► api ◄── states ──┘
//! ```
//!
//! | module | is |
//! |---|---|
//! | [`folder`](Folder) | where the agent of a project keeps its things |
//! | [`protocol`] | what is said through its socket |
//! | `server`, [`client`](Client) | both ends of that |
//! | `part`, `keeper` | [`Part`]: what looks after some types; [`Keeper`]: the things of a kind, each by a task |
//! | `run` | the process |
//! | `aim`, `strike` | what drills hit, and how it is taken back |
//! | `counted`, `pages` | what is counted; the status page and the metrics |
//! | `process` | starting it, stopping it, its log |
//! | `vault` | what it must know and may show nobody |

mod aim;
mod client;
mod counted;
mod error;
mod folder;
mod keeper;
mod pages;
mod part;
mod process;
pub mod protocol;
mod run;
mod server;
mod strike;
mod vault;

pub use client::Client;
pub use counted::{Family, Place, Sample, Sampled, Series};
pub use error::AgentError;
pub(in crate::containers) use folder::replace;
pub use folder::{FilesBy, Folder, Settings};
pub use keeper::{Failure, Keeper, Kind, Notes};
pub use part::{DrillAct, Log, Part, Seen, Surroundings};
pub use process::{Process, Started};
pub use run::run;
pub use vault::Vault;
