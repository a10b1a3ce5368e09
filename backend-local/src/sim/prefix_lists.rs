//! The prefix lists that AWS manages: named sets of address ranges.

use infra_core::aws::PrefixListId;

use super::identity::digits;

/// The lists of a region: the part of the name that follows `com.amazonaws.`, with the region left
/// out, and as how many rules of a security group the list counts.
const MANAGED: [(&str, u32); 5] = [
    ("global.cloudfront.origin-facing", 55),
    ("dynamodb", 1),
    ("route53-healthchecks", 25),
    ("s3", 1),
    ("vpc-lattice", 10),
];

/// A prefix list that AWS manages.
pub(super) struct PrefixList {
    pub(super) id: PrefixListId,
    pub(super) name: String,
    /// As how many rules of a security group it counts.
    pub(super) max_entries: u32,
}

/// The lists that AWS manages in a region.
pub(super) fn managed(region: &str) -> impl Iterator<Item = PrefixList> {
    MANAGED.into_iter().map(move |(list, max_entries)| {
        let name = match list.strip_prefix("global.") {
            Some(_) => format!("com.amazonaws.{list}"),
            None => format!("com.amazonaws.{region}.{list}"),
        };
        let id = format!("pl-{}", digits(&format!("{region}/{list}"), 0, 8));
        let id = PrefixListId::parse(&id).expect("it was made in AWS's format");
        PrefixList { id, name, max_entries }
    })
}

/// Whether an id is that of a list of AWS's: they have eight digits, those of accounts more.
pub(super) fn is_of_aws(id: &str) -> bool {
    id.strip_prefix("pl-").is_some_and(|digits| digits.len() == 8)
}
