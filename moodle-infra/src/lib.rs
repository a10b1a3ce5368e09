//! The architecture of a highly available Moodle on AWS, as components for an
//! [`infra_core::Stack`].
//!
//! [`Moodle`] is a whole site; each of its components also stands alone.

mod app;
mod balancer;
mod caches;
mod capacity;
mod config_php;
mod database;
mod domain;
mod endpoints;
mod environment;
mod error;
mod hosts;
mod layout;
mod moodle;
mod network;
mod nginx_conf;
mod php_ini;
mod security;
mod storage;
mod version;
mod web;

pub use app::{
    AdhocScaling, App, AppSettings, Configuration, DatabaseUsers, Foundation, Recovery, Rollout,
    Rotation, Runners, STOP_TIMEOUT, Scaling,
};
pub use balancer::{Balancer, BalancerSettings, DRAIN, HEALTH_PATH};
pub use caches::{Cache, CacheSettings, Caches};
pub use capacity::{Capacity, Figure};
pub use config_php::{CA_FILE, DATAROOT, LOCAL_CACHE, config_php};
pub use database::{DATABASE_NAME, Database, DatabaseCapacity, DatabaseSettings, FinalSnapshot};
pub use domain::Domain;
pub use endpoints::InterfaceEndpoint;
pub use environment::Environment;
pub use error::SettingsError;
pub use hosts::{HostSettings, Hosts};
pub use layout::{Layout, ZoneLayout};
pub use moodle::{Moodle, MoodleBuilder, NamedSite, SiteOfDomain};
pub use network::{Nat, Network, NetworkSettings, Zone};
pub use nginx_conf::{CODE, nginx_conf};
pub use php_ini::php_ini;
pub use security::{SecurityGroups, ports};
pub use storage::{FILES_OWNER, Storage};
pub use version::{Branch, MoodleVersion, Needs, NoBranch};
pub use web::{WebRoot, WebSettings};
