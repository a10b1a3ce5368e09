//! [`Ruleset`]: the rules of one interface, as text of nftables.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    net::Ipv4Addr,
};

/// The table that has them. Others of the same interface are Docker's: how its resolver is reached.
const TABLE: &str = "inet infra";

/// The rules of one interface. Both chains drop what they do not accept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruleset {
    /// The members of groups, by the names of the sets that rules refer to.
    pub sets: BTreeMap<String, BTreeSet<Ipv4Addr>>,
    /// The rules for what comes in, in order.
    pub input: Vec<String>,
    /// The rules for what goes out, in order.
    pub output: Vec<String>,
}

impl Ruleset {
    /// Nothing gets in or out, connections that were there included. Within itself all goes on.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            sets: BTreeMap::new(),
            input: vec!["iif lo accept".to_owned()],
            output: vec!["oif lo accept".to_owned()],
        }
    }

    /// All of it, in the place of whatever was there: `nft` does it at once or not at all.
    #[must_use]
    pub fn text(&self) -> String {
        // A table has to be there to be deleted.
        let mut text = format!("table {TABLE}\ndelete table {TABLE}\ntable {TABLE} {{\n");
        for (name, members) in &self.sets {
            let elements = if members.is_empty() {
                String::new()
            } else {
                format!(" elements = {{ {} }};", listed(members))
            };
            put(&mut text, format_args!("  set {name} {{ type ipv4_addr;{elements} }}"));
        }
        for (chain, rules) in [("input", &self.input), ("output", &self.output)] {
            put(&mut text, format_args!("  chain {chain} {{"));
            let hook = format!("type filter hook {chain} priority filter; policy drop;");
            put(&mut text, format_args!("    {hook}"));
            rules.iter().for_each(|rule| put(&mut text, format_args!("    {rule}")));
            put(&mut text, format_args!("  }}"));
        }
        text.push_str("}\n");
        text
    }

    /// What makes these rules of others that are in place: `None` if they are the same, changed members
    /// of sets if no more than that is different.
    #[must_use]
    pub fn change_from(&self, there: &Self) -> Option<String> {
        if self == there {
            return None;
        }
        let same_rules = self.input == there.input
            && self.output == there.output
            && self.sets.keys().eq(there.sets.keys());
        if !same_rules {
            return Some(self.text());
        }
        let mut text = String::new();
        for ((name, wanted), there) in self.sets.iter().zip(there.sets.values()) {
            for (verb, members) in [("delete", there - wanted), ("add", wanted - there)] {
                if !members.is_empty() {
                    let members = listed(&members);
                    put(&mut text, format_args!("{verb} element {TABLE} {name} {{ {members} }}"));
                }
            }
        }
        Some(text)
    }
}

fn listed(addresses: &BTreeSet<Ipv4Addr>) -> String {
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    addresses.join(", ")
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes what is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(last: &[u8]) -> BTreeSet<Ipv4Addr> {
        last.iter().map(|last| Ipv4Addr::new(10, 0, 1, *last)).collect()
    }

    #[test]
    fn a_new_member_is_a_change_of_a_set() {
        let mut there = Ruleset::closed();
        there.sets.insert("g-web".to_owned(), members(&[4, 5]));
        there.sets.insert("g-db".to_owned(), members(&[9]));
        assert_eq!(there.change_from(&there.clone()), None);
        let mut wanted = there.clone();
        wanted.sets.insert("g-web".to_owned(), members(&[5, 6, 7]));
        assert_eq!(
            wanted.change_from(&there).unwrap(),
            "delete element inet infra g-web { 10.0.1.4 }\n\
             add element inet infra g-web { 10.0.1.6, 10.0.1.7 }\n"
        );
        wanted.input.push("ip saddr @g-web accept".to_owned());
        assert_eq!(wanted.change_from(&there).unwrap(), wanted.text());
    }

    #[test]
    fn a_closed_one_lets_nothing_but_itself_through() {
        assert_eq!(
            Ruleset::closed().text(),
            "table inet infra\ndelete table inet infra\ntable inet infra {\n\
             \x20 chain input {\n\
             \x20   type filter hook input priority filter; policy drop;\n\
             \x20   iif lo accept\n\
             \x20 }\n\
             \x20 chain output {\n\
             \x20   type filter hook output priority filter; policy drop;\n\
             \x20   oif lo accept\n\
             \x20 }\n}\n"
        );
    }
}
