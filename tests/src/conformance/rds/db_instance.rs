//! The case of `aws:rds:DbInstance`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::Role,
        rds::{DbInstance, DbInstanceBuilder, DbSubnetGroup},
    },
    dsl::Provided,
    prelude::*,
};

use super::{
    aurora::{Network, cluster},
    db_parameter_group::parameters,
};
use crate::conformance::{
    iam::role::trust,
    kms::key::{far_key, key, keys},
};

fn subject(stack: &Stack, class: &str) -> DbInstanceBuilder<Provided, Provided> {
    let cluster = cluster(stack, "cluster").create(stack);
    DbInstance::named("subject").db_cluster_identifier(&cluster).db_instance_class(class)
}

fn plain(stack: &Stack) -> DbInstanceBuilder<Provided, Provided> {
    subject(stack, "db.r7g.large")
}

fn role(stack: &Stack, name: &str) -> Role {
    let trust = trust("monitoring.rds.amazonaws.com");
    Role::named(name).assume_role_policy_document(trust).create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: DbInstance::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| cluster(stack, name).create(stack));
        let [key, other_key] = keys(stack);
        let [sends, counts] = ["sends", "counts"].map(|name| role(stack, name));
        let [some, more] = ["some", "more"].map(|name| parameters(stack, name, "aurora-mysql8.0"));
        DbInstance::named("subject")
            .db_cluster_identifier(v.pick("db_cluster_identifier", &one, &other))
            .db_instance_class(v.pick("db_instance_class", "db.r7g.large", "db.r7g.xlarge"))
            .db_instance_identifier(v.pick("db_instance_identifier", "campus-a", "college-a"))
            .availability_zone(v.pick("availability_zone", "eu-central-1a", "eu-central-1b"))
            .db_parameter_group_name(v.pick("db_parameter_group_name", &some, &more))
            .promotion_tier(v.pick("promotion_tier", 0, 15))
            .auto_minor_version_upgrade(v.pick("auto_minor_version_upgrade", true, false))
            .preferred_maintenance_window(v.pick(
                "preferred_maintenance_window",
                "sun:03:00-sun:03:30",
                "Sun:04:00-Sun:05:00",
            ))
            .monitoring_interval(v.pick("monitoring_interval", Seconds(60), Seconds(15)))
            .monitoring_role_arn(v.pick("monitoring_role_arn", sends.arn(), counts.arn()))
            .enable_performance_insights(true)
            .performance_insights_kms_key_id(v.pick(
                "performance_insights_kms_key_id",
                &key,
                &other_key,
            ))
            .performance_insights_retention_period(v.pick(
                "performance_insights_retention_period",
                Days(31),
                Days(731),
            ))
            .ca_certificate_identifier(v.pick(
                "ca_certificate_identifier",
                "rds-ca-rsa2048-g1",
                "rds-ca-ecc384-g1",
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "db_instance_class",
            build: |stack| {
                subject(stack, "db.m7g.large").create(stack);
            },
            says: "none that Aurora runs on",
        },
        Refused {
            property: "db_instance_class",
            build: |stack| {
                subject(stack, "db.serverless").create(stack);
            },
            says: "needs `serverless_v2_scaling_configuration` of the cluster",
        },
        Refused {
            property: "availability_zone",
            build: |stack| {
                plain(stack).availability_zone("eu-central-1z").create(stack);
            },
            says: "there are eu-central-1a, eu-central-1b, eu-central-1c",
        },
        Refused {
            property: "availability_zone",
            build: |stack| {
                let network = Network::new(stack, "vpc");
                let [a, b, _] = &network.subnets;
                let subnets = DbSubnetGroup::named("two")
                    .db_subnet_group_description("two zones")
                    .subnet_ids([a, b])
                    .create(stack);
                let cluster = cluster(stack, "cluster")
                    .db_subnet_group_name(&subnets)
                    .vpc_security_group_ids([&network.group(stack, "reach")])
                    .create(stack);
                DbInstance::named("subject")
                    .db_cluster_identifier(&cluster)
                    .db_instance_class("db.r7g.large")
                    .availability_zone("eu-central-1c")
                    .create(stack);
            },
            says: "which covers eu-central-1a, eu-central-1b",
        },
        Refused {
            property: "db_parameter_group_name",
            build: |stack| {
                let group = parameters(stack, "newer", "aurora-mysql8.4");
                plain(stack).db_parameter_group_name(&group).create(stack);
            },
            says: "is of the family aurora-mysql8.4; the cluster's version needs aurora-mysql8.0",
        },
        Refused {
            property: "promotion_tier",
            build: |stack| {
                plain(stack).promotion_tier(16).create(stack);
            },
            says: "16 must be between 0 and 15",
        },
        Refused {
            property: "publicly_accessible",
            build: |stack| {
                plain(stack).publicly_accessible(true).create(stack);
            },
            says: "has no internet gateway attached",
        },
        Refused {
            property: "preferred_maintenance_window",
            build: |stack| {
                plain(stack).preferred_maintenance_window("sun:03:00-sun:03:10").create(stack);
            },
            says: "has 10 min; 30 min are needed at least",
        },
        Refused {
            property: "monitoring_interval",
            build: |stack| {
                plain(stack)
                    .monitoring_interval(Seconds(20))
                    .monitoring_role_arn(role(stack, "sends").arn())
                    .create(stack);
            },
            says: "must be 0, 1, 5, 10, 15, 30 or 60 s",
        },
        Refused {
            property: "monitoring_role_arn",
            build: |stack| {
                plain(stack).monitoring_interval(Seconds(60)).create(stack);
            },
            says: "is needed where `monitoring_interval` is not 0",
        },
        Refused {
            property: "monitoring_role_arn",
            build: |stack| {
                plain(stack).monitoring_role_arn(role(stack, "sends").arn()).create(stack);
            },
            says: "sends nothing",
        },
        Refused {
            property: "performance_insights_retention_period",
            build: |stack| {
                plain(stack).performance_insights_retention_period(Days(30)).create(stack);
            },
            says: "1 to 23 months of 31 days",
        },
        Refused {
            property: "performance_insights_kms_key_id",
            build: |stack| {
                plain(stack).performance_insights_kms_key_id(&far_key(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "performance_insights_kms_key_id",
            build: |stack| {
                plain(stack)
                    .enable_performance_insights(false)
                    .performance_insights_kms_key_id(&key(stack, "key"))
                    .create(stack);
            },
            says: "has nothing to encrypt",
        },
        Refused {
            property: "ca_certificate_identifier",
            build: |stack| {
                plain(stack).ca_certificate_identifier("rds-ca-2019").create(stack);
            },
            says: "there are rds-ca-rsa2048-g1",
        },
        Refused {
            property: "db_instance_identifier",
            build: |stack| {
                plain(stack).db_instance_identifier("campus--a").create(stack);
            },
            says: "single hyphens alone",
        },
        Refused {
            property: "",
            build: |stack| {
                let cluster = cluster(stack, "cluster").create(stack);
                for number in 0..17 {
                    DbInstance::named(format!("{number}"))
                        .db_cluster_identifier(&cluster)
                        .db_instance_class("db.r7g.large")
                        .create(stack);
                }
            },
            says: "the quota of 16 instances of a cluster is exhausted",
        },
    ],
    fixed: &[
        ("engine", "Aurora MySQL is the only one of the catalogue"),
        ("enable_performance_insights", "without it there is no key, which has its own values"),
        ("publicly_accessible", "needs an internet gateway; see the tests of databases"),
    ],
    cfn: Cfn { name: "AWS::RDS::DBInstance", differs: DIFFERS, renamed: &[] },
}];

const OTHER_ENGINES: &str = "left out: of engines that keep their data on the instance";
const CLUSTERS: &str = "left out: the cluster's, for all its instances";
const DIRECTORY: &str = "left out: users of a directory are not part of the architecture";
const STATUS: &str = "left out: changes by itself, so that every look would find a difference";
const REPLICAS: &str = "left out: replicas and copies of instances without a cluster";

const DIFFERS: &[(&str, &str)] = &[
    ("AdditionalStorageVolumes", OTHER_ENGINES),
    ("AllocatedStorage", OTHER_ENGINES),
    ("AllowMajorVersionUpgrade", CLUSTERS),
    ("ApplyImmediately", "left out: an `up` is when changes are wanted"),
    ("AssociatedRoles", CLUSTERS),
    ("AutomaticBackupReplicationKmsKeyId", REPLICAS),
    ("AutomaticBackupReplicationRegion", REPLICAS),
    ("AutomaticBackupReplicationRetentionPeriod", REPLICAS),
    ("AutomaticRestartTime", STATUS),
    ("BackupRetentionPeriod", CLUSTERS),
    ("BackupTarget", OTHER_ENGINES),
    ("CertificateDetails", STATUS),
    ("CertificateRotationRestart", "left out: a parameter of one call, kept by nobody"),
    ("CharacterSetName", OTHER_ENGINES),
    ("CopyTagsToSnapshot", CLUSTERS),
    ("CustomIAMInstanceProfile", OTHER_ENGINES),
    ("DBClusterIdentifier", "required here: instances without a cluster are left out"),
    ("DBClusterSnapshotIdentifier", OTHER_ENGINES),
    ("DBInstanceClass", "required here: only what is restored has one already"),
    ("DBInstanceStatus", STATUS),
    ("DBName", CLUSTERS),
    ("DBSecurityGroups", "left out: from before there were VPCs"),
    ("DBSnapshotIdentifier", OTHER_ENGINES),
    ("DBSubnetGroupName", CLUSTERS),
    ("DBSystemId", OTHER_ENGINES),
    ("DatabaseInsightsMode", CLUSTERS),
    ("DedicatedLogVolume", OTHER_ENGINES),
    ("DeleteAutomatedBackups", CLUSTERS),
    ("DeletionProtection", CLUSTERS),
    ("Domain", DIRECTORY),
    ("DomainAuthSecretArn", DIRECTORY),
    ("DomainDnsIps", DIRECTORY),
    ("DomainFqdn", DIRECTORY),
    ("DomainIAMRoleName", DIRECTORY),
    ("DomainOu", DIRECTORY),
    ("EnableCloudwatchLogsExports", CLUSTERS),
    ("EnableIAMDatabaseAuthentication", CLUSTERS),
    ("EngineLifecycleSupport", CLUSTERS),
    ("EngineVersion", CLUSTERS),
    ("InstanceCreateTime", STATUS),
    ("Iops", OTHER_ENGINES),
    ("IsStorageConfigUpgradeAvailable", STATUS),
    ("KmsKeyId", CLUSTERS),
    ("LatestRestorableTime", STATUS),
    ("LicenseModel", OTHER_ENGINES),
    ("ListenerEndpoint", OTHER_ENGINES),
    ("ManageMasterUserPassword", CLUSTERS),
    ("MasterUserAuthenticationType", CLUSTERS),
    ("MasterUserPassword", CLUSTERS),
    ("MasterUserSecret", CLUSTERS),
    ("MasterUsername", CLUSTERS),
    ("MaxAllocatedStorage", OTHER_ENGINES),
    ("MultiAZ", OTHER_ENGINES),
    ("NcharCharacterSetName", OTHER_ENGINES),
    ("NetworkType", "left out: the architecture is IPv4 inside"),
    ("OptionGroupName", OTHER_ENGINES),
    ("PercentProgress", STATUS),
    ("Port", CLUSTERS),
    ("PreferredBackupWindow", CLUSTERS),
    ("ProcessorFeatures", OTHER_ENGINES),
    ("ReadReplicaDBClusterIdentifiers", REPLICAS),
    ("ReadReplicaDBInstanceIdentifiers", REPLICAS),
    ("ReplicaMode", REPLICAS),
    ("RestoreTime", REPLICAS),
    ("ResumeFullAutomationModeTime", STATUS),
    ("SecondaryAvailabilityZone", OTHER_ENGINES),
    ("SourceDBClusterIdentifier", REPLICAS),
    ("SourceDBInstanceAutomatedBackupsArn", REPLICAS),
    ("SourceDBInstanceIdentifier", REPLICAS),
    ("SourceDbiResourceId", REPLICAS),
    ("SourceRegion", REPLICAS),
    ("StatusInfos", STATUS),
    ("StorageEncrypted", CLUSTERS),
    ("StorageOperationPercentProgress", STATUS),
    ("StorageOperationStatus", STATUS),
    ("StorageThroughput", OTHER_ENGINES),
    ("StorageType", CLUSTERS),
    ("TdeCredentialArn", OTHER_ENGINES),
    ("TdeCredentialPassword", OTHER_ENGINES),
    ("Timezone", OTHER_ENGINES),
    ("UseDefaultProcessorFeatures", OTHER_ENGINES),
    ("UseLatestRestorableTime", REPLICAS),
    ("VPCSecurityGroups", CLUSTERS),
];
