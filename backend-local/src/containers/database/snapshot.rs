//! Snapshots: copies of all data that outlive their cluster.
//!
//! A snapshot is a volume with the data, and another one, empty, that says with its labels that the
//! first one is whole, of whom it is and from when.

use std::{collections::HashMap, sync::Arc};

use infra_core::clock::{Clock as _, SystemClock};
use tokio::{
    sync::{Mutex, oneshot},
    task::JoinSet,
};

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing, backup, helper::Helper, keeper::Keeper,
    options::BACKUP, spec::KIND,
};
use crate::containers::docker::{
    Docker, DockerError, Labels, Owner,
    bollard::{models::VolumeCreateRequest, query_parameters::ListVolumesOptionsBuilder},
};

/// The kind that the volumes of snapshots are labelled with.
pub const SNAPSHOT_KIND: &str = "rds-snapshot";

/// The label of the cluster that a snapshot is of.
const CLUSTER: &str = "infra.cluster";
/// The label of when it was made.
const TIME: &str = "infra.time";
/// Where the volume of a snapshot is while it is made or read. The data are in a folder of it.
pub(super) const SNAPSHOT: &str = "/var/lib/infra-snapshot";

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Its id, unique in the account.
    pub id: String,
    /// The cluster that it is of.
    pub cluster: String,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
}

/// Whose a part of a snapshot is.
pub(super) fn owner(account: &str, id: &str, part: &str) -> Owner {
    let [account, kind, id, part] = [account, SNAPSHOT_KIND, id, part].map(str::to_owned);
    Owner { account, kind, id, part }
}

/// The snapshots of an account that are whole, by id.
///
/// # Errors
/// If Docker refuses.
pub async fn snapshots(docker: &Docker, account: &str) -> Result<Vec<SnapshotInfo>, DatabaseError> {
    let labels = Labels::of_kind(account, SNAPSHOT_KIND).0;
    let filters = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let filters = HashMap::from([("label".to_owned(), filters)]);
    let options = ListVolumesOptionsBuilder::new().filters(&filters).build();
    let listed = docker.api().list_volumes(Some(options)).await;
    let listed = listed.map_err(|source| DockerError::api("list", "volumes", source))?;
    let info = |labels: HashMap<String, String>| {
        let (cluster, at) = (labels.get(CLUSTER)?.clone(), labels.get(TIME)?.parse().ok()?);
        Some(SnapshotInfo { id: Labels(labels).owner()?.id, cluster, at })
    };
    let volumes = listed.volumes.unwrap_or_default().into_iter();
    let mut all: Vec<SnapshotInfo> = volumes.filter_map(|volume| info(volume.labels)).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(all)
}

/// The part of a cluster that makes a snapshot.
fn making(id: &str) -> String {
    format!("snapshot-{id}")
}

/// Deletes a snapshot, or what there is of one that is being made.
///
/// # Errors
/// If Docker refuses: a restore reads it. That it is gone is none.
pub async fn delete_snapshot(
    docker: &Docker,
    account: &str,
    id: &str,
) -> Result<(), DatabaseError> {
    // Who makes it has its volumes, and is left by an agent that was killed meanwhile.
    let maker = Helper::part(&making(id));
    for left in docker.list(&Labels::of_kind(account, KIND)).await? {
        if left.owner().is_some_and(|owner| owner.part == maker) {
            docker.remove(&left.id).await?;
        }
    }
    // First the one that says that it is whole.
    for part in ["whole", "data"] {
        docker.remove_volume(&owner(account, id, part).name()).await?;
    }
    Ok(())
}

impl Keeper {
    /// Keeps a copy of all data, while the cluster serves.
    pub(super) fn snapshot(
        &mut self,
        id: String,
        answer: oneshot::Sender<Result<SnapshotInfo, DatabaseError>>,
    ) {
        let Some(donor) = self.donor() else {
            let cluster = self.spec.id.clone();
            return drop(answer.send(Err(DatabaseError::NoWriter { cluster })));
        };
        self.event(format!("the snapshot {id} is made of {}", donor.id));
        let (docker, spec, timing) = (self.docker.clone(), self.spec.clone(), self.timing);
        self.snapshots.take(async move {
            drop(answer.send(make(docker, spec, donor, timing, id).await));
        });
    }
}

/// Snapshots that are being made, one after the other: each clears away what an earlier attempt at it
/// has left. They end with the keeper.
#[derive(Default)]
pub(super) struct Snapshots {
    tasks: JoinSet<()>,
    turn: Arc<Mutex<()>>,
}

impl Snapshots {
    fn take(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        while self.tasks.try_join_next().is_some() {}
        let turn = Arc::clone(&self.turn);
        self.tasks.spawn(async move {
            let _turn = turn.lock().await;
            task.await;
        });
    }
}

async fn make(
    docker: Docker,
    spec: ClusterSpec,
    donor: NodeSpec,
    timing: Timing,
    id: String,
) -> Result<SnapshotInfo, DatabaseError> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if id.is_empty() || !id.chars().all(legal) {
        return Err(DatabaseError::SnapshotName { id });
    }
    if snapshots(&docker, &spec.account).await?.iter().any(|other| other.id == id) {
        return Err(DatabaseError::SnapshotThere { id });
    }
    // What an earlier attempt has left.
    delete_snapshot(&docker, &spec.account, &id).await?;
    let folder = format!("{BACKUP}/snapshot-{id}");
    backup::clone_to(&docker, &spec, &donor, &timing, &folder).await?;
    let at = SystemClock.now();
    let volume = docker.ensure_volume(&owner(&spec.account, &id, "data")).await?;
    let from = docker.ensure_volume(&spec.backup_owner()).await?;
    let volumes = [(from, BACKUP), (volume, SNAPSHOT)];
    let helper = Helper::start(&docker, &spec, &donor, &making(&id), volumes).await?;
    let script = "set -e; cp -a \"$0\" \"$1/data\"; sync; rm -rf \"$0\"";
    helper.run(&["sh", "-c", script, &folder, SNAPSHOT]).await?;
    helper.end().await?;

    let whole = owner(&spec.account, &id, "whole");
    let labels = Labels::of(&whole).with(CLUSTER, &spec.id).with(TIME, &at.to_string());
    let request = VolumeCreateRequest {
        name: Some(whole.name()),
        labels: Some(labels.0),
        ..VolumeCreateRequest::default()
    };
    let made = docker.api().create_volume(request).await;
    made.map_err(|source| DockerError::api("make the volume", whole.name(), source))?;
    Ok(SnapshotInfo { id, cluster: spec.id, at })
}
