//! `aws:kms:Key`.

use aws_sdk_kms::types::{self as sdk, KeyState};
use infra_core::{
    aws::kms,
    handler::{Deletion, Ownership, Problem, Request, TypedRequest},
    types::Days,
};

use super::{describe, sdk_tags};
use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, Error},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    plain::int,
    resource::{Resource, changed},
    seen::Seen,
    tags::TagChange,
};

pub(crate) struct Key;

type Type = kms::Key;

/// The one policy that a key has.
const POLICY: &str = "default";
/// How often a key rotates where nobody said.
const YEAR: i32 = 365;

/// KMS's short name of a key, which stands at the end of its ARN.
fn short(request: &Request) -> &str {
    request.id.rsplit_once('/').map_or(&request.id, |(_, id)| id)
}

/// Whether it can't be used any more: there is nothing left of it but the chance to take it back.
fn is_gone(key: &sdk::KeyMetadata) -> bool {
    use KeyState as S;
    matches!(key.key_state(), Some(S::PendingDeletion | S::PendingReplicaDeletion))
}

fn seen(key: &sdk::KeyMetadata) -> Seen {
    let description = key.description().filter(|text| !text.is_empty());
    let state = key.key_state().map_or("Enabled", KeyState::as_str);
    Seen::new(key.arn().unwrap_or_default())
        .text(Type::DESCRIPTION, description)
        .text(Type::KEY_SPEC, key.key_spec().map(sdk::KeySpec::as_str))
        .text(Type::KEY_USAGE, key.key_usage().map(sdk::KeyUsageType::as_str))
        .set(Type::MULTI_REGION, key.multi_region().unwrap_or_default())
        .set(Type::ENABLED, state != "Disabled")
        .text(Type::ARN, key.arn())
        .text(Type::KEY_ID, Some(key.key_id()))
        .state(Some(state), &["Enabled", "Disabled"], &[], &["Unavailable"])
}

/// How often KMS makes new material.
async fn rotation(aws: &Aws, id: &str) -> Answer<Option<Days>> {
    let told = aws.kms().get_key_rotation_status().key_id(id).send().await?;
    if !told.key_rotation_enabled() {
        return Ok(None);
    }
    let days = told.rotation_period_in_days().unwrap_or(YEAR);
    Ok(u32::try_from(days).ok().map(Days))
}

async fn set_rotation(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (kms, id) = (aws.kms(), short(request));
    match request.args.rotation_period_in_days {
        Some(Days(days)) => {
            let days = int(days);
            kms.enable_key_rotation().key_id(id).rotation_period_in_days(days).send().await?;
        }
        None => {
            kms.disable_key_rotation().key_id(id).send().await?;
        }
    }
    Ok(())
}

async fn tags(aws: &Aws, id: &str) -> Answer<Vec<(String, String)>> {
    let all = aws.kms().list_resource_tags().key_id(id).into_paginator().items().send();
    let all = all.collect::<Result<Vec<_>, _>>().await?;
    Ok(all.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())
}

/// Whether tags say that it is a stack's, or that of some stack.
fn is_of_stack(tags: &[(String, String)], stack: Option<&str>) -> bool {
    let [key, ..] = Ownership::KEYS;
    let told = tags.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    told.is_some() && (stack.is_none() || told == stack)
}

impl Resource for Key {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("kms:CreateKey"),
        CREATE.and(UPDATE).needs("kms:DisableKey").on(OWN),
        CREATE.and(UPDATE).needs("kms:DisableKeyRotation").on(OWN),
        CREATE.and(UPDATE).needs("kms:EnableKeyRotation").on(OWN),
        CREATE.and(UPDATE).needs("kms:PutKeyPolicy").on(OWN),
        CREATE.and(UPDATE).needs("kms:TagResource").on(OWN),
        UPDATE.needs("kms:EnableKey").on(OWN),
        UPDATE.needs("kms:UntagResource").on(OWN),
        UPDATE.needs("kms:UpdateKeyDescription").on(OWN),
        READ.and(LIST).needs("kms:DescribeKey").on(OWN),
        READ.needs("kms:GetKeyPolicy").on(OWN),
        READ.needs("kms:GetKeyRotationStatus").on(OWN),
        READ.and(LIST).needs("kms:ListResourceTags").on(OWN),
        DELETE.needs("kms:ScheduleKeyDeletion").on(OWN).ours(),
        LIST.needs("kms:ListKeys"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .kms()
            .create_key()
            .set_description(args.description.clone())
            .set_policy(args.key_policy.as_ref().map(ToString::to_string))
            .key_spec(args.key_spec.as_str().into())
            .key_usage(args.key_usage.as_str().into())
            .multi_region(args.multi_region)
            .set_tags(Some(sdk_tags(request.all_tags().0)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("kms", "CreateKey", "KeyMetadata");
        Ok(seen(made.key_metadata().ok_or_else(incomplete)?))
    }

    /// What is rotated must be enabled: a key that is to be disabled is so at last.
    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let wanted = request.args.rotation_period_in_days;
        if wanted.is_some() && rotation(aws, short(request)).await? != wanted {
            set_rotation(aws, request).await?;
        }
        if !request.args.enabled {
            aws.kms().disable_key().key_id(short(request)).send().await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (args, kms, id) = (&request.args, aws.kms(), short(request));
        if changed(request, &["enabled"]) && args.enabled {
            kms.enable_key().key_id(id).send().await?;
        }
        if changed(request, &["description"]) {
            let description = args.description.clone().unwrap_or_default();
            kms.update_key_description().key_id(id).description(description).send().await?;
        }
        if changed(request, &["key_policy"])
            && let Some(document) = &args.key_policy
        {
            let put = kms.put_key_policy().key_id(id).policy_name(POLICY);
            put.policy(document.to_string()).send().await?;
        }
        if changed(request, &["rotation_period_in_days"]) {
            set_rotation(aws, request).await?;
        }
        if changed(request, &["enabled"]) && !args.enabled {
            kms.disable_key().key_id(id).send().await?;
        }
        if let Some(change) = TagChange::of(request) {
            if !change.remove.is_empty() {
                let untag = kms.untag_resource().key_id(id).set_tag_keys(Some(change.remove));
                untag.send().await?;
            }
            let tags = sdk_tags(change.set);
            kms.tag_resource().key_id(id).set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = short(request);
        let Some(key) = describe(aws, id).await?.filter(|key| !is_gone(key)) else {
            return Ok(None);
        };
        let document = aws.kms().get_key_policy().key_id(id).policy_name(POLICY).send().await?;
        let recorded = request.inputs.get(Type::KEY_POLICY.slot);
        let document = policy(recorded, document.policy().unwrap_or_default());
        // KMS does not even say that it does not rotate other kinds.
        let rotates = key.key_spec() == Some(&sdk::KeySpec::SymmetricDefault);
        let period = if rotates { rotation(aws, id).await? } else { None };
        let seen = seen(&key)
            .value(Type::KEY_POLICY, document)
            .set(Type::ROTATION_PERIOD_IN_DAYS, period)
            .tags(tags(aws, id).await?);
        Ok(Some(seen))
    }

    /// From then on nobody can use it, and its time runs out by itself.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = short(request);
        if describe(aws, id).await?.is_none_or(|key| is_gone(&key)) {
            let message = format!("the key {id} is gone, or on its way out");
            let problem = Problem::NotFound;
            return Err(Error::refused(problem, "kms", "ScheduleKeyDeletion", message));
        }
        let days = request.inputs.get(Type::PENDING_WINDOW_IN_DAYS.slot).as_int();
        let days = days.and_then(|days| i32::try_from(days).ok());
        let delete = aws.kms().schedule_key_deletion().key_id(id);
        delete.set_pending_window_in_days(days).send().await?;
        Ok(Deletion::Gone)
    }

    /// KMS lists keys without their tags: each is asked for them.
    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.kms().list_keys().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for arn in all.iter().filter_map(|key| key.key_arn()) {
            let told = match tags(aws, arn).await {
                Ok(told) => told,
                // It has gone since, or its policy shuts us out, which that of none of ours does.
                Err(error) if matches!(error.0.problem, Problem::NotFound | Problem::Denied) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            if !is_of_stack(&told, stack) {
                continue;
            }
            if describe(aws, arn).await?.is_some_and(|key| !is_gone(&key)) {
                listed.push(Seen::new(arn).tags(told));
            }
        }
        Ok(listed)
    }
}
