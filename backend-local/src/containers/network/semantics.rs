//! That rules mean on nftables what groups mean on AWS: the text is read and followed packet by packet,
//! and compared with what AWS's documentation says, on random groups.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use ipnet::Ipv4Net;
use proptest::prelude::*;

use super::{
    Gateway, Member, Peer, Policy, Ports, Protocol, Ranges, Rule, SecurityGroup, rulesets,
};

/// The first packet of a connection.
#[derive(Clone, Copy, Debug)]
struct Packet {
    from: Ipv4Addr,
    to: Ipv4Addr,
    /// `tcp`, `udp`, `icmp`, or another one.
    protocol: &'static str,
    port: u16,
}

/// Follows the text of a ruleset, as `nft` would.
fn passes(text: &str, chain: &str, packet: &Packet) -> bool {
    let mut sets: BTreeMap<&str, BTreeSet<Ipv4Addr>> = BTreeMap::new();
    let mut within = "";
    for line in text.lines().map(str::trim) {
        if let Some(set) = line.strip_prefix("set ") {
            let (name, rest) = set.split_once(' ').unwrap();
            let elements = rest.split_once("elements = {").map_or("", |(_, elements)| elements);
            let words = elements.split([',', ' ', '}', ';']);
            sets.insert(name, words.filter_map(|word| word.parse().ok()).collect());
        } else if let Some(name) = line.strip_prefix("chain ") {
            within = name.trim_end_matches(" {");
        } else if line.starts_with("type ") {
            assert!(line.ends_with("policy drop;"), "{line}");
        } else if within == chain && line != "}" {
            match followed(line, &sets, packet) {
                Some(verdict) => return verdict,
                None => continue,
            }
        }
    }
    false
}

/// The verdict of one rule; `None` if it does not match.
fn followed(
    rule: &str,
    sets: &BTreeMap<&str, BTreeSet<Ipv4Addr>>,
    packet: &Packet,
) -> Option<bool> {
    let mut words = rule.split(' ').peekable();
    loop {
        let matches = match words.next()? {
            "accept" => return Some(true),
            "drop" => return Some(false),
            // The first packet of a connection between two machines.
            "iif" | "oif" => words.next() != Some("lo"),
            "ct" => return None,
            "meta" => match (words.next()?, words.next()?) {
                ("nfproto", "ipv4") => true,
                ("l4proto", protocol) => protocol == packet.protocol,
                other => panic!("{other:?}"),
            },
            "ip" => {
                let side = if words.next()? == "saddr" { packet.from } else { packet.to };
                let not = words.next_if_eq(&"!=").is_some();
                let whom = words.next()?;
                let found = match whom.strip_prefix('@') {
                    Some(set) => sets[set].contains(&side),
                    None if whom.contains('/') => whom.parse::<Ipv4Net>().unwrap().contains(&side),
                    None => whom.parse::<Ipv4Addr>().unwrap() == side,
                };
                found != not
            }
            protocol @ ("tcp" | "udp") => {
                assert_eq!(words.next(), Some("dport"));
                let ports = words.next()?;
                let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
                let ports = first.parse().unwrap()..=last.parse::<u16>().unwrap();
                protocol == packet.protocol && ports.contains(&packet.port)
            }
            other => panic!("{other} in {rule}"),
        };
        if !matches {
            return None;
        }
    }
}

/// What AWS says: whether one side's groups let a connection through. In AWS's addresses.
fn let_through(policy: &Policy, member: &Member, egress: bool, packet: &Packet) -> bool {
    let peer = policy.ranges.aws_address(if egress { packet.to } else { packet.from });
    let in_group = |id: &str| {
        let gateway = policy.gateway.groups.contains(id)
            && policy.ranges.aws_address(policy.gateway.address) == peer;
        gateway
            || policy.interfaces.iter().any(|other| {
                policy.ranges.aws_address(other.address) == peer && other.groups.contains(id)
            })
    };
    let groups = policy.groups.iter().filter(|group| member.groups.contains(&group.id));
    let rules = groups.flat_map(|group| if egress { &group.egress } else { &group.ingress });
    rules.into_iter().any(|rule| {
        let whom = match &rule.peer {
            Peer::Cidr(range) => range.contains(&peer),
            Peer::PrefixList(ranges) => ranges.iter().any(|range| range.contains(&peer)),
            Peer::Group(id) => in_group(id),
        };
        let within = |ports: Ports| (ports.from..=ports.to).contains(&packet.port);
        let what = match rule.protocol {
            Protocol::All => true,
            Protocol::Tcp(ports) => packet.protocol == "tcp" && within(ports),
            Protocol::Udp(ports) => packet.protocol == "udp" && within(ports),
            Protocol::Icmp => packet.protocol == "icmp",
        };
        whom && what
    })
}

/// What is beside the groups.
fn beside(policy: &Policy, member: &Member, egress: bool, packet: &Packet) -> Option<bool> {
    let peer = if egress { packet.to } else { packet.from };
    let of_gateway = peer == policy.gateway.address;
    let zone = member.zone.as_ref();
    if zone.is_some_and(|zone| policy.cut.contains(zone) || policy.failing.contains(zone)) {
        return Some(false);
    }
    let command = packet.protocol == "tcp" && packet.port == 9901 && member.endpoint && !egress;
    if command {
        return Some(of_gateway);
    }
    let among = |ports: &[Ports]| {
        packet.protocol == "tcp"
            && ports.iter().any(|ports| (ports.from..=ports.to).contains(&packet.port))
    };
    let looked = of_gateway && !egress && among(&member.agent);
    let served = of_gateway && egress && among(&policy.gateway.services);
    let same_service = member.service.is_some()
        && policy
            .interfaces
            .iter()
            .any(|other| other.address == peer && other.service == member.service);
    (looked || served || same_service).then_some(true)
}

const PORTS: [u16; 5] = [0, 80, 443, 9901, 65535];
const GROUPS: [&str; 4] = ["sg-a", "sg-b", "sg-c", "sg-d"];

fn ports() -> impl Strategy<Value = Ports> {
    (prop::sample::select(&PORTS), prop::sample::select(&PORTS))
        .prop_map(|(a, b)| Ports { from: a.min(b), to: a.max(b) })
}

fn net() -> impl Strategy<Value = Ipv4Net> {
    let texts = [
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.0.0.0/16",
        "10.0.1.0/24",
        "10.0.2.0/24",
        "10.0.1.5/32",
        "10.128.0.0/16",
        "10.128.0.0/9",
        "10.0.0.0/15",
        "192.168.0.0/16",
        "10.0.0.1/32",
    ];
    prop::sample::select(texts.to_vec()).prop_map(|text| text.parse().unwrap())
}

fn rule() -> impl Strategy<Value = Rule> {
    let protocol = prop_oneof![
        Just(Protocol::All),
        ports().prop_map(Protocol::Tcp),
        ports().prop_map(Protocol::Udp),
        Just(Protocol::Icmp),
    ];
    let group = prop::sample::select(&GROUPS).prop_map(|id| Peer::Group(id.to_owned()));
    let lists = prop::collection::vec(net(), 0..4).prop_map(Peer::PrefixList);
    let peer = prop_oneof![net().prop_map(Peer::Cidr), group, lists];
    (protocol, peer).prop_map(|(protocol, peer)| Rule { protocol, peer })
}

fn groups_of() -> impl Strategy<Value = BTreeSet<String>> {
    prop::sample::subsequence(&GROUPS[..], 0..=GROUPS.len())
        .prop_map(|ids| ids.into_iter().map(str::to_owned).collect())
}

fn member(number: usize) -> impl Strategy<Value = Member> {
    let service = prop::option::of(prop::sample::select(&["db", "cache"][..]));
    let zone = prop::option::of(prop::sample::select(&["a", "b", "c"][..]));
    let agent = prop::collection::vec(ports(), 0..2);
    (groups_of(), service, zone, agent, any::<bool>()).prop_map(
        move |(groups, service, zone, agent, endpoint)| Member {
            id: format!("eni-{number}"),
            address: Ipv4Addr::new(10, 0, u8::try_from(number % 2).unwrap() + 1, 4 + number as u8),
            zone: zone.map(str::to_owned),
            groups,
            service: service.map(str::to_owned),
            agent,
            endpoint,
        },
    )
}

fn policy() -> impl Strategy<Value = Policy> {
    let rules = || prop::collection::vec(rule(), 0..3);
    let groups = [(); 4].map(|()| (rules(), rules()));
    let members: Vec<_> = (0..5).map(member).collect();
    let zone = || prop::option::weighted(0.2, prop::sample::select(&["a", "b"][..]));
    let cut = (zone(), zone());
    let services = prop::collection::vec(ports(), 0..2);
    (groups, members, groups_of(), services, cut, any::<bool>()).prop_map(
        |(groups, mut interfaces, gateway_groups, services, cut, moved)| {
            let aws: Ipv4Net = "10.0.0.0/16".parse().unwrap();
            let local = if moved { "10.128.0.0/16".parse().unwrap() } else { aws };
            let ranges = Ranges::new(aws, local).unwrap();
            interfaces
                .iter_mut()
                .for_each(|member| member.address = ranges.address(member.address));
            let groups = GROUPS.iter().zip(groups).map(|(id, (ingress, egress))| SecurityGroup {
                id: (*id).to_owned(),
                ingress,
                egress,
            });
            let gateway = Gateway {
                address: ranges.address(Ipv4Addr::new(10, 0, 0, 1)),
                groups: gateway_groups,
                services,
                resolvers: BTreeSet::new(),
            };
            let zones = |zone: Option<&str>| zone.into_iter().map(str::to_owned).collect();
            let (cut, failing) = (zones(cut.0), zones(cut.1));
            Policy { ranges, groups: groups.collect(), interfaces, gateway, cut, failing }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rules_mean_what_groups_mean_on_aws(policy in policy()) {
        let rulesets = rulesets(&policy).unwrap();
        let others = [policy.gateway.address, Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(192, 168, 7, 7)];
        let addresses: Vec<Ipv4Addr> =
            policy.interfaces.iter().map(|member| member.address).chain(others).collect();
        for member in &policy.interfaces {
            let text = rulesets[&member.id].text();
            for peer in addresses.iter().filter(|peer| **peer != member.address) {
                for (protocol, port) in PORTS.iter().flat_map(|port| {
                    ["tcp", "udp", "icmp", "sctp"].map(|protocol| (protocol, *port))
                }) {
                    let incoming = Packet { from: *peer, to: member.address, protocol, port };
                    let outgoing = Packet { from: member.address, to: *peer, protocol, port };
                    for (chain, egress, packet) in
                        [("input", false, incoming), ("output", true, outgoing)]
                    {
                        let wanted = beside(&policy, member, egress, &packet)
                            .unwrap_or_else(|| let_through(&policy, member, egress, &packet));
                        prop_assert_eq!(passes(&text, chain, &packet), wanted,
                            "{:?} {} in\n{}", packet, chain, text);
                    }
                }
            }
        }
    }

    #[test]
    fn changes_lead_where_the_whole_would(before in policy(), after in policy()) {
        let (before, after) = (rulesets(&before).unwrap(), rulesets(&after).unwrap());
        for (id, wanted) in &after {
            let there = &before[id];
            let Some(change) = wanted.change_from(there) else {
                prop_assert_eq!(wanted, there);
                continue;
            };
            if change.starts_with("table ") {
                prop_assert_eq!(change, wanted.text());
                continue;
            }
            let mut sets = there.sets.clone();
            for line in change.lines() {
                let words: Vec<&str> = line.split(' ').collect();
                let members = words[5..].iter().filter_map(|word| word.trim_end_matches(',').parse().ok());
                let set = sets.get_mut(words[4]).unwrap();
                let members: BTreeSet<Ipv4Addr> = members.collect();
                *set = if words[0] == "add" { &*set | &members } else { &*set - &members };
            }
            prop_assert_eq!(&sets, &wanted.sets);
        }
    }
}
