//! [`SettingsError`]: settings that make no site.

use infra_core::Ipv4Net;

/// Settings that make no site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The range of the network does not suffice, or is larger than a VPC may be.
    #[error("the network's range {cidr} is no /16 to /22: take one such as 10.0.0.0/20")]
    Range {
        /// The range.
        cidr: Ipv4Net,
    },
    /// Too few zones to survive the loss of one, or more than the layout has room for.
    #[error("{zones} availability zones: a site needs 2 to 4, to survive one")]
    Zones {
        /// How many.
        zones: u8,
    },
    /// The version of the database's engine is none of Aurora MySQL.
    #[error(
        "the database's version {version:?} is none of Aurora MySQL: \
         take one such as 8.4.mysql_aurora.8.4.7"
    )]
    EngineVersion {
        /// The version.
        version: String,
    },
    /// Fewer instances of the database than one, or more than AWS allows.
    #[error("{instances} database instances: a cluster has 1 to 15, at least 2 to be available")]
    Instances {
        /// How many.
        instances: u8,
    },
}
