//! `aws:autoscaling:ScheduledAction`.

use aws_sdk_autoscaling::types as sdk;
use aws_smithy_types::{DateTime, date_time::Format};
use infra_core::{
    aws::autoscaling::ScheduledAction as Type,
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{TimeZone, Timestamp},
};

use super::{missing, part, takes_back};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    plain::{count, int, text},
    resource::{Resource, changed, recorded},
    seen::{Seen, told},
};

pub(crate) struct ScheduledAction;

fn moment(time: Timestamp) -> Answer<DateTime> {
    DateTime::from_str(&time.to_string(), Format::DateTime).map_err(|error| {
        let problem = Problem::Invalid { property: Some("start_time".to_owned()) };
        let message = format!("{time}: {error}");
        Error::refused(problem, "autoscaling", "PutScheduledUpdateGroupAction", message)
    })
}

fn told_moment(time: Option<&DateTime>) -> Option<Timestamp> {
    told::<Timestamp>(time.and_then(|time| time.fmt(Format::DateTime).ok()))
}

/// AWS tells of what recurs when it is next.
fn start(action: &sdk::ScheduledUpdateGroupAction, request: &Request) -> Option<Timestamp> {
    let next = told_moment(action.start_time());
    let said = recorded(request, Type::START_TIME)?;
    let recurs = action.recurrence().is_some();
    if recurs && next.is_none_or(|next| next > said) { Some(said) } else { next }
}

fn seen(action: &sdk::ScheduledUpdateGroupAction, request: &Request) -> Seen {
    let zone = told::<TimeZone>(action.time_zone());
    Seen::new(&*request.id)
        .text(Type::AUTO_SCALING_GROUP_NAME, action.auto_scaling_group_name())
        .text(Type::SCHEDULED_ACTION_NAME, action.scheduled_action_name())
        .text(Type::RECURRENCE, action.recurrence().filter(|text| !text.is_empty()))
        .unless_usual(Type::TIME_ZONE, request, zone, &[TimeZone::UTC])
        .set(Type::START_TIME, start(action, request))
        .set(Type::END_TIME, told_moment(action.end_time()))
        .set(Type::MIN_SIZE, action.min_size().and_then(count))
        .set(Type::MAX_SIZE, action.max_size().and_then(count))
        .set(Type::DESIRED_CAPACITY, action.desired_capacity().and_then(count))
        .text(Type::SCHEDULED_ACTION_ARN, action.scheduled_action_arn())
}

/// A time that has passed is refused: it is said only where it is new.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>, with_start: bool) -> Answer<()> {
    let args = &request.args;
    let start = args.start_time.filter(|_| with_start).map(moment).transpose()?;
    aws.autoscaling()
        .put_scheduled_update_group_action()
        .auto_scaling_group_name(args.auto_scaling_group_name.as_str())
        .scheduled_action_name(part(request, Type::SCHEDULED_ACTION_NAME))
        .set_recurrence(text(args.recurrence.as_ref()))
        .set_time_zone(args.time_zone.map(|zone| zone.as_str().to_owned()))
        .set_start_time(start)
        .set_end_time(args.end_time.map(moment).transpose()?)
        .set_min_size(args.min_size.map(int))
        .set_max_size(args.max_size.map(int))
        .set_desired_capacity(args.desired_capacity.map(int))
        .send()
        .await?;
    Ok(())
}

async fn remove(aws: &Aws, request: &Request) -> Answer<()> {
    let delete = aws.autoscaling().delete_scheduled_action();
    let delete = delete.auto_scaling_group_name(part(request, Type::AUTO_SCALING_GROUP_NAME));
    delete.scheduled_action_name(part(request, Type::SCHEDULED_ACTION_NAME)).send().await?;
    Ok(())
}

async fn described(
    aws: &Aws,
    request: &Request,
) -> Answer<Option<sdk::ScheduledUpdateGroupAction>> {
    let asked = aws.autoscaling().describe_scheduled_actions();
    let asked = asked.auto_scaling_group_name(part(request, Type::AUTO_SCALING_GROUP_NAME));
    let name = part(request, Type::SCHEDULED_ACTION_NAME);
    let told = asked.scheduled_action_names(name).send().await.if_found()?;
    let all = told.and_then(|told| told.scheduled_update_group_actions).unwrap_or_default();
    Ok(all.into_iter().find(|it| it.scheduled_action_name() == Some(name)))
}

const GROUP: &[On] = &[On::Arn(
    "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{auto_scaling_group_name}",
)];

impl Resource for ScheduledAction {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("autoscaling:PutScheduledUpdateGroupAction").on(GROUP),
        CREATE.and(UPDATE).needs("autoscaling:SetDesiredCapacity").on(GROUP),
        UPDATE.and(DELETE).needs("autoscaling:DeleteScheduledAction").on(GROUP),
        READ.needs("autoscaling:DescribeScheduledActions"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request, true).await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let anew = takes_back(request);
        if anew {
            remove(aws, request).await.if_found()?;
        }
        put(aws, request, anew || changed(request, &["start_time"])).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(described(aws, request).await?.map(|action| seen(&action, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        if described(aws, request).await?.is_none() {
            return Err(missing("DeleteScheduledAction", &request.id));
        }
        remove(aws, request).await?;
        Ok(Deletion::Gone)
    }
}
