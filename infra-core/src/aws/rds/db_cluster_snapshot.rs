//! AWS: rds CreateDBClusterSnapshot, AddTagsToResource, DescribeDBClusterSnapshots,
//! DeleteDBClusterSnapshot.

use crate::{
    aws::{DbClusterIdentifier, DbClusterSnapshotIdentifier},
    prelude::*,
    resource,
};

/// A copy of a cluster's data at a moment: before an upgrade, or the last one of a cluster that is
/// deleted.
///
/// It outlives its cluster; a new cluster can be made of it.
///
/// ```
/// use infra_core::{aws::{DbClusterIdentifier, rds::DbClusterSnapshot}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let database = DbClusterIdentifier::parse("campus").unwrap();
/// let snapshot = DbClusterSnapshot::named("before-5-2")
///     .db_cluster_identifier(database)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:rds:DbClusterSnapshot", create = "5min", delete = "30s", holds_data)]
pub struct DbClusterSnapshot {
    /// The cluster; the snapshot stays when it goes. Changing it replaces the snapshot. AWS:
    /// `DBClusterIdentifier`.
    #[prop(replace, weak, needs = ready)]
    pub db_cluster_identifier: DbClusterIdentifier,
    /// The name, up to 255 small letters, digits and hyphens. Default: made up from project, stack
    /// and name. Changing it replaces the snapshot. AWS: `DBClusterSnapshotIdentifier`.
    #[prop(id, replace, name(255, lower_hyphens))]
    pub db_cluster_snapshot_identifier: Option<DbClusterSnapshotIdentifier>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `DBClusterSnapshotArn`.
    #[output(arn = "arn:aws:rds:{region}:{account}:cluster-snapshot:{id}", at = exists)]
    pub db_cluster_snapshot_arn: String,
}
