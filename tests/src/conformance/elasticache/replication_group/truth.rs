//! Where the catalogue differs from CloudFormation.

const GLOBAL: &str = "left out: caches of several regions are not part of the architecture";
const TOLD: &str = "told by DescribeCacheClusters, so that a change by somebody else is seen";

pub(super) const DIFFERS: &[(&str, &str)] = &[
    ("CacheNodeType", "required here, as AWS does for all but caches of several regions"),
    ("CacheParameterGroupName", TOLD),
    ("CacheSecurityGroupNames", "left out: of networks before VPCs, which are gone"),
    ("CacheSubnetGroupName", "required here: the account's default network is no place for data"),
    ("Durability", "left out: what must not be lost does not lie in a cache"),
    ("EffectiveDurability", "left out with Durability"),
    ("EngineVersion", TOLD),
    ("GlobalReplicationGroupId", GLOBAL),
    ("IpDiscovery", "left out: the architecture is IPv4 inside"),
    ("KmsKeyId", TOLD),
    ("NetworkType", "left out: the architecture is IPv4 inside"),
    ("NodeGroupConfiguration", "left out: AWS spreads shards over the zones of the subnets"),
    ("NotificationTopicArn", TOLD),
    ("NumNodeGroups", TOLD),
    ("PreferredCacheClusterAZs", "no replacement here: added nodes go by it, others stay"),
    ("PreferredMaintenanceWindow", TOLD),
    ("PrimaryClusterId", GLOBAL),
    ("ReadEndPoint", "left out: single replicas change; `reader_endpoint` leads to all"),
    ("SecurityGroupIds", "required here: the VPC's default group lets in all its members"),
    ("SnapshottingClusterId", "left out: AWS takes a replica by itself"),
    ("arn", "told by the API, not by CloudFormation"),
    ("auth_token_update_strategy", "ModifyReplicationGroup's; CloudFormation always rotates"),
    ("final_snapshot_identifier", "CloudFormation has a policy for all types in its place"),
    ("member_availability_zones", "told by the API, not by CloudFormation"),
    ("member_clusters", "told by the API, not by CloudFormation"),
];
