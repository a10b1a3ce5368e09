//! [`rulesets`]: from what may talk to whom to the rules of each interface. No I/O.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use ipnet::Ipv4Net;

use super::{
    error::NetworkError,
    range::Ranges,
    rules::{Member, Peer, Policy, Ports, Protocol, SecurityGroup},
    ruleset::Ruleset,
};
use crate::containers::endpoint::COMMANDS;

/// What belongs to a connection that was let through is let through: groups are stateful.
const STATEFUL: &str = "ct state vmap { established : accept, related : accept, invalid : drop }";

/// The rules of each interface, by its id.
///
/// They mean what they mean on AWS: of all groups of an interface together, whoever asks for a connection
/// has to be let out by his own and let in by the other's, and what answers is never asked.
///
/// # Errors
/// If an interface is in a group that is not there.
pub fn rulesets(policy: &Policy) -> Result<BTreeMap<String, Ruleset>, NetworkError> {
    let groups: BTreeMap<&str, &SecurityGroup> =
        policy.groups.iter().map(|group| (group.id.as_str(), group)).collect();
    let members = Members::of(policy);
    let compile = |member: &Member| {
        let own = member.groups.iter().map(|id| {
            groups.get(id.as_str()).copied().ok_or_else(|| NetworkError::NoGroup {
                interface: member.id.clone(),
                group: id.clone(),
            })
        });
        let own: Vec<&SecurityGroup> = own.collect::<Result<_, _>>()?;
        let ruleset = if member.is_in(&policy.cut) {
            Ruleset::closed()
        } else if member.is_in(&policy.failing) {
            let mut closing = Ruleset::closed();
            for chain in [&mut closing.input, &mut closing.output] {
                chain.push(STATEFUL.to_owned());
            }
            closing
        } else {
            ruleset(policy, &members, member, &own)
        };
        Ok((member.id.clone(), ruleset))
    };
    policy.interfaces.iter().map(compile).collect()
}

/// Who is in what, by the name of the set.
struct Members(BTreeMap<String, BTreeSet<Ipv4Addr>>);

impl Members {
    fn of(policy: &Policy) -> Self {
        let mut sets: BTreeMap<String, BTreeSet<Ipv4Addr>> = BTreeMap::new();
        let mut put = |name: String, address| {
            sets.entry(name).or_default().insert(address);
        };
        for member in &policy.interfaces {
            member.groups.iter().for_each(|group| put(group_set(group), member.address));
            member.service.iter().for_each(|service| put(service_set(service), member.address));
        }
        for group in &policy.gateway.groups {
            put(group_set(group), policy.gateway.address);
        }
        Self(sets)
    }
}

fn ruleset(
    policy: &Policy,
    members: &Members,
    member: &Member,
    groups: &[&SecurityGroup],
) -> Ruleset {
    let gateway = &policy.gateway;
    let mut sets = BTreeSet::new();
    let Ruleset { mut input, mut output, .. } = Ruleset::closed();
    if member.endpoint {
        input.push(format!("tcp dport {COMMANDS} ip saddr != {} drop", gateway.address));
    }
    input.push(STATEFUL.to_owned());
    output.push(STATEFUL.to_owned());

    let commands = member.endpoint.then_some(Ports::one(COMMANDS));
    let looks = member.agent.iter().copied().chain(commands);
    let looks: BTreeSet<Protocol> = looks.map(Protocol::Tcp).collect();
    input.extend(looks.iter().map(|ports| accept(&from(gateway.address), ports)));
    let services: BTreeSet<Protocol> =
        gateway.services.iter().copied().map(Protocol::Tcp).collect();
    output.extend(services.iter().map(|ports| accept(&to(gateway.address), ports)));
    for resolver in &gateway.resolvers {
        let names = [Protocol::Udp(Ports::one(53)), Protocol::Tcp(Ports::one(53))];
        output.extend(names.map(|port| accept(&to(*resolver), &port)));
    }
    if let Some(set) = member.service.as_deref().map(service_set) {
        input.push(format!("ip saddr @{set} accept"));
        output.push(format!("ip daddr @{set} accept"));
        sets.insert(set);
    }

    for (side, chain) in [("saddr", &mut input), ("daddr", &mut output)] {
        let of_side = |group: &&SecurityGroup| match side {
            "saddr" => group.ingress.clone(),
            _ => group.egress.clone(),
        };
        let mut rules = BTreeSet::new();
        for rule in groups.iter().flat_map(of_side) {
            if let Peer::Group(id) = &rule.peer {
                sets.insert(group_set(id));
            }
            let peers = peers(&policy.ranges, side, &rule.peer);
            rules.extend(peers.iter().map(|peer| accept(peer, &rule.protocol)));
        }
        chain.extend(rules);
    }
    let empty = BTreeSet::new();
    let sets = sets.into_iter().map(|set| {
        let members = members.0.get(&set).unwrap_or(&empty).clone();
        (set, members)
    });
    Ruleset { sets: sets.collect(), input, output }
}

fn from(address: Ipv4Addr) -> String {
    format!("ip saddr {address}")
}

fn to(address: Ipv4Addr) -> String {
    format!("ip daddr {address}")
}

/// What matches a peer; any of these.
fn peers(ranges: &Ranges, side: &str, peer: &Peer) -> Vec<String> {
    let nets = match peer {
        Peer::Group(id) => return vec![format!("ip {side} @{}", group_set(id))],
        Peer::Cidr(range) => std::slice::from_ref(range),
        Peer::PrefixList(ranges) => ranges,
    };
    let nets: Vec<Ipv4Net> = nets.iter().flat_map(|range| ranges.translated(*range)).collect();
    let matches = Ipv4Net::aggregate(&nets).into_iter().map(|net| match net.prefix_len() {
        0 => "meta nfproto ipv4".to_owned(),
        _ => format!("ip {side} {net}"),
    });
    matches.collect()
}

fn accept(peer: &str, protocol: &Protocol) -> String {
    let named = |name: &str, ports: Ports| match ports {
        Ports::ALL => format!(" meta l4proto {name}"),
        Ports { from, to } if from == to => format!(" {name} dport {from}"),
        Ports { from, to } => format!(" {name} dport {from}-{to}"),
    };
    let protocol = match *protocol {
        Protocol::All => String::new(),
        Protocol::Tcp(ports) => named("tcp", ports),
        Protocol::Udp(ports) => named("udp", ports),
        Protocol::Icmp => " meta l4proto icmp".to_owned(),
    };
    format!("{peer}{protocol} accept")
}

fn group_set(id: &str) -> String {
    format!("g-{}", word(id))
}

fn service_set(id: &str) -> String {
    format!("s-{}", word(id))
}

/// An id in the letters that names of sets have. Different ids stay different.
fn word(id: &str) -> String {
    let letters = id.chars().map(|letter| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => letter.to_string(),
        other => format!("_{:x}_", u32::from(other)),
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::network::rules::{Gateway, Rule};

    fn member(id: &str, last: u8, zone: &str, groups: &[&str]) -> Member {
        Member {
            id: id.to_owned(),
            address: Ipv4Addr::new(10, 0, 1, last),
            zone: Some(zone.to_owned()),
            groups: groups.iter().map(|id| (*id).to_owned()).collect(),
            service: None,
            agent: vec![],
            endpoint: false,
        }
    }

    fn site() -> Policy {
        let all = Rule { protocol: Protocol::All, peer: Peer::Cidr("0.0.0.0/0".parse().unwrap()) };
        let from = |group: &str, port| Rule {
            protocol: Protocol::Tcp(Ports::one(port)),
            peer: Peer::Group(group.to_owned()),
        };
        let web = SecurityGroup {
            id: "sg-web".to_owned(),
            ingress: vec![from("sg-lb", 8080)],
            egress: vec![all],
        };
        let db = SecurityGroup {
            id: "sg-db".to_owned(),
            ingress: vec![from("sg-web", 3306)],
            egress: vec![],
        };
        let mut writer = member("eni-writer", 9, "b", &["sg-db"]);
        writer.service = Some("db/1".to_owned());
        writer.endpoint = true;
        writer.agent = vec![Ports::one(3306)];
        Policy {
            ranges: Ranges::same("10.0.0.0/16".parse().unwrap()),
            groups: vec![web, db],
            interfaces: vec![member("eni-web", 4, "a", &["sg-web"]), writer],
            gateway: Gateway {
                address: Ipv4Addr::new(10, 0, 0, 1),
                groups: BTreeSet::from(["sg-lb".to_owned()]),
                services: vec![Ports::one(4566)],
                resolvers: BTreeSet::from([Ipv4Addr::new(9, 9, 9, 9)]),
            },
            cut: BTreeSet::new(),
            failing: BTreeSet::new(),
        }
    }

    #[test]
    fn a_task_behind_a_load_balancer() {
        let rules = &rulesets(&site()).unwrap()["eni-web"];
        assert_eq!(
            rules.input,
            ["iif lo accept", STATEFUL, "ip saddr @g-sg-lb tcp dport 8080 accept"]
        );
        assert_eq!(
            rules.output,
            [
                "oif lo accept",
                STATEFUL,
                "ip daddr 10.0.0.1 tcp dport 4566 accept",
                "ip daddr 9.9.9.9 udp dport 53 accept",
                "ip daddr 9.9.9.9 tcp dport 53 accept",
                "meta nfproto ipv4 accept",
            ]
        );
        // The balancer is the agent: this machine.
        assert_eq!(rules.sets["g-sg-lb"], BTreeSet::from([Ipv4Addr::new(10, 0, 0, 1)]));
    }

    #[test]
    fn the_endpoint_of_a_database() {
        let rules = &rulesets(&site()).unwrap()["eni-writer"];
        assert_eq!(
            rules.input,
            [
                "iif lo accept",
                "tcp dport 9901 ip saddr != 10.0.0.1 drop",
                STATEFUL,
                "ip saddr 10.0.0.1 tcp dport 3306 accept",
                "ip saddr 10.0.0.1 tcp dport 9901 accept",
                "ip saddr @s-db_2f_1 accept",
                "ip saddr @g-sg-web tcp dport 3306 accept",
            ]
        );
        assert_eq!(rules.sets.keys().collect::<Vec<_>>(), ["g-sg-web", "s-db_2f_1"]);
    }

    #[test]
    fn a_zone_that_is_cut_is_closed_and_others_are_not() {
        let mut policy = site();
        policy.cut.insert("b".to_owned());
        let rules = rulesets(&policy).unwrap();
        assert_eq!(rules["eni-writer"], Ruleset::closed());
        assert_eq!(rules["eni-web"], rulesets(&site()).unwrap()["eni-web"]);
    }

    #[test]
    fn what_is_in_no_zone_goes_with_none() {
        let mut policy = site();
        policy.interfaces.iter_mut().for_each(|member| member.zone = None);
        policy.cut.insert("b".to_owned());
        policy.failing.insert("a".to_owned());
        assert_eq!(rulesets(&policy).unwrap(), rulesets(&site()).unwrap());
    }

    #[test]
    fn of_a_zone_that_fails_connections_end_and_none_begin() {
        let mut policy = site();
        policy.failing.insert("b".to_owned());
        let writer = &rulesets(&policy).unwrap()["eni-writer"];
        assert_eq!(writer.input, ["iif lo accept", STATEFUL]);
        assert_eq!(writer.output, ["oif lo accept", STATEFUL]);
        // Cut off, nothing is left of them.
        policy.cut.insert("b".to_owned());
        assert_eq!(rulesets(&policy).unwrap()["eni-writer"], Ruleset::closed());
    }

    #[test]
    fn a_new_member_changes_sets_alone() {
        let before = rulesets(&site()).unwrap();
        let mut policy = site();
        policy.interfaces.push(member("eni-web-2", 5, "c", &["sg-web"]));
        let after = rulesets(&policy).unwrap();
        assert_eq!(after["eni-web"].change_from(&before["eni-web"]), None);
        assert_eq!(
            after["eni-writer"].change_from(&before["eni-writer"]).unwrap(),
            "add element inet infra g-sg-web { 10.0.1.5 }\n"
        );
    }

    #[test]
    fn a_group_that_is_not_there_is_named() {
        let mut policy = site();
        policy.groups.pop();
        let error = rulesets(&policy).unwrap_err().to_string();
        assert_eq!(error, "eni-writer is in the security group sg-db, which is not there");
    }
}
