//! `aws:cloudfront:VpcOrigin`.

use aws_sdk_cloudfront::types::{
    self as sdk, DistributionSummary, OriginSslProtocols, SslProtocol, VpcOriginEndpointConfig,
};
use infra_core::{
    aws::cloudfront,
    handler::{Deletion, Request, TypedRequest},
};

use super::{filled, new_tags, retag, tags, used_by};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, linked},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct VpcOrigin;

type Type = cloudfront::VpcOrigin;

fn config(args: &cloudfront::VpcOriginArgs) -> VpcOriginEndpointConfig {
    let protocols = args.origin_ssl_protocols.iter().map(|it| it.as_str().into());
    VpcOriginEndpointConfig::builder()
        .name(&args.name)
        .arn(args.endpoint_arn.as_str())
        .http_port(args.http_port.into())
        .https_port(args.https_port.into())
        .origin_protocol_policy(args.origin_protocol_policy.as_str().into())
        .origin_ssl_protocols(filled!(OriginSslProtocols, protocols.collect::<Vec<_>>()))
        .build()
        .expect("name, ARN, ports and policy are there")
}

fn seen(origin: &sdk::VpcOrigin, request: &Request) -> Seen {
    let seen = Seen::new(origin.id())
        .text(Type::VPC_ORIGIN_ID, Some(origin.id()))
        .text(Type::ARN, Some(origin.arn()))
        .state(Some(origin.status()), &["Deployed"], &["Deleting"], &["Failed"]);
    let Some(config) = origin.vpc_origin_endpoint_config() else { return seen };
    let port = |port: i32| u16::try_from(port).ok();
    let protocols = config.origin_ssl_protocols().map(|all| all.items()).unwrap_or_default();
    let protocols = protocols.iter().map(SslProtocol::as_str).map(str::to_owned);
    seen.text(Type::NAME, Some(config.name()))
        .text(Type::ENDPOINT_ARN, Some(config.arn()))
        .text(Type::ORIGIN_PROTOCOL_POLICY, Some(config.origin_protocol_policy().as_str()))
        .set(Type::HTTP_PORT, port(config.http_port()))
        .set(Type::HTTPS_PORT, port(config.https_port()))
        .unordered(Type::ORIGIN_SSL_PROTOCOLS, request, protocols.collect::<Vec<_>>())
}

fn uses(distribution: &DistributionSummary, id: &str) -> bool {
    let origins = distribution.origins().map(|origins| origins.items()).unwrap_or_default();
    let mut ways = origins.iter().filter_map(|origin| origin.vpc_origin_config());
    ways.any(|way| way.vpc_origin_id() == id)
}

impl Resource for VpcOrigin {
    type Type = cloudfront::VpcOrigin;

    const NEEDS: Needs = &[
        CREATE.needs("cloudfront:CreateVpcOrigin"),
        CREATE.and(UPDATE).needs("cloudfront:TagResource").on(OWN),
        UPDATE.needs("cloudfront:UntagResource").on(OWN),
        UPDATE.needs("cloudfront:UpdateVpcOrigin").on(OWN),
        READ.needs("cloudfront:GetVpcOrigin").on(OWN),
        READ.and(LIST).needs("cloudfront:ListTagsForResource").on(OWN),
        DELETE.needs("cloudfront:DeleteVpcOrigin").on(OWN),
        DELETE.needs("cloudfront:ListDistributions"),
        LIST.needs("cloudfront:ListVpcOrigins"),
        linked!(CREATE, "vpcorigin.cloudfront.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let create = aws.cloudfront().create_vpc_origin();
        let create = create.vpc_origin_endpoint_config(config(&request.args));
        let made = create.tags(new_tags(request)).send().await?;
        let incomplete = || Error::incomplete("cloudfront", "CreateVpcOrigin", "VpcOrigin");
        Ok(seen(made.vpc_origin().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let id = &*request.id;
        let there = aws.cloudfront().get_vpc_origin().id(id).send().await?;
        let arn = there.vpc_origin().map(|origin| origin.arn().to_owned()).unwrap_or_default();
        let parts = [
            "name",
            "endpoint_arn",
            "origin_protocol_policy",
            "http_port",
            "https_port",
            "origin_ssl_protocols",
        ];
        if changed(request, &parts) {
            let update = aws.cloudfront().update_vpc_origin().id(id).set_if_match(there.e_tag);
            update.vpc_origin_endpoint_config(config(&request.args)).send().await?;
        }
        retag(aws, request, &arn).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.cloudfront().get_vpc_origin().id(&*request.id).send().await.if_found()?;
        let Some(origin) = told.and_then(|told| told.vpc_origin) else { return Ok(None) };
        let tags = tags(aws, origin.arn()).await?;
        Ok(tags.map(|tags| seen(&origin, request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let there = aws.cloudfront().get_vpc_origin().id(id).send().await?;
        let delete = aws.cloudfront().delete_vpc_origin().id(id).set_if_match(there.e_tag);
        match delete.send().await.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Started),
            Err(error) => Err(used_by(aws, error, |it| uses(it, id)).await?),
        }
    }

    /// They are listed without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let (mut listed, mut marker) = (vec![], None);
        loop {
            let told = aws.cloudfront().list_vpc_origins().set_marker(marker).send().await?;
            let Some(list) = told.vpc_origin_list else { return Ok(listed) };
            for origin in list.items() {
                // It may have gone since.
                let Some(tags) = tags(aws, origin.arn()).await? else { continue };
                listed.push(Seen::new(origin.id()).tags(tags));
            }
            marker = list.next_marker.filter(|marker| !marker.is_empty());
            if marker.is_none() {
                return Ok(listed);
            }
        }
    }
}
