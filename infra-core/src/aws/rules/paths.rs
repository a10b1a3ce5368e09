//! Security groups open exactly the paths that somebody listens at the end of.

use std::collections::BTreeSet;

use super::listed;
use crate::{
    analysis::Outline,
    aws::{
        ec2::{IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, VpcEndpoint},
        ecs::Service,
        efs::MountTarget,
        elasticache::ReplicationGroup,
        elbv2::{Listener, LoadBalancer, LoadBalancerScheme},
        rds::DbCluster,
    },
    graph::{Node, NodeView, ProgramProblem},
    types::Ipv4Net,
    value::Value,
};

type View<'a> = NodeView<'a, SecurityGroupRule>;

/// A rule of a group of this program.
struct Path<'a> {
    rule: View<'a>,
    group: NodeView<'a, SecurityGroup>,
    direction: RuleDirection,
    protocol: IpProtocol,
    /// All ports where none is said.
    ports: (i32, i32),
    peer: Peer<'a>,
}

enum Peer<'a> {
    Group(&'a Node),
    Range(Ipv4Net),
    /// A prefix list, a group of elsewhere, or a range that is computed: as the program says it.
    Other([&'a Value; 3]),
}

impl Peer<'_> {
    /// Whether whoever is meant by another one is meant by this one too.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group(one), Self::Group(other)) => std::ptr::eq(*one, *other),
            (Self::Range(one), Self::Range(other)) => one.contains(other),
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

impl Path<'_> {
    fn covers(&self, other: &Self) -> bool {
        let same = std::ptr::eq(self.group.node, other.group.node)
            && self.direction == other.direction
            && (self.protocol == other.protocol || self.protocol == IpProtocol::All);
        same && self.ports_cover(other) && self.peer.covers(&other.peer)
    }

    fn ports_cover(&self, other: &Self) -> bool {
        self.ports.0 <= other.ports.0 && self.ports.1 >= other.ports.1
    }

    /// Whether a rule lets through on the other side what this one does here.
    fn answers(&self, other: &Self) -> bool {
        let (Peer::Group(one), Peer::Group(two)) = (&self.peer, &other.peer) else { return false };
        let fits = self.protocol == other.protocol
            || [self.protocol, other.protocol].contains(&IpProtocol::All);
        self.direction != other.direction
            && std::ptr::eq(*one, other.group.node)
            && std::ptr::eq(*two, self.group.node)
            && fits
            && (self.ports_cover(other) || other.ports_cover(self))
    }

    fn shown(&self) -> String {
        match self.ports {
            (0, 65_535) => "all ports".to_owned(),
            (from, to) if from == to => format!("port {from}"),
            (from, to) => format!("ports {from} to {to}"),
        }
    }
}

fn paths<'a>(outline: &Outline<'a>) -> Vec<Path<'a>> {
    let of = |rule: View<'a>| {
        let group = outline.links(&rule, SecurityGroupRule::GROUP_ID).into_iter().next()?;
        let referenced: Vec<NodeView<'a, SecurityGroup>> =
            outline.links(&rule, SecurityGroupRule::REFERENCED_GROUP_ID);
        let range = outline.get(&rule, SecurityGroupRule::CIDR_IPV4);
        let peer = match (referenced.first(), range) {
            (Some(group), _) => Peer::Group(group.node),
            (None, Some(range)) => Peer::Range(range),
            (None, None) => Peer::Other(
                [
                    SecurityGroupRule::PREFIX_LIST_ID.slot,
                    SecurityGroupRule::REFERENCED_GROUP_ID.slot,
                    SecurityGroupRule::CIDR_IPV4.slot,
                ]
                .map(|slot| rule.node.inputs.get(slot)),
            ),
        };
        let port = |prop| outline.get(&rule, prop);
        let from = port(SecurityGroupRule::FROM_PORT).unwrap_or(0);
        let to = port(SecurityGroupRule::TO_PORT).unwrap_or(65_535);
        Some(Path {
            group,
            direction: outline.get(&rule, SecurityGroupRule::DIRECTION)?,
            protocol: outline.get(&rule, SecurityGroupRule::IP_PROTOCOL)?,
            ports: (from, to),
            peer,
            rule,
        })
    };
    outline.all::<SecurityGroupRule>().filter_map(of).collect()
}

/// What is in a group: whatever refers to it and is no rule.
fn members<'a>(outline: &Outline<'a>, group: &Node) -> Vec<&'a Node> {
    let nodes = outline.program().nodes.iter();
    let others = nodes.filter(|node| View::new(node).is_none());
    others
        .filter(|node| node.inputs.iter().any(|(_, value)| outline.refers(value, group)))
        .collect()
}

/// `open-to-world`: nothing but load balancers is reached from everywhere.
pub(super) fn open_to_world(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for path in paths(outline) {
        let everywhere = matches!(path.peer, Peer::Range(range) if range.prefix_len() == 0);
        if !everywhere || path.direction != RuleDirection::Ingress {
            continue;
        }
        let members = members(outline, path.group.node);
        let Some(member) = members.iter().find(|node| !faces_world(outline, node)) else {
            continue;
        };
        let message = format!(
            "opens {} of `{}` to everybody; load balancers alone may be reached so",
            path.shown(),
            member.urn.short()
        );
        let problem = outline.program().about(&path.rule, SecurityGroupRule::CIDR_IPV4, message);
        found.push(problem.help("name the group or the range that it is to be reached from"));
    }
    found
}

fn faces_world(outline: &Outline<'_>, node: &Node) -> bool {
    let internal = Value::from(LoadBalancerScheme::Internal.as_str());
    NodeView::<LoadBalancer>::new(node).is_some()
        && outline.slot(node, LoadBalancer::SCHEME.slot) != internal
}

/// `needed-paths`: each path is open once, on both sides, and ends where somebody listens.
pub(super) fn needed_paths(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let paths = paths(outline);
    let mut found = vec![];
    for (place, path) in paths.iter().enumerate() {
        let mut others = paths.iter().enumerate().filter(|(other, _)| *other != place);
        // Of two that cover each other the later one is told.
        let wider = others
            .find(|(other, wide)| wide.covers(path) && (!path.covers(wide) || *other < place))
            .map(|(_, wide)| wide);
        let (message, help) = if let Some(wide) = wider {
            let message = format!("opens what `{}` opens already", wide.rule.node.urn.short());
            (message, "remove one of the two")
        } else if matches!(path.peer, Peer::Group(_)) && !paths.iter().any(|it| it.answers(path)) {
            let side = if path.direction == RuleDirection::Ingress { "go out" } else { "come in" };
            let message = format!("opens {} to what may not {side} there", path.shown());
            (message, "add the rule of the other group, or remove this one")
        } else if let Some(message) = unheard(outline, path) {
            (message, "remove it, or open the ports alone that are listened at")
        } else {
            continue;
        };
        let prop = SecurityGroupRule::GROUP_ID;
        let mut problem = outline.program().about(&path.rule, prop, message);
        problem.property = None;
        found.push(problem.help(help));
    }
    found
}

/// That nobody listens at the end of a path that leads in.
fn unheard(outline: &Outline<'_>, path: &Path<'_>) -> Option<String> {
    if path.direction != RuleDirection::Ingress {
        return None;
    }
    let members = members(outline, path.group.node);
    if members.is_empty() {
        return Some("opens a group that nothing is in".to_owned());
    }
    let ports: Option<Vec<BTreeSet<i32>>> =
        members.iter().map(|node| listened(outline, node)).collect();
    let ports: BTreeSet<i32> = ports?.into_iter().flatten().collect();
    let heard = (path.ports.0..=path.ports.1).filter(|port| ports.contains(port)).count();
    let asked = path.ports.1 - path.ports.0 + 1;
    if i32::try_from(heard) == Ok(asked) {
        return None;
    }
    let at = match ports.is_empty() {
        true => "nothing in the group listens".to_owned(),
        false => format!("what is in the group listens at {} alone", listed(ports)),
    };
    Some(format!("opens {}, and {at}", path.shown()))
}

/// The ports that something listens at; `None` if that is not known.
fn listened(outline: &Outline<'_>, node: &Node) -> Option<BTreeSet<i32>> {
    let one = |port: u16| Some(BTreeSet::from([i32::from(port)]));
    if let Some(cluster) = NodeView::<DbCluster>::new(node) {
        return one(outline.get(&cluster, DbCluster::PORT).unwrap_or(3306));
    }
    if let Some(cache) = NodeView::<ReplicationGroup>::new(node) {
        return one(outline.get(&cache, ReplicationGroup::PORT)?);
    }
    if NodeView::<MountTarget>::new(node).is_some() {
        return one(2049);
    }
    if NodeView::<VpcEndpoint>::new(node).is_some() {
        return one(443);
    }
    if NodeView::<LoadBalancer>::new(node).is_some() {
        let listeners = outline.all::<Listener>();
        let own = listeners.filter(|it| {
            outline.refers(it.node.inputs.get(Listener::LOAD_BALANCER_ARN.slot), node)
        });
        return own.map(|it| outline.get(&it, Listener::PORT).map(i32::from)).collect();
    }
    let service = NodeView::<Service>::new(node)?;
    let balancers = service.node.inputs.get(Service::LOAD_BALANCERS.slot).items();
    let ports = balancers.iter().map(|it| it.field("container_port").and_then(Value::as_int));
    ports.map(|port| port.and_then(|port| i32::try_from(port).ok())).collect()
}
