//! The architecture of a highly available Moodle on AWS, as components for an
//! [`infra_core::Stack`].
//!
//! Each component stands alone; `examples/production.rs` composes all of them.

mod app;
mod balancer;
mod caches;
mod config_php;
mod database;
mod domain;
mod error;
mod hosts;
mod layout;
mod network;
mod nginx_conf;
mod php_ini;
mod security;
mod storage;
mod web;

pub use app::{App, AppSettings, Configuration, Foundation, STOP_TIMEOUT};
pub use balancer::{Balancer, DRAIN, HEALTH_PATH};
pub use caches::{Cache, CacheSettings, Caches};
pub use config_php::{CA_FILE, DATAROOT, LOCAL_CACHE, config_php};
pub use database::{DATABASE_NAME, Database, DatabaseCapacity, DatabaseSettings, FinalSnapshot};
pub use domain::Domain;
pub use error::SettingsError;
pub use hosts::{HostSettings, Hosts};
pub use layout::{Layout, ZoneLayout};
pub use network::{Nat, Network, NetworkSettings, Zone};
pub use nginx_conf::{CODE, nginx_conf};
pub use php_ini::php_ini;
pub use security::{SecurityGroups, ports};
pub use storage::{FILES_OWNER, Storage};
pub use web::{WebRoot, WebSettings};
