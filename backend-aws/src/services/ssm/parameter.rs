//! `aws:ssm:Parameter`.

use aws_sdk_ssm::{
    operation::put_parameter::builders::PutParameterFluentBuilder,
    types::{
        self as sdk, ParameterMetadata as Metadata, ParameterStringFilter, ResourceTypeForTagging,
    },
};
use infra_core::{
    aws::ssm::{self, ParameterTier, ParameterType},
    handler::{Deletion, Ownership, Request, TypedRequest},
    types::Secret,
};

use super::parameter_policy;
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, sealed},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Parameter;

type Type = ssm::Parameter;

const KIND: ResourceTypeForTagging = ResourceTypeForTagging::Parameter;
/// The key that AWS takes where none is named.
const OWN_KEY: &str = "alias/aws/ssm";

/// What creation and update say alike.
fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> PutParameterFluentBuilder {
    let args = &request.args;
    let secret = args.secure_value.as_ref().map(|value| value.expose().clone());
    aws.ssm()
        .put_parameter()
        .set_name(request.name().map(str::to_owned))
        .r#type(args.parameter_type.as_str().into())
        .set_value(args.value.clone().or(secret))
        .set_key_id(args.key_id.as_ref().map(ToString::to_string))
        .data_type(args.data_type.as_str())
        .tier(args.tier.as_str().into())
}

fn policies(args: &ssm::ParameterArgs) -> Option<String> {
    (!args.policies.is_empty()).then(|| parameter_policy::document(&args.policies))
}

fn filter(key: &str, value: &str) -> ParameterStringFilter {
    let filter = ParameterStringFilter::builder().key(key).option("Equals").values(value);
    filter.build().expect("the key is there")
}

async fn described(aws: &Aws, filter: Option<ParameterStringFilter>) -> Answer<Vec<Metadata>> {
    let filters = filter.map(|filter| vec![filter]);
    let pages = aws.ssm().describe_parameters().set_parameter_filters(filters).into_paginator();
    let pages = pages.send().collect::<Result<Vec<_>, _>>().await?;
    Ok(pages.into_iter().flat_map(|page| page.parameters.unwrap_or_default()).collect())
}

async fn tags(aws: &Aws, name: &str) -> Answer<Option<Vec<(String, String)>>> {
    let asked = aws.ssm().list_tags_for_resource().resource_type(KIND).resource_id(name);
    let told = asked.send().await.if_found()?;
    let tags = told.map(|told| told.tag_list.unwrap_or_default());
    Ok(tags.map(|tags| tags.into_iter().map(|tag| (tag.key, tag.value)).collect()))
}

/// The value, where its kind has it.
fn with_value(seen: Seen, parameter: &sdk::Parameter) -> Seen {
    let kind = parameter.r#type().map(sdk::ParameterType::as_str);
    let seen = seen.text(Type::PARAMETER_TYPE, kind);
    if kind == Some(ParameterType::Secure.as_str()) {
        let value = parameter.value().map(|value| Secret::new(value.to_owned()));
        seen.set(Type::SECURE_VALUE, value)
    } else {
        seen.text(Type::VALUE, parameter.value())
    }
}

fn with_metadata(seen: Seen, told: &Metadata, request: &Request) -> Seen {
    // AWS tells which tier it took, where that was left to it.
    let by_itself = ParameterTier::IntelligentTiering.as_str();
    let by_itself =
        Some(by_itself).filter(|word| request.inputs.get(Type::TIER.slot).as_str() == Some(*word));
    let tier = by_itself.or(told.tier().map(sdk::ParameterTier::as_str));
    let policies = told.policies().iter().filter_map(|policy| policy.policy_text());
    let policies: Vec<_> = policies.filter_map(parameter_policy::parse).collect();
    seen.text(Type::KEY_ID, told.key_id().filter(|key| *key != OWN_KEY))
        .text(Type::DESCRIPTION, told.description().filter(|text| !text.is_empty()))
        .text(Type::ALLOWED_PATTERN, told.allowed_pattern().filter(|text| !text.is_empty()))
        .text(Type::TIER, tier)
        .set(Type::POLICIES, policies)
}

impl Resource for Parameter {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("ssm:AddTagsToResource").on(OWN),
        CREATE.and(UPDATE).needs("ssm:PutParameter").on(OWN),
        UPDATE.needs("ssm:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("ssm:DescribeParameters"),
        READ.needs("ssm:GetParameter").on(OWN),
        READ.and(LIST).needs("ssm:ListTagsForResource").on(OWN),
        DELETE.needs("ssm:DeleteParameter").on(OWN),
        sealed!(CREATE.and(UPDATE), "kms:Encrypt", "ssm"),
        sealed!(CREATE.and(UPDATE).and(READ), "kms:Decrypt", "ssm"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = put(aws, request)
            .set_description(args.description.clone())
            .set_allowed_pattern(args.allowed_pattern.clone())
            .set_policies(policies(args))
            .set_tags(Some(sdk_tags!(aws_sdk_ssm, request.all_tags().0, checked)))
            .send()
            .await?;
        Ok(Seen::new(request.name().unwrap_or_default()).set(Type::VERSION, made.version()))
    }

    /// What is not said stays as it was: what is not wanted any more is said to be empty.
    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (args, name) = (&request.args, &*request.id);
        if request.changed.iter().any(|slot| Some(*slot) != request.ty.tags) {
            let mut put = put(aws, request).overwrite(true);
            if changed(request, &["description"]) {
                put = put.description(args.description.clone().unwrap_or_default());
            }
            if changed(request, &["allowed_pattern"]) {
                put = put.allowed_pattern(args.allowed_pattern.clone().unwrap_or_default());
            }
            if changed(request, &["policies"]) {
                put = put.policies(parameter_policy::document(&args.policies));
            }
            put.send().await?;
        }
        if let Some(change) = TagChange::of(request) {
            if !change.remove.is_empty() {
                let untag = aws.ssm().remove_tags_from_resource().resource_type(KIND);
                let untag = untag.resource_id(name).set_tag_keys(Some(change.remove));
                untag.send().await?;
            }
            let tags = sdk_tags!(aws_sdk_ssm, change.set, checked);
            let tag = aws.ssm().add_tags_to_resource().resource_type(KIND).resource_id(name);
            tag.set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = &*request.id;
        let asked = aws.ssm().get_parameter().name(name).with_decryption(true);
        let told = asked.send().await.if_found()?.and_then(|told| told.parameter);
        let Some(parameter) = told else { return Ok(None) };
        // It may have gone in between.
        let Some(tags) = tags(aws, name).await? else { return Ok(None) };
        let seen = with_value(Seen::new(name), &parameter)
            .text(Type::PARAMETER_NAME, Some(name))
            .text(Type::DATA_TYPE, parameter.data_type())
            .text(Type::ARN, parameter.arn())
            .set(Type::VERSION, parameter.version())
            .tags(tags);
        let described = described(aws, Some(filter("Name", name))).await?;
        Ok(Some(match described.first() {
            Some(told) => with_metadata(seen, told, request),
            None => seen,
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ssm().delete_parameter().name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// SSM lists parameters without their tags: each is asked for them.
    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let [key, ..] = Ownership::KEYS;
        let by_tag = stack.map(|stack| filter(&format!("tag:{key}"), stack));
        let mut listed = vec![];
        for parameter in described(aws, by_tag).await? {
            let name = parameter.name().unwrap_or_default();
            // It may have gone since.
            let Some(tags) = tags(aws, name).await? else { continue };
            listed.push(Seen::new(name).tags(tags));
        }
        Ok(listed)
    }
}
