//! `aws:secretsmanager:RotationSchedule`.

use aws_sdk_secretsmanager::types as sdk;
use infra_core::{
    aws::secretsmanager::{self, RotationRules, RotationRulesArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{Days, Hours, PropertyType},
};

use super::describe;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RotationSchedule;

type Type = secretsmanager::RotationSchedule;

/// What AWS says, without what it reckons itself: days beside a schedule.
fn rules(told: &sdk::RotationRulesType, request: &Request) -> RotationRulesArgs {
    let recorded = RotationRules::decode(request.inputs.get(Type::ROTATION_RULES.slot)).ok();
    let by_days = recorded.is_some_and(|rules| rules.automatically_after_days.is_some());
    let schedule = told.schedule_expression().and_then(|text| text.parse().ok());
    let days = told.automatically_after_days().and_then(|days| u32::try_from(days).ok());
    let hours = told.duration().and_then(|text| text.trim_end_matches('h').parse().ok());
    let by_days = days.is_some() && (by_days || schedule.is_none());
    RotationRulesArgs {
        automatically_after_days: days.filter(|_| by_days).map(Days),
        schedule_expression: schedule.filter(|_| !by_days),
        duration: hours.map(Hours),
    }
}

async fn rotate(aws: &Aws, args: &secretsmanager::RotationScheduleArgs) -> Answer<()> {
    let rules = &args.rotation_rules;
    let rules = sdk::RotationRulesType::builder()
        .set_automatically_after_days(rules.automatically_after_days.map(|days| days.0.into()))
        .set_schedule_expression(rules.schedule_expression.as_ref().map(ToString::to_string))
        .set_duration(rules.duration.map(|hours| format!("{}h", hours.0)))
        .build();
    aws.secretsmanager()
        .rotate_secret()
        .secret_id(args.secret_id.as_str())
        .set_rotation_lambda_arn(args.rotation_lambda_arn.as_ref().map(ToString::to_string))
        .rotation_rules(rules)
        .rotate_immediately(args.rotate_immediately_on_update)
        .send()
        .await?;
    Ok(())
}

const SECRET: &[On] = &[On::Arn("{secret_id}")];

impl Resource for RotationSchedule {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("secretsmanager:RotateSecret").on(SECRET),
        READ.needs("secretsmanager:DescribeSecret").on(SECRET),
        DELETE.needs("secretsmanager:CancelRotateSecret").on(SECRET),
        CREATE
            .and(UPDATE)
            .needs("lambda:InvokeFunction")
            .on(&[On::Arn("{rotation_lambda_arn}")])
            .given("rotation_lambda_arn"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        rotate(aws, &request.args).await?;
        Ok(Seen::new(request.args.secret_id.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        rotate(aws, &request.args).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let told = describe(aws, id).await?;
        let told = told.filter(|told| told.rotation_enabled().unwrap_or_default());
        Ok(told.map(|told| {
            Seen::new(id)
                .text(Type::SECRET_ID, Some(id))
                .set(Type::ROTATION_RULES, told.rotation_rules().map(|it| rules(it, request)))
                .text(Type::ROTATION_LAMBDA_ARN, told.rotation_lambda_arn())
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let told = describe(aws, id).await?;
        if !told.is_some_and(|told| told.rotation_enabled().unwrap_or_default()) {
            let message = format!("nobody rotates {id}");
            let problem = Problem::NotFound;
            return Err(Error::refused(problem, "secretsmanager", "CancelRotateSecret", message));
        }
        aws.secretsmanager().cancel_rotate_secret().secret_id(id).send().await?;
        Ok(Deletion::Gone)
    }
}
