//! Data as they were at a moment: the last copy before it, and the log since, which MySQL replays as it
//! does what it has received from another node: in order, and nothing twice.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{
    DatabaseError, Timing, backup::wholes, binlog::Log, gtid::GtidSet, helper::Helper,
    options::BACKUP, sql::text,
};

/// What was put away of the log of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chain {
    /// The server's id.
    uuid: String,
    /// Up to when everything is there.
    latest: u64,
    /// Its files, in order.
    files: Vec<String>,
}

/// A file of the log, and how much of it is replayed.
type Part = (String, usize);

/// Puts together, beside where a node looks for them, the data that a cluster had at a moment: the
/// latest that was put away if none is given.
pub(super) async fn bring_to(
    helper: &Helper<'_>,
    cluster: &str,
    moment: Option<u64>,
    timing: &Timing,
) -> Result<(), DatabaseError> {
    let logs = helper.ask(&["sh", "-c", LIST, BACKUP]).await?;
    let moment = moment.or_else(|| latest(&logs)).unwrap_or_default();
    let failed = |reason: &str| DatabaseError::OutOfReach {
        cluster: cluster.to_owned(),
        wanted: moment,
        reason: reason.to_owned(),
    };
    let script = "cd \"$0\" && mkdir -p whole && ls whole";
    let listed = helper.ask(&["sh", "-c", script, BACKUP]).await?;
    let whole = wholes(&listed).into_iter().rfind(|time| *time <= moment);
    let whole = whole.ok_or_else(|| failed("no copy of all data is that old"))?;
    let had = format!("{BACKUP}/whole/{whole}.gtid");
    let had: GtidSet = helper.ask(&["cat", &had]).await?.parse()?;
    let chain = chain(&logs, moment).ok_or_else(|| {
        failed("what was written then is not put away yet: see `latest_restorable`")
    })?;
    let (parts, wanted) = parts(helper, &chain, &had, moment).await?;
    if parts.is_empty() {
        return Err(failed("the log does not reach back to the last copy of all data"));
    }
    gather(helper, whole, &chain, &parts).await?;
    replay(helper, &had.union(&wanted), timing).await
}

/// What there is of logs: for each server its id, up to when, and its files.
const LIST: &str = "\
cd \"$0\"
for folder in log/*; do
  [ -e \"$folder/latest\" ] || continue
  echo \"server ${folder#log/} $(cat \"$folder/latest\")\"
  find \"$folder\" -name 'binlog.*' -size +0 | sed 's|.*/||' | sort
done
";

/// Up to when everything is put away, in milliseconds since 1970.
fn latest(listed: &str) -> Option<u64> {
    chains(listed)?.iter().map(|chain| chain.latest).max()
}

/// The log that has everything up to a moment. If several have, it is the one of who was the writer
/// last: its history is that of the cluster.
fn chain(listed: &str, moment: u64) -> Option<Chain> {
    let reaches = chains(listed)?.into_iter().filter(|chain| chain.latest >= moment);
    reaches.max_by_key(|chain| chain.latest)
}

/// The logs of all servers; `None` if the list can't be read.
fn chains(listed: &str) -> Option<Vec<Chain>> {
    let mut chains: Vec<Chain> = vec![];
    for line in listed.lines() {
        match line.strip_prefix("server ") {
            Some(server) => {
                let (uuid, latest) = server.split_once(' ')?;
                let (uuid, latest) = (uuid.to_owned(), latest.trim().parse().ok()?);
                chains.push(Chain { uuid, latest, files: vec![] });
            }
            None => chains.last_mut()?.files.push(line.to_owned()),
        }
    }
    Some(chains)
}

/// The files that lead from a copy to a moment, and the transactions that they have. None if the first
/// one begins after the copy.
async fn parts(
    helper: &Helper<'_>,
    chain: &Chain,
    had: &GtidSet,
    moment: u64,
) -> Result<(Vec<Part>, GtidSet), DatabaseError> {
    let (mut parts, mut wanted): (Vec<Part>, _) = (vec![], GtidSet::default());
    // A commit within the millisecond that is asked for is wanted.
    let moment = moment.saturating_mul(1000).saturating_add(999);
    for file in &chain.files {
        let bytes = helper.run(&["cat", &format!("{BACKUP}/log/{}/{file}", chain.uuid)]).await?;
        let log = Log::parse(file, &bytes)?;
        if had.contains(&log.previous) {
            // All before it is in the copy.
            (parts, wanted) = (vec![], GtidSet::default());
        } else if parts.is_empty() {
            continue;
        }
        let (length, transactions) = log.until(moment);
        parts.push((file.clone(), length));
        wanted = wanted.union(&transactions);
        if length < bytes.len() {
            break;
        }
    }
    Ok((parts, wanted))
}

/// Copies data and log to where they are replayed. Arguments: data, log, then file and length of each.
const GATHER: &str = "\
set -e
cd /var/lib/mysql
rm -rf new
cp -a \"$0\" new
log=$1
shift
number=0
: >new/relay.index
while [ $# -gt 0 ]; do
  number=$((number + 1))
  name=$(printf 'relay.%06d' $number)
  head -c \"$2\" \"$log/$1\" >\"new/$name\"
  echo \"./$name\" >>new/relay.index
  shift 2
done
chown -R mysql:mysql new
";

async fn gather(
    helper: &Helper<'_>,
    whole: u64,
    chain: &Chain,
    parts: &[Part],
) -> Result<(), DatabaseError> {
    let mut command = vec!["sh".to_owned(), "-c".to_owned(), GATHER.to_owned()];
    command.push(format!("{BACKUP}/whole/{whole}"));
    command.push(format!("{BACKUP}/log/{}", chain.uuid));
    for (file, length) in parts {
        command.extend([file.clone(), length.to_string()]);
    }
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    helper.run(&command).await?;
    Ok(())
}

/// Starts MySQL where nobody else reaches it. Whoever replays is let in by the socket alone, and gone
/// at the end. What has the server's own number would be skipped: no node has 1.
const SERVE: &str = "\
set -e
mkdir -p /run/replay
chown mysql:mysql /run/replay
cat >/run/replay/start.sql <<'END'
SET SESSION sql_log_bin = 0;
CREATE USER IF NOT EXISTS 'rdsreplay'@'localhost' IDENTIFIED BY '';
GRANT ALL ON *.* TO 'rdsreplay'@'localhost' WITH GRANT OPTION;
END
mysqld --no-defaults --user=mysql --datadir=/var/lib/mysql/new --skip-networking --mysqlx=OFF \\
  --socket=/run/replay/sock --pid-file=/run/replay/pid --log-error=/run/replay/log --daemonize \\
  --server-id=1 --gtid-mode=ON --enforce-gtid-consistency=ON --log-bin=binlog --relay-log=relay \\
  --relay-log-recovery=OFF --relay-log-purge=OFF --skip-replica-start=ON \\
  --replica-parallel-workers=1 --innodb-buffer-pool-size=64M --performance-schema=OFF \\
  --init-file=/run/replay/start.sql || { tail -n 5 /run/replay/log >&2; exit 1; }
";

/// What MySQL says to a statement: a line for each field, `name: value`.
async fn say(helper: &Helper<'_>, sql: &str) -> Result<String, DatabaseError> {
    let login = ["mysql", "--no-defaults", "--socket=/run/replay/sock", "--user=rdsreplay"];
    let command: Vec<&str> = login.into_iter().chain(["--vertical", "-e", sql]).collect();
    helper.ask(&command).await
}

/// A field of what it said.
fn field<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    said.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": "))
}

async fn replay(
    helper: &Helper<'_>,
    wanted: &GtidSet,
    timing: &Timing,
) -> Result<(), DatabaseError> {
    helper.run(&["sh", "-c", SERVE]).await?;
    let begin = "CHANGE REPLICATION SOURCE TO RELAY_LOG_FILE = 'relay.000001', RELAY_LOG_POS = 4, \
                 SOURCE_HOST = 'replayed'; START REPLICA SQL_THREAD";
    say(helper, begin).await?;
    let began = Instant::now();
    let done =
        format!("SELECT GTID_SUBSET({}, @@gtid_executed) AS done", text(&wanted.to_string()));
    while field(&say(helper, &done).await?, "done") != Some("1") {
        let status = say(helper, "SHOW REPLICA STATUS").await?;
        if field(&status, "Last_SQL_Errno") != Some("0") {
            let file = field(&status, "Relay_Log_File").unwrap_or_default().to_owned();
            let reason = field(&status, "Last_SQL_Error").unwrap_or_default().to_owned();
            return Err(DatabaseError::Binlog { file, reason });
        }
        if began.elapsed() >= timing.copy_patience {
            let what = "replaying the log".to_owned();
            return Err(DatabaseError::TooLong { what, seconds: timing.copy_patience.as_secs() });
        }
        sleep(Duration::from_millis(200)).await;
    }
    let end = "STOP REPLICA; RESET REPLICA ALL; SET SESSION sql_log_bin = 0; \
               DROP USER 'rdsreplay'@'localhost'; SHUTDOWN";
    say(helper, end).await?;
    // It has ended once its socket is gone.
    let script = "while [ -e /run/replay/pid ]; do sleep 0.1; done";
    helper.run(&["sh", "-c", script]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_who_was_the_writer_last_is_taken() {
        let listed = "server a 100\nbinlog.000001\nbinlog.000002\nserver b 200\nbinlog.000001\n";
        let names = |moment| chain(listed, moment).map(|chain| (chain.uuid, chain.files.len()));
        assert_eq!(names(50), Some(("b".to_owned(), 1)));
        assert_eq!(names(150), Some(("b".to_owned(), 1)));
        assert_eq!(names(201), None);
        assert_eq!(chain("", 1), None);
        assert_eq!(latest(listed), Some(200));
        assert_eq!(latest("server c soon\n"), None);
    }

    #[test]
    fn a_field_is_found() {
        let said = "*** 1. row ***\n  Last_SQL_Errno: 0\nLast_SQL_Error: \n";
        assert_eq!(field(said, "Last_SQL_Errno"), Some("0"));
        assert_eq!(field(said, "done"), None);
    }
}
