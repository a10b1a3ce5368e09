//! AWS: ec2 CreateManagedPrefixList, ModifyManagedPrefixList, CreateTags,
//! DescribeManagedPrefixLists, GetManagedPrefixListEntries, DeleteManagedPrefixList.

use crate::{aws::PrefixListId, prelude::*, props, resource, types::IpNet};

/// A prefix list of one's own: a named set of address ranges that rules of security groups refer
/// to, so that a range is written once.
///
/// The lists that AWS keeps of its own services are looked up:
/// [`ManagedPrefixList`](super::ManagedPrefixList).
///
/// ```
/// use infra_core::{
///     aws::ec2::{AddressFamily, PrefixList, PrefixListEntry},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let campus = PrefixList::named("campus")
///     .prefix_list_name("campus")
///     .address_family(AddressFamily::Ipv4)
///     .max_entries(10_u32)
///     .entries([PrefixListEntry::new("192.0.2.0/24").description("library")])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:PrefixList", find = token, create = "2s", update = "2s", delete = "2s")]
pub struct PrefixList {
    /// The name, 1 to 255 characters, not beginning with `com.amazonaws`. Changes in place. AWS:
    /// `PrefixListName`.
    pub prefix_list_name: String,
    /// Of which family its ranges are. Changing it replaces the list. AWS: `AddressFamily`.
    #[prop(replace)]
    pub address_family: AddressFamily,
    /// How many ranges it may have, 1 to 1000: as many rules of a security group it counts as,
    /// however few there are. Changes in place, by a call of its own. AWS: `MaxEntries`.
    pub max_entries: u32,
    /// The ranges. Default: none. Change in place. AWS: `Entries`.
    #[prop(default, set)]
    pub entries: Vec<PrefixListEntry>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `PrefixListId`.
    #[output(id = "pl-", at = exists)]
    pub prefix_list_id: PrefixListId,
    /// The version, which counts the changes of the ranges. AWS: `Version`.
    #[output(at = exists, changes_with(entries))]
    pub version: i64,
    /// The account that it belongs to. AWS: `OwnerId`.
    #[output(at = exists)]
    pub owner_id: String,
    /// The ARN. AWS: `PrefixListArn`.
    #[output(arn = "arn:aws:ec2:{region}:{account}:prefix-list/{id}", at = exists)]
    pub arn: String,
}

/// Of which family addresses are.
#[props]
pub enum AddressFamily {
    /// IPv4.
    #[prop("IPv4")]
    Ipv4,
    /// IPv6.
    #[prop("IPv6")]
    Ipv6,
}

/// A range of a prefix list.
#[props]
pub struct PrefixListEntry {
    /// The range. AWS: `Cidr`.
    pub cidr: IpNet,
    /// Whose it is, at most 255 characters. Default: none. AWS: `Description`.
    pub description: Option<String>,
}
