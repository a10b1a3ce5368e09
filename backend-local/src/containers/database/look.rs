//! [`Look`]: what a node says of itself.

use super::{
    DatabaseError,
    gtid::GtidSet,
    sql::{Fields, Session},
};

/// What a node said when it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Its own id, which its transactions have.
    pub(super) uuid: String,
    /// Whether applications may write to it.
    pub(super) writable: bool,
    /// The transactions that it has.
    pub(super) executed: GtidSet,
    /// Those that it has no longer in its binary log: who lacks them can't follow it.
    pub(super) purged: GtidSet,
    /// Whether a commit waits until a replica has it.
    pub(super) in_sync: bool,
    /// Whether a replica is there that could confirm.
    pub(super) has_replica: bool,
    /// How it follows another node; `None` if it does not.
    pub(super) replica: Option<Replica>,
}

/// How a node follows another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Replica {
    /// The address of the other one.
    pub(super) source: String,
    /// Whether it is connected and receives.
    pub(super) receives: bool,
    /// Whether it applies what it has received.
    pub(super) applies: bool,
    /// Whether either of both was stopped, and does not go on by itself.
    pub(super) stopped: bool,
    /// By how many seconds it is behind; `None` if that is not known.
    pub(super) lag: Option<u64>,
    /// What it has received.
    pub(super) received: GtidSet,
    /// Why it does not receive, or not apply.
    pub(super) trouble: Option<Trouble>,
}

/// Why a node can't follow another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Whether it can't be mended by waiting: what it lacks is gone, or can't be applied.
    pub(super) fatal: bool,
    /// What MySQL says.
    pub(super) said: String,
}

impl Look {
    /// The transactions that it has or will have by itself.
    pub(super) fn known(&self) -> GtidSet {
        match &self.replica {
            Some(replica) => self.executed.union(&replica.received),
            None => self.executed.clone(),
        }
    }

    /// Whether it follows the node at an address, and nothing is wrong with that.
    pub(super) fn follows(&self, address: &str) -> bool {
        self.receives_from(address) && self.replica.as_ref().is_some_and(|replica| replica.applies)
    }

    /// Whether it receives what the node at an address logs.
    pub(super) fn receives_from(&self, address: &str) -> bool {
        let replica = self.replica.as_ref();
        replica.is_some_and(|replica| replica.source == address && replica.receives)
    }

    /// Asks a node.
    pub(super) async fn at(session: &mut Session) -> Result<Self, DatabaseError> {
        const DOING: &str = "say how it is";
        let own = session
            .row(
                DOING,
                "SELECT @@server_uuid AS uuid, @@read_only OR @@super_read_only AS closed, \
                 @@gtid_executed AS executed, @@gtid_purged AS purged",
            )
            .await?;
        let semi = session.rows(DOING, "SHOW GLOBAL STATUS LIKE 'Rpl\\_semi\\_sync\\_source\\_%'");
        let semi = semi.await?;
        let value = |name: &str| {
            let row = semi.iter().find(|row| row.get("Variable_name").as_deref() == Some(name));
            row.and_then(|row| row.get("Value"))
        };
        let clients = value("Rpl_semi_sync_source_clients");
        let on = value("Rpl_semi_sync_source_status").as_deref() == Some("ON");
        let has_replica = clients.is_some_and(|clients| clients != "0");
        let replica = session.rows(DOING, "SHOW REPLICA STATUS").await?;
        Ok(Self {
            uuid: own.must("uuid")?,
            writable: own.must("closed")? == "0",
            executed: own.must("executed")?.parse()?,
            purged: own.must("purged")?.parse()?,
            in_sync: on && has_replica,
            has_replica,
            replica: replica.first().map(replica_of).transpose()?,
        })
    }
}

fn replica_of(row: &Fields) -> Result<Replica, DatabaseError> {
    let stopped = |field| row.get(field).as_deref() == Some("No");
    let runs = |field| row.get(field).as_deref() == Some("Yes");
    let number = |field| row.get(field).and_then(|number| number.parse::<u64>().ok());
    // What it lacks is not there any more; the source does not know what it has.
    let receiving = number("Last_IO_Errno").filter(|number| *number != 0);
    let applying = number("Last_SQL_Errno").filter(|number| *number != 0);
    let trouble = if applying.is_some() {
        Some(Trouble { fatal: true, said: row.get("Last_SQL_Error").unwrap_or_default() })
    } else {
        receiving.map(|number| Trouble {
            fatal: matches!(number, 1236 | 13114 | 13117 | 13124),
            said: row.get("Last_IO_Error").unwrap_or_default(),
        })
    };
    Ok(Replica {
        source: row.must("Source_Host")?,
        receives: runs("Replica_IO_Running"),
        applies: runs("Replica_SQL_Running"),
        stopped: stopped("Replica_IO_Running") || stopped("Replica_SQL_Running"),
        lag: number("Seconds_Behind_Source"),
        received: row.get("Retrieved_Gtid_Set").unwrap_or_default().parse()?,
        trouble,
    })
}
