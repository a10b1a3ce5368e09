//! [`Database`]: an Aurora cluster over all zones.

use infra_core::{
    aws::{
        DbClusterSnapshotIdentifier, SecurityGroupId,
        rds::{
            DbCluster, DbClusterParameterGroup, DbInstance, DbSubnetGroup, LogExport,
            ServerlessV2ScalingConfiguration,
        },
    },
    prelude::*,
};

use crate::{Network, SettingsError, SiteKey, version::mysql_of};

/// How a database is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseSettings {
    /// The whole version of Aurora MySQL: `8.4.mysql_aurora.8.4.7`. Moodle 5.2 needs 8.4. Changes
    /// in place, upwards alone; every machine restarts.
    pub engine_version: String,
    /// How large its machines are.
    pub capacity: DatabaseCapacity,
    /// How many machines, 1 to 15, dealt to the zones in turn. The first writes, the others read
    /// and stand by: with one alone the loss of its zone is an outage of minutes.
    pub instances: u8,
    /// For how long it can be brought back to any moment, 1 to 35 days.
    pub backup_retention: Days,
    /// Whether AWS refuses to delete it. A deletion that the plan shows takes that back first.
    pub deletion_protection: bool,
    /// What deletion leaves behind.
    pub final_snapshot: FinalSnapshot,
    /// The snapshot that it is made of. Default: none, it begins empty. Naming one replaces the
    /// database by what the snapshot holds, which the plan asks about; to name none any more changes
    /// nothing.
    pub restored_from: Option<DbClusterSnapshotIdentifier>,
    /// The key that encrypts it, with its snapshots and the secret of its first user. Default: AWS's
    /// own. Another one replaces it.
    pub key: SiteKey,
}

/// How large the machines of a database are.
#[derive(Clone, Debug, PartialEq)]
pub enum DatabaseCapacity {
    /// Of one class, such as `db.r7g.large`: for exams, which begin all at once.
    Provisioned {
        /// The class.
        class: String,
    },
    /// They grow and shrink between two bounds, in capacity units of about 2 GiB of memory. How
    /// fast they grow depends on where they start.
    Serverless {
        /// The least, 0 to 255.5.
        min: f64,
        /// The most, 1 to 256.
        max: f64,
    },
}

/// What deletion of a database leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinalSnapshot {
    /// A snapshot of this name, which no other one may have: another name after each deletion.
    Named(String),
    /// Nothing.
    Skip,
}

impl Default for DatabaseSettings {
    /// Aurora MySQL 8.4 on three `db.r7g.large`, which can be brought back for two weeks.
    fn default() -> Self {
        Self {
            engine_version: "8.4.mysql_aurora.8.4.7".to_owned(),
            capacity: DatabaseCapacity::Provisioned { class: "db.r7g.large".to_owned() },
            instances: 3,
            backup_retention: Days(14),
            deletion_protection: true,
            final_snapshot: FinalSnapshot::Skip,
            restored_from: None,
            key: SiteKey::default(),
        }
    }
}

/// An Aurora cluster with machines in all zones, encrypted, reached with TLS alone.
///
/// AWS makes up the first user's password, keeps it in a secret and changes it every week. Only what
/// creates Moodle's own users is given it ([`DatabaseUsers`](crate::DatabaseUsers)).
#[derive(Clone, Debug)]
pub struct Database {
    /// The cluster, whose endpoint leads to the machine that writes.
    pub cluster: DbCluster,
    /// Its machines. Nobody answers at the endpoints before one of them is ready: what connects
    /// depends on them.
    pub instances: Vec<DbInstance>,
    /// Its version, which says what Moodle works with it.
    pub engine_version: String,
    /// How large its machines are.
    pub capacity: DatabaseCapacity,
}

/// Who may do everything in it.
const FIRST_USER: &str = "moodle";

/// What the database within the cluster is called.
pub const DATABASE_NAME: &str = "moodle";

impl Database {
    /// The database of a site in a component of its own.
    ///
    /// # Errors
    /// If the version is none of Aurora MySQL, or there are not 1 to 15 instances.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        reached_by: impl IntoInput<SecurityGroupId>,
        settings: &DatabaseSettings,
    ) -> Result<Self, SettingsError> {
        let family = family(&settings.engine_version)?;
        if !(1..=15).contains(&settings.instances) {
            return Err(SettingsError::Instances { instances: settings.instances });
        }
        let stack = &stack.component(name);
        let subnets = DbSubnetGroup::named("database")
            .db_subnet_group_description("Moodle's database: the data subnets of all zones")
            .subnet_ids(network.data_subnets())
            .create(stack);
        let parameters = DbClusterParameterGroup::named("database")
            .family(family.as_str())
            .description("Moodle's database: whole Unicode, TLS alone, slow statements logged")
            .parameters(PARAMETERS)
            .create(stack);
        let cluster = DbCluster::named("database")
            .db_subnet_group_name(&subnets)
            .vpc_security_group_ids([reached_by.into_input()])
            .db_cluster_parameter_group_name(&parameters)
            .engine_version(settings.engine_version.as_str())
            .database_name(DATABASE_NAME)
            .manage_master_user_password(true)
            .maybe_master_user_secret_kms_key_id(settings.key.get())
            .maybe_kms_key_id(settings.key.get())
            .maybe_performance_insights_kms_key_id(settings.key.get())
            .deletion_protection(settings.deletion_protection)
            .backup_retention_period(settings.backup_retention)
            .performance_insights_enabled(true)
            .enable_cloudwatch_logs_exports([LogExport::Error, LogExport::Slowquery]);
        let cluster = match &settings.final_snapshot {
            FinalSnapshot::Named(name) => cluster.final_snapshot_identifier(name.as_str()),
            FinalSnapshot::Skip => cluster.skip_final_snapshot(true),
        };
        let cluster = match &settings.restored_from {
            // A copy brings its first user along.
            Some(snapshot) => cluster.snapshot_identifier(snapshot.clone()),
            // What it was made of once is nothing to make it anew for.
            None => cluster
                .master_username(FIRST_USER)
                .ignore_changes(DbCluster::SNAPSHOT_IDENTIFIER)
                .ignore_changes(DbCluster::MASTER_USERNAME),
        };
        let (class, cluster) = match &settings.capacity {
            DatabaseCapacity::Provisioned { class } => (class.as_str(), cluster),
            DatabaseCapacity::Serverless { min, max } => {
                let bounds = ServerlessV2ScalingConfiguration::new(*min, *max);
                ("db.serverless", cluster.serverless_v2_scaling_configuration(bounds))
            }
        };
        let cluster = cluster.create(stack);
        let places = (0..settings.instances).zip(network.zones.iter().cycle());
        let instances = places.map(|(number, zone)| {
            DbInstance::named(format!("database-{number}"))
                .db_cluster_identifier(&cluster)
                .db_instance_class(class)
                .availability_zone(&zone.name)
                .promotion_tier(u32::from(number))
                .create(stack)
        });
        let instances = instances.collect();
        Ok(Self {
            cluster,
            instances,
            engine_version: settings.engine_version.clone(),
            capacity: settings.capacity.clone(),
        })
    }
}

/// What differs from the family's own parameters.
const PARAMETERS: [(&str, &str); 5] = [
    ("character_set_server", "utf8mb4"),
    ("collation_server", "utf8mb4_unicode_ci"),
    ("require_secure_transport", "ON"),
    ("slow_query_log", "1"),
    ("long_query_time", "2"),
];

/// The family of parameters that a version takes: that of its major version of MySQL.
fn family(version: &str) -> Result<String, SettingsError> {
    Ok(format!("aurora-mysql{}", mysql_of(version)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_follows_the_version() {
        assert_eq!(family("8.4.mysql_aurora.8.4.7").unwrap(), "aurora-mysql8.4");
        assert_eq!(family("8.0.mysql_aurora.3.10.0").unwrap(), "aurora-mysql8.0");
        for version in ["8.4.7", "8.mysql_aurora.8.4.7", "8.x.mysql_aurora.1", ""] {
            let error = family(version).unwrap_err().to_string();
            assert!(error.contains(version) && error.contains("8.4.mysql_aurora.8.4.7"), "{error}");
        }
    }
}
