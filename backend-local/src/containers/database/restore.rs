//! Restores: a new cluster with the data of a snapshot, or of another cluster as they were at a moment.
//!
//! The first node gets the data before it starts; the others are copied from it. Data are put together
//! beside and moved when they are whole, so that a restore that is cut short can be done again. An empty
//! volume says that it was done: nodes come and go later, and none may be filled a second time.

use super::{
    ClusterSpec, Database, DatabaseError, KIND, Timing,
    helper::Helper,
    options::{BACKUP, HOME},
    replay,
    snapshot::{self, SNAPSHOT, snapshots},
};
use crate::containers::docker::{Docker, Labels};

/// Where from the data of a volume are: whoever does the same again finds it done.
const ORIGIN: &str = "/var/lib/mysql/restored-from";

impl Database {
    /// Whether a cluster has got the data that it was to be restored with.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn was_restored(docker: &Docker, spec: &ClusterSpec) -> Result<bool, DatabaseError> {
        let mark = spec.restored_owner();
        let labels = Labels::of_thing(&spec.account, KIND, &spec.id);
        Ok(docker.volumes(&labels).await?.iter().any(|(_, owner)| *owner == mark))
    }

    /// Makes a new cluster with the data of a snapshot, and takes it into its hands.
    ///
    /// # Errors
    /// If there is no such snapshot, or the cluster has data already.
    pub async fn restore(
        docker: Docker,
        snapshot: &str,
        spec: ClusterSpec,
        timing: Timing,
    ) -> Result<Self, DatabaseError> {
        spec.check()?;
        let all = snapshots(&docker, &spec.account).await?;
        if all.iter().all(|other| other.id != snapshot) {
            return Err(DatabaseError::NoSnapshot { id: snapshot.to_owned() });
        }
        let volume = snapshot::owner(&spec.account, snapshot, "data").name();
        let origin = format!("snapshot {snapshot}");
        if let Some(helper) = helper(&docker, &spec, &origin, (volume, SNAPSHOT)).await? {
            let script = "set -e; rm -rf \"$1/new\"; cp -a \"$0/data\" \"$1/new\"";
            helper.run(&["sh", "-c", script, SNAPSHOT, HOME]).await?;
            finish(helper, &origin).await?;
        }
        docker.ensure_volume(&spec.restored_owner()).await?;
        Self::start(docker, spec, timing)
    }

    /// Makes a new cluster with the data that another one of the account had at a moment (in
    /// milliseconds since 1970), or at the latest that was put away if none is given, and takes it into
    /// its hands. The other one may serve meanwhile.
    ///
    /// # Errors
    /// If what was put away does not reach that moment, or the new cluster has data already.
    pub async fn restore_to(
        docker: Docker,
        of: &str,
        moment: impl Into<Option<u64>>,
        spec: ClusterSpec,
        timing: Timing,
    ) -> Result<Self, DatabaseError> {
        spec.check()?;
        let volume = ClusterSpec { id: of.to_owned(), ..spec.clone() }.backup_owner().name();
        let moment = moment.into();
        let when = moment.map_or_else(|| "its latest".to_owned(), |moment| moment.to_string());
        let origin = format!("{of} at {when}");
        if let Some(helper) = helper(&docker, &spec, &origin, (volume, BACKUP)).await? {
            replay::bring_to(&helper, of, moment, &timing).await?;
            finish(helper, &origin).await?;
        }
        docker.ensure_volume(&spec.restored_owner()).await?;
        Self::start(docker, spec, timing)
    }
}

/// A container with the volume of the first node and what it is filled from; `None` if it is filled.
async fn helper<'a>(
    docker: &'a Docker,
    spec: &ClusterSpec,
    origin: &str,
    from: (String, &str),
) -> Result<Option<Helper<'a>>, DatabaseError> {
    let Some(node) = spec.nodes.first() else {
        return Err(DatabaseError::NoNodes { cluster: spec.id.clone() });
    };
    let volume = docker.ensure_volume(&spec.data_owner(&node.id)).await?;
    let volumes = [from, (volume.clone(), HOME)];
    let helper = Helper::start(docker, spec, node, "restore", volumes).await?;
    let script = "[ ! -e \"$0/data\" ] || { echo there; cat \"$1\" 2>/dev/null || true; }";
    let said = helper.ask(&["sh", "-c", script, HOME, ORIGIN]).await?;
    match said.strip_prefix("there") {
        None => Ok(Some(helper)),
        Some(was) => {
            helper.end().await?;
            let same = was.trim() == origin;
            same.then_some(None).ok_or(DatabaseError::NotEmpty { volume })
        }
    }
}

/// Moves what was put together to where a node looks for it.
async fn finish(helper: Helper<'_>, origin: &str) -> Result<(), DatabaseError> {
    // Another server than the one it was of has another id.
    let script = "\
set -e
cd \"$0\"
rm -f new/auto.cnf
chown -R mysql:mysql new
echo \"$1\" >\"$2\"
sync
mv new data
";
    helper.run(&["sh", "-c", script, HOME, origin, ORIGIN]).await?;
    helper.end().await
}
