//! Of `rds`.

use super::{Deviation, ministack, moto};

const SUBNETS: &str = "ModifyDBSubnetGroup keeps the group";
const INSIGHTS: &str =
    "DescribeDBClusters tells PerformanceInsightsEnabled, and restoring is known";
const CLUSTER: &str =
    "DescribeDBClusters tells the StorageType aurora of the cluster that it needs";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:rds:DbCluster", "create", INSIGHTS),
    moto("aws:rds:DbInstance", "create", CLUSTER),
    moto("aws:rds:DbClusterSnapshot", "create", CLUSTER),
    moto("aws:rds:EventSubscription", "create", CLUSTER),
    ministack("aws:rds:DbCluster", "create", INSIGHTS),
    ministack(
        "aws:rds:DbInstance",
        "create",
        "DescribeDBInstances tells PerformanceInsightsKMSKeyId; hosts stay when instances come",
    ),
    ministack("aws:rds:EventSubscription", "create", "CreateEventSubscription makes one"),
    moto("aws:rds:DbCluster", "destroyed", CLUSTER),
    moto("aws:rds:DbInstance", "destroyed", CLUSTER),
    moto("aws:rds:DbClusterSnapshot", "destroyed", CLUSTER),
    moto("aws:rds:EventSubscription", "destroyed", CLUSTER),
    moto("aws:rds:DbSubnetGroup", "update db_subnet_group_description", SUBNETS),
    moto("aws:rds:DbSubnetGroup", "update subnet_ids", SUBNETS),
];
