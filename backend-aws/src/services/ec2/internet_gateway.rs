//! `aws:ec2:InternetGateway`.

use aws_sdk_ec2::types::{self as sdk, Filter, ResourceType};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{any_of, filter, interfaces, named, new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    gather::together,
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct InternetGateway;

/// The VPC that it is attached to; AWS allows one.
fn vpc(gateway: &sdk::InternetGateway) -> Option<&str> {
    gateway.attachments().first().and_then(|attachment| attachment.vpc_id())
}

fn seen(gateway: &sdk::InternetGateway) -> Seen {
    Seen::new(gateway.internet_gateway_id().unwrap_or_default())
        .text(ec2::InternetGateway::VPC_ID, vpc(gateway))
        .text(ec2::InternetGateway::INTERNET_GATEWAY_ID, gateway.internet_gateway_id())
        .tags(tags(gateway.tags()))
}

async fn those(aws: &Aws, filters: Option<Vec<Filter>>) -> Answer<Vec<Seen>> {
    let all = aws.ec2().describe_internet_gateways().set_filters(filters).into_paginator();
    let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.iter().map(seen).collect())
}

/// What it is attached to now. That it is not there is an error.
async fn attached(aws: &Aws, id: &str) -> Answer<Option<String>> {
    let told = aws.ec2().describe_internet_gateways().internet_gateway_ids(id).send().await?;
    Ok(told.internet_gateways().first().and_then(vpc).map(str::to_owned))
}

/// Attaches it to its VPC, from wherever it is attached.
async fn attach(aws: &Aws, request: &TypedRequest<'_, ec2::InternetGateway>) -> Answer<()> {
    let (id, wanted) = (&*request.id, request.args.vpc_id.as_str());
    match attached(aws, id).await? {
        Some(vpc) if vpc == wanted => return Ok(()),
        Some(vpc) => detach(aws, id, &vpc).await?,
        None => {}
    }
    aws.ec2().attach_internet_gateway().internet_gateway_id(id).vpc_id(wanted).send().await?;
    Ok(())
}

/// Detaches it, or says which public addresses keep it there.
async fn detach(aws: &Aws, id: &str, vpc: &str) -> Answer<()> {
    let detach = aws.ec2().detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc);
    let Err(error) = detach.send().await.map_err(Error::from) else { return Ok(()) };
    if !error.is_in_use() {
        return Err(error);
    }
    let public = interfaces(aws, vec![filter("vpc-id", vpc)]).await?;
    let public = public.iter().filter(|interface| interface.association().is_some());
    Err(error.in_use(public.map(named).collect()))
}

const PARTS: &[On] = &[On::Own, of_ec2::VPC];

impl Resource for InternetGateway {
    type Type = ec2::InternetGateway;

    const LISTS_ALL: bool = true;
    const STATELESS: bool = true;
    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("ec2:AttachInternetGateway").on(PARTS),
        CREATE.needs("ec2:CreateInternetGateway").on(OWN),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeNetworkInterfaces"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DetachInternetGateway").on(PARTS),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeInternetGateways"),
        DELETE.needs("ec2:DeleteInternetGateway").on(OWN).ours(),
        tagged!("CreateInternetGateway"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::InternetGateway>) -> Answer<Seen> {
        let tags = new_tags(ResourceType::InternetGateway, request);
        let made = aws.ec2().create_internet_gateway().tag_specifications(tags).send().await?;
        let incomplete = || Error::incomplete("ec2", "CreateInternetGateway", "InternetGateway");
        Ok(seen(made.internet_gateway().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::InternetGateway>) -> Answer<()> {
        // A new one is attached nowhere, so that this does it; else it is looked at.
        let (id, wanted) = (&*request.id, request.args.vpc_id.as_str());
        let first = aws.ec2().attach_internet_gateway().internet_gateway_id(id).vpc_id(wanted);
        match first.send().await {
            Ok(_) => Ok(()),
            Err(_) => attach(aws, request).await,
        }
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::InternetGateway>) -> Answer<()> {
        if changed(request, &["vpc_id"]) {
            attach(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let by_id = |ids| those(aws, any_of("internet-gateway-id", ids));
        together::<Self, _>(aws, request, by_id).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        if let Some(vpc) = attached(aws, id).await? {
            detach(aws, id, &vpc).await?;
        }
        aws.ec2().delete_internet_gateway().internet_gateway_id(id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        those(aws, of_stack(stack)).await
    }
}
