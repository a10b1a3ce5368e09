//! `aws:backup:Plan`.

use infra_core::{
    aws::backup::{self, BackupRule},
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, PropertyType},
    value::Value,
};

use super::{
    new_tags, retag,
    rules::{document, rule_args, setting_args},
    tags, told_by,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Plan;

type Type = backup::Plan;

/// Lists that AWS tells, or that they are none that a program could say.
fn all<T: IntoValue>(told: Option<Vec<T>>) -> Value {
    told.map_or_else(|| Value::from("what this program can't say"), Vec::into_value)
}

/// The names of what a plan makes backups of.
async fn selections(aws: &Aws, plan: &str) -> Answer<Vec<String>> {
    let all = aws.backup().list_backup_selections().backup_plan_id(plan).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.into_iter().filter_map(|selection| selection.selection_name).collect())
}

impl Resource for Plan {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("backup:CreateBackupPlan").on(OWN),
        CREATE.and(UPDATE).needs("backup:TagResource").on(OWN),
        UPDATE.needs("backup:UntagResource").on(OWN).ours(),
        UPDATE.needs("backup:UpdateBackupPlan").on(OWN).ours(),
        READ.needs("backup:GetBackupPlan").on(OWN),
        READ.and(LIST).needs("backup:ListTags").on(OWN),
        DELETE.needs("backup:DeleteBackupPlan").on(OWN).ours(),
        DELETE.needs("backup:ListBackupSelections").on(OWN).ours(),
        LIST.needs("backup:ListBackupPlans"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = aws
            .backup()
            .create_backup_plan()
            .backup_plan(document(&request.args))
            .set_backup_plan_tags(Some(new_tags(request)))
            .creator_request_id(&*request.owner.intent)
            .send()
            .await?;
        let incomplete = || Error::incomplete("backup", "CreateBackupPlan", "BackupPlanId");
        let id = made.backup_plan_id().ok_or_else(incomplete)?;
        let seen = Seen::new(id)
            .text(Type::BACKUP_PLAN_ID, Some(id))
            .text(Type::BACKUP_PLAN_ARN, made.backup_plan_arn())
            .text(Type::VERSION_ID, made.version_id());
        Ok(seen)
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["backup_plan_name", "rules", "advanced_backup_settings"]) {
            let update = aws.backup().update_backup_plan().backup_plan_id(&*request.id);
            update.backup_plan(document(&request.args)).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let asked = aws.backup().get_backup_plan().backup_plan_id(id).send().await;
        // Versions of a plan can be read after its deletion.
        let told = asked.if_found()?.filter(|told| told.deletion_date().is_none());
        let Some(told) = told else { return Ok(None) };
        let Some(plan) = told.backup_plan() else { return Ok(None) };
        let recorded = request.inputs.get(Type::RULES.slot);
        let recorded = Vec::<BackupRule>::decode(recorded).unwrap_or_default();
        let rules = plan.rules().iter().map(|rule| rule_args(rule, &recorded)).collect();
        let settings = plan.advanced_backup_settings().iter().map(setting_args).collect();
        let arn = told.backup_plan_arn();
        let seen = Seen::new(id)
            .text(Type::BACKUP_PLAN_NAME, Some(plan.backup_plan_name()))
            .value(Type::RULES, all(rules))
            .value(Type::ADVANCED_BACKUP_SETTINGS, all(settings))
            .text(Type::BACKUP_PLAN_ID, told.backup_plan_id())
            .text(Type::BACKUP_PLAN_ARN, arn)
            .text(Type::VERSION_ID, told.version_id())
            .tags(tags(aws, arn.unwrap_or_default()).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.backup().delete_backup_plan().backup_plan_id(&*request.id);
        let deleted = delete.send().await.map(drop);
        told_by(deleted, selections(aws, &request.id)).await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.backup().list_backup_plans().into_paginator().items().send();
        let mut listed = vec![];
        for plan in all.collect::<Result<Vec<_>, _>>().await? {
            let (Some(id), Some(arn)) = (plan.backup_plan_id(), plan.backup_plan_arn()) else {
                continue;
            };
            // It may have gone since.
            let Some(tags) = tags(aws, arn).await.if_found()? else { continue };
            let seen = Seen::new(id)
                .text(Type::BACKUP_PLAN_ID, Some(id))
                .text(Type::BACKUP_PLAN_ARN, Some(arn))
                .text(Type::VERSION_ID, plan.version_id());
            listed.push(seen.tags(tags));
        }
        Ok(listed)
    }
}
