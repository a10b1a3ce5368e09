//! Cloudflare's own addresses, as published on <https://www.cloudflare.com/ips/>, last changed on
//! 2023-09-28.

use infra_core::{
    cloudflare::ips,
    dsl::ResourceType,
    schema::TypeDef,
    types::{Ipv4Net, Ipv6Net},
    value::PropertiesBuilder,
};

use crate::sim::special::{Asked, Special, tell};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&AddressRanges];

const IPV4: [&str; 15] = [
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "108.162.192.0/18",
    "131.0.72.0/22",
    "141.101.64.0/18",
    "162.158.0.0/15",
    "172.64.0.0/13",
    "173.245.48.0/20",
    "188.114.96.0/20",
    "190.93.240.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
];
const IPV6: [&str; 7] = [
    "2400:cb00::/32",
    "2405:8100::/32",
    "2405:b500::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
];
const ETAG: &str = "38f79d050aa027e3be3865e495dcc9bc";

struct AddressRanges;

impl Special for AddressRanges {
    fn ty(&self) -> &'static TypeDef {
        ips::AddressRanges::definition()
    }

    fn outputs(&self, _: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        tell(outputs, ips::AddressRanges::IPV4_CIDRS, ipv4());
        tell(outputs, ips::AddressRanges::IPV6_CIDRS, ipv6());
        tell(outputs, ips::AddressRanges::ETAG, ETAG.to_owned());
    }
}

fn ipv4() -> Vec<Ipv4Net> {
    IPV4.iter().map(|range| range.parse().expect("each is a range, as the test says")).collect()
}

fn ipv6() -> Vec<Ipv6Net> {
    IPV6.iter().map(|range| range.parse().expect("each is a range, as the test says")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ranges_are_read_and_lie_apart() {
        let (ipv4, ipv6) = (ipv4(), ipv6());
        assert_eq!(Ipv4Net::aggregate(&ipv4).len(), IPV4.len());
        assert_eq!(Ipv6Net::aggregate(&ipv6).len(), IPV6.len());
        assert!(ipv4.iter().all(|range| range.trunc() == *range));
        assert!(ipv6.iter().all(|range| range.trunc() == *range));
    }
}
