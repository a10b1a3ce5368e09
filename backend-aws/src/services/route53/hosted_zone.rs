//! `aws:route53:HostedZone`.

use aws_sdk_route53::types::{self as sdk, HostedZoneConfig, TagResourceType};
use infra_core::{
    aws::route53,
    handler::{Deletion, Request, TypedRequest},
};

use super::{bare, note, spread};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct HostedZone;

/// How many tags one call sets or takes away.
const TAGS: usize = 10;
/// Of how many zones one call tells the tags.
const ZONES: usize = 10;

/// The id within what the service calls it: `/hostedzone/Z3M3LMPEXAMPLE`.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn seen(zone: &sdk::HostedZone, servers: Option<&sdk::DelegationSet>, request: &Request) -> Seen {
    type Type = route53::HostedZone;
    let recorded = request.inputs.get(Type::NAME.slot).as_str();
    let name = recorded.filter(|name| bare(name) == bare(&zone.name));
    let told = zone.name.strip_suffix('.').unwrap_or(&zone.name);
    let comment = zone.config().and_then(HostedZoneConfig::comment);
    let set = servers.and_then(sdk::DelegationSet::id).filter(|id| !id.is_empty());
    Seen::new(last(&zone.id))
        .text(Type::NAME, Some(name.unwrap_or(told)))
        .text(Type::COMMENT, comment.filter(|text| !text.is_empty()))
        .text(Type::DELEGATION_SET_ID, set.map(last))
        .text(Type::HOSTED_ZONE_ID, Some(last(&zone.id)))
        .texts(Type::NAME_SERVERS, servers.map(|it| it.name_servers.as_slice()).unwrap_or_default())
}

async fn change_tags(
    aws: &Aws,
    id: &str,
    set: Vec<(String, String)>,
    remove: &[String],
) -> Answer<()> {
    let kind = TagResourceType::Hostedzone;
    let change = || aws.route53().change_tags_for_resource().resource_type(kind.clone());
    for keys in remove.chunks(TAGS) {
        change().resource_id(id).set_remove_tag_keys(Some(keys.to_vec())).send().await?;
    }
    for tags in sdk_tags!(aws_sdk_route53, set).chunks(TAGS) {
        change().resource_id(id).set_add_tags(Some(tags.to_vec())).send().await?;
    }
    Ok(())
}

fn pairs(tags: &[sdk::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default())))
}

async fn all(aws: &Aws) -> Answer<Vec<sdk::HostedZone>> {
    let all = aws.route53().list_hosted_zones().into_paginator().items().send();
    Ok(all.collect::<Result<Vec<_>, _>>().await?)
}

/// What stands in a zone beside the records that came with it.
async fn records(aws: &Aws, id: &str) -> Answer<Vec<String>> {
    let told = aws.route53().list_resource_record_sets().hosted_zone_id(id).send().await?;
    let own = |record: &&sdk::ResourceRecordSet| {
        !matches!(record.r#type, sdk::RrType::Ns | sdk::RrType::Soa)
    };
    let name = |record: &sdk::ResourceRecordSet| {
        format!("Record {} {}", bare(&record.name), record.r#type.as_str())
    };
    Ok(told.resource_record_sets().iter().filter(own).map(name).collect())
}

impl Resource for HostedZone {
    type Type = route53::HostedZone;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("route53:ChangeTagsForResource").on(OWN),
        CREATE.needs("route53:CreateHostedZone"),
        CREATE.and(LIST).needs("route53:ListHostedZones"),
        UPDATE.needs("route53:UpdateHostedZoneComment").on(OWN),
        READ.needs("route53:GetChange").on(&[On::Arn("arn:aws:route53:::change/*")]),
        READ.needs("route53:GetHostedZone").on(OWN),
        READ.needs("route53:ListTagsForResource").on(OWN),
        DELETE.needs("route53:DeleteHostedZone").on(OWN),
        DELETE.needs("route53:ListResourceRecordSets").on(OWN),
        LIST.needs("route53:ListTagsForResources").on(OWN),
        CREATE.needs("ec2:DescribeVpcs"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let config = HostedZoneConfig::builder().set_comment(args.comment.clone()).build();
        let made = aws
            .route53()
            .create_hosted_zone()
            .name(&args.name)
            .caller_reference(&*request.owner.intent)
            .hosted_zone_config(config)
            .set_delegation_set_id(args.delegation_set_id.clone())
            .send()
            .await?;
        let incomplete = || Error::incomplete("route53", "CreateHostedZone", "HostedZone");
        let zone = made.hosted_zone().ok_or_else(incomplete)?;
        note(aws, last(&zone.id), made.change_info());
        Ok(seen(zone, made.delegation_set(), request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        change_tags(aws, &request.id, request.all_tags().0.into_iter().collect(), &[]).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let id = &*request.id;
        if changed(request, &["comment"]) {
            let update = aws.route53().update_hosted_zone_comment().id(id);
            update.set_comment(request.args.comment.clone()).send().await?;
        }
        match TagChange::of(request) {
            Some(change) => change_tags(aws, id, change.set, &change.remove).await,
            None => Ok(()),
        }
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let Some(told) = aws.route53().get_hosted_zone().id(id).send().await.if_found()? else {
            return Ok(None);
        };
        let Some(zone) = told.hosted_zone() else { return Ok(None) };
        let kind = TagResourceType::Hostedzone;
        let asked = aws.route53().list_tags_for_resource().resource_type(kind).resource_id(id);
        let Some(tags) = asked.send().await.if_found()? else { return Ok(None) };
        let tags = tags.resource_tag_set().map(sdk::ResourceTagSet::tags).unwrap_or_default();
        let seen = seen(zone, told.delegation_set(), request).tags(pairs(tags));
        Ok(Some(spread(aws, seen).await?))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        match aws.route53().delete_hosted_zone().id(id).send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) if error.is_in_use() => Err(error.in_use(records(aws, id).await?)),
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let zones = all(aws).await?;
        let ids: Vec<String> = zones.iter().map(|zone| last(&zone.id).to_owned()).collect();
        let mut listed = vec![];
        for ids in ids.chunks(ZONES) {
            let asked = aws.route53().list_tags_for_resources();
            let asked = asked.resource_type(TagResourceType::Hostedzone);
            // One of them may have gone since: then those that are left come with the next look.
            let told = asked.set_resource_ids(Some(ids.to_vec())).send().await.if_found()?;
            for of_one in told.map(|told| told.resource_tag_sets).unwrap_or_default() {
                let id = of_one.resource_id().unwrap_or_default();
                listed.push(Seen::new(id).tags(pairs(of_one.tags())));
            }
        }
        Ok(listed)
    }

    /// Tags come by a call of their own: before that the caller's reference alone tells whose a
    /// zone is.
    async fn by_token(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let all = all(aws).await?;
        let ours = all.iter().find(|zone| zone.caller_reference == *request.owner.intent);
        Ok(ours.map(|zone| Seen::new(last(&zone.id))))
    }
}
