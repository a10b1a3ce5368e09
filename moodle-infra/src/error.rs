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
}
