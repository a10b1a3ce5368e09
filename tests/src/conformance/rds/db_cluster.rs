//! The cases of `aws:rds:DbCluster`: a new one whose password AWS keeps, one with a password of its
//! own, one made of a snapshot, one made of another cluster.

mod refused;
mod truth;

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::rds::{
        DatabaseInsightsMode, DbCluster, DbClusterParameterGroup, DbClusterSnapshot, LogExport,
        RestoreType, ServerlessV2ScalingConfiguration, StorageType,
    },
    prelude::*,
};

use super::aurora::{Network, cluster, placed};
use crate::conformance::kms::key::keys;

pub(crate) const CASES: &[Case] = &[NEW, OWN_PASSWORD, RESTORED, TURNED_BACK];

fn parameters(stack: &Stack, name: &str) -> DbClusterParameterGroup {
    DbClusterParameterGroup::named(name)
        .family("aurora-mysql8.0")
        .description("the database")
        .create(stack)
}

const NEW: Case = Case {
    ty: DbCluster::definition,
    build: |stack, v| {
        let network = Network::new(stack, "vpc");
        let [one, other] = ["one", "other"].map(|name| network.subnet_group(stack, name));
        let [web, cron] = ["web", "cron"].map(|name| network.group(stack, name));
        let [some, more] = ["some", "more"].map(|name| parameters(stack, name));
        let [key, other_key] = keys(stack);
        let scaling = |most: f64| ServerlessV2ScalingConfiguration::new(0.5, most);
        DbCluster::named("subject")
            .db_subnet_group_name(v.pick("db_subnet_group_name", &one, &other))
            .vpc_security_group_ids(v.pick("vpc_security_group_ids", vec![&web], vec![&web, &cron]))
            .db_cluster_identifier(v.pick("db_cluster_identifier", "campus", "college"))
            .engine_version(v.pick(
                "engine_version",
                "8.0.mysql_aurora.3.08.2",
                "8.0.mysql_aurora.3.10.3",
            ))
            .allow_major_version_upgrade(v.pick("allow_major_version_upgrade", false, true))
            .database_name(v.pick("database_name", "moodle", "lms"))
            .master_username(v.pick("master_username", "admin", "root_user"))
            .manage_master_user_password(true)
            .master_user_secret_kms_key_id(v.pick(
                "master_user_secret_kms_key_id",
                &key,
                &other_key,
            ))
            .enable_iam_database_authentication(v.pick(
                "enable_iam_database_authentication",
                false,
                true,
            ))
            .db_cluster_parameter_group_name(v.pick(
                "db_cluster_parameter_group_name",
                &some,
                &more,
            ))
            .port(v.pick("port", 3306, 3307))
            .storage_encrypted(true)
            .kms_key_id(v.pick("kms_key_id", &key, &other_key))
            .storage_type(v.pick("storage_type", StorageType::Aurora, StorageType::AuroraIopt1))
            .backup_retention_period(v.pick("backup_retention_period", Days(7), Days(35)))
            .preferred_backup_window(v.pick(
                "preferred_backup_window",
                "02:00-02:30",
                "23:30-00:30",
            ))
            .preferred_maintenance_window(v.pick(
                "preferred_maintenance_window",
                "sun:03:00-sun:03:30",
                "sat:23:00-sun:01:00",
            ))
            .backtrack_window(v.pick("backtrack_window", Seconds(3600), Seconds(86_400)))
            .copy_tags_to_snapshot(v.pick("copy_tags_to_snapshot", true, false))
            .enable_cloudwatch_logs_exports(v.pick(
                "enable_cloudwatch_logs_exports",
                vec![LogExport::Error],
                vec![LogExport::Slowquery, LogExport::Error],
            ))
            .serverless_v2_scaling_configuration(v.pick(
                "serverless_v2_scaling_configuration",
                scaling(8.0),
                scaling(64.0),
            ))
            .database_insights_mode(v.pick(
                "database_insights_mode",
                DatabaseInsightsMode::Advanced,
                DatabaseInsightsMode::Standard,
            ))
            .performance_insights_enabled(true)
            .performance_insights_kms_key_id(v.pick(
                "performance_insights_kms_key_id",
                &key,
                &other_key,
            ))
            .performance_insights_retention_period(Days(465))
            .enable_local_write_forwarding(v.pick("enable_local_write_forwarding", false, true))
            .deletion_protection(v.pick("deletion_protection", true, false))
            .final_snapshot_identifier(v.pick("final_snapshot_identifier", "last", "very-last"))
            .delete_automated_backups(v.pick("delete_automated_backups", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: refused::NEW,
    fixed: &[
        ("engine", "Aurora MySQL is the only one of the catalogue"),
        (
            "manage_master_user_password",
            "excludes `master_user_password`; see the tests of databases",
        ),
        ("master_user_password", "the second case has it in the place of AWS's own"),
        ("performance_insights_enabled", "the second case has it, without the advanced mode"),
        (
            "performance_insights_retention_period",
            "the second case has it, without the advanced mode",
        ),
        ("storage_encrypted", "the second case has it, without a key"),
        ("skip_final_snapshot", "excludes `final_snapshot_identifier`, which has two values"),
        ("snapshot_identifier", "excludes `master_username`; the third case has it"),
        ("source_db_cluster_identifier", "excludes `master_username`; the fourth case has it"),
        ("restore_to_time", "belongs to `source_db_cluster_identifier`; the fourth case has it"),
        ("use_latest_restorable_time", "excludes `restore_to_time`, which the fourth case has"),
        ("restore_type", "belongs to `source_db_cluster_identifier`; the fourth case has it"),
    ],
    cfn: Cfn {
        name: "AWS::RDS::DBCluster",
        differs: truth::DIFFERS,
        renamed: &[
            ("ReadEndpoint", "reader_endpoint"),
            ("MasterUserSecret", "master_user_secret_arn"),
        ],
    },
};

const OWN_PASSWORD: Case = Case {
    ty: DbCluster::definition,
    build: |stack, v| {
        placed(stack, "subject")
            .db_cluster_identifier("campus")
            .master_username("admin")
            .master_user_password(v.pick("master_user_password", "hunter2-2", "hunter3-3"))
            .storage_encrypted(v.pick("storage_encrypted", false, true))
            .performance_insights_enabled(v.pick("performance_insights_enabled", true, false))
            .performance_insights_retention_period(v.pick(
                "performance_insights_retention_period",
                Days(7),
                Days(62),
            ))
            .skip_final_snapshot(true)
            .create(stack);
    },
    refused: refused::OWN_PASSWORD,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const RESTORED: Case = Case {
    ty: DbCluster::definition,
    build: |stack, v| {
        let source = cluster(stack, "source").create(stack);
        let [one, other] = ["one", "other"].map(|name| {
            DbClusterSnapshot::named(name).db_cluster_identifier(&source).create(stack)
        });
        placed(stack, "subject")
            .snapshot_identifier(v.pick("snapshot_identifier", &one, &other))
            .skip_final_snapshot(true)
            .create(stack);
    },
    refused: refused::RESTORED,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const TURNED_BACK: Case = Case {
    ty: DbCluster::definition,
    build: |stack, v| {
        let [one, other] = ["one", "two"].map(|name| cluster(stack, name).create(stack));
        // The latest moment excludes any other, and sharing data needs the latest.
        let other_type = v.is("restore_type");
        let time = v.pick("restore_to_time", "2026-03-14T09:30:00Z", "2026-03-14T10:30:00Z");
        let subject = placed(stack, "subject")
            .source_db_cluster_identifier(v.pick("source_db_cluster_identifier", &one, &other))
            .restore_to_time(time)
            .skip_final_snapshot(true);
        let subject =
            if other_type { subject.restore_type(RestoreType::FullCopy) } else { subject };
        subject.create(stack);
    },
    refused: refused::TURNED_BACK,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
