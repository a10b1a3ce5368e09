//! `aws:autoscaling:LifecycleHook`.

use aws_sdk_autoscaling::types as sdk;
use infra_core::{
    aws::{
        QueueArn, TopicArn,
        autoscaling::{LifecycleHook as Type, NotificationTargetArgs},
    },
    handler::{Deletion, Request, TypedRequest},
    types::Seconds,
};

use super::{missing, part, takes_back};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, passed},
    plain::{count, int, text},
    resource::Resource,
    seen::{Seen, told},
};

pub(crate) struct LifecycleHook;

fn target(arn: &str) -> Option<NotificationTargetArgs> {
    if arn.split(':').nth(2) == Some("sqs") {
        told::<QueueArn>(Some(arn)).map(NotificationTargetArgs::Queue)
    } else {
        told::<TopicArn>(Some(arn)).map(NotificationTargetArgs::Topic)
    }
}

fn seen(hook: &sdk::LifecycleHook, id: &str) -> Seen {
    let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let timeout = hook.heartbeat_timeout().and_then(count).map(Seconds);
    Seen::new(id)
        .text(Type::AUTO_SCALING_GROUP_NAME, hook.auto_scaling_group_name())
        .text(Type::LIFECYCLE_TRANSITION, hook.lifecycle_transition())
        .text(Type::LIFECYCLE_HOOK_NAME, hook.lifecycle_hook_name())
        .set(Type::HEARTBEAT_TIMEOUT, timeout)
        .text(Type::DEFAULT_RESULT, hook.default_result())
        .set(
            Type::NOTIFICATION_TARGET,
            some(hook.notification_target_arn()).and_then(|arn| target(&arn)),
        )
        .text(Type::NOTIFICATION_METADATA, some(hook.notification_metadata()))
        .text(Type::ROLE_ARN, some(hook.role_arn()))
}

async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let target = args.notification_target.as_ref().map(|target| match target {
        NotificationTargetArgs::Queue(queue) => queue.to_string(),
        NotificationTargetArgs::Topic(topic) => topic.to_string(),
    });
    aws.autoscaling()
        .put_lifecycle_hook()
        .auto_scaling_group_name(args.auto_scaling_group_name.as_str())
        .lifecycle_hook_name(part(request, Type::LIFECYCLE_HOOK_NAME))
        .lifecycle_transition(args.lifecycle_transition.as_str())
        .heartbeat_timeout(int(args.heartbeat_timeout.0))
        .default_result(args.default_result.as_str())
        .set_notification_target_arn(target)
        .set_notification_metadata(args.notification_metadata.clone())
        .set_role_arn(text(args.role_arn.as_ref()))
        .send()
        .await?;
    Ok(())
}

async fn remove(aws: &Aws, request: &Request) -> Answer<()> {
    let delete = aws.autoscaling().delete_lifecycle_hook();
    let delete = delete.auto_scaling_group_name(part(request, Type::AUTO_SCALING_GROUP_NAME));
    delete.lifecycle_hook_name(part(request, Type::LIFECYCLE_HOOK_NAME)).send().await?;
    Ok(())
}

async fn described(aws: &Aws, request: &Request) -> Answer<Option<sdk::LifecycleHook>> {
    let asked = aws.autoscaling().describe_lifecycle_hooks();
    let asked = asked.auto_scaling_group_name(part(request, Type::AUTO_SCALING_GROUP_NAME));
    let name = part(request, Type::LIFECYCLE_HOOK_NAME);
    let told = asked.lifecycle_hook_names(name).send().await.if_found()?;
    let all = told.and_then(|told| told.lifecycle_hooks).unwrap_or_default();
    Ok(all.into_iter().find(|it| it.lifecycle_hook_name() == Some(name)))
}

const GROUP: &[On] = &[On::Arn(
    "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{auto_scaling_group_name}",
)];

impl Resource for LifecycleHook {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("autoscaling:PutLifecycleHook").on(GROUP),
        UPDATE.and(DELETE).needs("autoscaling:DeleteLifecycleHook").on(GROUP),
        READ.needs("autoscaling:DescribeLifecycleHooks"),
        passed!(CREATE.and(UPDATE), "autoscaling.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if takes_back(request) {
            remove(aws, request).await.if_found()?;
        }
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(described(aws, request).await?.map(|hook| seen(&hook, &request.id)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        if described(aws, request).await?.is_none() {
            return Err(missing("DeleteLifecycleHook", &request.id));
        }
        remove(aws, request).await?;
        Ok(Deletion::Gone)
    }
}
