//! Clusters that are refused.

use crate::conformance::Refused;
use infra_core::{
    aws::{
        SecurityGroupId,
        rds::{
            DatabaseInsightsMode, DbCluster, DbClusterParameterGroup, RestoreType,
            ServerlessV2ScalingConfiguration as Scaling,
        },
    },
    prelude::*,
};

use crate::conformance::kms::key::{far_key, key};
use crate::conformance::rds::aurora::{Network, cluster, placed};

fn scaling(stack: &Stack, scaling: Scaling) {
    cluster(stack, "subject").serverless_v2_scaling_configuration(scaling).create(stack);
}

pub(super) const NEW: &[Refused] = &[
    Refused {
        property: "final_snapshot_identifier",
        build: |stack| {
            placed(stack, "subject")
                .master_username("admin")
                .manage_master_user_password(true)
                .create(stack);
        },
        says: "is absent: it or `skip_final_snapshot` must be given",
    },
    Refused {
        property: "final_snapshot_identifier",
        build: |stack| {
            cluster(stack, "subject").final_snapshot_identifier("last").create(stack);
        },
        says: "exclude each other",
    },
    Refused {
        property: "final_snapshot_identifier",
        build: |stack| {
            placed(stack, "subject")
                .master_username("admin")
                .manage_master_user_password(true)
                .final_snapshot_identifier("the last")
                .create(stack);
        },
        says: "must begin with a letter",
    },
    Refused {
        property: "vpc_security_group_ids",
        build: |stack| {
            let (here, there) = (Network::new(stack, "vpc"), Network::new(stack, "other"));
            DbCluster::named("subject")
                .db_subnet_group_name(&here.subnet_group(stack, "here"))
                .vpc_security_group_ids([&there.group(stack, "there")])
                .master_username("admin")
                .manage_master_user_password(true)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "both must belong to one network",
    },
    Refused {
        property: "vpc_security_group_ids",
        build: |stack| {
            let none: [SecurityGroupId; 0] = [];
            cluster(stack, "subject").vpc_security_group_ids(none).create(stack);
        },
        says: "a cluster has 1 to 5",
    },
    Refused {
        property: "engine_version",
        build: |stack| {
            cluster(stack, "subject").engine_version("8.0").create(stack);
        },
        says: "whole versions look like",
    },
    Refused {
        property: "db_cluster_parameter_group_name",
        build: |stack| {
            let group = DbClusterParameterGroup::named("newer")
                .family("aurora-mysql8.4")
                .description("the database")
                .create(stack);
            cluster(stack, "subject").db_cluster_parameter_group_name(&group).create(stack);
        },
        says: "needs one of aurora-mysql8.0",
    },
    Refused {
        property: "db_cluster_parameter_group_name",
        build: |stack| {
            cluster(stack, "subject")
                .db_cluster_parameter_group_name("default.aurora-mysql8.4")
                .create(stack);
        },
        says: "is of the family aurora-mysql8.4",
    },
    Refused {
        property: "master_username",
        build: |stack| {
            cluster(stack, "subject").master_username("rdsadmin").create(stack);
        },
        says: "is reserved",
    },
    Refused {
        property: "master_username",
        build: |stack| {
            cluster(stack, "subject").master_username("the-admin").create(stack);
        },
        says: "up to 16 letters, digits and underscores",
    },
    Refused {
        property: "database_name",
        build: |stack| {
            cluster(stack, "subject").database_name("mysql").create(stack);
        },
        says: "is reserved",
    },
    Refused {
        property: "kms_key_id",
        build: |stack| {
            cluster(stack, "subject")
                .storage_encrypted(false)
                .kms_key_id(&key(stack, "key"))
                .create(stack);
        },
        says: "`storage_encrypted` is false",
    },
    Refused {
        property: "kms_key_id",
        build: |stack| {
            cluster(stack, "subject").kms_key_id(&far_key(stack)).create(stack);
        },
        says: "another region than eu-central-1",
    },
    Refused {
        property: "port",
        build: |stack| {
            cluster(stack, "subject").port(443).create(stack);
        },
        says: "between 1150 and 65535",
    },
    Refused {
        property: "backup_retention_period",
        build: |stack| {
            cluster(stack, "subject").backup_retention_period(Days(36)).create(stack);
        },
        says: "between 1 and 35 days",
    },
    Refused {
        property: "preferred_backup_window",
        build: |stack| {
            cluster(stack, "subject").preferred_backup_window("02:00-02:20").create(stack);
        },
        says: "30 min are needed at least",
    },
    Refused {
        property: "preferred_backup_window",
        build: |stack| {
            cluster(stack, "subject")
                .preferred_backup_window("02:00-03:00")
                .preferred_maintenance_window("sun:02:30-sun:03:30")
                .create(stack);
        },
        says: "overlaps with `preferred_maintenance_window` sun:02:30-sun:03:30",
    },
    Refused {
        property: "preferred_maintenance_window",
        build: |stack| {
            cluster(stack, "subject").preferred_maintenance_window("02:30-03:30").create(stack);
        },
        says: "is not a time of the week",
    },
    Refused {
        property: "backtrack_window",
        build: |stack| {
            cluster(stack, "subject").backtrack_window(Seconds(259_201)).create(stack);
        },
        says: "between 0 and 259200 s",
    },
    Refused {
        property: "serverless_v2_scaling_configuration.max_capacity",
        build: |stack| scaling(stack, Scaling::new(0.5, 256.5)),
        says: "between 1 and 256, in steps of a half",
    },
    Refused {
        property: "serverless_v2_scaling_configuration.min_capacity",
        build: |stack| scaling(stack, Scaling::new(0.7, 8.0)),
        says: "in steps of a half",
    },
    Refused {
        property: "serverless_v2_scaling_configuration.min_capacity",
        build: |stack| scaling(stack, Scaling::new(16.0, 8.0)),
        says: "lies above the maximum of 8",
    },
    Refused {
        property: "serverless_v2_scaling_configuration.seconds_until_auto_pause",
        build: |stack| {
            scaling(stack, Scaling::new(0.5, 8.0).seconds_until_auto_pause(Seconds(300)))
        },
        says: "needs a `min_capacity` of 0",
    },
    Refused {
        property: "serverless_v2_scaling_configuration.seconds_until_auto_pause",
        build: |stack| scaling(stack, Scaling::new(0.0, 8.0).seconds_until_auto_pause(Seconds(60))),
        says: "between 300 and 86400 s",
    },
    Refused {
        property: "database_insights_mode",
        build: |stack| {
            cluster(stack, "subject")
                .database_insights_mode(DatabaseInsightsMode::Advanced)
                .create(stack);
        },
        says: "`performance_insights_retention_period` of 465 days",
    },
    Refused {
        property: "performance_insights_kms_key_id",
        build: |stack| {
            cluster(stack, "subject")
                .performance_insights_kms_key_id(&key(stack, "key"))
                .create(stack);
        },
        says: "`performance_insights_enabled` is false",
    },
    Refused {
        property: "performance_insights_retention_period",
        build: |stack| {
            cluster(stack, "subject")
                .performance_insights_enabled(true)
                .performance_insights_retention_period(Days(90))
                .create(stack);
        },
        says: "1 to 23 months of 31 days",
    },
];

pub(super) const OWN_PASSWORD: &[Refused] = &[
    Refused {
        property: "master_user_password",
        build: |stack| {
            let password = "correct horse";
            placed(stack, "subject")
                .master_username("admin")
                .master_user_password(password)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "[secret] is not a password of 8 to 41 printable characters",
    },
    Refused {
        property: "master_user_password",
        build: |stack| {
            placed(stack, "subject")
                .master_username("admin")
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "or `manage_master_user_password` to have AWS make one up",
    },
    Refused {
        property: "manage_master_user_password",
        build: |stack| {
            cluster(stack, "subject").master_user_password("hunter2-2").create(stack);
        },
        says: "exclude each other",
    },
    Refused {
        property: "master_user_secret_kms_key_id",
        build: |stack| {
            placed(stack, "subject")
                .master_username("admin")
                .master_user_password("hunter2-2")
                .master_user_secret_kms_key_id(&key(stack, "key"))
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "`manage_master_user_password` is false",
    },
];

pub(super) const RESTORED: &[Refused] = &[
    Refused {
        property: "snapshot_identifier",
        build: |stack| {
            placed(stack, "subject")
                .snapshot_identifier("nothing")
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "the DbClusterSnapshot `nothing` does not exist",
    },
    Refused {
        property: "master_username",
        build: |stack| {
            cluster(stack, "subject").snapshot_identifier("nothing").create(stack);
        },
        says: "`snapshot_identifier` exclude each other",
    },
    Refused {
        property: "master_username",
        build: |stack| {
            placed(stack, "subject").skip_final_snapshot(true).create(stack);
        },
        says: "it or `snapshot_identifier` or `source_db_cluster_identifier` must be given",
    },
];

pub(super) const TURNED_BACK: &[Refused] = &[
    Refused {
        property: "restore_to_time",
        build: |stack| {
            let source = cluster(stack, "source").create(stack);
            placed(stack, "subject")
                .source_db_cluster_identifier(&source)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "or `use_latest_restorable_time` is needed",
    },
    Refused {
        property: "restore_to_time",
        build: |stack| {
            let source = cluster(stack, "source").create(stack);
            placed(stack, "subject")
                .source_db_cluster_identifier(&source)
                .restore_to_time("yesterday")
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "must look like 2026-03-14T09:30:00Z",
    },
    Refused {
        property: "restore_to_time",
        build: |stack| {
            let source = cluster(stack, "source").create(stack);
            placed(stack, "subject")
                .source_db_cluster_identifier(&source)
                .restore_to_time("2026-03-14T09:30:00Z")
                .restore_type(RestoreType::CopyOnWrite)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "begins with the latest moment",
    },
    Refused {
        property: "restore_to_time",
        build: |stack| {
            let source = cluster(stack, "source").create(stack);
            placed(stack, "subject")
                .source_db_cluster_identifier(&source)
                .restore_to_time("2026-03-14T09:30:00Z")
                .use_latest_restorable_time(true)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "exclude each other",
    },
    Refused {
        property: "restore_type",
        build: |stack| {
            cluster(stack, "subject").restore_type(RestoreType::FullCopy).create(stack);
        },
        says: "belongs to `source_db_cluster_identifier`",
    },
    Refused {
        property: "storage_encrypted",
        build: |stack| {
            let source = cluster(stack, "source").create(stack);
            placed(stack, "subject")
                .source_db_cluster_identifier(&source)
                .use_latest_restorable_time(true)
                .storage_encrypted(false)
                .skip_final_snapshot(true)
                .create(stack);
        },
        says: "is encrypted",
    },
];
