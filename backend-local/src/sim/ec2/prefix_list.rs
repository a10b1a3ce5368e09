//! What is special about a prefix list: what its ranges may be, and its versions.

use infra_core::{
    aws::ec2::{self, AddressFamily, PrefixListEntryArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::IpNet,
    value::PropertiesBuilder,
};

use super::security_group_rule::too_small;
use crate::sim::{
    prefix_lists,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&PrefixList];

const CODES: Codes = Codes {
    not_found: "InvalidPrefixListID.NotFound",
    not_ready: "IncorrectState",
    exists: "PrefixListAlreadyExists",
    in_use: "DependencyViolation",
    quota: "PrefixListLimitExceeded",
};
const INVALID: &str = "InvalidParameterValue";
/// AWS: "Maximum entries per prefix list".
const ENTRIES: u32 = 1000;
/// AWS: CreateManagedPrefixList, the longest name and description.
const LENGTH: usize = 255;

struct PrefixList;

impl Special for PrefixList {
    fn ty(&self) -> &'static TypeDef {
        ec2::PrefixList::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Prefix lists per Region", adjustable.
        Some(100)
    }

    fn is_always_there(&self, id: &str) -> bool {
        prefix_lists::is_of_aws(id)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(ec2::PrefixList::PREFIX_LIST_NAME).unwrap_or_default())?;
        let most = asked.get(ec2::PrefixList::MAX_ENTRIES).unwrap_or_default();
        if !(1..=ENTRIES).contains(&most) {
            let message = format!("`max_entries` {most} must be between 1 and {ENTRIES}");
            return Err(Refusal::invalid("max_entries", INVALID, message));
        }
        let entries = asked.get(ec2::PrefixList::ENTRIES).unwrap_or_default();
        if entries.len() > most as usize {
            let message =
                format!("`entries` has {} ranges; `max_entries` allows {most}", entries.len());
            let code = "PrefixListMaxEntriesExceeded";
            return Err(Refusal::invalid("entries", code, message));
        }
        let had = asked.old.and_then(|old| of(old, ec2::PrefixList::MAX_ENTRIES)).unwrap_or(most);
        if let Some(group) = too_small(asked, asked.id, most.saturating_sub(had) as usize) {
            let message = format!(
                "`max_entries` {most}: the list counts as so many rules of {group}, which would have \
                 too many"
            );
            return Err(Refusal::invalid("max_entries", "PrefixListMaxEntriesExceeded", message));
        }
        let family = asked.get(ec2::PrefixList::ADDRESS_FAMILY).unwrap_or(AddressFamily::Ipv4);
        check_entries(&entries, family)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let slot = ec2::PrefixList::ENTRIES.slot;
        let version = match asked.old {
            None => 1,
            Some(old) => {
                let changed = old.inputs.get(slot) != asked.inputs.get(slot);
                of(old, ec2::PrefixList::VERSION).unwrap_or(1) + i64::from(changed)
            }
        };
        tell(outputs, ec2::PrefixList::VERSION, version);
        tell(outputs, ec2::PrefixList::OWNER_ID, asked.account().to_owned());
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("prefix_list_name", INVALID, message));
    let length = name.chars().count();
    if !(1..=LENGTH).contains(&length) {
        return refused(format!(
            "`prefix_list_name` has {length} characters; 1 to {LENGTH} are allowed"
        ));
    }
    if name.starts_with("com.amazonaws") {
        return refused(format!(
            "`prefix_list_name` {name} begins with com.amazonaws, which AWS keeps for itself"
        ));
    }
    Ok(())
}

fn check_entries(entries: &[PrefixListEntryArgs], family: AddressFamily) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("entries", INVALID, message));
    for (place, entry) in entries.iter().enumerate() {
        let cidr = entry.cidr;
        let fits = match cidr {
            IpNet::V4(_) => family == AddressFamily::Ipv4,
            IpNet::V6(_) => family == AddressFamily::Ipv6,
        };
        if !fits {
            return refused(format!(
                "`entries[{place}].cidr` {cidr} is no range of the `address_family` {family}"
            ));
        }
        if entries[..place].iter().any(|other| other.cidr == cidr) {
            return refused(format!("`entries[{place}].cidr` {cidr} is named twice"));
        }
        let length = entry.description.as_ref().map_or(0, |text| text.chars().count());
        if length > LENGTH {
            return refused(format!(
                "`entries[{place}].description` has {length} characters; {LENGTH} are allowed"
            ));
        }
    }
    Ok(())
}
