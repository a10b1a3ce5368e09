//! `aws:scheduler:Schedule`.

use aws_sdk_scheduler::types as sdk;
use aws_smithy_types::{DateTime, date_time::Format};
use infra_core::{
    aws::scheduler,
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, Timestamp, structure},
    value::Value,
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, OWN, READ, UPDATE, passed, sealed},
    plain::{count, int},
    resource::Resource,
    seen::Seen,
    targets::{arn, json, target_settings, told_arn, told_json},
};

target_settings!(aws_sdk_scheduler);

pub(crate) struct Schedule;

type Type = scheduler::Schedule;

/// The group and the name of the schedule that a request is about.
fn names(request: &Request) -> (&str, &str) {
    let word = |slot| request.inputs.get(slot).as_str().unwrap_or_default();
    (word(Type::GROUP_NAME.slot), word(Type::NAME.slot))
}

fn moment(moment: Timestamp) -> DateTime {
    let read = DateTime::from_str(&moment.to_string(), Format::DateTime);
    read.expect("a moment is written as AWS reads it")
}

/// A moment as the engine keeps it, without parts of a second.
fn told_moment(moment: &DateTime) -> Option<String> {
    DateTime::from_secs(moment.secs()).fmt(Format::DateTime).ok()
}

fn window(args: &scheduler::FlexibleTimeWindowArgs) -> sdk::FlexibleTimeWindow {
    let most = args.maximum_window_in_minutes.map(|most| int(most.0));
    sdk::FlexibleTimeWindow::builder()
        .mode(args.mode.as_str().into())
        .set_maximum_window_in_minutes(most)
        .build()
        .expect("the mode is there")
}

fn told_window(told: &sdk::FlexibleTimeWindow) -> Value {
    let most = told.maximum_window_in_minutes().and_then(count);
    structure([
        ("mode", told.mode().as_str().into()),
        ("maximum_window_in_minutes", most.into_value()),
    ])
}

fn target(args: &scheduler::ScheduleTargetArgs) -> sdk::Target {
    let queue = |arn: &str| sdk::DeadLetterConfig::builder().arn(arn).build();
    let group = |group: &str| sdk::SqsParameters::builder().message_group_id(group).build();
    let sqs = args.sqs_parameters.as_ref().map(|sqs| group(&sqs.message_group_id));
    let lost = args.dead_letter_config.as_ref().map(|lost| queue(lost.arn.as_str()));
    sdk::Target::builder()
        .arn(arn(&args.arn))
        .role_arn(args.role_arn.as_str())
        .set_input(args.input.as_ref().and_then(json))
        .set_ecs_parameters(args.ecs_parameters.as_ref().map(ecs))
        .set_sqs_parameters(sqs)
        .retry_policy(retry(&args.retry_policy))
        .set_dead_letter_config(lost)
        .build()
        .expect("ARN and role are there")
}

fn told_target(told: &sdk::Target, recorded: &Value) -> Value {
    let group = told.sqs_parameters().and_then(|sqs| sqs.message_group_id());
    let group = group.map_or(Value::Null, |it| structure([("message_group_id", it.into())]));
    let lost = told.dead_letter_config().and_then(|lost| lost.arn());
    let lost = lost.map_or(Value::Null, |arn| structure([("arn", arn.into())]));
    let known = recorded.field("arn").unwrap_or(&Value::Null);
    let input = told.input().filter(|text| !text.is_empty()).map(told_json);
    structure([
        ("arn", told_arn(told.arn(), known)),
        ("role_arn", told.role_arn().into()),
        ("input", input.into_value()),
        ("ecs_parameters", told.ecs_parameters().map_or(Value::Null, told_ecs)),
        ("sqs_parameters", group),
        ("retry_policy", told_retry(told.retry_policy())),
        ("dead_letter_config", lost),
    ])
}

/// Says of a schedule all that a request says; creation and update take the same.
macro_rules! saying {
    ($call:expr, $args:expr) => {
        $call
            .schedule_expression($args.schedule_expression.to_string())
            .schedule_expression_timezone($args.schedule_expression_timezone.as_str())
            .target(target(&$args.target))
            .set_description($args.description.clone())
            .flexible_time_window(window(&$args.flexible_time_window))
            .set_start_date($args.start_date.map(moment))
            .set_end_date($args.end_date.map(moment))
            .state($args.state.as_str().into())
            .set_kms_key_arn($args.kms_key_arn.as_ref().map(ToString::to_string))
    };
}

impl Resource for Schedule {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("scheduler:CreateSchedule").on(OWN),
        UPDATE.needs("scheduler:UpdateSchedule").on(OWN),
        READ.needs("scheduler:GetSchedule").on(OWN),
        DELETE.needs("scheduler:DeleteSchedule").on(OWN),
        passed!(CREATE.and(UPDATE), "scheduler.amazonaws.com"),
        sealed!(CREATE.and(UPDATE), "kms:DescribeKey", "scheduler"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "scheduler"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "scheduler"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let (group, name) = names(request);
        let create = aws.scheduler().create_schedule().group_name(group).name(name);
        let create = create.client_token(&*request.owner.intent);
        let made = saying!(create, request.args).send().await?;
        let id = request.ty.natural_id(&request.inputs).unwrap_or_default();
        Ok(Seen::new(id).text(Type::ARN, Some(made.schedule_arn())))
    }

    /// What an update does not say is gone.
    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (group, name) = names(request);
        let update = aws.scheduler().update_schedule().group_name(group).name(name);
        saying!(update, request.args).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (group, name) = names(request);
        let asked = aws.scheduler().get_schedule().group_name(group).name(name);
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        let recorded = request.inputs.get(Type::TARGET.slot);
        let target = told.target().map_or(Value::Null, |it| told_target(it, recorded));
        let window = told.flexible_time_window().map_or(Value::Null, told_window);
        let seen = Seen::new(&*request.id)
            .text(Type::SCHEDULE_EXPRESSION, told.schedule_expression())
            .structured(Type::TARGET, request, target)
            .text(Type::GROUP_NAME, told.group_name())
            .text(Type::NAME, told.name())
            .text(Type::DESCRIPTION, told.description().filter(|text| !text.is_empty()))
            .text(Type::SCHEDULE_EXPRESSION_TIMEZONE, told.schedule_expression_timezone())
            .structured(Type::FLEXIBLE_TIME_WINDOW, request, window)
            .text(Type::START_DATE, told.start_date().and_then(told_moment))
            .text(Type::END_DATE, told.end_date().and_then(told_moment))
            .text(Type::STATE, told.state().map(|state| state.as_str()))
            .text(Type::KMS_KEY_ARN, told.kms_key_arn())
            .text(Type::ARN, told.arn());
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (group, name) = names(request);
        let delete = aws.scheduler().delete_schedule().group_name(group).name(name);
        delete.send().await?;
        Ok(Deletion::Gone)
    }
}
