//! `aws:efs:FileSystem`.

use aws_sdk_efs::types as sdk;
use infra_core::{
    aws::efs,
    handler::{Deletion, Request, TypedRequest},
    value::Value,
};

use super::{DELETING, FAILED, READY, replication, retag, tags};
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, linked, passed, sealed},
    resource::{Resource, changed},
    seen::Seen,
    tags::sdk_tags,
};

pub(crate) struct FileSystem;

type Type = efs::FileSystem;

fn seen(system: &sdk::FileSystemDescription, aws: &Aws) -> Seen {
    let id = system.file_system_id();
    let mode = system.throughput_mode();
    let provisioned = mode == Some(&sdk::ThroughputMode::Provisioned);
    let rate = system.provisioned_throughput_in_mibps().filter(|_| provisioned);
    Seen::new(id)
        .text(Type::AVAILABILITY_ZONE_NAME, system.availability_zone_name())
        .set(Type::ENCRYPTED, system.encrypted())
        .text(Type::KMS_KEY_ID, system.kms_key_id().filter(|key| !key.is_empty()))
        .text(Type::PERFORMANCE_MODE, Some(system.performance_mode().as_str()))
        .text(Type::THROUGHPUT_MODE, mode.map(sdk::ThroughputMode::as_str))
        .set(Type::PROVISIONED_THROUGHPUT_IN_MIBPS, rate)
        .text(Type::FILE_SYSTEM_ID, Some(id))
        .text(Type::ARN, system.file_system_arn())
        .text(Type::DNS_NAME, Some(format!("{id}.efs.{}.amazonaws.com", aws.region())))
        .tags(tags(system.tags()))
        .state(Some(system.life_cycle_state().as_str()), READY, DELETING, FAILED)
}

/// Copies are kept by themselves where there is one zone alone.
fn kept_by_itself(request: &Request) -> sdk::Status {
    if request.inputs.has(Type::AVAILABILITY_ZONE_NAME.slot) {
        sdk::Status::Enabled
    } else {
        sdk::Status::Disabled
    }
}

async fn put_lifecycle(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let policies = request.args.lifecycle_policies.iter().map(|policy| {
        let back = policy.transition_to_primary_storage_class;
        sdk::LifecyclePolicy::builder()
            .set_transition_to_ia(policy.transition_to_ia.map(|after| after.as_str().into()))
            .set_transition_to_archive(
                policy.transition_to_archive.map(|after| after.as_str().into()),
            )
            .set_transition_to_primary_storage_class(back.map(|after| after.as_str().into()))
            .build()
    });
    let put = aws.efs().put_lifecycle_configuration().file_system_id(&*request.id);
    put.set_lifecycle_policies(Some(policies.collect())).send().await?;
    Ok(())
}

async fn put_backup(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let wanted = request.args.backup_policy.as_ref();
    let status = wanted.map(|policy| policy.status.as_str().into());
    let status = status.unwrap_or_else(|| kept_by_itself(request));
    let policy = sdk::BackupPolicy::builder().status(status).build();
    let policy = policy.expect("its status was given");
    let put = aws.efs().put_backup_policy().file_system_id(&*request.id);
    put.backup_policy(policy).send().await?;
    Ok(())
}

async fn put_protection(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let wanted = request.args.file_system_protection.as_ref();
    let overwrite = wanted.map_or(efs::Switch::Enabled, |it| it.replication_overwrite_protection);
    let put = aws.efs().update_file_system_protection().file_system_id(&*request.id);
    put.replication_overwrite_protection(overwrite.as_str().into()).send().await?;
    Ok(())
}

async fn put_policy(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (args, id) = (&request.args, &*request.id);
    match &args.file_system_policy {
        Some(policy) => {
            let put = aws.efs().put_file_system_policy().file_system_id(id);
            put.policy(policy.to_string())
                .bypass_policy_lockout_safety_check(args.bypass_policy_lockout_safety_check)
                .send()
                .await?;
        }
        None => {
            let delete = aws.efs().delete_file_system_policy().file_system_id(id);
            delete.send().await.if_found()?;
        }
    }
    Ok(())
}

/// What is in the place of a policy that says when files move: each moves once.
fn told_lifecycle(policies: &[sdk::LifecyclePolicy]) -> Value {
    let moves = policies.iter().map(|policy| {
        let fields = [
            ("transition_to_ia", policy.transition_to_ia().map(|after| after.as_str())),
            ("transition_to_archive", policy.transition_to_archive().map(|after| after.as_str())),
            (
                "transition_to_primary_storage_class",
                policy.transition_to_primary_storage_class().map(|after| after.as_str()),
            ),
        ];
        let told = |(name, after): (&'static str, Option<&str>)| Some((name, Value::from(after?)));
        Value::map(fields.into_iter().filter_map(told))
    });
    Value::list(moves)
}

/// Whether copies are kept, unless that is so by itself and the program says nothing.
async fn told_backup(aws: &Aws, request: &Request) -> Answer<Option<efs::BackupPolicyArgs>> {
    let asked = aws.efs().describe_backup_policy().file_system_id(&*request.id);
    let told = asked.send().await.if_found()?;
    let status = told.as_ref().and_then(|told| told.backup_policy()).map(|policy| policy.status());
    let status = match status {
        Some(sdk::Status::Enabled | sdk::Status::Enabling) => sdk::Status::Enabled,
        _ => sdk::Status::Disabled,
    };
    if !request.inputs.has(Type::BACKUP_POLICY.slot) && status == kept_by_itself(request) {
        return Ok(None);
    }
    let enabled = status == sdk::Status::Enabled;
    let status = if enabled { efs::Switch::Enabled } else { efs::Switch::Disabled };
    Ok(Some(efs::BackupPolicyArgs { status }))
}

/// Whether a replication may overwrite it. One that is overwritten was allowed to be.
fn told_protection(system: &sdk::FileSystemDescription, request: &Request) -> Value {
    let recorded = request.inputs.get(Type::FILE_SYSTEM_PROTECTION.slot);
    let told = system.file_system_protection();
    let told = told.and_then(|told| told.replication_overwrite_protection());
    match told.map(sdk::ReplicationOverwriteProtection::as_str) {
        None | Some("REPLICATING") => recorded.clone(),
        Some("ENABLED") if recorded.is_null() => Value::Null,
        Some(switch) => Value::map([("replication_overwrite_protection", switch.into())]),
    }
}

/// A policy without the names that EFS gives to it and its statements where it has none.
fn unnamed(policy: &str) -> String {
    const OF_EFS: &str = "efs-statement-";
    let Ok(mut json) = serde_json::from_str::<serde_json::Value>(policy) else {
        return policy.to_owned();
    };
    if json["Id"] == "1"
        && let Some(policy) = json.as_object_mut()
    {
        policy.remove("Id");
    }
    let statements = json.get_mut("Statement").and_then(serde_json::Value::as_array_mut);
    for statement in statements.into_iter().flatten() {
        let named = statement["Sid"].as_str().is_some_and(|sid| sid.starts_with(OF_EFS));
        if named && let Some(statement) = statement.as_object_mut() {
            statement.remove("Sid");
        }
    }
    json.to_string()
}

async fn told_policy(aws: &Aws, request: &Request) -> Answer<Value> {
    let asked = aws.efs().describe_file_system_policy().file_system_id(&*request.id);
    let told = asked.send().await.if_found()?;
    let recorded = request.inputs.get(Type::FILE_SYSTEM_POLICY.slot);
    let told = told.as_ref().and_then(|told| told.policy());
    let known = |told: &str| policy(recorded, told);
    Ok(told.map_or(Value::Null, |told| {
        // A program may give names of this form itself.
        if known(told) == *recorded { recorded.clone() } else { known(&unnamed(told)) }
    }))
}

impl Resource for FileSystem {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("elasticfilesystem:CreateFileSystem"),
        CREATE.and(UPDATE).needs("elasticfilesystem:CreateReplicationConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:DeleteFileSystemPolicy").on(OWN),
        CREATE
            .and(UPDATE)
            .and(DELETE)
            .needs("elasticfilesystem:DeleteReplicationConfiguration")
            .on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:PutBackupPolicy").on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:PutFileSystemPolicy").on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:PutLifecycleConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:TagResource").on(OWN),
        CREATE.and(UPDATE).needs("elasticfilesystem:UpdateFileSystemProtection").on(OWN),
        UPDATE.needs("elasticfilesystem:UntagResource").on(OWN).ours(),
        UPDATE.needs("elasticfilesystem:UpdateFileSystem").on(OWN).ours(),
        READ.needs("elasticfilesystem:DescribeBackupPolicy").on(OWN),
        READ.needs("elasticfilesystem:DescribeFileSystemPolicy").on(OWN),
        READ.and(LIST).needs("elasticfilesystem:DescribeFileSystems").on(OWN),
        READ.needs("elasticfilesystem:DescribeLifecycleConfiguration").on(OWN),
        READ.needs("elasticfilesystem:DescribeReplicationConfigurations").on(OWN),
        DELETE.needs("elasticfilesystem:DeleteFileSystem").on(OWN).ours(),
        linked!(CREATE.and(UPDATE), "elasticfilesystem.amazonaws.com"),
        passed!(CREATE.and(UPDATE), "elasticfilesystem.amazonaws.com"),
        sealed!(CREATE, "kms:CreateGrant", "elasticfilesystem"),
        sealed!(CREATE, "kms:DescribeKey", "elasticfilesystem"),
        sealed!(CREATE, "kms:GenerateDataKeyWithoutPlaintext", "elasticfilesystem"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .efs()
            .create_file_system()
            .creation_token(&*request.owner.intent)
            .set_availability_zone_name(args.availability_zone_name.clone())
            .encrypted(args.encrypted)
            .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
            .performance_mode(args.performance_mode.as_str().into())
            .throughput_mode(args.throughput_mode.as_str().into())
            .set_provisioned_throughput_in_mibps(args.provisioned_throughput_in_mibps)
            .set_tags(Some(sdk_tags!(aws_sdk_efs, request.all_tags().0, checked)))
            .send()
            .await?;
        let id = made.file_system_id();
        Ok(Seen::new(id)
            .text(Type::FILE_SYSTEM_ID, Some(id))
            .text(Type::ARN, made.file_system_arn())
            .text(Type::KMS_KEY_ID, made.kms_key_id())
            .text(Type::DNS_NAME, Some(format!("{id}.efs.{}.amazonaws.com", aws.region()))))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        if !args.lifecycle_policies.is_empty() {
            put_lifecycle(aws, request).await?;
        }
        if args.backup_policy.is_some() {
            put_backup(aws, request).await?;
        }
        if args.file_system_protection.is_some() {
            put_protection(aws, request).await?;
        }
        if args.file_system_policy.is_some() {
            put_policy(aws, request).await?;
        }
        match &args.replication_configuration {
            Some(wanted) => replication::write(aws, &request.id, Some(wanted)).await,
            None => Ok(()),
        }
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["throughput_mode", "provisioned_throughput_in_mibps"]) {
            let update = aws.efs().update_file_system().file_system_id(&*request.id);
            update
                .throughput_mode(args.throughput_mode.as_str().into())
                .set_provisioned_throughput_in_mibps(args.provisioned_throughput_in_mibps)
                .send()
                .await?;
        }
        if changed(request, &["lifecycle_policies"]) {
            put_lifecycle(aws, request).await?;
        }
        if changed(request, &["backup_policy"]) {
            put_backup(aws, request).await?;
        }
        if changed(request, &["file_system_protection"]) {
            put_protection(aws, request).await?;
        }
        if changed(request, &["file_system_policy"]) {
            put_policy(aws, request).await?;
        }
        if changed(request, &["replication_configuration"]) {
            let wanted = args.replication_configuration.as_ref();
            replication::write(aws, &request.id, wanted).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let asked = aws.efs().describe_file_systems().file_system_id(id);
        let told = asked.send().await.if_found()?;
        let Some(system) = told.as_ref().and_then(|told| told.file_systems().first()) else {
            return Ok(None);
        };
        let seen = seen(system, aws);
        if seen.deleting {
            return Ok(Some(seen));
        }
        let moves = aws.efs().describe_lifecycle_configuration().file_system_id(id);
        let Some(moves) = moves.send().await.if_found()? else { return Ok(None) };
        let seen = seen
            .value(Type::LIFECYCLE_POLICIES, told_lifecycle(moves.lifecycle_policies()))
            .set(Type::BACKUP_POLICY, told_backup(aws, request).await?)
            .value(Type::FILE_SYSTEM_PROTECTION, told_protection(system, request))
            .value(Type::FILE_SYSTEM_POLICY, told_policy(aws, request).await?)
            .set(Type::REPLICATION_CONFIGURATION, replication::read(aws, id).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        if request.inputs.has(Type::REPLICATION_CONFIGURATION.slot) {
            replication::end(aws, &request.id).await?;
        }
        aws.efs().delete_file_system().file_system_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.efs().describe_file_systems().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(|system| seen(system, aws)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_efs_gives_are_none() {
        let told = r#"{"Id":"1","Statement":[{"Sid":"efs-statement-1"},{"Sid":"mount"}]}"#;
        assert_eq!(unnamed(told), r#"{"Statement":[{},{"Sid":"mount"}]}"#);
    }
}
