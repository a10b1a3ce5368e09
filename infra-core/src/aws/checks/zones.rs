//! What is to survive the loss of a zone has subnets in two.

use std::collections::BTreeSet;

use crate::{
    aws::{
        SubnetId,
        ec2::Subnet,
        elbv2::{LoadBalancer, LoadBalancerType},
        rds::DbSubnetGroup,
    },
    check::Check,
    dsl::{Prop, ResourceType},
    graph::{Field, NodeView, Program, ProgramProblem},
};

/// Databases and application load balancers have subnets in two zones at least, load balancers one
/// in each.
pub(super) struct TwoZones;

impl Check for TwoZones {
    fn name(&self) -> &str {
        "two-zones"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let groups = program.all::<DbSubnetGroup>().filter_map(|group| of_group(program, &group));
        let balancers =
            program.all::<LoadBalancer>().filter_map(|balancer| of_balancer(program, &balancer));
        let help = "give subnets in other availability zones";
        groups.chain(balancers).map(|problem| problem.help(help)).collect()
    }
}

fn of_group(program: &Program, group: &NodeView<'_, DbSubnetGroup>) -> Option<ProgramProblem> {
    let zones = zones(program, group, DbSubnetGroup::SUBNET_IDS)?;
    let (first, _) = zones.first()?;
    if zones.iter().any(|(zone, _)| zone != first) {
        return None;
    }
    let message = format!("cover {first} alone; two availability zones are needed at least");
    Some(program.about(group, DbSubnetGroup::SUBNET_IDS, message))
}

fn of_balancer(program: &Program, balancer: &NodeView<'_, LoadBalancer>) -> Option<ProgramProblem> {
    let zones = zones(program, balancer, LoadBalancer::SUBNETS)?;
    let about = |message: String| program.about(balancer, LoadBalancer::SUBNETS, message);
    let mut seen = BTreeSet::new();
    if let Some((zone, subnet)) = zones.iter().find(|(zone, _)| !seen.insert(zone)) {
        let other = zones.iter().find(|(other, _)| other == zone).map_or("?", |(_, name)| name);
        let message = format!("`{other}` and `{subnet}` lie both in {zone}; one a zone is allowed");
        return Some(about(message));
    }
    let ty = balancer.get(LoadBalancer::LOAD_BALANCER_TYPE);
    (zones.len() == 1 && ty == Field::Known(LoadBalancerType::Application)).then(|| {
        let message = "lies in 1 zone; an application load balancer needs subnets of two at least";
        about(message.to_owned())
    })
}

/// The zones of a list of subnets and what they are called, where all of them are of this program
/// and say their zone.
fn zones<'a, R: ResourceType>(
    program: &'a Program,
    view: &NodeView<'_, R>,
    prop: Prop<R, Vec<SubnetId>>,
) -> Option<Vec<(String, &'a str)>> {
    view.items(prop)
        .map(|item| {
            let subnet = program.target::<Subnet, _>(&item)?;
            match subnet.get(Subnet::AVAILABILITY_ZONE) {
                Field::Known(zone) => Some((zone, subnet.node.urn.short())),
                _ => None,
            }
        })
        .collect()
}
