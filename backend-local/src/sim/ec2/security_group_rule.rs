//! What is special about a rule of a security group: what goes together in it, and how many a
//! group may have.

use infra_core::{
    aws::{
        PrefixListId,
        ec2::{self, IpProtocol, RuleDirection},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::security_group::check_description;
use crate::sim::{
    object::Object,
    prefix_lists,
    refusal::Refusal,
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&SecurityGroupRule];

struct SecurityGroupRule;

/// AWS: "Inbound or outbound rules per security group", adjustable; counted apart for each
/// direction, a prefix list as many times as it may have entries.
const PER_DIRECTION: usize = 60;

impl Special for SecurityGroupRule {
    fn ty(&self) -> &'static TypeDef {
        ec2::SecurityGroupRule::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(text) = asked.get(ec2::SecurityGroupRule::DESCRIPTION) {
            check_description("description", &text)?;
        }
        check_other_side(asked)?;
        check_ports(asked)?;
        check_list(asked)?;
        check_network(asked)?;
        check_quota(asked)
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

fn check_other_side(asked: &Asked<'_>) -> Result<(), Refusal> {
    const SIDES: [&str; 3] = ["cidr_ipv4", "prefix_list_id", "referenced_group_id"];
    let given = SIDES
        .into_iter()
        .filter(|name| asked.ty.slot(name).is_some_and(|slot| !asked.inputs.get(slot).is_null()));
    match given.collect::<Vec<_>>()[..] {
        [_] => Ok(()),
        [] => {
            let message = format!("a rule needs another side: one of `{}`", SIDES.join("`, `"));
            refused("cidr_ipv4", "MissingParameter", message)
        }
        [first, second, ..] => {
            let message = format!(
                "a rule has one other side: both `{first}` and `{second}` are given; make two rules"
            );
            refused(second, "InvalidParameterCombination", message)
        }
    }
}

fn check_ports(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(protocol) = asked.get(ec2::SecurityGroupRule::IP_PROTOCOL) else { return Ok(()) };
    let from = asked.get(ec2::SecurityGroupRule::FROM_PORT);
    let to = asked.get(ec2::SecurityGroupRule::TO_PORT);
    let given = [("from_port", from), ("to_port", to)];
    if protocol == IpProtocol::All {
        // AWS takes them and forgets them; every later look would find a difference.
        return match given.into_iter().find_map(|(name, port)| Some((name, port?))) {
            Some((name, port)) => {
                let message = format!("`{name}` {port}: all protocols go together with all ports");
                refused(name, "InvalidParameterCombination", message)
            }
            None => Ok(()),
        };
    }
    let range = if protocol == IpProtocol::Icmp { -1..=255 } else { 0..=65_535 };
    for (name, port) in given {
        let Some(port) = port else {
            let message = format!("`{name}` is required for {protocol}");
            return refused(name, "MissingParameter", message);
        };
        if !range.contains(&port) {
            let (first, last) = (range.start(), range.end());
            let message = format!("`{name}` {port}: {protocol} takes {first} to {last}");
            return refused(name, "InvalidParameterValue", message);
        }
    }
    match (from, to) {
        (Some(from), Some(to)) if protocol != IpProtocol::Icmp && from > to => {
            let message = format!("`from_port` {from} lies behind `to_port` {to}");
            refused("from_port", "InvalidParameterValue", message)
        }
        _ => Ok(()),
    }
}

/// A group that a rule names lies in the same VPC; groups of peered VPCs can't be made here.
fn check_network(asked: &Asked<'_>) -> Result<(), Refusal> {
    let group = asked.referenced(ec2::SecurityGroupRule::GROUP_ID);
    let other = asked.referenced(ec2::SecurityGroupRule::REFERENCED_GROUP_ID);
    let (Some(group), Some(other)) = (group, other) else { return Ok(()) };
    let (ours, theirs) = (group.text("vpc_id"), other.text("vpc_id"));
    if ours == theirs {
        return Ok(());
    }
    let message = format!(
        "`referenced_group_id` {} belongs to {theirs}, the group of the rule to {ours}; both must \
         belong to one network",
        other.id
    );
    refused("referenced_group_id", "InvalidGroup.NotFound", message)
}

fn check_quota(asked: &Asked<'_>) -> Result<(), Refusal> {
    let group = asked.value(ec2::SecurityGroupRule::GROUP_ID.slot).as_str();
    let direction = asked.get(ec2::SecurityGroupRule::DIRECTION);
    let (Some(group), Some(direction), None) = (group, direction, asked.old) else {
        return Ok(());
    };
    let there = there(asked, group, direction);
    let list = asked.get(ec2::SecurityGroupRule::PREFIX_LIST_ID);
    if there + weight(asked, list) > PER_DIRECTION {
        let what = format!("{direction} rules of a security group");
        return Err(Refusal::quota(&what, PER_DIRECTION));
    }
    Ok(())
}

/// As how many rules of a direction those of a group count.
fn there(asked: &Asked<'_>, group: &str, direction: RuleDirection) -> usize {
    let rules = asked.world.all(ec2::SecurityGroupRule::definition().name, asked.scope);
    let same = |other: &&Object| {
        other.text("group_id") == group
            && of(other, ec2::SecurityGroupRule::DIRECTION) == Some(direction)
    };
    let weights = rules
        .filter(same)
        .map(|other| weight(asked, of(other, ec2::SecurityGroupRule::PREFIX_LIST_ID)));
    weights.sum()
}

fn weight(asked: &Asked<'_>, list: Option<PrefixListId>) -> usize {
    list.map_or(1, |list| entries(asked, &list))
}

/// The group that would have too many rules if a list in them had so many more entries.
pub(super) fn too_small<'a>(asked: &Asked<'a>, list: &str, more: usize) -> Option<&'a str> {
    let rules = || asked.world.all(ec2::SecurityGroupRule::definition().name, asked.scope);
    let naming = |rule: &&Object| rule.text("prefix_list_id") == list;
    rules().filter(naming).find_map(|rule| {
        let (group, direction) =
            (rule.text("group_id"), of(rule, ec2::SecurityGroupRule::DIRECTION)?);
        let same = |other: &&Object| {
            other.text("group_id") == group
                && of(other, ec2::SecurityGroupRule::DIRECTION) == Some(direction)
        };
        let times = rules().filter(naming).filter(same).count();
        (there(asked, group, direction) + times * more > PER_DIRECTION).then_some(group)
    })
}

/// As how many rules a prefix list counts: as many as it may have entries.
fn entries(asked: &Asked<'_>, list: &PrefixListId) -> usize {
    let own = asked.world.get(ec2::PrefixList::definition().name, list.as_str(), asked.scope);
    let own = own.and_then(|own| of(own, ec2::PrefixList::MAX_ENTRIES));
    let managed = || prefix_lists::managed(asked.region()).find(|managed| managed.id == *list);
    let entries = own.or_else(|| managed().map(|managed| managed.max_entries));
    entries.map_or(1, |entries| entries as usize)
}

/// A list of AWS's is one of those that there are in the region.
fn check_list(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(list) = asked.get(ec2::SecurityGroupRule::PREFIX_LIST_ID) else { return Ok(()) };
    let known = || prefix_lists::managed(asked.region()).any(|managed| managed.id == list);
    if !prefix_lists::is_of_aws(list.as_str()) || known() {
        return Ok(());
    }
    let message = format!(
        "`prefix_list_id` {list} is none of the lists that AWS has in {}; look it up by its name",
        asked.region()
    );
    refused("prefix_list_id", "InvalidPrefixListID.NotFound", message)
}
