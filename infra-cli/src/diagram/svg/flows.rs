//! Who talks to whom: the rules of security groups, as the things in the groups see them.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    aws::ec2::{RuleDirection, SecurityGroupRule},
    graph::{Field, Program},
};

/// Traffic that is let in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flow {
    /// The group that it comes from; `None` if from outside.
    pub(super) from: Option<u32>,
    /// The group that lets it in.
    pub(super) to: u32,
    /// The ports: `443, 80`.
    pub(super) ports: String,
}

/// All traffic that rules let in, ports of the same pair together.
pub(super) fn flows(program: &Program) -> Vec<Flow> {
    let mut ports: BTreeMap<(Option<u32>, u32), BTreeSet<i32>> = BTreeMap::new();
    for rule in program.all::<SecurityGroupRule>() {
        let inward = rule.get(SecurityGroupRule::DIRECTION);
        if !matches!(inward, Field::Known(RuleDirection::Ingress)) {
            continue;
        }
        let Field::Reference(to) = rule.get(SecurityGroupRule::GROUP_ID) else { continue };
        let from = match rule.get(SecurityGroupRule::REFERENCED_GROUP_ID) {
            Field::Reference(from) => Some(from.node),
            _ => None,
        };
        let Field::Known(port) = rule.get(SecurityGroupRule::FROM_PORT) else { continue };
        if from != Some(to.node) {
            ports.entry((from, to.node)).or_default().insert(port);
        }
    }
    let flow = |((from, to), ports): ((Option<u32>, u32), BTreeSet<i32>)| {
        let ports: Vec<String> = ports.iter().rev().map(ToString::to_string).collect();
        Flow { from, to, ports: ports.join(", ") }
    };
    ports.into_iter().map(flow).collect()
}
