//! Where the data of clusters come from, and what they leave behind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Clusters, PREFIX,
    read::{Cluster, Origin},
};
use crate::containers::{
    agent::{Failure, Surroundings},
    database::{
        ClusterSpec, Database, DatabaseError, Handle, NodeSpec, Timing, delete_snapshot, snapshots,
    },
    network::interface_container,
};

/// How long a cluster whose instances go has to come to itself, so that it can be copied.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// The clusters that are looked after, by id: for those who want a copy of one.
#[derive(Clone, Debug, Default)]
pub(in crate::containers::parts) struct Handles(Arc<Mutex<BTreeMap<String, Handle>>>);

impl Handles {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Handle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn know(&self, id: &str, database: &Database) {
        self.all().insert(id.to_owned(), database.handle());
    }

    pub(super) fn forget(&self, id: &str) {
        self.all().remove(id);
    }

    pub(super) fn get(&self, id: &str) -> Result<Handle, Failure> {
        self.all().get(id).cloned().ok_or_else(|| Failure {
            message: format!("waits for the cluster {id}, which nobody serves now"),
            is_final: false,
        })
    }
}

/// Whether there is a snapshot, and it is whole.
pub(super) async fn is_whole(around: &Surroundings, id: &str) -> Result<bool, DatabaseError> {
    let all = snapshots(&around.docker, around.account()).await?;
    Ok(all.iter().any(|snapshot| snapshot.id == id))
}

impl Clusters {
    /// Takes a cluster into its hands; if it is a new one, with the data that it is to begin with.
    pub(super) async fn begin(
        &self,
        around: &Surroundings,
        spec: ClusterSpec,
        origin: Option<&Origin>,
    ) -> Result<Database, Failure> {
        let (docker, timing) = (around.docker.clone(), Timing::default());
        let origin = match origin {
            Some(origin) if !Database::was_restored(&docker, &spec).await? => origin,
            _ => {
                let started = Database::start(docker, spec, timing);
                return started.map_err(|error| Failure::wrong(&error));
            }
        };
        let restored = match origin {
            Origin::Snapshot(id) => Database::restore(docker, id, spec, timing).await,
            Origin::Cluster(of, None) => {
                self.handles.get(of)?.back_up().await?;
                Database::restore_to(docker, of, None, spec, timing).await
            }
            Origin::Cluster(of, Some(text)) => {
                let moment: jiff::Timestamp =
                    text.parse().map_err(|error: jiff::Error| Failure::wrong(&error))?;
                let moment = u64::try_from(moment.as_millisecond()).unwrap_or_default();
                Database::restore_to(docker, of, moment, spec, timing).await
            }
        };
        restored.map_err(|error| match error {
            // Data that are not those of the origin stay so.
            DatabaseError::NotEmpty { .. } => Failure::wrong(&error),
            error => Failure::of(&error),
        })
    }

    /// Makes the copy that a cluster leaves behind, when its last instance goes: afterwards nobody
    /// knows which of its nodes has all of its data.
    pub(super) async fn leave_copy(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Cluster,
        thing: &mut Option<Database>,
    ) -> Result<(), Failure> {
        let Some(name) = &spec.last_copy else { return Ok(()) };
        if is_whole(around, name).await? {
            return Ok(());
        }
        if thing.is_none() {
            // Whoever looked after it ended at this moment. Its nodes may still be there.
            let nodes = self.nodes_there(around, id);
            if nodes.is_empty() {
                return Ok(());
            }
            let found = ClusterSpec { nodes, ..self.spec(around, id, spec).await? };
            *thing = Some(self.begin(around, found, spec.origin.as_ref()).await?);
        }
        let Some(database) = thing else { return Ok(()) };
        database.until(PATIENCE, |status| status.writer.is_some()).await?;
        match database.snapshot(name).await {
            Ok(_) | Err(DatabaseError::SnapshotThere { .. }) => Ok(()),
            Err(error) => Err(Failure::of(&error)),
        }
    }

    /// A cluster that has instances again leaves another copy behind than the one that was made.
    pub(super) async fn forget_copy(
        &self,
        around: &Surroundings,
        spec: &Cluster,
    ) -> Result<(), Failure> {
        if let Some(name) = &spec.last_copy {
            delete_snapshot(&around.docker, around.account(), name).await?;
        }
        Ok(())
    }

    /// The nodes of a cluster that have an address.
    fn nodes_there(&self, around: &Surroundings, cluster: &str) -> Vec<NodeSpec> {
        let members = self.net.members_of(cluster, PREFIX).into_iter();
        let nodes = members.filter(|member| !member.endpoint).filter_map(|member| {
            Some(NodeSpec {
                id: member.id[PREFIX.len()..].to_owned(),
                interface: interface_container(around.account(), &member.id),
                zone: member.zone?,
                address: member.address,
                tier: 1,
            })
        });
        nodes.collect()
    }
}
