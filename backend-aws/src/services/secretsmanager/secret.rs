//! `aws:secretsmanager:Secret`.

use aws_sdk_secretsmanager::{
    operation::describe_secret::DescribeSecretOutput,
    types::{self as sdk, Filter, FilterNameStringType, StatusType},
};
use infra_core::{
    aws::{
        KmsKeyArn,
        secretsmanager::{self, GenerateSecretStringArgs, ReplicaRegionArgs},
    },
    handler::{Deletion, Ownership, Problem, Request, TypedRequest},
};

use super::describe;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, sealed},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Secret;

type Type = secretsmanager::Secret;

/// The key that AWS takes where none is named.
const OWN_KEY: &str = "alias/aws/secretsmanager";
/// The label of the version that counts.
const CURRENT: &str = "AWSCURRENT";

/// A key of the program's, which it names by its ARN.
fn own_key(told: Option<&str>) -> Option<KmsKeyArn> {
    told.and_then(|told| KmsKeyArn::parse(told).ok())
}

/// The version that counts.
fn version(told: &DescribeSecretOutput) -> Option<&str> {
    let mut all = told.version_ids_to_stages().into_iter().flatten();
    let current = all.find(|(_, stages)| stages.iter().any(|stage| stage == CURRENT));
    current.map(|(version, _)| version.as_str())
}

fn copies(told: &DescribeSecretOutput) -> Vec<ReplicaRegionArgs> {
    let copies = told.replication_status().iter().filter_map(|copy| {
        let region = copy.region()?.to_owned();
        Some(ReplicaRegionArgs { region, kms_key_id: own_key(copy.kms_key_id()) })
    });
    copies.collect()
}

fn seen(told: &DescribeSecretOutput) -> Seen {
    let mut seen = Seen::new(told.arn().unwrap_or_default())
        .text(Type::NAME, told.name())
        .text(Type::DESCRIPTION, told.description().filter(|text| !text.is_empty()))
        .set(Type::KMS_KEY_ID, own_key(told.kms_key_id()))
        .set(Type::REPLICA_REGIONS, copies(told))
        .text(Type::ARN, told.arn())
        .text(Type::VERSION_ID, version(told))
        .tags(told.tags().iter().filter_map(|tag| Some((tag.key()?, tag.value()?))));
    for copy in told.replication_status() {
        let region = copy.region().unwrap_or_default();
        match copy.status() {
            Some(StatusType::InProgress) => {
                seen = seen.state(Some(&format!("being copied to {region}")), &[], &[], &[]);
            }
            Some(StatusType::Failed) => {
                let why = copy.status_message().unwrap_or("AWS does not say why");
                seen.failed = Some(format!("it can't be copied to {region}: {why}"));
            }
            _ => {}
        }
    }
    seen
}

/// A copy as AWS takes it.
fn replica(copy: &ReplicaRegionArgs) -> sdk::ReplicaRegionType {
    let key = copy.kms_key_id.as_ref().map(ToString::to_string);
    sdk::ReplicaRegionType::builder().region(&copy.region).set_kms_key_id(key).build()
}

/// Takes back the copies that are not wanted, or not with that key, and makes those that are
/// missing.
async fn replicate(aws: &Aws, id: &str, wanted: &[ReplicaRegionArgs]) -> Answer<()> {
    let there = describe(aws, id).await?.map(|told| copies(&told)).unwrap_or_default();
    let too_many: Vec<String> =
        there.iter().filter(|copy| !wanted.contains(copy)).map(|it| it.region.clone()).collect();
    let missing: Vec<_> = wanted.iter().filter(|copy| !there.contains(copy)).map(replica).collect();
    let client = aws.secretsmanager();
    if !too_many.is_empty() {
        let remove = client.remove_regions_from_replication().secret_id(id);
        remove.set_remove_replica_regions(Some(too_many)).send().await?;
    }
    if !missing.is_empty() {
        let add = client.replicate_secret_to_regions().secret_id(id);
        add.set_add_replica_regions(Some(missing)).send().await?;
    }
    Ok(())
}

/// The made-up text, within the template if there is one.
fn filled(generate: &GenerateSecretStringArgs, text: String) -> Answer<String> {
    let (Some(template), Some(key)) =
        (&generate.secret_string_template, &generate.generate_string_key)
    else {
        return Ok(text);
    };
    let object = serde_json::from_str::<serde_json::Map<_, _>>(template);
    let mut object = object.map_err(|_| {
        let problem = Problem::Invalid { property: Some("generate_secret_string".to_owned()) };
        let message = "`secret_string_template` is no JSON object";
        Error::refused(problem, "secretsmanager", "PutSecretValue", message)
    })?;
    object.insert(key.clone(), text.into());
    Ok(serde_json::Value::Object(object).to_string())
}

/// Has a value made up and puts it in.
async fn generate(aws: &Aws, id: &str, generate: &GenerateSecretStringArgs) -> Answer<()> {
    let made_up = aws
        .secretsmanager()
        .get_random_password()
        .password_length(generate.password_length.into())
        .set_exclude_characters(generate.exclude_characters.clone())
        .exclude_lowercase(generate.exclude_lowercase)
        .exclude_uppercase(generate.exclude_uppercase)
        .exclude_numbers(generate.exclude_numbers)
        .exclude_punctuation(generate.exclude_punctuation)
        .include_space(generate.include_space)
        .require_each_included_type(generate.require_each_included_type)
        .send()
        .await?;
    let incomplete = || Error::incomplete("secretsmanager", "GetRandomPassword", "RandomPassword");
    let value = filled(generate, made_up.random_password.ok_or_else(incomplete)?)?;
    aws.secretsmanager().put_secret_value().secret_id(id).secret_string(value).send().await?;
    Ok(())
}

async fn update_values(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (args, client, id) = (&request.args, aws.secretsmanager(), &*request.id);
    // What is not said stays as it was.
    let mut update = client.update_secret().secret_id(id);
    if changed(request, &["description"]) {
        update = update.description(args.description.clone().unwrap_or_default());
    }
    if changed(request, &["kms_key_id"]) {
        update = update.kms_key_id(args.kms_key_id.as_ref().map_or(OWN_KEY, |key| key.as_str()));
    }
    if changed(request, &["description", "kms_key_id"]) {
        update.send().await?;
    }
    if changed(request, &["secret_string"])
        && let Some(value) = &args.secret_string
    {
        let put = client.put_secret_value().secret_id(id);
        put.secret_string(value.expose()).send().await?;
    }
    if changed(request, &["generate_secret_string"])
        && let Some(rules) = &args.generate_secret_string
    {
        generate(aws, id, rules).await?;
    }
    Ok(())
}

impl Resource for Secret {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("secretsmanager:CreateSecret").on(OWN),
        CREATE.and(UPDATE).needs("secretsmanager:GetRandomPassword"),
        CREATE.and(UPDATE).needs("secretsmanager:PutSecretValue").on(OWN),
        CREATE.and(UPDATE).needs("secretsmanager:TagResource").on(OWN),
        UPDATE.and(DELETE).needs("secretsmanager:RemoveRegionsFromReplication").on(OWN),
        UPDATE.and(DELETE).needs("secretsmanager:ReplicateSecretToRegions").on(OWN),
        UPDATE.needs("secretsmanager:UntagResource").on(OWN),
        UPDATE.needs("secretsmanager:UpdateSecret").on(OWN),
        READ.needs("secretsmanager:DescribeSecret").on(OWN),
        DELETE.needs("secretsmanager:DeleteSecret").on(OWN),
        LIST.needs("secretsmanager:ListSecrets"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "secretsmanager"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "secretsmanager"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let copies: Vec<_> = args.replica_regions.iter().map(replica).collect();
        let made = aws
            .secretsmanager()
            .create_secret()
            .set_name(request.name().map(str::to_owned))
            .client_request_token(&*request.owner.intent)
            .set_description(args.description.clone())
            .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
            .set_secret_string(args.secret_string.as_ref().map(|value| value.expose().clone()))
            .set_add_replica_regions((!copies.is_empty()).then_some(copies))
            .set_tags(Some(sdk_tags!(aws_sdk_secretsmanager, request.all_tags().0)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("secretsmanager", "CreateSecret", "ARN");
        let arn = made.arn().ok_or_else(incomplete)?;
        let seen = Seen::new(arn).text(Type::ARN, Some(arn));
        Ok(seen.text(Type::VERSION_ID, made.version_id()))
    }

    /// What has a value by now has it from an attempt before.
    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let Some(rules) = &request.args.generate_secret_string else { return Ok(()) };
        let told = describe(aws, &request.id).await?;
        if told.is_some_and(|told| version(&told).is_some()) {
            return Ok(());
        }
        generate(aws, &request.id, rules).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (client, id) = (aws.secretsmanager(), &*request.id);
        update_values(aws, request).await?;
        if changed(request, &["replica_regions"]) {
            replicate(aws, id, &request.args.replica_regions).await?;
        }
        if let Some(change) = TagChange::of(request) {
            if !change.remove.is_empty() {
                let untag = client.untag_resource().secret_id(id);
                untag.set_tag_keys(Some(change.remove)).send().await?;
            }
            let tags = sdk_tags!(aws_sdk_secretsmanager, change.set);
            client.tag_resource().secret_id(id).set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(describe(aws, &request.id).await?.as_ref().map(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        if describe(aws, id).await?.is_none() {
            let message = format!("the secret {id} is gone, or on its way out");
            let problem = Problem::NotFound;
            return Err(Error::refused(problem, "secretsmanager", "DeleteSecret", message));
        }
        replicate(aws, id, &[]).await?;
        let days = request.inputs.get(Type::RECOVERY_WINDOW_IN_DAYS.slot).as_int();
        let delete = aws.secretsmanager().delete_secret().secret_id(id);
        let delete = match days {
            Some(0) => delete.force_delete_without_recovery(true),
            days => delete.set_recovery_window_in_days(days),
        };
        delete.send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let filter = |name, value: &str| Filter::builder().key(name).values(value).build();
        let [key, ..] = Ownership::KEYS;
        let mut filters = vec![filter(FilterNameStringType::TagKey, key)];
        filters.extend(stack.map(|stack| filter(FilterNameStringType::TagValue, stack)));
        let pages = aws.secretsmanager().list_secrets().set_filters(Some(filters));
        let pages = pages.into_paginator().send().collect::<Result<Vec<_>, _>>().await?;
        let all = pages.iter().flat_map(|page| page.secret_list());
        let listed = all.filter(|secret| secret.deleted_date().is_none()).map(|secret| {
            let tags = secret.tags().iter();
            let tags = tags.filter_map(|tag| Some((tag.key()?, tag.value()?)));
            Seen::new(secret.arn().unwrap_or_default()).tags(tags)
        });
        Ok(listed.collect())
    }
}
