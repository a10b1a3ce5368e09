//! The architecture of a highly available Moodle on AWS, as components for an
//! [`infra_core::Stack`].

mod database;
mod error;
mod layout;
mod network;
mod security;
mod storage;

pub use database::{DATABASE_NAME, Database, DatabaseCapacity, DatabaseSettings, FinalSnapshot};
pub use error::SettingsError;
pub use layout::{Layout, ZoneLayout};
pub use network::{Nat, Network, NetworkSettings, Zone};
pub use security::{SecurityGroups, ports};
pub use storage::{FILES_OWNER, Storage};
