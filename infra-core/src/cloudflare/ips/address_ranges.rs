//! Cloudflare: GET /ips.

use crate::{
    lookup,
    types::{Ipv4Net, Ipv6Net},
};

/// The ranges of addresses that Cloudflare calls a site's own servers from: who else is to be let
/// in there is nobody.
///
/// They change once in some years. A new one is taken up with `--refresh-lookups`, and shown.
///
/// ```
/// use infra_core::{cloudflare::ips::AddressRanges, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let ranges = AddressRanges::lookup("cloudflare").create(&stack);
/// stack.output("let_in", ranges.ipv4_cidrs());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("cloudflare:ips:AddressRanges")]
pub struct AddressRanges {
    /// Those of IPv4. Cloudflare: `ipv4_cidrs`.
    #[output]
    pub ipv4_cidrs: Vec<Ipv4Net>,
    /// Those of IPv6. Cloudflare: `ipv6_cidrs`.
    #[output]
    pub ipv6_cidrs: Vec<Ipv6Net>,
    /// What tells one edition of the list from another. Cloudflare: `etag`.
    #[output]
    pub etag: String,
}
