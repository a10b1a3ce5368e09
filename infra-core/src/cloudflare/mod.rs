//! The typed catalogue of Cloudflare, in front of what stands at AWS: one file per type of
//! resource, under the part of its API that it belongs to.
//!
//! Its resources are of a provider kind of their own and stand in the same program as those of AWS:
//! [`Provider::of_kind`](crate::Provider::of_kind) with an account, where the credentials reach
//! several. The API token is the backend's: no program, plan or state ever holds it.
//!
//! To add a type, write its file (copy one of the same part) and add one line to the `catalogue!`
//! below.

pub(crate) mod checks;
mod ids;
mod plan;

pub use ids::*;
pub use plan::Plan;

use crate::{catalogue::catalogue, props};

/// The kind of their provider: the first part of their names.
pub const KIND: &str = "cloudflare";

catalogue! {
    /// Records of the domain name system.
    dns {
        content;
        record: Record;
    }
    /// Where Cloudflare calls from.
    ips {
        address_ranges: AddressRanges;
    }
    /// How Cloudflare proves to a site's own servers that it is Cloudflare.
    origin_tls {
        authenticated_origin_pulls: AuthenticatedOriginPulls;
        certificate: Certificate;
    }
    /// Rules about requests: firewall, rate limits, cache.
    rulesets {
        action;
        cache;
        managed;
        rate_limit;
        ruleset: Ruleset;
    }
    /// Zones: domains, and how Cloudflare serves them.
    zones {
        settings: Settings;
        zone: Zone;
    }
}

/// On or off.
#[props(words = "lower")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_types_are_of_the_kind() {
        for ty in types() {
            assert_eq!(ty.provider(), KIND, "{}", ty.name);
        }
    }
}
