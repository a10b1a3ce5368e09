//! `aws:backup:Vault`.

use aws_sdk_backup::{
    operation::describe_backup_vault::DescribeBackupVaultOutput, types::VaultState,
};
use infra_core::{
    aws::backup::{self, VaultLock, VaultLockArgs},
    handler::{Deletion, Request, TypedRequest},
    types::{Days, PropertyType},
    value::Value,
};

use super::{days, new_tags, retag, tags, told_by};
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, sealed},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Vault;

type Type = backup::Vault;

const DAY: i64 = 24 * 60 * 60;

/// AWS tells the day from which on a lock can't be changed, not how many days that was from when it
/// was set: those recorded, or those since the vault was made.
fn lock(told: &DescribeBackupVaultOutput, recorded: &Value) -> Option<VaultLockArgs> {
    if told.locked() != Some(true) {
        return None;
    }
    let recorded = VaultLock::decode(recorded).ok().and_then(|lock| lock.changeable_for_days);
    let changeable_for_days = told.lock_date().and_then(|date| {
        let made = told.creation_date().map_or(date.secs(), |made| made.secs());
        recorded.or_else(|| days(Some((date.secs() - made) / DAY)))
    });
    Some(VaultLockArgs {
        min_retention_days: days(told.min_retention_days()).unwrap_or(Days(0)),
        max_retention_days: days(told.max_retention_days()),
        changeable_for_days,
    })
}

async fn put_lock(aws: &Aws, name: &str, lock: &VaultLockArgs) -> Answer<()> {
    let number = |days: Option<Days>| days.map(|Days(days)| days.into());
    let put = aws.backup().put_backup_vault_lock_configuration().backup_vault_name(name);
    put.min_retention_days(lock.min_retention_days.0.into())
        .set_max_retention_days(number(lock.max_retention_days))
        .set_changeable_for_days(number(lock.changeable_for_days))
        .send()
        .await?;
    Ok(())
}

/// A lock that is to be changeable for ever is made anew: putting one does not say whether the day
/// of the old one goes.
async fn change_lock(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let before = VaultLock::decode(request.old_inputs.get(Type::LOCK_CONFIGURATION.slot)).ok();
    let had_day = before.is_some_and(|lock| lock.changeable_for_days.is_some());
    let lock = request.args.lock_configuration.as_ref();
    let has_day = lock.is_some_and(|lock| lock.changeable_for_days.is_some());
    if lock.is_none() || (had_day && !has_day) {
        let delete = aws.backup().delete_backup_vault_lock_configuration();
        delete.backup_vault_name(&*request.id).send().await?;
    }
    match lock {
        Some(lock) => put_lock(aws, &request.id, lock).await,
        None => Ok(()),
    }
}

async fn put_policy(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let Some(policy) = &request.args.access_policy else { return Ok(()) };
    let put = aws.backup().put_backup_vault_access_policy().backup_vault_name(&*request.id);
    put.policy(policy.to_string()).send().await?;
    Ok(())
}

/// What keeps a vault from being deleted; the first of them.
async fn recovery_points(aws: &Aws, name: &str) -> Answer<Vec<String>> {
    let list = aws.backup().list_recovery_points_by_backup_vault().backup_vault_name(name);
    let told = list.max_results(10).send().await?;
    let arns = told.recovery_points().iter().filter_map(|point| point.recovery_point_arn());
    Ok(arns.map(str::to_owned).collect())
}

impl Resource for Vault {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("backup:CreateBackupVault").on(OWN),
        CREATE.and(UPDATE).needs("backup:PutBackupVaultAccessPolicy").on(OWN),
        CREATE.and(UPDATE).needs("backup:PutBackupVaultLockConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("backup:TagResource").on(OWN),
        UPDATE.needs("backup:DeleteBackupVaultAccessPolicy").on(OWN),
        UPDATE.needs("backup:DeleteBackupVaultLockConfiguration").on(OWN),
        UPDATE.needs("backup:UntagResource").on(OWN),
        READ.needs("backup:DescribeBackupVault").on(OWN),
        READ.needs("backup:GetBackupVaultAccessPolicy").on(OWN),
        READ.and(LIST).needs("backup:ListTags").on(OWN),
        DELETE.needs("backup:DeleteBackupVault").on(OWN),
        DELETE.needs("backup:ListRecoveryPointsByBackupVault").on(OWN),
        LIST.needs("backup:ListBackupVaults"),
        CREATE.needs("backup-storage:MountCapsule"),
        sealed!(CREATE, "kms:CreateGrant", "backup"),
        sealed!(CREATE, "kms:DescribeKey", "backup"),
        sealed!(CREATE, "kms:GenerateDataKey", "backup"),
        sealed!(CREATE, "kms:Decrypt", "backup"),
        sealed!(CREATE, "kms:RetireGrant", "backup"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let name = request.name().unwrap_or_default();
        let key = request.args.encryption_key_arn.as_ref().map(ToString::to_string);
        let made = aws
            .backup()
            .create_backup_vault()
            .backup_vault_name(name)
            .set_encryption_key_arn(key)
            .set_backup_vault_tags(Some(new_tags(request)))
            .creator_request_id(&*request.owner.intent)
            .send()
            .await?;
        Ok(Seen::new(name).text(Type::BACKUP_VAULT_ARN, made.backup_vault_arn()))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put_policy(aws, request).await?;
        match &request.args.lock_configuration {
            Some(lock) => put_lock(aws, &request.id, lock).await,
            None => Ok(()),
        }
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["access_policy"]) {
            put_policy(aws, request).await?;
            if request.args.access_policy.is_none() {
                let delete = aws.backup().delete_backup_vault_access_policy();
                delete.backup_vault_name(&*request.id).send().await.if_found()?;
            }
        }
        if changed(request, &["lock_configuration"]) {
            change_lock(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = &*request.id;
        let asked = aws.backup().describe_backup_vault().backup_vault_name(name);
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        let asked = aws.backup().get_backup_vault_access_policy().backup_vault_name(name);
        let document = asked.send().await.if_found()?.and_then(|told| told.policy);
        let recorded = request.inputs.get(Type::ACCESS_POLICY.slot);
        let policy = document.map_or(Value::Null, |document| policy(recorded, &document));
        let recorded = request.inputs.get(Type::LOCK_CONFIGURATION.slot);
        // Vaults of this kind are there at once; AWS does not always say so.
        let state = told.vault_state().map_or("AVAILABLE", VaultState::as_str);
        let arn = told.backup_vault_arn();
        let seen = Seen::new(name)
            .text(Type::BACKUP_VAULT_NAME, told.backup_vault_name())
            .text(Type::ENCRYPTION_KEY_ARN, told.encryption_key_arn().filter(|it| !it.is_empty()))
            .value(Type::ACCESS_POLICY, policy)
            .set(Type::LOCK_CONFIGURATION, lock(&told, recorded))
            .text(Type::BACKUP_VAULT_ARN, arn)
            .tags(tags(aws, arn.unwrap_or_default()).await?)
            .state(Some(state), &["AVAILABLE"], &[], &["FAILED"]);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.backup().delete_backup_vault().backup_vault_name(&*request.id);
        let deleted = delete.send().await.map(drop);
        told_by(deleted, recovery_points(aws, &request.id)).await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.backup().list_backup_vaults().into_paginator().items().send();
        let mut listed = vec![];
        for vault in all.collect::<Result<Vec<_>, _>>().await? {
            let (Some(name), Some(arn)) = (vault.backup_vault_name(), vault.backup_vault_arn())
            else {
                continue;
            };
            // It may have gone since.
            let Some(tags) = tags(aws, arn).await.if_found()? else { continue };
            listed.push(Seen::new(name).tags(tags));
        }
        Ok(listed)
    }
}
