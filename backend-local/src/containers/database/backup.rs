//! What is put away, so that a cluster can be restored to a point in time: copies of all data, and the
//! binary log of the writer since.
//!
//! It lies in a volume of the cluster that every node has:
//!
//! | path | is |
//! |---|---|
//! | `whole/TIME` | all data as they were at TIME, in milliseconds since 1970 |
//! | `whole/TIME.gtid` | transactions that are in it for certain; there once it is whole |
//! | `log/UUID/binlog.N` | a file of the log of the server of that id; emptied once it is too old |
//! | `log/UUID/latest` | up to when everything is there that was committed while it was the writer |
//!
//! Nodes log what they have received, too: the log of whoever is the writer has everything, whoever was
//! it before.

use std::time::Duration;

use infra_core::clock::{Clock as _, SystemClock};
use tokio::{sync::oneshot, task::JoinSet, time::Instant};

use super::{
    BackupSpec, ClusterSpec, DatabaseError, NodeSpec, Timing,
    keeper::{Keeper, words},
    options::BACKUP,
    sql::{Server, text},
};
use crate::containers::docker::Docker;

/// Those who wait for what is written to be put away.
type Waiting = Vec<oneshot::Sender<Result<(), DatabaseError>>>;

/// What is known of what was put away.
#[derive(Default)]
pub(super) struct Backup {
    latest: Option<u64>,
    /// When it was begun last.
    began: Option<Instant>,
    task: JoinSet<Result<u64, DatabaseError>>,
    /// For the one under way.
    served: Waiting,
    /// For the next one.
    waiting: Waiting,
}

impl Backup {
    /// The last moment that can be restored.
    pub(super) fn latest(&self) -> Option<u64> {
        self.latest
    }
}

impl Keeper {
    /// Somebody wants what is written to be put away now.
    pub(super) fn back_up(&mut self, answer: oneshot::Sender<Result<(), DatabaseError>>) {
        self.backup.waiting.push(answer);
        self.backup.began = None;
    }

    /// Puts away what was written, if it is time.
    pub(super) fn put_away(&mut self) {
        while let Some(ended) = self.backup.task.try_join_next() {
            let result = match ended {
                Ok(Ok(latest)) => {
                    self.backup.latest = Some(latest);
                    Ok(())
                }
                Ok(Err(error)) => Err(words(&error)),
                Err(error) => Err(error.to_string()),
            };
            if let Err(error) = &result {
                self.event(format!("what was written is not put away: {error}"));
            }
            for answer in self.backup.served.drain(..) {
                let failed = |reason: &String| DatabaseError::NotPutAway { reason: reason.clone() };
                drop(answer.send(result.as_ref().map_err(failed).copied()));
            }
        }
        let Some(backup) = self.spec.backup else {
            for answer in self.backup.waiting.drain(..) {
                let reason = "the cluster keeps nothing: set `backup`".to_owned();
                drop(answer.send(Err(DatabaseError::NotPutAway { reason })));
            }
            return;
        };
        let due = self.backup.began.is_none_or(|began| began.elapsed() >= backup.every);
        if !due || !self.backup.task.is_empty() {
            return;
        }
        let Some(writer) = self.donor() else { return };
        self.backup.began = Some(Instant::now());
        self.backup.served = std::mem::take(&mut self.backup.waiting);
        let (docker, spec, timing) = (self.docker.clone(), self.spec.clone(), self.timing);
        self.backup.task.spawn(put_away(docker, spec, backup, writer, timing));
    }

    /// Who gives a copy of all data: the writer, once it has forgotten whom it followed. A replica's
    /// copy would know whom to follow.
    pub(super) fn donor(&self) -> Option<NodeSpec> {
        let writer = self.serving_writer()?;
        let look = self.nodes[self.index(&writer.id)?].condition.look()?;
        look.replica.is_none().then(|| writer.clone())
    }
}

/// Copies what is whole of the log, and says up to when. Arguments: folder, moment.
const SHIP: &str = "\
set -e
mkdir -p \"$0\"
cd /var/lib/mysql/data
head -n -1 binlog.index | while read -r file; do
  file=${file#./}
  if [ ! -e \"$0/$file\" ]; then cp -p \"$file\" \"$0/.new\"; mv \"$0/.new\" \"$0/$file\"; fi
done
echo \"$1\" >\"$0/.new\"
mv \"$0/.new\" \"$0/latest\"
";

/// Deletes what is too old: copies (whose times are given), and the log before the oldest that stays
/// (the seconds that are given first; 0: none).
const EXPIRE: &str = "\
set -e
cd \"$0\"
before=$1
shift
for time; do rm -f \"whole/$time.gtid\"; rm -rf \"whole/$time\"; done
find log -name 'binlog.*' -size +0 ! -newermt \"@$before\" -exec truncate -s 0 {} +
";

async fn put_away(
    docker: Docker,
    spec: ClusterSpec,
    backup: BackupSpec,
    writer: NodeSpec,
    timing: Timing,
) -> Result<u64, DatabaseError> {
    let container = spec.node_owner(&writer.id).name();
    let mut session = Server::new(&spec, &writer).open(timing.statement_patience).await?;
    let row = session.row("say its id", "SELECT @@server_uuid AS uuid").await?;
    let uuid = row.must("uuid")?;
    let now = SystemClock.now();
    session.run("begin a file of its log", "FLUSH NO_WRITE_TO_BINLOG BINARY LOGS").await?;
    session.close().await;
    let folder = format!("{BACKUP}/log/{uuid}");
    docker.exec(&container, &["sh", "-c", SHIP, &folder, &now.to_string()], b"").await?;

    let script = "mkdir -p \"$0/whole\" && cd \"$0/whole\" && ls";
    let listed = docker.exec(&container, &["sh", "-c", script, BACKUP], b"").await?.text();
    let mut whole = wholes(&listed);
    if whole.last().is_none_or(|last| now.saturating_sub(*last) >= millis(backup.whole_every)) {
        whole.push(copy(&docker, &spec, &writer, &timing).await?);
    }
    let old = expired(&whole, now.saturating_sub(millis(backup.retention)));
    if !old.is_empty() {
        let oldest = whole.iter().find(|time| !old.contains(time)).copied().unwrap_or(0);
        let mut command = vec!["sh".to_owned(), "-c".to_owned(), EXPIRE.to_owned()];
        command.extend([BACKUP.to_owned(), (oldest / 1000).to_string()]);
        command.extend(old.iter().map(u64::to_string));
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        docker.exec(&container, &command, b"").await?;
    }
    Ok(now)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The times of the copies that are whole, in a list of files.
pub(super) fn wholes(listed: &str) -> Vec<u64> {
    let times = listed.lines().filter_map(|line| line.strip_suffix(".gtid")?.parse().ok());
    let mut times: Vec<u64> = times.collect();
    times.sort_unstable();
    times
}

/// The copies that no moment after `horizon` needs: all before the last one at it.
fn expired(whole: &[u64], horizon: u64) -> Vec<u64> {
    let needed = whole.iter().rposition(|time| *time <= horizon).unwrap_or(0);
    whole[..needed].to_vec()
}

/// Copies all data of a node; returns as of when.
async fn copy(
    docker: &Docker,
    spec: &ClusterSpec,
    donor: &NodeSpec,
    timing: &Timing,
) -> Result<u64, DatabaseError> {
    let container = spec.node_owner(&donor.id).name();
    let folder = format!("{BACKUP}/whole/new");
    let had = clone_to(docker, spec, donor, timing, &folder).await?;
    // Later than all that is in it.
    let at = SystemClock.now();
    let script = "set -e; cd \"$0\"; mv new \"$1\"; cat >.new; mv .new \"$1.gtid\"";
    let folder = format!("{BACKUP}/whole");
    let command = ["sh", "-c", script, &folder, &at.to_string()];
    docker.exec(&container, &command, had.as_bytes()).await?;
    Ok(at)
}

/// Has a node copy its data to a folder of its, while it serves; returns transactions that are in the
/// copy for certain.
pub(super) async fn clone_to(
    docker: &Docker,
    spec: &ClusterSpec,
    donor: &NodeSpec,
    timing: &Timing,
    folder: &str,
) -> Result<String, DatabaseError> {
    let container = spec.node_owner(&donor.id).name();
    let parent = folder.rsplit_once('/').map_or(folder, |(parent, _)| parent);
    let script = "set -e; rm -rf \"$0\"; install -d -o mysql -g mysql \"$1\"";
    docker.exec(&container, &["sh", "-c", script, folder, parent], b"").await?;
    let session = Server::new(spec, donor).open(timing.statement_patience).await?;
    let mut session = session.patient(timing.copy_patience);
    let row = session.row("say what it has", "SELECT @@gtid_executed AS had").await?;
    let had = row.must("had")?.replace('\n', "");
    let clone = format!("CLONE LOCAL DATA DIRECTORY = {}", text(folder));
    session.run("copy its data", &clone).await?;
    session.close().await;
    Ok(had)
}

/// Forgets the binary logs of a server whose data are replaced: their names begin anew.
pub(super) async fn forget(
    docker: &Docker,
    container: &str,
    uuid: &str,
) -> Result<(), DatabaseError> {
    let folder = format!("{BACKUP}/log/{uuid}");
    docker.exec(container, &["rm", "-rf", &folder], b"").await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_counts() {
        assert_eq!(wholes("20\n20.gtid\n30\nnew\n10.gtid\n10\n.new"), [10, 20]);
    }

    #[test]
    fn the_copy_before_the_horizon_is_needed_still() {
        assert_eq!(expired(&[10, 20, 30], 25), [10]);
        assert_eq!(expired(&[10, 20, 30], 30), [10, 20]);
        assert_eq!(expired(&[10, 20, 30], 5), [0; 0]);
        assert_eq!(expired(&[], 5), [0; 0]);
    }
}
