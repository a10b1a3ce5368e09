//! Clusters of the account.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use infra_core::{aws::rds, value::Value};

use crate::{
    containers::parts::Subnet,
    sim::{Thing, View},
};

type C = rds::DbCluster;
type I = rds::DbInstance;

/// What is wanted of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cluster {
    pub(super) vpc: String,
    pub(super) groups: BTreeSet<String>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) database: Option<String>,
    pub(super) user: String,
    /// Says when the password is another one, which is the vault's.
    pub(super) password: Option<Value>,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) endpoint: String,
    pub(super) reader_endpoint: String,
    pub(super) retention: Duration,
    /// Where its data come from, if it does not begin empty.
    pub(super) origin: Option<Origin>,
    /// The copy that is left behind, if there is to be one and there is none yet.
    pub(super) last_copy: Option<String>,
    pub(super) nodes: Vec<Node>,
}

/// Where the data of a new cluster come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    Snapshot(String),
    /// Another cluster as it was at a moment, as RFC 3339 writes it: the latest if none is given.
    Cluster(String, Option<String>),
}

fn origin(cluster: &Thing<'_, C>) -> Option<Origin> {
    if let Some(snapshot) = cluster.get(C::SNAPSHOT_IDENTIFIER) {
        return Some(Origin::Snapshot(snapshot.to_string()));
    }
    let of = cluster.get(C::SOURCE_DB_CLUSTER_IDENTIFIER)?.to_string();
    let moment = cluster.get(C::RESTORE_TO_TIME);
    Some(Origin::Cluster(of, moment))
}

fn last_copy(view: &View, cluster: &Thing<'_, C>) -> Option<String> {
    let name = cluster.get(C::FINAL_SNAPSHOT_IDENTIFIER)?;
    let skips = cluster.get(C::SKIP_FINAL_SNAPSHOT).unwrap_or_default();
    (!skips && view.find::<rds::DbClusterSnapshot>(&name).is_none()).then_some(name)
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) subnet: Subnet,
    pub(super) name: String,
    pub(super) tier: u8,
}

/// Which cluster each instance is of, and what all of them are.
pub(super) fn read(view: &View) -> BTreeMap<String, Cluster> {
    let clusters = view.all::<C>().filter_map(|cluster| {
        let group = cluster.get(C::DB_SUBNET_GROUP_NAME)?;
        let group = view.find::<rds::DbSubnetGroup>(group.as_str())?;
        let ids = group.get(rds::DbSubnetGroup::SUBNET_IDS)?;
        let subnets: Vec<Subnet> =
            ids.iter().filter_map(|id| Subnet::of(view, id.as_str())).collect();
        let parameters = cluster.get(C::DB_CLUSTER_PARAMETER_GROUP_NAME).and_then(|group| {
            type P = rds::DbClusterParameterGroup;
            view.find::<P>(group.as_str())?.get(P::PARAMETERS)
        });
        let groups = cluster.get(C::VPC_SECURITY_GROUP_IDS).unwrap_or_default();
        let days = cluster.get(C::BACKUP_RETENTION_PERIOD).map_or(1, |days| u64::from(days.0));
        let id = cluster.id().to_owned();
        let nodes = nodes(view, &id, &subnets);
        Some((
            id,
            Cluster {
                vpc: subnets.first()?.vpc.clone(),
                groups: groups.iter().map(ToString::to_string).collect(),
                database: cluster.get(C::DATABASE_NAME),
                user: cluster.get(C::MASTER_USERNAME).unwrap_or_else(|| "admin".to_owned()),
                password: cluster.mark(C::MASTER_USER_PASSWORD),
                parameters: parameters.unwrap_or_default(),
                endpoint: cluster.get(C::ENDPOINT)?,
                reader_endpoint: cluster.get(C::READER_ENDPOINT)?,
                retention: Duration::from_secs(days * 24 * 3600),
                origin: origin(&cluster),
                last_copy: last_copy(view, &cluster),
                subnets,
                nodes,
            },
        ))
    });
    clusters.collect()
}

fn nodes(view: &View, cluster: &str, subnets: &[Subnet]) -> Vec<Node> {
    let own = view.all::<I>().filter(|instance| {
        instance.get(I::DB_CLUSTER_IDENTIFIER).is_some_and(|id| id.as_str() == cluster)
    });
    let mut nodes: Vec<Node> = own
        .enumerate()
        .filter_map(|(index, instance)| {
            let zone = instance.get(I::AVAILABILITY_ZONE);
            let there = zone.and_then(|zone| subnets.iter().find(|subnet| subnet.zone == zone));
            let subnet = there.or_else(|| subnets.get(index % subnets.len().max(1)))?;
            Some(Node {
                id: instance.id().to_owned(),
                subnet: subnet.clone(),
                name: instance.get(I::ENDPOINT)?,
                tier: instance.get(I::PROMOTION_TIER).and_then(|tier| u8::try_from(tier).ok())?,
            })
        })
        .collect();
    nodes.sort_by(|a, b| (a.tier, &a.id).cmp(&(b.tier, &b.id)));
    nodes
}

#[cfg(test)]
mod tests {
    use infra_core::aws::{DbClusterIdentifier, DbClusterSnapshotIdentifier};

    use super::*;
    use crate::sim::made_up::{Given, account};

    fn snapshot(id: &str) -> DbClusterSnapshotIdentifier {
        DbClusterSnapshotIdentifier::parse(id).unwrap()
    }

    fn of(cluster: Given, others: Vec<Given>) -> (Option<Origin>, Option<String>) {
        let view = account(others.into_iter().chain([cluster]));
        let cluster = view.find::<C>("campus").unwrap();
        (origin(&cluster), last_copy(&view, &cluster))
    }

    #[test]
    fn data_come_from_a_snapshot_or_another_cluster() {
        let cluster = || Given::new::<C>("campus");
        assert_eq!(of(cluster(), vec![]), (None, None));
        let restored = cluster().with(C::SNAPSHOT_IDENTIFIER, snapshot("before"));
        assert_eq!(of(restored, vec![]).0, Some(Origin::Snapshot("before".to_owned())));
        let other = DbClusterIdentifier::parse("other").unwrap();
        let latest = cluster().with(C::SOURCE_DB_CLUSTER_IDENTIFIER, other.clone());
        assert_eq!(of(latest, vec![]).0, Some(Origin::Cluster("other".to_owned(), None)));
        let time = "2026-03-14T09:30:00Z".to_owned();
        let then = cluster()
            .with(C::SOURCE_DB_CLUSTER_IDENTIFIER, other)
            .with(C::RESTORE_TO_TIME, time.clone());
        assert_eq!(of(then, vec![]).0, Some(Origin::Cluster("other".to_owned(), Some(time))));
    }

    #[test]
    fn a_copy_is_left_behind_once() {
        let cluster = |skips: bool| {
            Given::new::<C>("campus")
                .with(C::FINAL_SNAPSHOT_IDENTIFIER, "last".to_owned())
                .with(C::SKIP_FINAL_SNAPSHOT, skips)
        };
        assert_eq!(of(cluster(false), vec![]).1.as_deref(), Some("last"));
        assert_eq!(of(cluster(true), vec![]).1, None);
        // That of an earlier cluster is not made again, and not deleted.
        let there = Given::new::<rds::DbClusterSnapshot>("last");
        assert_eq!(of(cluster(false), vec![there]).1, None);
    }
}
