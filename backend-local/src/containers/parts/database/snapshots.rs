//! [`Snapshots`]: copies of clusters that outlive them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use infra_core::aws::rds;

use super::{Handles, copies::is_whole, read::read};
use crate::{
    containers::{
        agent::{
            Failure, Keeper, Kind, Notes, Part, Seen, Surroundings,
            protocol::{PartReport, State, Which},
        },
        database::{DatabaseError, SNAPSHOT_KIND, delete_snapshot},
        docker::Labels,
    },
    sim::View,
};

type S = rds::DbClusterSnapshot;

/// What is wanted of a snapshot.
#[derive(Clone, Debug, PartialEq)]
struct Copy {
    cluster: String,
    /// Who makes it, if it is not whole yet.
    by: Maker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    /// It is made of the cluster when somebody asks for it.
    Asked,
    /// Its cluster leaves it behind.
    Cluster,
    /// Nobody can make it any more: the account has no such cluster.
    Nobody,
}

/// How snapshots are made.
struct Copies {
    handles: Handles,
}

impl Kind for Copies {
    type Spec = Copy;
    /// The cluster that it is of.
    type Thing = String;

    async fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Copy,
        _: &Notes,
    ) -> Result<String, Failure> {
        let cluster = spec.cluster.clone();
        if is_whole(around, id).await? {
            return Ok(cluster);
        }
        match spec.by {
            Maker::Asked => match self.handles.get(&cluster)?.snapshot(id).await {
                Ok(_) | Err(DatabaseError::SnapshotThere { .. }) => Ok(cluster),
                Err(error) => Err(Failure::of(&error)),
            },
            Maker::Cluster => {
                let message = format!("waits for {cluster} to leave it behind");
                Err(Failure { message, is_final: false })
            }
            Maker::Nobody => {
                let message = format!("{id} was not made while there was the cluster {cluster}");
                Err(Failure { message, is_final: true })
            }
        }
    }

    async fn change(
        &self,
        _: &Surroundings,
        _: &str,
        _: &mut String,
        _: &Copy,
        _: &Notes,
    ) -> Result<(), Failure> {
        // It is of what its cluster was.
        Ok(())
    }

    async fn remove(
        &self,
        around: &Surroundings,
        id: &str,
        _: Option<String>,
    ) -> Result<(), Failure> {
        Ok(delete_snapshot(&around.docker, around.account(), id).await?)
    }

    fn see(&self, cluster: &String) -> Seen {
        let parts = vec![("of".to_owned(), cluster.clone())];
        Seen { state: State::ready(), redundant: true, parts, events: vec![] }
    }

    async fn left(&self, around: &Surroundings) -> Result<Vec<String>, Failure> {
        // Those too that are not whole: half made, or half removed.
        let all = around.docker.volumes(&Labels::of_kind(around.account(), SNAPSHOT_KIND)).await?;
        let ids: BTreeSet<String> = all.into_iter().map(|(_, owner)| owner.id).collect();
        Ok(ids.into_iter().collect())
    }
}

/// Copies of clusters that outlive them.
pub(in crate::containers::parts) struct Snapshots(Keeper<Copies>);

impl Snapshots {
    pub(in crate::containers::parts) fn new(around: &Surroundings, handles: &Handles) -> Self {
        Self(Keeper::new(Copies { handles: handles.clone() }, around))
    }
}

impl Part for Snapshots {
    fn name(&self) -> &'static str {
        "snapshots"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:rds:DbClusterSnapshot"]
    }

    fn want(&self, view: &Arc<View>) {
        let clusters = read(view);
        let mut wanted: BTreeMap<String, Copy> = BTreeMap::new();
        for snapshot in view.all::<S>() {
            let Some(cluster) = snapshot.get(S::DB_CLUSTER_IDENTIFIER) else { continue };
            let cluster = cluster.to_string();
            let by = if clusters.contains_key(&cluster) { Maker::Asked } else { Maker::Nobody };
            wanted.insert(snapshot.id().to_owned(), Copy { cluster, by });
        }
        // What a cluster leaves behind is there before the account says so.
        for (id, cluster) in &clusters {
            if let Some(name) = cluster.last_copy.as_ref().filter(|_| cluster.nodes.is_empty()) {
                let copy = Copy { cluster: id.clone(), by: Maker::Cluster };
                wanted.insert(name.clone(), copy);
            }
        }
        self.0.want(wanted);
    }

    fn state(&self, which: &Which) -> State {
        self.0.seen(&which.id).state
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.0.reports() }
    }
}
