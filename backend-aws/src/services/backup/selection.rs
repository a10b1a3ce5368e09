//! `aws:backup:Selection`.

use aws_sdk_backup::types as sdk;
use infra_core::{
    aws::backup::{self, ConditionParameterArgs, SelectionConditionsArgs, TagConditionArgs},
    handler::{Deletion, Request, TypedRequest},
};

use super::given;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, passed},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Selection;

type Type = backup::Selection;

fn plan_of(request: &Request) -> &str {
    request.inputs.get(Type::BACKUP_PLAN_ID.slot).as_str().unwrap_or_default()
}

fn document(args: &backup::SelectionArgs) -> sdk::BackupSelection {
    let tags = args.list_of_tags.iter().map(|tag| {
        sdk::Condition::builder()
            .condition_type(sdk::ConditionType::Stringequals)
            .condition_key(&tag.condition_key)
            .condition_value(&tag.condition_value)
            .build()
            .expect("it has a key and a value")
    });
    sdk::BackupSelection::builder()
        .selection_name(&args.selection_name)
        .iam_role_arn(args.iam_role_arn.as_str())
        .set_resources(given(args.resources.clone()))
        .set_not_resources(given(args.not_resources.clone()))
        .set_list_of_tags(given(tags))
        .set_conditions(args.conditions.as_ref().map(conditions))
        .build()
        .expect("it has a name and a role")
}

fn conditions(args: &SelectionConditionsArgs) -> sdk::Conditions {
    let all = |tags: &[ConditionParameterArgs]| {
        let tag = |tag: &ConditionParameterArgs| {
            sdk::ConditionParameter::builder()
                .condition_key(&tag.condition_key)
                .condition_value(&tag.condition_value)
                .build()
        };
        given(tags.iter().map(tag))
    };
    sdk::Conditions::builder()
        .set_string_equals(all(&args.string_equals))
        .set_string_not_equals(all(&args.string_not_equals))
        .set_string_like(all(&args.string_like))
        .set_string_not_like(all(&args.string_not_like))
        .build()
}

/// Conditions that AWS tells; empty ones are none.
fn conditions_args(told: &sdk::Conditions) -> Option<SelectionConditionsArgs> {
    let all = |tags: &[sdk::ConditionParameter]| {
        let tag = |tag: &sdk::ConditionParameter| ConditionParameterArgs {
            condition_key: tag.condition_key().unwrap_or_default().to_owned(),
            condition_value: tag.condition_value().unwrap_or_default().to_owned(),
        };
        tags.iter().map(tag).collect::<Vec<_>>()
    };
    let args = SelectionConditionsArgs {
        string_equals: all(told.string_equals()),
        string_not_equals: all(told.string_not_equals()),
        string_like: all(told.string_like()),
        string_not_like: all(told.string_not_like()),
    };
    let lists =
        [&args.string_equals, &args.string_not_equals, &args.string_like, &args.string_not_like];
    let is_empty = lists.into_iter().all(Vec::is_empty);
    (!is_empty).then_some(args)
}

fn seen(plan: &str, id: &str, selection: &sdk::BackupSelection) -> Seen {
    let tags = selection.list_of_tags().iter().map(|tag| TagConditionArgs {
        condition_key: tag.condition_key().to_owned(),
        condition_value: tag.condition_value().to_owned(),
    });
    Seen::new(id)
        .text(Type::BACKUP_PLAN_ID, Some(plan))
        .text(Type::SELECTION_NAME, Some(selection.selection_name()))
        .text(Type::IAM_ROLE_ARN, Some(selection.iam_role_arn()))
        .texts(Type::RESOURCES, selection.resources())
        .texts(Type::NOT_RESOURCES, selection.not_resources())
        .set(Type::LIST_OF_TAGS, tags.collect::<Vec<_>>())
        .set(Type::CONDITIONS, selection.conditions().and_then(conditions_args))
        .text(Type::SELECTION_ID, Some(id))
}

const PLAN: &[On] = &[On::Arn("arn:aws:backup:{region}:{account}:backup-plan:{backup_plan_id}")];

impl Resource for Selection {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("backup:CreateBackupSelection").on(PLAN),
        CREATE.needs("backup:ListBackupSelections").on(PLAN),
        READ.needs("backup:GetBackupSelection").on(PLAN),
        DELETE.needs("backup:DeleteBackupSelection").on(PLAN),
        passed!(CREATE, "backup.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let made = aws
            .backup()
            .create_backup_selection()
            .backup_plan_id(request.args.backup_plan_id.as_str())
            .backup_selection(document(&request.args))
            .creator_request_id(&*request.owner.intent)
            .send()
            .await?;
        let incomplete = || Error::incomplete("backup", "CreateBackupSelection", "SelectionId");
        let id = made.selection_id().ok_or_else(incomplete)?;
        Ok(Seen::new(id).text(Type::SELECTION_ID, Some(id)))
    }

    /// All of its properties replace it.
    async fn update(_: &Aws, _: &TypedRequest<'_, Type>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (plan, id) = (plan_of(request), &*request.id);
        let asked = aws.backup().get_backup_selection().backup_plan_id(plan).selection_id(id);
        let told = asked.send().await.if_found()?;
        Ok(told.and_then(|told| told.backup_selection().map(|it| seen(plan, id, it))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.backup().delete_backup_selection().backup_plan_id(plan_of(request));
        delete.selection_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// It has no tags; the plan's list tells the tokens.
    async fn by_token(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let all = aws.backup().list_backup_selections().backup_plan_id(plan_of(request));
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let all = all.if_found()?.unwrap_or_default();
        let ours = |it: &&sdk::BackupSelectionsListMember| {
            it.creator_request_id() == Some(&*request.owner.intent)
        };
        let id = all.iter().find(ours).and_then(|it| it.selection_id());
        Ok(id.map(|id| Seen::new(id).text(Type::SELECTION_ID, Some(id))))
    }
}
