//! Of `elasticache`.

use super::Deviation;
use crate::server::Kind;

const SUBNETS: &str = "DeleteCacheSubnetGroup deletes one";
const USER: &str = "ModifyUser changes a user";

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:ParameterGroup",
        what: "create",
        aws: "CreateCacheParameterGroup makes one",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:ParameterGroup",
        what: "destroyed",
        aws: "DescribeCacheParameterGroups tells that there is none",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:ReplicationGroup",
        what: "create",
        aws: "DescribeCacheClusters tells of the nodes of a replication group",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:ReplicationGroup",
        what: "destroyed",
        aws: "DescribeUserGroups tells that there is none",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:User",
        what: "update access_string",
        aws: USER,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:User",
        what: "update authentication_mode",
        aws: USER,
    },
    Deviation { server: Kind::Moto, ty: "aws:elasticache:User", what: "update engine", aws: USER },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:UserGroup",
        what: "create",
        aws: "CreateUserGroup makes one",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:UserGroup",
        what: "destroyed",
        aws: "DescribeUserGroups tells that there is none",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:ReplicationGroup",
        what: "create",
        aws: "DescribeReplicationGroups tells KmsKeyId, and CreateReplicationGroup takes any NumNodeGroups",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:ReplicationGroup",
        what: "update cluster_mode",
        aws: "ModifyReplicationGroup takes ClusterMode",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:ReplicationGroup",
        what: "update engine",
        aws: "ModifyReplicationGroup takes Engine",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:ReplicationGroup",
        what: "update transit_encryption_enabled",
        aws: "ModifyReplicationGroup takes TransitEncryptionEnabled",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:User",
        what: "update engine",
        aws: "ModifyUser takes Engine",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:UserGroup",
        what: "update engine",
        aws: "ModifyUserGroup takes Engine",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:SubnetGroup",
        what: "deleted",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:SubnetGroup",
        what: "update cache_subnet_group_description",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:SubnetGroup",
        what: "update cache_subnet_group_name",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:SubnetGroup",
        what: "update subnet_ids",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elasticache:SubnetGroup",
        what: "update tags",
        aws: SUBNETS,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elasticache:ReplicationGroup",
        what: "update transit_encryption_mode",
        aws: "ModifyReplicationGroup takes TransitEncryptionMode",
    },
];
