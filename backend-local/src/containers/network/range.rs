//! [`Ranges`]: the addresses that a VPC has on AWS, and those that it has here.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// Where a range is looked for when that of the VPC is taken: those that routers of homes and offices
/// use least come first.
const POOLS: [(Ipv4Addr, u8); 5] = [
    (Ipv4Addr::new(10, 128, 0, 0), 9),
    (Ipv4Addr::new(10, 64, 0, 0), 10),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
];

/// The addresses that a VPC has on AWS, and those that it has here: the same ones, or others if
/// something on this machine has those. One maps to the other, one to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranges {
    aws: Ipv4Net,
    local: Ipv4Net,
}

impl Ranges {
    /// The same here as there.
    #[must_use]
    pub fn same(range: Ipv4Net) -> Self {
        Self { aws: range.trunc(), local: range.trunc() }
    }

    /// `None` if they differ in size.
    #[must_use]
    pub fn new(aws: Ipv4Net, local: Ipv4Net) -> Option<Self> {
        let same_size = aws.prefix_len() == local.prefix_len();
        same_size.then(|| Self { aws: aws.trunc(), local: local.trunc() })
    }

    /// The range on AWS.
    #[must_use]
    pub fn aws(&self) -> Ipv4Net {
        self.aws
    }

    /// The range here.
    #[must_use]
    pub fn local(&self) -> Ipv4Net {
        self.local
    }

    /// The address here for one of AWS. What is not of the VPC is the same in both.
    #[must_use]
    pub fn address(&self, aws: Ipv4Addr) -> Ipv4Addr {
        moved(aws, self.aws, self.local)
    }

    /// The address on AWS for one here.
    #[must_use]
    pub fn aws_address(&self, local: Ipv4Addr) -> Ipv4Addr {
        moved(local, self.local, self.aws)
    }

    /// What a range of a rule means here. It never has addresses of the VPC that it has not on AWS.
    #[must_use]
    pub fn translated(&self, range: Ipv4Net) -> Vec<Ipv4Net> {
        let range = range.trunc();
        if self.aws == self.local {
            vec![range]
        } else if self.aws.contains(&range) {
            // Its network address keeps its place, and its length.
            let network = self.address(range.network());
            let length = range.prefix_len();
            Ipv4Net::new(network, length).into_iter().collect()
        } else {
            let mut there = without(range, self.local);
            there.extend(range.contains(&self.aws).then_some(self.local));
            Ipv4Net::aggregate(&there)
        }
    }
}

fn moved(address: Ipv4Addr, from: Ipv4Net, to: Ipv4Net) -> Ipv4Addr {
    if !from.contains(&address) {
        return address;
    }
    let host = u32::from(address) & u32::from(from.hostmask());
    Ipv4Addr::from(u32::from(to.network()) | host)
}

/// The parts of a range that another one has not.
fn without(range: Ipv4Net, other: Ipv4Net) -> Vec<Ipv4Net> {
    if other.contains(&range) {
        return vec![];
    }
    if !range.contains(&other) {
        return vec![range];
    }
    // It is larger than the other one, so it has halves.
    let halves = range.subnets(range.prefix_len() + 1).into_iter().flatten();
    halves.flat_map(|half| without(half, other)).collect()
}

/// A range that something on this machine has, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) range: Ipv4Net,
    pub(super) by: String,
}

/// Who has some of these addresses.
pub(super) fn overlaps(range: Ipv4Net, taken: &[Taken]) -> Option<&Taken> {
    taken.iter().find(|taken| taken.range.contains(&range) || range.contains(&taken.range))
}

/// The first range of that size that nobody has: the one that is wanted, if it can be.
pub(super) fn first_free(wanted: Ipv4Net, taken: &[Taken]) -> Option<Ipv4Net> {
    let length = wanted.prefix_len();
    let pools = POOLS.iter().filter_map(|(network, length)| Ipv4Net::new(*network, *length).ok());
    let others = pools.filter_map(|pool| pool.subnets(length).ok()).flatten();
    std::iter::once(wanted).chain(others).find(|range| overlaps(*range, taken).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Ipv4Net {
        text.parse().unwrap()
    }

    fn taken(text: &str) -> Taken {
        Taken { range: net(text), by: "a route".to_owned() }
    }

    fn addresses(ranges: &Ranges, range: &str) -> Vec<String> {
        ranges.translated(net(range)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_wanted_range_comes_first_and_a_taken_one_is_passed_over() {
        let wanted = net("10.0.0.0/16");
        assert_eq!(first_free(wanted, &[taken("172.17.0.0/16")]), Some(wanted));
        // A route to a part of it, or to more than it, is in the way alike.
        for route in ["10.0.7.0/24", "10.0.0.0/10"] {
            assert_eq!(first_free(wanted, &[taken(route)]), Some(net("10.128.0.0/16")), "{route}");
        }
        let all = [taken("10.0.0.0/8"), taken("172.16.0.0/13")];
        assert_eq!(first_free(wanted, &all), Some(net("172.24.0.0/16")));
        assert_eq!(first_free(wanted, &[taken("0.0.0.0/0")]), None);
    }

    #[test]
    fn addresses_map_one_to_one() {
        let ranges = Ranges::new(net("10.0.0.0/16"), net("10.128.0.0/16")).unwrap();
        let aws = Ipv4Addr::new(10, 0, 7, 9);
        assert_eq!(ranges.address(aws), Ipv4Addr::new(10, 128, 7, 9));
        assert_eq!(ranges.aws_address(ranges.address(aws)), aws);
        let outside = Ipv4Addr::new(1, 1, 1, 1);
        assert_eq!((ranges.address(outside), ranges.aws_address(outside)), (outside, outside));
        assert_eq!(Ranges::new(net("10.0.0.0/16"), net("10.1.0.0/24")), None);
    }

    #[test]
    fn a_range_of_a_rule_means_the_same_members_here() {
        let ranges = Ranges::new(net("10.0.0.0/16"), net("10.128.0.0/16")).unwrap();
        assert_eq!(addresses(&ranges, "10.0.4.0/24"), ["10.128.4.0/24"]);
        assert_eq!(addresses(&ranges, "0.0.0.0/0"), ["0.0.0.0/0"]);
        assert_eq!(addresses(&ranges, "192.168.1.0/24"), ["192.168.1.0/24"]);
        // Others have those addresses on AWS; here the VPC has them.
        assert_eq!(addresses(&ranges, "10.128.4.0/24"), [""; 0]);
        assert_eq!(addresses(&ranges, "10.128.0.0/15"), ["10.129.0.0/16"]);
        assert_eq!(addresses(&ranges, "10.0.0.0/15"), ["10.0.0.0/15", "10.128.0.0/16"]);
        assert_eq!(addresses(&Ranges::same(net("10.0.0.0/16")), "10.0.4.9/24"), ["10.0.4.0/24"]);
    }
}
