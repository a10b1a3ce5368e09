//! The architecture of a highly available Moodle on AWS, as components for an
//! [`infra_core::Stack`].
//!
//! Each component stands alone; `examples/production.rs` composes all of them.

mod app;
mod balancer;
mod caches;
mod capacity;
mod config_php;
mod database;
mod domain;
mod error;
mod hosts;
mod layout;
mod network;
mod security;
mod storage;
mod version;

pub use app::{App, AppSettings, Foundation, STOP_TIMEOUT};
pub use balancer::{Balancer, DRAIN, HEALTH_PATH};
pub use caches::{Cache, CacheSettings, Caches};
pub use capacity::{Capacity, Figure};
pub use config_php::{CA_FILE, DATAROOT, LOCAL_CACHE, config_php};
pub use database::{DATABASE_NAME, Database, DatabaseCapacity, DatabaseSettings, FinalSnapshot};
pub use domain::Domain;
pub use error::SettingsError;
pub use hosts::{HostSettings, Hosts};
pub use layout::{Layout, ZoneLayout};
pub use network::{Nat, Network, NetworkSettings, Zone};
pub use security::{SecurityGroups, ports};
pub use storage::{FILES_OWNER, Storage};
pub use version::{Branch, MoodleVersion, Needs, NoBranch};
