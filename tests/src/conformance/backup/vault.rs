//! The case of `aws:backup:Vault`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        backup::{Vault, VaultLock},
        iam::{PolicyDocument, Principal, Statement},
    },
    prelude::*,
};

use crate::conformance::kms::key::{far_key, keys};

fn locked(stack: &Stack, lock: VaultLock) {
    Vault::named("subject").lock_configuration(lock).create(stack);
}

fn denying(action: &str) -> PolicyDocument {
    PolicyDocument::new([Statement::deny()
        .principals([Principal::everyone()])
        .actions([action])
        .resources(["*"])])
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Vault::definition,
    build: |stack, v| {
        let [key, other] = keys(stack);
        Vault::named("subject")
            .backup_vault_name(v.pick("backup_vault_name", "campus", "school"))
            .encryption_key_arn(v.pick("encryption_key_arn", &key, &other))
            .access_policy(v.pick(
                "access_policy",
                denying("backup:DeleteRecoveryPoint"),
                denying("backup:UpdateRecoveryPointLifecycle"),
            ))
            .lock_configuration(v.pick(
                "lock_configuration",
                VaultLock::new(Days(7)).max_retention_days(Days(400)),
                VaultLock::new(Days(14)).changeable_for_days(Days(3)),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "backup_vault_name",
            build: |stack| {
                Vault::named("subject").backup_vault_name("x").create(stack);
            },
            says: "must have 2 characters at least",
        },
        Refused {
            property: "encryption_key_arn",
            build: |stack| {
                Vault::named("subject").encryption_key_arn(&far_key(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "access_policy.statements[0]",
            build: |stack| {
                let nothing = PolicyDocument::new([Statement::deny()
                    .principals([Principal::everyone()])
                    .resources(["*"])]);
                Vault::named("subject").access_policy(nothing).create(stack);
            },
            says: "either `actions` or `not_actions`",
        },
        Refused {
            property: "lock_configuration.min_retention_days",
            build: |stack| locked(stack, VaultLock::new(Days(0))),
            says: "0 must be between 1 and 36500",
        },
        Refused {
            property: "lock_configuration.max_retention_days",
            build: |stack| locked(stack, VaultLock::new(Days(30)).max_retention_days(Days(7))),
            says: "7 must be between `min_retention_days`, 30, and 36500",
        },
        Refused {
            property: "lock_configuration.changeable_for_days",
            build: |stack| locked(stack, VaultLock::new(Days(30)).changeable_for_days(Days(2))),
            says: "2 must be between 3 and 36500",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Backup::BackupVault",
        differs: &[("Notifications", "left out: EventBridge tells the same, failed jobs included")],
        renamed: &[("BackupVaultTags", "tags")],
    },
}];
