//! `aws:applicationautoscaling:ScheduledAction`.

use aws_sdk_applicationautoscaling::types as sdk;
use aws_smithy_types::{DateTime, date_time::Format};
use infra_core::{
    aws::applicationautoscaling::{self, ScalableTargetActionArgs},
    handler::{Deletion, Request, TypedRequest},
    types::{TimeZone, Timestamp},
};

use super::{int, parts, service, unsigned};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct ScheduledAction;

type Type = applicationautoscaling::ScheduledAction;

fn id_of(resource: &str, dimension: &str, name: &str) -> String {
    format!("{resource}/{dimension}/{name}")
}

fn moment(args: Option<Timestamp>) -> Option<DateTime> {
    args.map(|moment| {
        let text = moment.to_string();
        DateTime::from_str(&text, Format::DateTime).expect("moments are spelled as AWS does")
    })
}

fn moment_seen(told: Option<&DateTime>) -> Option<Timestamp> {
    DateTime::from_secs(told?.secs()).fmt(Format::DateTime).ok()?.parse().ok()
}

fn action(args: &ScalableTargetActionArgs) -> sdk::ScalableTargetAction {
    sdk::ScalableTargetAction::builder()
        .set_min_capacity(args.min_capacity.map(int))
        .set_max_capacity(args.max_capacity.map(int))
        .build()
}

fn seen(told: &sdk::ScheduledAction) -> Seen {
    let dimension = told.scalable_dimension().map(|it| it.as_str()).unwrap_or_default();
    let action = told.scalable_target_action().map(|action| ScalableTargetActionArgs {
        min_capacity: action.min_capacity().map(unsigned),
        max_capacity: action.max_capacity().map(unsigned),
    });
    let zone = told.timezone().filter(|zone| !zone.is_empty());
    Seen::new(id_of(told.resource_id(), dimension, told.scheduled_action_name()))
        .text(Type::RESOURCE_ID, Some(told.resource_id()))
        .text(Type::SCALABLE_DIMENSION, Some(dimension))
        .text(Type::SCHEDULE, Some(told.schedule()))
        .set(Type::SCALABLE_TARGET_ACTION, action)
        .text(Type::SCHEDULED_ACTION_NAME, Some(told.scheduled_action_name()))
        .text(Type::TIMEZONE, Some(zone.unwrap_or(TimeZone::UTC.as_str())))
        .set(Type::START_TIME, moment_seen(told.start_time()))
        .set(Type::END_TIME, moment_seen(told.end_time()))
        .text(Type::SCHEDULED_ACTION_ARN, Some(told.scheduled_action_arn()))
}

/// The one call that makes an action and changes it: AWS forgets moments that are not said again.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let dimension = args.scalable_dimension.as_str();
    aws.applicationautoscaling()
        .put_scheduled_action()
        .set_scheduled_action_name(request.name().map(str::to_owned))
        .service_namespace(service(dimension).into())
        .resource_id(&args.resource_id)
        .scalable_dimension(dimension.into())
        .schedule(args.schedule.to_string())
        .timezone(args.timezone.as_str())
        .set_start_time(moment(args.start_time))
        .set_end_time(moment(args.end_time))
        .scalable_target_action(action(&args.scalable_target_action))
        .send()
        .await?;
    Ok(())
}

const TARGET: &[On] =
    &[On::Arn("arn:aws:application-autoscaling:{region}:{account}:scalable-target/*")];

impl Resource for ScheduledAction {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("application-autoscaling:PutScheduledAction").on(TARGET),
        READ.needs("application-autoscaling:DescribeScheduledActions"),
        DELETE.needs("application-autoscaling:DeleteScheduledAction").on(TARGET),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        let dimension = request.args.scalable_dimension.as_str();
        let name = request.name().unwrap_or_default();
        Ok(Seen::new(id_of(&request.args.resource_id, dimension, name)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some((resource, dimension, name)) = parts(&request.id) else { return Ok(None) };
        let ask = aws.applicationautoscaling().describe_scheduled_actions();
        let ask = ask.scheduled_action_names(name).resource_id(resource);
        let ask = ask.service_namespace(service(dimension).into());
        let told = ask.scalable_dimension(dimension.into()).send().await.if_found()?;
        let actions = told.and_then(|told| told.scheduled_actions).unwrap_or_default();
        Ok(actions.first().map(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (resource, dimension, name) = parts(&request.id).unwrap_or_default();
        let delete = aws.applicationautoscaling().delete_scheduled_action();
        let delete = delete.scheduled_action_name(name).resource_id(resource);
        let delete = delete.service_namespace(service(dimension).into());
        delete.scalable_dimension(dimension.into()).send().await?;
        Ok(Deletion::Gone)
    }
}
