//! `aws:applicationautoscaling:ScalableTarget`.

use std::collections::BTreeSet;

use aws_sdk_applicationautoscaling::types as sdk;
use infra_core::{
    aws::applicationautoscaling::{
        self, ScalableDimension, ScalableTargetArgs, SuspendedStateArgs,
    },
    handler::{Deletion, Request, TypedRequest},
};

use super::{int, parts, service, unsigned};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, On, READ, UPDATE, linked},
    resource::{Resource, changed},
    seen::Seen,
    tags::TagChange,
};

pub(crate) struct ScalableTarget;

type Type = applicationautoscaling::ScalableTarget;
type Register = aws_sdk_applicationautoscaling::operation::register_scalable_target::builders::RegisterScalableTargetFluentBuilder;

fn id_of(resource: &str, dimension: &str) -> String {
    format!("{resource}/{dimension}")
}

fn suspended(args: &SuspendedStateArgs) -> sdk::SuspendedState {
    sdk::SuspendedState::builder()
        .dynamic_scaling_in_suspended(args.dynamic_scaling_in_suspended)
        .dynamic_scaling_out_suspended(args.dynamic_scaling_out_suspended)
        .scheduled_scaling_suspended(args.scheduled_scaling_suspended)
        .build()
}

fn suspended_seen(told: Option<&sdk::SuspendedState>) -> SuspendedStateArgs {
    let is = |told: Option<bool>| told.unwrap_or_default();
    SuspendedStateArgs {
        dynamic_scaling_in_suspended: is(told.and_then(|it| it.dynamic_scaling_in_suspended())),
        dynamic_scaling_out_suspended: is(told.and_then(|it| it.dynamic_scaling_out_suspended())),
        scheduled_scaling_suspended: is(told.and_then(|it| it.scheduled_scaling_suspended())),
    }
}

/// The one call that makes a target and changes it.
fn register(aws: &Aws, args: &ScalableTargetArgs) -> Register {
    let dimension = args.scalable_dimension.as_str();
    aws.applicationautoscaling()
        .register_scalable_target()
        .service_namespace(service(dimension).into())
        .resource_id(&args.resource_id)
        .scalable_dimension(dimension.into())
        .min_capacity(int(args.min_capacity))
        .max_capacity(int(args.max_capacity))
        .suspended_state(suspended(&args.suspended_state))
}

fn seen(target: &sdk::ScalableTarget) -> Seen {
    let dimension = target.scalable_dimension().as_str();
    Seen::new(id_of(target.resource_id(), dimension))
        .text(Type::RESOURCE_ID, Some(target.resource_id()))
        .text(Type::SCALABLE_DIMENSION, Some(dimension))
        .set(Type::MIN_CAPACITY, unsigned(target.min_capacity()))
        .set(Type::MAX_CAPACITY, unsigned(target.max_capacity()))
        .set(Type::SUSPENDED_STATE, suspended_seen(target.suspended_state()))
}

/// A target with its tags, which AWS tells apart; `None` if it has gone meanwhile.
async fn tagged(aws: &Aws, target: &sdk::ScalableTarget) -> Answer<Option<Seen>> {
    let Some(arn) = target.scalable_target_arn() else { return Ok(Some(seen(target))) };
    let ask = aws.applicationautoscaling().list_tags_for_resource().resource_arn(arn);
    let told = ask.send().await.if_found()?;
    Ok(told.map(|told| seen(target).tags(told.tags.unwrap_or_default())))
}

async fn describe(aws: &Aws, id: &str) -> Answer<Option<sdk::ScalableTarget>> {
    let Some((resource, dimension, _)) = parts(id) else { return Ok(None) };
    let ask = aws.applicationautoscaling().describe_scalable_targets();
    let ask = ask.service_namespace(service(dimension).into()).resource_ids(resource);
    let told = ask.scalable_dimension(dimension.into()).send().await.if_found()?;
    Ok(told.and_then(|told| told.scalable_targets.unwrap_or_default().into_iter().next()))
}

async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let target = describe(aws, &request.id).await?;
    let arn = target.and_then(|target| target.scalable_target_arn).unwrap_or_default();
    let client = aws.applicationautoscaling();
    if !change.remove.is_empty() {
        let untag = client.untag_resource().resource_arn(&arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let tags = change.set.into_iter().collect();
    client.tag_resource().resource_arn(&arn).set_tags(Some(tags)).send().await?;
    Ok(())
}

const TARGET: &[On] =
    &[On::Arn("arn:aws:application-autoscaling:{region}:{account}:scalable-target/*")];
const SERVICES: &[On] = &[On::Arn("arn:aws:ecs:{region}:{account}:service/*")];

impl Resource for ScalableTarget {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("application-autoscaling:RegisterScalableTarget").on(TARGET),
        CREATE.and(UPDATE).needs("application-autoscaling:TagResource").on(TARGET),
        UPDATE.needs("application-autoscaling:UntagResource").on(TARGET),
        READ.and(LIST).needs("application-autoscaling:DescribeScalableTargets"),
        READ.and(LIST).needs("application-autoscaling:ListTagsForResource").on(TARGET),
        DELETE.needs("application-autoscaling:DeregisterScalableTarget").on(TARGET),
        linked!(CREATE, "ecs.application-autoscaling.amazonaws.com"),
        CREATE.and(UPDATE).needs("ecs:DescribeServices").on(SERVICES),
        CREATE.and(UPDATE).needs("ecs:UpdateService").on(SERVICES),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let tags = request.all_tags().0.into_iter().collect();
        register(aws, args).set_tags(Some(tags)).send().await?;
        Ok(Seen::new(id_of(&args.resource_id, args.scalable_dimension.as_str())))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["min_capacity", "max_capacity", "suspended_state"]) {
            register(aws, &request.args).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        match describe(aws, &request.id).await? {
            Some(target) => tagged(aws, &target).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (resource, dimension, _) = parts(&request.id).unwrap_or_default();
        let deregister = aws.applicationautoscaling().deregister_scalable_target();
        let deregister = deregister.service_namespace(service(dimension).into());
        deregister.resource_id(resource).scalable_dimension(dimension.into()).send().await?;
        Ok(Deletion::Gone)
    }

    /// Each service is asked for by itself, and each target for its tags.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let services = ScalableDimension::ALL.iter().map(|dimension| service(dimension.as_str()));
        let mut listed = vec![];
        for namespace in services.collect::<BTreeSet<_>>() {
            let ask = aws.applicationautoscaling().describe_scalable_targets();
            let ask = ask.service_namespace(namespace.into()).into_paginator().items().send();
            let all = match ask.collect::<Result<Vec<_>, _>>().await.map_err(Error::from) {
                // Where a service is not known nothing of it is scaled.
                Err(error) if error.0.message.contains("'serviceNamespace'") => continue,
                all => all?,
            };
            for target in all {
                listed.extend(tagged(aws, &target).await?);
            }
        }
        Ok(listed)
    }
}
