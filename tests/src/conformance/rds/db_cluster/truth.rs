//! Where the catalogue differs from CloudFormation.

const INSTANCES: &str =
    "left out: of clusters of engines whose instances have storage of their own";
const GLOBAL: &str =
    "left out: clusters of several regions; copies in another one are AWS Backup's";
const DIRECTORY: &str = "left out: users of a directory are not part of the architecture";
const DELETION: &str = "DeleteDBCluster's; CloudFormation has a policy for all types in its place";

pub(super) const DIFFERS: &[(&str, &str)] = &[
    ("AllocatedStorage", INSTANCES),
    ("AssociatedRoles", "left out: the database reads nothing from S3"),
    ("AutoMinorVersionUpgrade", "left out: Aurora has it on each instance"),
    ("AvailabilityZones", "an output: Aurora takes three, and a list of fewer never fits"),
    ("ClusterScalabilityType", "left out: of PostgreSQL alone"),
    ("DBClusterInstanceClass", INSTANCES),
    ("DBInstanceParameterGroupName", "left out: instances have no parameters of their own here"),
    ("DBSubnetGroupName", "required here: the account's default network is no place for data"),
    ("DBSystemId", "left out: of Oracle alone"),
    ("Domain", DIRECTORY),
    ("DomainIAMRoleName", DIRECTORY),
    ("EnableGlobalWriteForwarding", GLOBAL),
    ("EnableHttpEndpoint", "left out: nothing in the architecture speaks to the Data API"),
    (
        "EngineLifecycleSupport",
        "left out: AWS's default, which keeps old versions running at a price",
    ),
    ("EngineMode", "left out: the first serverless mode has ended, others are `provisioned`"),
    ("GlobalClusterIdentifier", GLOBAL),
    ("Iops", INSTANCES),
    ("MasterUserAuthenticationType", "left out: the first user has a password"),
    (
        "MasterUserSecret",
        "the key is `master_user_secret_kms_key_id` as in the API, the rest an output",
    ),
    ("MonitoringInterval", "left out: said of each instance"),
    ("MonitoringRoleArn", "left out: said of each instance"),
    ("NetworkType", "left out: the architecture is IPv4 inside"),
    ("PerformanceInsightsKmsKeyId", "AWS never takes another key; CloudFormation tries and fails"),
    ("PubliclyAccessible", INSTANCES),
    ("ReplicationSourceIdentifier", GLOBAL),
    ("ScalingConfiguration", "left out: of the first serverless mode, which has ended"),
    ("ServerlessV2ScalingConfiguration.MaxCapacity", "required here, as AWS does"),
    ("ServerlessV2ScalingConfiguration.MinCapacity", "required here, as AWS does"),
    ("SourceDbClusterResourceId", "left out: a cluster that is gone is restored by AWS Backup"),
    ("SourceRegion", GLOBAL),
    ("StorageEncryptionType", "left out: `kms_key_id` says the same"),
    ("StorageThroughput", INSTANCES),
    ("VpcSecurityGroupIds", "required here: the VPC's default group lets in all its members"),
    ("allow_major_version_upgrade", "ModifyDBCluster's; CloudFormation allows it always"),
    ("final_snapshot_identifier", DELETION),
    ("master_user_secret_kms_key_id", "CloudFormation has it in MasterUserSecret"),
    ("skip_final_snapshot", DELETION),
];
