//! AWS: backup CreateBackupVault, PutBackupVaultAccessPolicy, DeleteBackupVaultAccessPolicy,
//! PutBackupVaultLockConfiguration, DeleteBackupVaultLockConfiguration, TagResource,
//! DescribeBackupVault, DeleteBackupVault.

use crate::{
    aws::{BackupVaultArn, BackupVaultName, KmsKeyArn, iam::PolicyDocument},
    prelude::*,
    props, resource,
};

/// A vault: where backups of many services are kept, under one key and one policy.
///
/// It holds data. AWS deletes an empty one alone.
///
/// ```
/// use infra_core::{aws::backup::{Vault, VaultLock}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vault = Vault::named("campus")
///     .lock_configuration(VaultLock::new(Days(7)).changeable_for_days(Days(14)))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:backup:Vault", create = "2s", update = "1s", delete = "2s", holds_data)]
pub struct Vault {
    /// The name, 2 to 50 letters, digits, `_` and `-`. Default: made up from project, stack and
    /// name. Changing it replaces the vault. AWS: `BackupVaultName`.
    #[prop(id, replace, name(50, word))]
    pub backup_vault_name: Option<BackupVaultName>,
    /// The key that encrypts what is kept in it, of the same region. Default: `aws/backup`, with
    /// which nothing can be copied to another account. Changing it replaces the vault. AWS:
    /// `EncryptionKeyArn`.
    #[prop(replace, computed, at = exists)]
    pub encryption_key_arn: Option<KmsKeyArn>,
    /// Who may do what with it and with what is in it. Default: what roles allow. Changes in
    /// place. AWS: PutBackupVaultAccessPolicy, `AccessPolicy`.
    #[prop(separate)]
    pub access_policy: Option<PolicyDocument>,
    /// For how long at least everything in it is kept, whoever wants to delete it. Default: no
    /// lock. Changes in place, while it can be changed. AWS: PutBackupVaultLockConfiguration,
    /// `LockConfiguration`.
    #[prop(separate)]
    pub lock_configuration: Option<VaultLock>,
    /// Tags. Default: none. Change in place. AWS: `BackupVaultTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN: what copies from other regions go to. AWS: `BackupVaultArn`.
    #[output(arn = "arn:aws:backup:{region}:{account}:backup-vault:{id}", at = exists)]
    pub backup_vault_arn: BackupVaultArn,
}

/// For how long everything in a vault is kept, whoever wants to delete it.
///
/// Backups whose own retention does not fit fail when they are made: the check `backup-retention`
/// holds plans of the same program against it. Those that were there before stay as they are.
#[props]
pub struct VaultLock {
    /// How long at least, from 1 day on. AWS: `MinRetentionDays`.
    pub min_retention_days: Days,
    /// How long at most, up to 36,500 days and not less than at least. Default: no limit. AWS:
    /// `MaxRetentionDays`.
    pub max_retention_days: Option<Days>,
    /// For how long the lock can still be changed or taken away, 3 to 36,500 days. After that
    /// nobody can, AWS included, and the vault stays until the last backup in it has expired.
    /// Default: for ever, by whoever may. AWS: `ChangeableForDays`.
    pub changeable_for_days: Option<Days>,
}
