//! Of `backup`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:backup:Plan",
        "create",
        "tells the policies of the vaults (GetBackupVaultAccessPolicy)",
    ),
    moto("aws:backup:RestoreTestingPlan", "create", "lists them (ListRestoreTestingPlans)"),
    moto("aws:backup:Selection", "create", "has selections (CreateBackupSelection)"),
    moto(
        "aws:backup:Vault",
        "create",
        "has policies of vaults (PutBackupVaultAccessPolicy, GetBackupVaultAccessPolicy)",
    ),
    ministack("aws:backup:RestoreTestingPlan", "create", "has them (CreateRestoreTestingPlan)"),
    ministack(
        "aws:backup:RestoreTestingSelection",
        "create",
        "has them (CreateRestoreTestingSelection)",
    ),
    ministack(
        "aws:backup:Selection",
        "found",
        "tells the token of the creation (ListBackupSelections: CreatorRequestId)",
    ),
    moto("aws:backup:RestoreTestingPlan", "destroyed", "has GetRestoreTestingPlan"),
    moto("aws:backup:RestoreTestingSelection", "create", "has GetRestoreTestingPlan"),
    moto("aws:backup:RestoreTestingSelection", "destroyed", "has GetRestoreTestingPlan"),
    moto("aws:backup:Selection", "destroyed", "has ListBackupSelections"),
    ministack("aws:backup:Vault", "without access_policy", "PutBackupVaultAccessPolicy sets one"),
    ministack(
        "aws:backup:Vault",
        "without lock_configuration",
        "PutBackupVaultLockConfiguration locks vaults",
    ),
];
