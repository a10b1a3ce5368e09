//! Of `elasticache`.

use super::{Deviation, ministack, moto};

const SUBNETS: &str = "DeleteCacheSubnetGroup deletes one";
const USER: &str = "ModifyUser changes a user";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:elasticache:ParameterGroup", "create", "CreateCacheParameterGroup makes one"),
    moto(
        "aws:elasticache:ParameterGroup",
        "destroyed",
        "DescribeCacheParameterGroups tells that there is none",
    ),
    moto(
        "aws:elasticache:ReplicationGroup",
        "create",
        "DescribeCacheClusters tells of the nodes of a replication group",
    ),
    moto(
        "aws:elasticache:ReplicationGroup",
        "destroyed",
        "DescribeUserGroups tells that there is none",
    ),
    moto("aws:elasticache:User", "update access_string", USER),
    moto("aws:elasticache:User", "update authentication_mode", USER),
    moto("aws:elasticache:User", "update engine", USER),
    moto("aws:elasticache:UserGroup", "create", "CreateUserGroup makes one"),
    moto("aws:elasticache:UserGroup", "destroyed", "DescribeUserGroups tells that there is none"),
    ministack(
        "aws:elasticache:ReplicationGroup",
        "create",
        "DescribeReplicationGroups tells KmsKeyId, and CreateReplicationGroup takes any NumNodeGroups",
    ),
    ministack(
        "aws:elasticache:ReplicationGroup",
        "update cluster_mode",
        "ModifyReplicationGroup takes ClusterMode",
    ),
    ministack(
        "aws:elasticache:ReplicationGroup",
        "update engine",
        "ModifyReplicationGroup takes Engine",
    ),
    ministack(
        "aws:elasticache:ReplicationGroup",
        "update transit_encryption_enabled",
        "ModifyReplicationGroup takes TransitEncryptionEnabled",
    ),
    ministack("aws:elasticache:User", "update engine", "ModifyUser takes Engine"),
    ministack("aws:elasticache:UserGroup", "update engine", "ModifyUserGroup takes Engine"),
    moto("aws:elasticache:SubnetGroup", "deleted", SUBNETS),
    moto("aws:elasticache:SubnetGroup", "update cache_subnet_group_description", SUBNETS),
    moto("aws:elasticache:SubnetGroup", "update cache_subnet_group_name", SUBNETS),
    moto("aws:elasticache:SubnetGroup", "update subnet_ids", SUBNETS),
    ministack(
        "aws:elasticache:ReplicationGroup",
        "update transit_encryption_mode",
        "ModifyReplicationGroup takes TransitEncryptionMode",
    ),
    moto(
        "aws:elasticache:SubnetGroup",
        "destroy after cache_subnet_group_description",
        "DeleteCacheSubnetGroup deletes one",
    ),
    moto(
        "aws:elasticache:SubnetGroup",
        "destroy after cache_subnet_group_name",
        "DeleteCacheSubnetGroup deletes one",
    ),
    moto(
        "aws:elasticache:SubnetGroup",
        "destroy after subnet_ids",
        "DeleteCacheSubnetGroup deletes one",
    ),
    moto("aws:elasticache:SubnetGroup", "destroy after tags", "DeleteCacheSubnetGroup deletes one"),
];
