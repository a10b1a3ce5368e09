//! What a node says of itself.

use std::{
    collections::{BTreeSet, HashMap},
    net::Ipv4Addr,
};

/// A node, as it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Its container does not run, or waits for its settings.
    Down,
    /// It runs and does not answer; why, for people.
    Silent(String),
    /// It reads its data, and answers nobody but the agent.
    Loading,
    /// It says that it takes writes.
    Primary {
        /// How far its data goes.
        offset: u64,
        /// Who has told it how far his data goes: he gets all that is written.
        fed: BTreeSet<Ipv4Addr>,
    },
    /// It says that it follows another one.
    Replica {
        /// Whom.
        of: Option<Ipv4Addr>,
        /// Whether it has all of it, and goes on to get the rest.
        follows: bool,
        /// How far its data goes.
        offset: u64,
    },
}

impl View {
    /// Reads what `INFO replication persistence` answers.
    pub(super) fn read(info: &str) -> Self {
        let fields: HashMap<&str, &str> =
            info.lines().filter_map(|line| line.trim().split_once(':')).collect();
        let number = |key: &str| fields.get(key).and_then(|value| value.parse().ok()).unwrap_or(0);
        match fields.get("role").copied() {
            _ if fields.get("loading") == Some(&"1") => Self::Loading,
            Some("master") => {
                let rows = fields.iter().filter(|(name, _)| replica_row(name));
                let fed = rows.filter_map(|(_, row)| fed(row)).collect();
                Self::Primary { offset: number("master_repl_offset"), fed }
            }
            Some("slave") => Self::Replica {
                of: fields.get("master_host").and_then(|host| host.parse().ok()),
                follows: fields.get("master_link_status") == Some(&"up"),
                offset: number("slave_repl_offset"),
            },
            _ => Self::Silent("it does not say what it is".to_owned()),
        }
    }

    /// What people are told of it.
    pub(super) fn said(&self) -> &str {
        match self {
            Self::Down => "does not run",
            Self::Silent(why) => why,
            Self::Loading => "loads its data",
            Self::Primary { .. } => "takes writes",
            Self::Replica { follows: true, .. } => "follows",
            Self::Replica { follows: false, .. } => "does not follow yet",
        }
    }
}

/// Whether a field tells of a replica: `slave0`.
fn replica_row(name: &str) -> bool {
    name.strip_prefix("slave").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The address of a replica that gets all that is written: `ip=10.0.1.5,port=6379,state=online,offset=42,
/// lag=0`. One that has just got all of the data is online, too, but gets nothing until it has said so.
fn fed(row: &str) -> Option<Ipv4Addr> {
    let fields: HashMap<&str, &str> =
        row.split(',').filter_map(|field| field.split_once('=')).collect();
    let online = *fields.get("state")? == "online" && *fields.get("offset")? != "0";
    fields.get("ip").filter(|_| online)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_says_whom_it_follows() {
        let info = "# Replication\r\nrole:slave\r\nmaster_host:10.0.1.5\r\nmaster_port:6379\r\n\
                    master_link_status:up\r\nslave_repl_offset:42\r\nmaster_repl_offset:42\r\n";
        let of = Some(Ipv4Addr::new(10, 0, 1, 5));
        assert_eq!(View::read(info), View::Replica { of, follows: true, offset: 42 });
        let info = "role:master\r\nconnected_slaves:0\r\nmaster_repl_offset:7\r\n";
        assert_eq!(View::read(info), View::Primary { offset: 7, fed: BTreeSet::new() });
        let info = "role:master\r\nslave0:ip=10.0.1.5,port=6379,state=online,offset=42,lag=0\r\n\
                    slave1:ip=10.0.1.6,port=6379,state=online,offset=0,lag=1\r\n\
                    slave2:ip=10.0.1.7,port=6379,state=wait_bgsave,offset=0,lag=0\r\n";
        let fed = BTreeSet::from([Ipv4Addr::new(10, 0, 1, 5)]);
        assert_eq!(View::read(info), View::Primary { offset: 0, fed });
        assert_eq!(View::read(&format!("loading:1\r\n{info}")), View::Loading);
    }
}
