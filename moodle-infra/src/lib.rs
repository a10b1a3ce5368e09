//! The architecture of a highly available Moodle on AWS, as components for an
//! [`infra_core::Stack`].
//!
//! [`Moodle`] is a whole site; each of its components also stands alone.

mod app;
mod backups;
mod balancer;
mod caches;
mod capacity;
mod certificate;
mod config_php;
mod connections;
mod database;
mod delivery;
mod domain;
mod edge;
mod encryption;
mod endpoints;
mod environment;
mod error;
mod flow_logs;
mod hosts;
mod iam;
mod images;
mod layout;
mod limits;
mod mail;
mod monitoring;
mod moodle;
mod network;
mod nginx_conf;
mod php_ini;
mod rules;
mod season;
mod security;
mod storage;
mod version;
mod web;

pub use app::{
    AdhocScaling, App, AppSettings, Configuration, DatabaseUsers, Foundation, Probe, Recovery,
    Rollout, Rotation, Runners, STOP_TIMEOUT, Scaling,
};
pub use backups::{BackupSettings, Backups};
pub use balancer::{Balancer, BalancerSettings, DRAIN, Front, HEALTH_PATH};
pub use caches::{Cache, CacheSettings, Caches};
pub use capacity::{Capacity, Figure};
pub use certificate::{ConfirmedBy, SiteCertificate};
pub use config_php::{CA_FILE, DATAROOT, LOCAL_CACHE, config_php};
pub use database::{DATABASE_NAME, Database, DatabaseCapacity, DatabaseSettings, FinalSnapshot};
pub use delivery::{Delivery, DeliverySettings, GitRepository, ImageRepository};
pub use domain::Domain;
pub use edge::{
    CloudFront, CloudFrontSettings, Cloudflare, CloudflareSettings, Edge, ReachedFrom, Standing,
};
pub use encryption::{Encryption, SiteKey};
pub use endpoints::InterfaceEndpoint;
pub use environment::Environment;
pub use error::SettingsError;
pub use flow_logs::FlowLogs;
pub use hosts::{HostSettings, Hosts, Trunking};
pub use images::{Images, Registry};
pub use layout::{Layout, ZoneLayout};
pub use limits::{Limit, LimitedBy};
pub use mail::{Mail, MailIdentity, MailRecord, MailZone, Ses, Smtp};
pub use monitoring::{Monitoring, MonitoringSettings, Watched};
pub use moodle::{Moodle, MoodleBuilder, NamedSite, SiteOfDomain};
pub use network::{Nat, Network, NetworkSettings, Zone};
pub use nginx_conf::{CODE, nginx_conf};
pub use php_ini::php_ini;
pub use rules::rules;
pub use season::{Calendar, Change, Clock, Day, Season, SeasonSchedule, SeasonSize, Seasons};
pub use security::{SecurityGroups, SecuritySettings, ports};
pub use storage::{
    Efs, EfsSettings, FILES_OWNER, Files, Gluster, GlusterSettings, Mount, Storage, StorageSettings,
};
pub use version::{Branch, MoodleVersion, Needs, NoBranch};
pub use web::{WebRoot, WebSettings};
