//! Of `backup`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:Plan",
        what: "create",
        aws: "tells the policies of the vaults (GetBackupVaultAccessPolicy)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:RestoreTestingPlan",
        what: "create",
        aws: "lists them (ListRestoreTestingPlans)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:Selection",
        what: "create",
        aws: "has selections (CreateBackupSelection)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:Vault",
        what: "create",
        aws: "has policies of vaults (PutBackupVaultAccessPolicy, GetBackupVaultAccessPolicy)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:backup:RestoreTestingPlan",
        what: "create",
        aws: "has them (CreateRestoreTestingPlan)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:backup:RestoreTestingSelection",
        what: "create",
        aws: "has them (CreateRestoreTestingSelection)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:backup:Selection",
        what: "found",
        aws: "tells the token of the creation (ListBackupSelections: CreatorRequestId)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:backup:Vault",
        what: "create",
        aws: "has policies of vaults (PutBackupVaultAccessPolicy, GetBackupVaultAccessPolicy)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:RestoreTestingPlan",
        what: "destroyed",
        aws: "has GetRestoreTestingPlan",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:RestoreTestingSelection",
        what: "create",
        aws: "has GetRestoreTestingPlan",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:RestoreTestingSelection",
        what: "destroyed",
        aws: "has GetRestoreTestingPlan",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:backup:Selection",
        what: "destroyed",
        aws: "has ListBackupSelections",
    },
];
