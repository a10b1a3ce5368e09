//! `aws:ecs:CapacityProvider`.

use aws_sdk_ecs::types::{self as sdk, CapacityProviderField, CapacityProviderStatus};
use infra_core::{
    aws::ecs::{self, ManagedScalingArgs, Switch},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::Seconds,
};

use super::{
    MANY, new_tags,
    numbers::{int, unsigned},
    retag, tags, word,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct CapacityProvider;

fn scaling(args: &ManagedScalingArgs) -> sdk::ManagedScaling {
    let Seconds(warmup) = args.instance_warmup_period;
    sdk::ManagedScaling::builder()
        .status(args.status.as_str().into())
        .target_capacity(int(args.target_capacity))
        .minimum_scaling_step_size(int(args.minimum_scaling_step_size))
        .maximum_scaling_step_size(int(args.maximum_scaling_step_size))
        .instance_warmup_period(int(warmup))
        .build()
}

/// AWS tells of a group that it does not scale its status alone: the rest is what it is by
/// default.
fn scaling_seen(told: &sdk::ManagedScaling) -> ManagedScalingArgs {
    ManagedScalingArgs {
        status: told.status().and_then(|it| word(it.as_str())).unwrap_or(Switch::Disabled),
        target_capacity: told.target_capacity().map_or(100, unsigned),
        minimum_scaling_step_size: told.minimum_scaling_step_size().map_or(1, unsigned),
        maximum_scaling_step_size: told.maximum_scaling_step_size().map_or(10_000, unsigned),
        instance_warmup_period: Seconds(told.instance_warmup_period().map_or(300, unsigned)),
    }
}

fn seen(provider: &sdk::CapacityProvider) -> Seen {
    type Type = ecs::CapacityProvider;
    let group = provider.auto_scaling_group_provider();
    let protection = group.and_then(|group| group.managed_termination_protection());
    let draining = group.and_then(|group| group.managed_draining());
    let scaling = group.and_then(|group| group.managed_scaling());
    // A provider that was only ever made has no state of a change.
    let state = provider.update_status().map_or("CREATE_COMPLETE", |status| status.as_str());
    let arn = group.map(|group| group.auto_scaling_group_arn());
    Seen::new(provider.name().unwrap_or_default())
        .text(Type::AUTO_SCALING_GROUP_ARN, arn)
        .text(Type::NAME, provider.name())
        .set(Type::MANAGED_SCALING, scaling.map(scaling_seen))
        .text(Type::MANAGED_TERMINATION_PROTECTION, protection.map(|it| it.as_str()))
        .text(Type::MANAGED_DRAINING, draining.map(|it| it.as_str()))
        .text(Type::ARN, provider.capacity_provider_arn())
        .tags(tags(provider.tags()))
        .state(
            Some(state),
            // One that could not be deleted is as good as it was.
            &["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_FAILED"],
            &["DELETE_IN_PROGRESS", "DELETE_COMPLETE"],
            &["CREATE_FAILED", "UPDATE_FAILED"],
        )
}

/// Why the last change of a provider came to nothing, in AWS's words.
fn explained(mut seen: Seen, provider: &sdk::CapacityProvider) -> Seen {
    let reason = provider.update_status_reason().unwrap_or_default();
    seen.failed = seen.failed.map(|why| format!("{why}: {reason}"));
    seen
}

/// One that was deleted can be seen for a while.
fn is_there(provider: &sdk::CapacityProvider) -> bool {
    provider.status() != Some(&CapacityProviderStatus::Inactive)
}

impl Resource for CapacityProvider {
    type Type = ecs::CapacityProvider;

    const NEEDS: Needs = &[
        CREATE.needs("ecs:CreateCapacityProvider").on(OWN),
        CREATE.and(UPDATE).needs("ecs:TagResource").on(OWN),
        UPDATE.needs("ecs:UntagResource").on(OWN),
        UPDATE.needs("ecs:UpdateCapacityProvider").on(OWN),
        READ.and(LIST).needs("ecs:DescribeCapacityProviders").on(OWN),
        DELETE.needs("ecs:DeleteCapacityProvider").on(OWN),
        CREATE
            .and(UPDATE)
            .needs("autoscaling:CreateOrUpdateTags")
            .on(&[On::Of(&["aws:autoscaling:Group"])]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ecs::CapacityProvider>) -> Answer<Seen> {
        let args = &request.args;
        let group = sdk::AutoScalingGroupProvider::builder()
            .auto_scaling_group_arn(args.auto_scaling_group_arn.as_str())
            .managed_scaling(scaling(&args.managed_scaling))
            .managed_termination_protection(args.managed_termination_protection.as_str().into())
            .managed_draining(args.managed_draining.as_str().into())
            .build()
            .expect("the group is there");
        let made = aws
            .ecs()
            .create_capacity_provider()
            .set_name(request.name().map(str::to_owned))
            .auto_scaling_group_provider(group)
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ecs", "CreateCapacityProvider", "provider");
        Ok(seen(made.capacity_provider().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ecs::CapacityProvider>) -> Answer<()> {
        let args = &request.args;
        let group = ["managed_scaling", "managed_termination_protection", "managed_draining"];
        if changed(request, &group) {
            let group = sdk::AutoScalingGroupProviderUpdate::builder()
                .managed_scaling(scaling(&args.managed_scaling))
                .managed_termination_protection(args.managed_termination_protection.as_str().into())
                .managed_draining(args.managed_draining.as_str().into())
                .build();
            let update = aws.ecs().update_capacity_provider().name(&*request.id);
            update.auto_scaling_group_provider(group).send().await?;
        }
        let arn = request.outputs.get(ecs::CapacityProvider::ARN.slot);
        retag(aws, arn.as_str().unwrap_or_default(), request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let ask = aws.ecs().describe_capacity_providers().capacity_providers(&*request.id);
        let told = ask.include(CapacityProviderField::Tags).send().await.if_found()?;
        let Some(told) = told else { return Ok(None) };
        let mut there = told.capacity_providers().iter().filter(|provider| is_there(provider));
        Ok(there.next().map(|provider| explained(seen(provider), provider)))
    }

    /// AWS answers for one that was deleted, too.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        if Self::read(aws, request).await?.is_none() {
            let message = format!("there is no capacity provider {}", request.id);
            return Err(Error::refused(
                Problem::NotFound,
                "ecs",
                "DeleteCapacityProvider",
                message,
            ));
        }
        aws.ecs().delete_capacity_provider().capacity_provider(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let (mut listed, mut next) = (vec![], None);
        loop {
            let ask = aws.ecs().describe_capacity_providers().include(CapacityProviderField::Tags);
            let most = i32::try_from(MANY).unwrap_or(i32::MAX);
            let told = ask.max_results(most).set_next_token(next).send().await?;
            let there = told.capacity_providers().iter().filter(|provider| is_there(provider));
            listed.extend(there.map(seen));
            next = told.next_token().map(str::to_owned);
            if next.is_none() {
                return Ok(listed);
            }
        }
    }
}
