//! What the prefix lists of a region are.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    prefix_lists::{PrefixList, managed},
    refusal::Refusal,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ManagedPrefixList];

struct ManagedPrefixList;

impl Special for ManagedPrefixList {
    fn ty(&self) -> &'static TypeDef {
        ec2::ManagedPrefixList::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if found(asked).is_some() {
            return Ok(());
        }
        let name = asked.value(ec2::ManagedPrefixList::PREFIX_LIST_NAME.slot);
        let known: Vec<String> = managed(asked.region()).map(|list| list.name).collect();
        let message =
            format!("`prefix_list_name` {name} does not exist; there are {}", known.join(", "));
        Err(Refusal::invalid("prefix_list_name", "InvalidPrefixListName.NotFound", message))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if let Some(list) = found(asked) {
            tell(outputs, ec2::ManagedPrefixList::PREFIX_LIST_ID, list.id);
            tell(outputs, ec2::ManagedPrefixList::MAX_ENTRIES, list.max_entries);
        }
    }
}

fn found(asked: &Asked<'_>) -> Option<PrefixList> {
    let name = asked.get(ec2::ManagedPrefixList::PREFIX_LIST_NAME)?;
    managed(asked.region()).find(|list| list.name == name)
}
