//! [`Backups`]: copies of database and files, in a vault of their own and in another region.

use infra_core::{
    aws::{
        RestoreTestingPlanName,
        backup::{
            BackupRule, CopyAction, Lifecycle, Plan, ProtectedResourceType, RecoveryPointSelection,
            RecoveryPointType, RestoreTestingPlan, RestoreTestingSelection, Selection,
            SelectionAlgorithm, Vault, VaultLock,
        },
        iam::{Role, RolePolicyAttachment},
    },
    prelude::*,
    types::TimeZone,
};

use crate::{Database, Files, SettingsError, SiteKey, iam::assumed_by};

/// How backups are made and kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSettings {
    /// At which hour of the night, 0 to 22; the files follow an hour later.
    pub hour: u8,
    /// Whose clocks that hour goes by.
    pub time_zone: TimeZone,
    /// How long each is kept.
    pub keep: Days,
    /// The region that a copy goes to, which outlives the loss of the site's own: `eu-west-1`.
    pub copy_to: Option<String>,
    /// For how long at least nobody can delete them, administrators included as long as the lock
    /// is there.
    pub locked: Option<Days>,
    /// Whether the newest are restored every week, looked at and thrown away.
    pub rehearsal: bool,
    /// The key that encrypts them; a copy in another region has another one there. Default: AWS's own.
    pub key: SiteKey,
}

impl Default for BackupSettings {
    /// At two in the morning, kept for five weeks and locked for one, and restored every week. No
    /// copy goes to another region: which one may have it is for lawyers to say.
    fn default() -> Self {
        Self {
            hour: 2,
            time_zone: TimeZone::UTC,
            keep: Days(35),
            copy_to: None,
            locked: Some(Days(7)),
            rehearsal: true,
            key: SiteKey::default(),
        }
    }
}

/// Copies of database and files, every night.
///
/// The database goes first and the files an hour later: a file that the database knows of is then in
/// the files' backup too, unless it was deleted in that hour. The other way round, the newest files
/// would be missing. (The database by itself can be brought back to any second; files can't.)
#[derive(Clone, Debug)]
pub struct Backups {
    /// Where they are kept.
    pub vault: Vault,
    /// Where copies are kept, in another region.
    pub far: Option<Vault>,
    /// When the database is copied.
    pub database: Plan,
    /// When the files are.
    pub files: Plan,
    /// What restores them to see whether that works.
    pub rehearsal: Option<RestoreTestingPlan>,
}

impl Backups {
    /// The backups of a site in a component of their own.
    ///
    /// # Errors
    /// If the hour is none, or backups are to be kept for less long than they are locked.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        database: &Database,
        files: &Files,
        settings: &BackupSettings,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let stack = &stack.component(name);
        let vault = vault(stack, settings.locked, settings.key);
        let far = settings.copy_to.as_ref().map(|region| {
            let far = ComponentOptions::default().provider(Provider::aws(region));
            let far = &stack.component_with("far", far);
            self::vault(far, settings.locked, settings.key.also_in(far))
        });
        let role = role(stack);
        let place = Place { stack, vault: &vault, far: far.as_ref(), role: &role, settings };
        let (of_database, of_files) = (database.cluster.db_cluster_arn(), files.arns());
        let of_database = interpolate!("{of_database}");
        let kind = match files {
            Files::Efs(_) => ProtectedResourceType::Efs,
            Files::Gluster(_) => ProtectedResourceType::Ebs,
        };
        let rehearsal =
            settings.rehearsal.then(|| place.rehearsal(database, &of_database, (&of_files, kind)));
        Ok(Self {
            database: place.plan("database", settings.hour, vec![of_database]),
            files: place.plan("files", settings.hour + 1, of_files),
            rehearsal,
            vault,
            far,
        })
    }
}

impl BackupSettings {
    fn check(&self) -> Result<(), SettingsError> {
        if self.hour > 22 {
            return Err(SettingsError::BackupHour { hour: self.hour });
        }
        match self.locked {
            Some(locked) if locked > self.keep => {
                Err(SettingsError::BackupLock { keep: self.keep.0, locked: locked.0 })
            }
            _ => Ok(()),
        }
    }
}

#[track_caller]
fn vault(stack: &Stack, locked: Option<Days>, key: SiteKey) -> Vault {
    Vault::named("site")
        .maybe_lock_configuration(locked.map(VaultLock::new))
        .maybe_encryption_key_arn(key.get())
        .create(stack)
}

/// What AWS Backup may: make backups, and restore them for rehearsals.
fn role(stack: &Stack) -> Role {
    let role = assumed_by(stack, "backup.amazonaws.com", "backup");
    for what in ["Backup", "Restores"] {
        RolePolicyAttachment::named(what.to_lowercase())
            .role_name(&role)
            .policy_arn(&*format!(
                "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor{what}"
            ))
            .create(stack);
    }
    role
}

/// What all backups of a site have in common.
struct Place<'a> {
    stack: &'a Stack,
    vault: &'a Vault,
    far: Option<&'a Vault>,
    role: &'a Role,
    settings: &'a BackupSettings,
}

impl Place<'_> {
    fn plan(&self, name: &str, hour: u8, arns: Vec<Output<String>>) -> Plan {
        let kept = Lifecycle::delete_after(self.settings.keep);
        let copies =
            self.far.map(|far| CopyAction::new(far.backup_vault_arn()).lifecycle(kept.clone()));
        let rule = BackupRule::new(
            "nightly",
            self.vault.backup_vault_name(),
            &*format!("cron(0 {hour} * * ? *)"),
        )
        .schedule_expression_timezone(self.settings.time_zone)
        // The files wait for an hour, so that is how late the database may begin.
        .start_window_minutes(Minutes(60))
        .completion_window_minutes(Minutes(12 * 60))
        .lifecycle(kept)
        .copy_actions(copies.into_iter().collect::<Vec<_>>());
        let (project, of) = (self.stack.project(), self.stack.name());
        let plan = Plan::named(name)
            .backup_plan_name(shortened(&format!("{project}-{of}-{name}")))
            .rules([rule])
            .create(self.stack);
        Selection::named(name)
            .backup_plan_id(&plan)
            .selection_name(name)
            .iam_role_arn(self.role.arn())
            .resources(arns)
            .create(self.stack);
        plan
    }

    fn rehearsal(
        &self,
        database: &Database,
        of_database: &Output<String>,
        (of_files, kind): (&[Output<String>], ProtectedResourceType),
    ) -> RestoreTestingPlan {
        // As the vault, whose name is that of this site alone.
        let name = self.vault.backup_vault_name();
        let name = name.map(|name| {
            let name = shortened(&name.as_str().replace('-', "_"));
            RestoreTestingPlanName::parse(&name)
                .expect("a vault has letters and digits in its name")
        });
        let newest = RecoveryPointSelection::new(
            SelectionAlgorithm::LatestWithinWindow,
            [RecoveryPointType::Snapshot],
            inputs![self.vault.backup_vault_arn()],
        );
        let plan = RestoreTestingPlan::named("rehearsal")
            .restore_testing_plan_name(name)
            .schedule_expression("cron(0 6 ? * SUN *)")
            .schedule_expression_timezone(self.settings.time_zone)
            .start_window_hours(Hours(4))
            .recovery_point_selection(newest)
            .create(self.stack);
        let subnets = database.cluster.db_subnet_group_name();
        let kinds = [
            ("database", ProtectedResourceType::Aurora, vec![of_database.clone()], Some(subnets)),
            ("files", kind, of_files.to_vec(), None),
        ];
        for (name, kind, arns, subnets) in kinds {
            let overrides = subnets
                .map(|subnets| [("dbSubnetGroupName".to_owned(), interpolate!("{subnets}"))]);
            RestoreTestingSelection::named(name)
                .restore_testing_plan_name(&plan)
                .restore_testing_selection_name(name)
                .protected_resource_type(kind)
                .iam_role_arn(self.role.arn())
                .protected_resource_arns(arns)
                .restore_metadata_overrides(overrides.into_iter().flatten().collect::<Vec<_>>())
                .validation_window_hours(Hours(8))
                .create(self.stack);
        }
        plan
    }
}

/// As much of a name as AWS Backup takes.
fn shortened(name: &str) -> String {
    name.chars().take(50).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_kept_is_told() {
        let settings = BackupSettings { hour: 23, ..BackupSettings::default() };
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains("23") && error.contains("0 to 22"), "{error}");
        let settings = BackupSettings { keep: Days(3), ..BackupSettings::default() };
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains("3 days") && error.contains("7 days"), "{error}");
        BackupSettings { locked: None, keep: Days(3), ..settings }.check().unwrap();
    }
}
