//! Of `rds`.

use super::Deviation;
use crate::server::Kind;

const SUBNETS: &str = "ModifyDBSubnetGroup keeps the group";
const INSIGHTS: &str =
    "DescribeDBClusters tells PerformanceInsightsEnabled, and restoring is known";
const CLUSTER: &str =
    "DescribeDBClusters tells the StorageType aurora of the cluster that it needs";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:rds:DbCluster", what: "create", aws: INSIGHTS },
    Deviation { server: Kind::Moto, ty: "aws:rds:DbInstance", what: "create", aws: CLUSTER },
    Deviation { server: Kind::Moto, ty: "aws:rds:DbClusterSnapshot", what: "create", aws: CLUSTER },
    Deviation { server: Kind::Moto, ty: "aws:rds:EventSubscription", what: "create", aws: CLUSTER },
    Deviation { server: Kind::Ministack, ty: "aws:rds:DbCluster", what: "create", aws: INSIGHTS },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:rds:DbInstance",
        what: "create",
        aws: "DescribeDBInstances tells PerformanceInsightsKMSKeyId; hosts stay when instances come",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:rds:EventSubscription",
        what: "create",
        aws: "CreateEventSubscription makes one",
    },
    Deviation { server: Kind::Moto, ty: "aws:rds:DbCluster", what: "destroyed", aws: CLUSTER },
    Deviation { server: Kind::Moto, ty: "aws:rds:DbInstance", what: "destroyed", aws: CLUSTER },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:DbClusterSnapshot",
        what: "destroyed",
        aws: CLUSTER,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:EventSubscription",
        what: "destroyed",
        aws: CLUSTER,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:DbSubnetGroup",
        what: "update db_subnet_group_description",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:DbSubnetGroup",
        what: "destroy after db_subnet_group_description",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:DbSubnetGroup",
        what: "update subnet_ids",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:rds:DbSubnetGroup",
        what: "destroy after subnet_ids",
        aws: SUBNETS,
    },
];
