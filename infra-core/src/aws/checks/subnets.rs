//! Ranges of subnets lie in that of their VPC, and beside each other.

use std::collections::BTreeMap;

use crate::{
    aws::{
        VpcId,
        ec2::{Subnet, Vpc},
    },
    check::Check,
    graph::{Field, NodeView, Program, ProgramProblem},
    types::Ipv4Net,
};

/// Ranges of subnets lie in that of their VPC, and beside each other.
pub(super) struct Ranges;

type View<'a> = NodeView<'a, Subnet>;

impl Check for Ranges {
    fn name(&self) -> &str {
        "subnet-ranges"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let mut found = vec![];
        let mut networks: BTreeMap<Network, Vec<(Ipv4Net, View<'_>)>> = BTreeMap::new();
        for subnet in program.all::<Subnet>() {
            let Field::Known(range) = subnet.get(Subnet::CIDR_BLOCK) else { continue };
            found.extend(outside(program, &subnet, range));
            let network = match subnet.get(Subnet::VPC_ID) {
                Field::Reference(output) => Network::Made(output.node),
                Field::Known(id) => Network::There(id),
                Field::Absent | Field::Unknown => continue,
            };
            networks.entry(network).or_default().push((range, subnet));
        }
        for subnets in networks.into_values() {
            found.extend(overlaps(program, subnets));
        }
        found
    }
}

/// A VPC of the program, or one that was there before.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Network {
    Made(u32),
    There(VpcId),
}

fn outside(program: &Program, subnet: &View<'_>, range: Ipv4Net) -> Option<ProgramProblem> {
    let vpc = program.target::<Vpc, _>(&subnet.get(Subnet::VPC_ID))?;
    let Field::Known(whole) = vpc.get(Vpc::CIDR_BLOCK) else { return None };
    if whole.contains(&range) {
        return None;
    }
    let message = format!("lies outside of the VPC's {whole}");
    let mut problem = program.about(subnet, Subnet::CIDR_BLOCK, message);
    problem.at.push(vpc.node.site(Vpc::CIDR_BLOCK.slot));
    Some(problem.help(format!("choose a range within {whole}")))
}

/// Each subnet is held against the one before it that reaches furthest. Two of the same range are
/// another check's.
fn overlaps(program: &Program, mut subnets: Vec<(Ipv4Net, View<'_>)>) -> Vec<ProgramProblem> {
    subnets.sort_by_key(|(range, _)| (range.network(), range.prefix_len()));
    let mut found = vec![];
    let mut furthest: Option<&(Ipv4Net, View<'_>)> = None;
    for here in &subnets {
        let before = furthest.filter(|(range, _)| range.broadcast() >= here.0.network());
        if let Some(before) = before.filter(|(range, _)| *range != here.0) {
            found.push(overlap(program, here, before));
        }
        if furthest.is_none_or(|(range, _)| range.broadcast() < here.0.broadcast()) {
            furthest = Some(here);
        }
    }
    found
}

fn overlap<'a>(
    program: &Program,
    one: &'a (Ipv4Net, View<'a>),
    other: &'a (Ipv4Net, View<'a>),
) -> ProgramProblem {
    let place = |subnet: &View<'_>| std::ptr::from_ref(subnet.node);
    let (late, early) = if place(&one.1) > place(&other.1) { (one, other) } else { (other, one) };
    let message = format!("overlaps with {} of `{}`", early.0, early.1.node.urn.short());
    let mut problem = program.about(&late.1, Subnet::CIDR_BLOCK, message);
    problem.at.push(early.1.node.site(Subnet::CIDR_BLOCK.slot));
    problem.help("give each subnet of a VPC a range of its own")
}
