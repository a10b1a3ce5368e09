//! `aws:elasticache:ParameterGroup`.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types as sdk;
use infra_core::{
    aws::elasticache,
    handler::{Deletion, Request, TypedRequest},
};

use super::{OF_AWS, new_tags, retag, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct ParameterGroup;

type Type = elasticache::ParameterGroup;

/// How many parameters a call takes.
const AT_ONCE: usize = 20;
/// The source of those that somebody set.
const SET: &str = "user";

fn seen(group: &sdk::CacheParameterGroup) -> Seen {
    let name = group.cache_parameter_group_name();
    Seen::new(name.unwrap_or_default())
        .text(Type::CACHE_PARAMETER_GROUP_FAMILY, group.cache_parameter_group_family())
        .text(Type::DESCRIPTION, group.description())
        .text(Type::CACHE_PARAMETER_GROUP_NAME, name)
        .text(Type::ARN, group.arn())
}

async fn told(aws: &Aws, group: &str, source: Option<&str>) -> Answer<Vec<sdk::Parameter>> {
    let asked = aws.elasticache().describe_cache_parameters().cache_parameter_group_name(group);
    let mut pages = asked.set_source(source.map(str::to_owned)).into_paginator().send();
    let mut all = vec![];
    while let Some(page) = pages.next().await {
        all.extend(page?.parameters.unwrap_or_default());
    }
    Ok(all)
}

fn pair(it: &sdk::Parameter) -> Option<(String, String)> {
    Some((it.parameter_name()?.to_owned(), it.parameter_value()?.to_owned()))
}

fn parameter(name: &str, value: Option<&str>) -> sdk::ParameterNameValue {
    let made = sdk::ParameterNameValue::builder().parameter_name(name);
    made.set_parameter_value(value.map(str::to_owned)).build()
}

/// Makes the parameters what they are to be.
async fn write(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (group, wanted) = (&*request.id, &request.args.parameters);
    let known = told(aws, group, None).await?;
    let values: BTreeMap<String, String> = known.iter().filter_map(pair).collect();
    let set = wanted.iter().filter(|(name, value)| values.get(*name) != Some(value));
    let set: Vec<_> = set.map(|(name, value)| parameter(name, Some(value))).collect();
    let gone = known.iter().filter(|known| known.source() == Some(SET));
    let gone = gone.filter_map(sdk::Parameter::parameter_name);
    let gone = gone.filter(|name| !wanted.contains_key(*name));
    let gone: Vec<_> = gone.map(|name| parameter(name, None)).collect();
    for some in set.chunks(AT_ONCE) {
        let modify = aws.elasticache().modify_cache_parameter_group();
        let modify = modify.cache_parameter_group_name(group);
        modify.set_parameter_name_values(Some(some.to_vec())).send().await?;
    }
    for some in gone.chunks(AT_ONCE) {
        let reset = aws.elasticache().reset_cache_parameter_group();
        let reset = reset.cache_parameter_group_name(group);
        reset.set_parameter_name_values(Some(some.to_vec())).send().await?;
    }
    Ok(())
}

/// Those that somebody set, and those recorded that are as they are by themselves: AWS does not
/// count them among the former.
async fn read(aws: &Aws, request: &Request) -> Answer<Option<BTreeMap<String, String>>> {
    let group = &*request.id;
    let recorded = request.inputs.get(Type::PARAMETERS.slot).entries();
    let Some(set) = told(aws, group, Some(SET)).await.if_found()? else { return Ok(None) };
    let set = set.iter().filter(|it| it.source() == Some(SET));
    let mut set: BTreeMap<String, String> = set.filter_map(pair).collect();
    if recorded.iter().any(|(name, _)| !set.contains_key(&**name)) {
        let all = told(aws, group, None).await?;
        let is_recorded = |name: &str| recorded.iter().any(|(known, _)| **known == *name);
        let more = all.iter().filter_map(pair).filter(|(name, _)| is_recorded(name));
        for (name, value) in more {
            set.entry(name).or_insert(value);
        }
    }
    Ok(Some(set))
}

impl Resource for ParameterGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticache:AddTagsToResource").on(OWN),
        CREATE.needs("elasticache:CreateCacheParameterGroup").on(OWN),
        CREATE.and(UPDATE).needs("elasticache:ModifyCacheParameterGroup").on(OWN),
        CREATE.and(UPDATE).needs("elasticache:ResetCacheParameterGroup").on(OWN),
        UPDATE.needs("elasticache:RemoveTagsFromResource").on(OWN),
        READ.and(LIST).needs("elasticache:DescribeCacheParameterGroups").on(OWN),
        READ.needs("elasticache:DescribeCacheParameters").on(OWN),
        READ.and(LIST).needs("elasticache:ListTagsForResource").on(OWN),
        DELETE.needs("elasticache:DeleteCacheParameterGroup").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elasticache()
            .create_cache_parameter_group()
            .set_cache_parameter_group_name(request.name().map(str::to_owned))
            .cache_parameter_group_family(&args.cache_parameter_group_family)
            .description(&args.description)
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticache", "CreateCacheParameterGroup", "CacheParameterGroup");
        Ok(seen(made.cache_parameter_group().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if request.args.parameters.is_empty() { Ok(()) } else { write(aws, request).await }
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["parameters"]) {
            write(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.elasticache().describe_cache_parameter_groups();
        let asked = asked.cache_parameter_group_name(&*request.id);
        let told = asked.send().await.if_found()?;
        let Some(group) = told.as_ref().and_then(|told| told.cache_parameter_groups().first())
        else {
            return Ok(None);
        };
        let set = read(aws, request).await?;
        let tags = tags_of(aws, group.arn()).await?;
        let (Some(set), Some(tags)) = (set, tags) else { return Ok(None) };
        Ok(Some(seen(group).set(Type::PARAMETERS, set).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.elasticache().delete_cache_parameter_group();
        delete.cache_parameter_group_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elasticache().describe_cache_parameter_groups().into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for group in &all {
            let own = !group.cache_parameter_group_name().unwrap_or_default().starts_with(OF_AWS);
            if own && let Some(tags) = tags_of(aws, group.arn()).await? {
                listed.push(seen(group).tags(tags));
            }
        }
        Ok(listed)
    }
}
