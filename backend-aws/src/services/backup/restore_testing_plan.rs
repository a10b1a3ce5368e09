//! `aws:backup:RestoreTestingPlan`.

use aws_sdk_backup::types as sdk;
use infra_core::{
    aws::backup::{self, RecoveryPointSelectionArgs, RecoveryPointType, SelectionAlgorithm},
    handler::{Deletion, Request, TypedRequest},
    types::{Days, Hours, PropertyType, TimeZone},
};

use super::{count, given, new_tags, retag, tags, told_by, zone};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::int,
    resource::{Resource, changed},
    seen::{Seen, word},
};

pub(crate) struct RestoreTestingPlan;

type Type = backup::RestoreTestingPlan;

/// What AWS takes where nothing is said.
const WINDOW: i32 = 30;
const START: i32 = 24;

fn points(args: &RecoveryPointSelectionArgs) -> sdk::RestoreTestingRecoveryPointSelection {
    let types = args.recovery_point_types.iter().map(|it| it.as_str().into());
    sdk::RestoreTestingRecoveryPointSelection::builder()
        .algorithm(args.algorithm.as_str().into())
        .set_recovery_point_types(Some(types.collect()))
        .set_include_vaults(Some(args.include_vaults.clone()))
        .set_exclude_vaults(given(args.exclude_vaults.clone()))
        .selection_window_days(int(args.selection_window_days.0))
        .build()
}

/// What AWS tells; `None` if no program could say it. Zero stands for what is not told.
fn points_args(
    told: &sdk::RestoreTestingRecoveryPointSelection,
) -> Option<RecoveryPointSelectionArgs> {
    let types = told.recovery_point_types().iter();
    let types = types.map(|it| word::<RecoveryPointType>(it.as_str()));
    let window = Some(told.selection_window_days()).filter(|days| *days > 0).unwrap_or(WINDOW);
    Some(RecoveryPointSelectionArgs {
        algorithm: word::<SelectionAlgorithm>(told.algorithm()?.as_str())?,
        recovery_point_types: types.collect::<Option<_>>()?,
        include_vaults: told.include_vaults().to_vec(),
        exclude_vaults: told.exclude_vaults().to_vec(),
        selection_window_days: Days(count(window)),
    })
}

fn seen(plan: &sdk::RestoreTestingPlanForGet, request: &Request) -> Seen {
    let recorded = request.inputs.get(Type::SCHEDULE_EXPRESSION_TIMEZONE.slot);
    let zone = zone(TimeZone::decode(recorded).ok(), plan.schedule_expression_timezone());
    let start = Some(plan.start_window_hours()).filter(|hours| *hours > 0).unwrap_or(START);
    let points = plan.recovery_point_selection().and_then(points_args);
    Seen::new(plan.restore_testing_plan_name())
        .text(Type::RESTORE_TESTING_PLAN_NAME, Some(plan.restore_testing_plan_name()))
        .text(Type::SCHEDULE_EXPRESSION, Some(plan.schedule_expression()))
        .set(Type::SCHEDULE_EXPRESSION_TIMEZONE, zone)
        .set(Type::START_WINDOW_HOURS, Hours(count(start)))
        .set(Type::RECOVERY_POINT_SELECTION, points)
        .text(Type::RESTORE_TESTING_PLAN_ARN, Some(plan.restore_testing_plan_arn()))
}

/// The names of what a plan restores.
async fn selections(aws: &Aws, plan: &str) -> Answer<Vec<String>> {
    let all = aws.backup().list_restore_testing_selections().restore_testing_plan_name(plan);
    let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.into_iter().map(|selection| selection.restore_testing_selection_name).collect())
}

impl Resource for RestoreTestingPlan {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("backup:CreateRestoreTestingPlan").on(OWN),
        CREATE.and(UPDATE).needs("backup:TagResource").on(OWN),
        UPDATE.needs("backup:UntagResource").on(OWN),
        UPDATE.needs("backup:UpdateRestoreTestingPlan").on(OWN),
        READ.needs("backup:GetRestoreTestingPlan").on(OWN),
        READ.and(LIST).needs("backup:ListTags").on(OWN),
        DELETE.needs("backup:DeleteRestoreTestingPlan").on(OWN),
        DELETE.needs("backup:ListRestoreTestingSelections").on(OWN),
        LIST.needs("backup:ListRestoreTestingPlans"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let plan = sdk::RestoreTestingPlanForCreate::builder()
            .restore_testing_plan_name(args.restore_testing_plan_name.as_str())
            .schedule_expression(args.schedule_expression.to_string())
            .schedule_expression_timezone(args.schedule_expression_timezone.as_str())
            .start_window_hours(int(args.start_window_hours.0))
            .recovery_point_selection(points(&args.recovery_point_selection))
            .build()
            .expect("it has a name and a schedule");
        let made = aws
            .backup()
            .create_restore_testing_plan()
            .restore_testing_plan(plan)
            .set_tags(Some(new_tags(request)))
            .creator_request_id(&*request.owner.intent)
            .send()
            .await?;
        let seen = Seen::new(made.restore_testing_plan_name());
        Ok(seen.text(Type::RESTORE_TESTING_PLAN_ARN, Some(made.restore_testing_plan_arn())))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let args = &request.args;
        let parts = [
            "schedule_expression",
            "schedule_expression_timezone",
            "start_window_hours",
            "recovery_point_selection",
        ];
        if changed(request, &parts) {
            let plan = sdk::RestoreTestingPlanForUpdate::builder()
                .schedule_expression(args.schedule_expression.to_string())
                .schedule_expression_timezone(args.schedule_expression_timezone.as_str())
                .start_window_hours(int(args.start_window_hours.0))
                .recovery_point_selection(points(&args.recovery_point_selection))
                .build();
            let update = aws.backup().update_restore_testing_plan();
            update
                .restore_testing_plan_name(&*request.id)
                .restore_testing_plan(plan)
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.backup().get_restore_testing_plan();
        let asked = asked.restore_testing_plan_name(&*request.id).send().await;
        let Some(told) = asked.if_found()? else { return Ok(None) };
        let Some(plan) = told.restore_testing_plan() else { return Ok(None) };
        let tags = tags(aws, plan.restore_testing_plan_arn()).await?;
        Ok(Some(seen(plan, request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.backup().delete_restore_testing_plan();
        let deleted = delete.restore_testing_plan_name(&*request.id).send().await.map(drop);
        told_by(deleted, selections(aws, &request.id)).await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.backup().list_restore_testing_plans().into_paginator().items().send();
        let mut listed = vec![];
        for plan in all.collect::<Result<Vec<_>, _>>().await? {
            // It may have gone since.
            let tags = tags(aws, plan.restore_testing_plan_arn()).await.if_found()?;
            let Some(tags) = tags else { continue };
            listed.push(Seen::new(plan.restore_testing_plan_name()).tags(tags));
        }
        Ok(listed)
    }
}
