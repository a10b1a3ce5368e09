//! `aws:cloudfront:OriginAccessControl`.

use aws_sdk_cloudfront::types::{
    self as sdk, DistributionSummary, OriginAccessControlConfig,
    OriginAccessControlSigningProtocols,
};
use infra_core::{
    aws::cloudfront,
    handler::{Deletion, Request, TypedRequest},
};

use super::used_by;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct OriginAccessControl;

type Type = cloudfront::OriginAccessControl;

fn config(args: &cloudfront::OriginAccessControlArgs) -> OriginAccessControlConfig {
    OriginAccessControlConfig::builder()
        .name(&args.name)
        .set_description(args.description.clone())
        .signing_protocol(OriginAccessControlSigningProtocols::Sigv4)
        .signing_behavior(args.signing_behavior.as_str().into())
        .origin_access_control_origin_type(args.origin_type.as_str().into())
        .build()
        .expect("name, protocol, behaviour and type are there")
}

fn seen(control: &sdk::OriginAccessControl) -> Seen {
    let id = control.id();
    let seen = Seen::new(id).text(Type::ORIGIN_ACCESS_CONTROL_ID, Some(id));
    let Some(config) = control.origin_access_control_config() else { return seen };
    seen.text(Type::NAME, Some(config.name()))
        .text(Type::DESCRIPTION, config.description().filter(|text| !text.is_empty()))
        .text(Type::ORIGIN_TYPE, Some(config.origin_access_control_origin_type().as_str()))
        .text(Type::SIGNING_BEHAVIOR, Some(config.signing_behavior().as_str()))
}

fn uses(distribution: &DistributionSummary, id: &str) -> bool {
    let origins = distribution.origins().map(|origins| origins.items()).unwrap_or_default();
    origins.iter().any(|origin| origin.origin_access_control_id() == Some(id))
}

const CONTROL: &[On] = &[On::Arn("arn:aws:cloudfront::{account}:origin-access-control/{id}")];

impl Resource for OriginAccessControl {
    type Type = cloudfront::OriginAccessControl;

    const NEEDS: Needs = &[
        CREATE.needs("cloudfront:CreateOriginAccessControl"),
        CREATE.needs("cloudfront:ListOriginAccessControls"),
        UPDATE.needs("cloudfront:UpdateOriginAccessControl").on(CONTROL),
        READ.needs("cloudfront:GetOriginAccessControl").on(CONTROL),
        DELETE.needs("cloudfront:DeleteOriginAccessControl").on(CONTROL),
        DELETE.needs("cloudfront:ListDistributions"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let create = aws.cloudfront().create_origin_access_control();
        let made = create.origin_access_control_config(config(&request.args)).send().await?;
        let incomplete =
            || Error::incomplete("cloudfront", "CreateOriginAccessControl", "OriginAccessControl");
        Ok(seen(made.origin_access_control().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let (cloudfront, id) = (aws.cloudfront(), &*request.id);
        let there = cloudfront.get_origin_access_control().id(id).send().await?;
        let update = cloudfront.update_origin_access_control().id(id).set_if_match(there.e_tag);
        update.origin_access_control_config(config(&request.args)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.cloudfront().get_origin_access_control().id(&*request.id);
        let told = asked.send().await.if_found()?;
        Ok(told.and_then(|told| told.origin_access_control().map(seen)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (cloudfront, id) = (aws.cloudfront(), &*request.id);
        let there = cloudfront.get_origin_access_control().id(id).send().await?;
        let delete = cloudfront.delete_origin_access_control().id(id).set_if_match(there.e_tag);
        match delete.send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) => Err(used_by(aws, error, |it| uses(it, id)).await?),
        }
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.inputs.get(Type::NAME.slot).as_str();
        let mut pages = aws.cloudfront().list_origin_access_controls().into_paginator().send();
        while let Some(page) = pages.next().await {
            let list = page?.origin_access_control_list.and_then(|list| list.items);
            let found = list.unwrap_or_default().into_iter().find(|it| Some(it.name()) == name);
            if let Some(found) = found {
                let id = found.id();
                let seen = Seen::new(id).text(Type::ORIGIN_ACCESS_CONTROL_ID, Some(id));
                return Ok(Some(seen));
            }
        }
        Ok(None)
    }
}
