//! `aws:ecr:Repository`.

use aws_sdk_ecr::types::{self as sdk, ImageTagMutabilityExclusionFilterType};
use infra_core::{
    aws::ecr::{
        self, EncryptionConfigurationArgs, EncryptionType, ImageScanningConfigurationArgs,
        ImageTagMutabilityExclusionFilterArgs, RepositoryArgs,
    },
    handler::{Deletion, Request, TypedRequest},
    types::IntoValue,
    value::Value,
};

use super::lifecycle_policy;
use crate::{
    alike::{alike, in_order, word},
    aws::Aws,
    documents::policy,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, sealed},
    resource::{Resource, changed, recorded},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Repository;

type Type = ecr::Repository;

fn exceptions(args: &RepositoryArgs) -> Option<Vec<sdk::ImageTagMutabilityExclusionFilter>> {
    let filter = |args: &ImageTagMutabilityExclusionFilterArgs| {
        sdk::ImageTagMutabilityExclusionFilter::builder()
            .filter_type(ImageTagMutabilityExclusionFilterType::Wildcard)
            .filter(&args.filter)
            .build()
            .expect("type and filter are there")
    };
    Some(args.image_tag_mutability_exclusion_filters.as_ref()?.iter().map(filter).collect())
}

fn scanning(args: &RepositoryArgs) -> sdk::ImageScanningConfiguration {
    let scan = args.image_scanning_configuration.scan_on_push;
    sdk::ImageScanningConfiguration::builder().scan_on_push(scan).build()
}

fn encryption(args: &EncryptionConfigurationArgs) -> sdk::EncryptionConfiguration {
    sdk::EncryptionConfiguration::builder()
        .encryption_type(args.encryption_type.as_str().into())
        .set_kms_key(args.kms_key.as_ref().map(ToString::to_string))
        .build()
        .expect("the type is there")
}

/// A key of AWS's own, and encryption with a key of S3, are what there is where nothing is said.
fn encryption_seen(request: &Request, told: &sdk::EncryptionConfiguration) -> Option<Value> {
    let told = EncryptionConfigurationArgs {
        encryption_type: word(told.encryption_type().as_str())?,
        kms_key: told.kms_key().and_then(word),
    };
    let recorded = request.inputs.get(Type::ENCRYPTION_CONFIGURATION.slot);
    if recorded.is_null() && told.encryption_type == EncryptionType::Aes256 {
        return None;
    }
    Some(alike(recorded, &told.into_value(), &|field, _, _| field == "kms_key"))
}

fn seen(request: &Request, told: &sdk::Repository) -> Seen {
    let known = recorded(request, Type::IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS).unwrap_or_default();
    let filters = told.image_tag_mutability_exclusion_filters().iter();
    let filters =
        filters.map(|it| ImageTagMutabilityExclusionFilterArgs { filter: it.filter().to_owned() });
    let filters = in_order(&known, filters.collect());
    let scanning = told
        .image_scanning_configuration()
        .map(|scanning| ImageScanningConfigurationArgs { scan_on_push: scanning.scan_on_push() });
    let encryption = told.encryption_configuration().and_then(|it| encryption_seen(request, it));
    Seen::new(told.repository_name().unwrap_or_default())
        .text(Type::REPOSITORY_NAME, told.repository_name())
        .text(Type::IMAGE_TAG_MUTABILITY, told.image_tag_mutability().map(|it| it.as_str()))
        .set(Type::IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS, filters)
        .set(Type::IMAGE_SCANNING_CONFIGURATION, scanning)
        .value(Type::ENCRYPTION_CONFIGURATION, encryption.unwrap_or_default())
        .text(Type::ARN, told.repository_arn())
        .text(Type::REPOSITORY_URI, told.repository_uri())
}

/// A repository's tags, as lists of repositories do not tell them.
async fn tagged(aws: &Aws, seen: Seen, arn: &str) -> Answer<Option<Seen>> {
    let asked = aws.ecr().list_tags_for_resource().resource_arn(arn).send().await.if_found()?;
    let tags =
        |told: &aws_sdk_ecr::operation::list_tags_for_resource::ListTagsForResourceOutput| {
            let tags = told.tags().iter();
            tags.map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect::<Vec<_>>()
        };
    Ok(asked.map(|told| seen.tags(tags(&told))))
}

async fn set_lifecycle(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    match &request.args.lifecycle_policy {
        Some(policy) => {
            let put = aws.ecr().put_lifecycle_policy().repository_name(&*request.id);
            put.lifecycle_policy_text(lifecycle_policy::text(policy)).send().await?;
        }
        None => {
            let delete = aws.ecr().delete_lifecycle_policy().repository_name(&*request.id);
            delete.send().await.if_found()?;
        }
    }
    Ok(())
}

async fn set_policy(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    match &request.args.repository_policy_text {
        Some(policy) => {
            let set = aws.ecr().set_repository_policy().repository_name(&*request.id);
            set.policy_text(policy.to_string()).send().await?;
        }
        None => {
            let delete = aws.ecr().delete_repository_policy().repository_name(&*request.id);
            delete.send().await.if_found()?;
        }
    }
    Ok(())
}

async fn set_mutability(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let put = aws.ecr().put_image_tag_mutability().repository_name(&*request.id);
    let put = put.image_tag_mutability(args.image_tag_mutability.as_str().into());
    put.set_image_tag_mutability_exclusion_filters(exceptions(args)).send().await?;
    Ok(())
}

async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = request.outputs.get(Type::ARN.slot).as_str().unwrap_or_default();
    if !change.remove.is_empty() {
        let untag = aws.ecr().untag_resource().resource_arn(arn);
        untag.set_tag_keys(Some(change.remove)).send().await?;
    }
    let tags = sdk_tags!(aws_sdk_ecr, change.set, checked);
    aws.ecr().tag_resource().resource_arn(arn).set_tags(Some(tags)).send().await?;
    Ok(())
}

impl Resource for Repository {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ecr:CreateRepository").on(OWN),
        CREATE.and(UPDATE).needs("ecr:DeleteLifecyclePolicy").on(OWN),
        CREATE.and(UPDATE).needs("ecr:DeleteRepositoryPolicy").on(OWN),
        CREATE.and(UPDATE).needs("ecr:PutLifecyclePolicy").on(OWN),
        CREATE.and(UPDATE).needs("ecr:SetRepositoryPolicy").on(OWN),
        CREATE.and(UPDATE).needs("ecr:TagResource").on(OWN),
        UPDATE.needs("ecr:PutImageScanningConfiguration").on(OWN),
        UPDATE.needs("ecr:PutImageTagMutability").on(OWN),
        UPDATE.needs("ecr:UntagResource").on(OWN),
        READ.and(LIST).needs("ecr:DescribeRepositories").on(OWN),
        READ.needs("ecr:GetLifecyclePolicy").on(OWN),
        READ.needs("ecr:GetRepositoryPolicy").on(OWN),
        READ.and(LIST).needs("ecr:ListTagsForResource").on(OWN),
        DELETE.needs("ecr:DeleteRepository").on(OWN),
        sealed!(CREATE, "kms:CreateGrant", "ecr"),
        sealed!(CREATE, "kms:DescribeKey", "ecr"),
        sealed!(CREATE, "kms:RetireGrant", "ecr"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .ecr()
            .create_repository()
            .set_repository_name(request.name().map(str::to_owned))
            .image_tag_mutability(args.image_tag_mutability.as_str().into())
            .set_image_tag_mutability_exclusion_filters(exceptions(args))
            .image_scanning_configuration(scanning(args))
            .set_encryption_configuration(args.encryption_configuration.as_ref().map(encryption))
            .set_tags(Some(sdk_tags!(aws_sdk_ecr, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ecr", "CreateRepository", "repository");
        Ok(seen(request, made.repository().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if request.args.lifecycle_policy.is_some() {
            set_lifecycle(aws, request).await?;
        }
        if request.args.repository_policy_text.is_some() {
            set_policy(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let mutability = ["image_tag_mutability", "image_tag_mutability_exclusion_filters"];
        if changed(request, &mutability) {
            set_mutability(aws, request).await?;
        }
        if changed(request, &["image_scanning_configuration"]) {
            let put = aws.ecr().put_image_scanning_configuration().repository_name(&*request.id);
            put.image_scanning_configuration(scanning(&request.args)).send().await?;
        }
        if changed(request, &["lifecycle_policy"]) {
            set_lifecycle(aws, request).await?;
        }
        if changed(request, &["repository_policy_text"]) {
            set_policy(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = &*request.id;
        let ecr = aws.ecr();
        let told = ecr.describe_repositories().repository_names(name).send().await.if_found()?;
        let Some(told) = told else { return Ok(None) };
        let Some(repository) = told.repositories().first() else { return Ok(None) };
        let lifecycle = ecr.get_lifecycle_policy().repository_name(name).send().await.if_found()?;
        let lifecycle = lifecycle.and_then(|told| told.lifecycle_policy_text);
        let lifecycle = lifecycle.map(|text| match lifecycle_policy::read(&text) {
            Some(policy) => policy.into_value(),
            None => "not a policy that can be read".into(),
        });
        let text = ecr.get_repository_policy().repository_name(name).send().await.if_found()?;
        let text = text.and_then(|told| told.policy_text);
        let known = request.inputs.get(Type::REPOSITORY_POLICY_TEXT.slot);
        let seen = seen(request, repository)
            .value(Type::LIFECYCLE_POLICY, lifecycle.unwrap_or_default())
            .value(
                Type::REPOSITORY_POLICY_TEXT,
                text.map(|text| policy(known, &text)).unwrap_or_default(),
            );
        tagged(aws, seen, repository.repository_arn().unwrap_or_default()).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let force = request.inputs.get(Type::EMPTY_ON_DELETE.slot).as_bool().unwrap_or_default();
        let delete = aws.ecr().delete_repository().repository_name(&*request.id);
        delete.force(force).send().await?;
        Ok(Deletion::Gone)
    }

    /// AWS lists repositories without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ecr().describe_repositories().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for repository in &all {
            let name = repository.repository_name();
            let seen = Seen::new(name.unwrap_or_default()).text(Type::REPOSITORY_NAME, name);
            let arn = repository.repository_arn().unwrap_or_default();
            listed.extend(tagged(aws, seen, arn).await?);
        }
        Ok(listed)
    }
}
