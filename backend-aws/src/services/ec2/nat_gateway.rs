//! `aws:ec2:NatGateway`.

use aws_sdk_ec2::types::{
    self as sdk, NatGatewayAddress, NatGatewayAddressStatus as Status, NatGatewayState,
    ResourceType,
};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Problem, Request, TypedRequest},
    schema::Level,
};

use super::{new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct NatGateway;

/// The address that it came with.
fn primary(gateway: &sdk::NatGateway) -> Option<&NatGatewayAddress> {
    gateway.nat_gateway_addresses().iter().find(|address| address.is_primary() != Some(false))
}

/// The further ones, those on their way out or never in among them.
fn further(gateway: &sdk::NatGateway) -> impl Iterator<Item = &NatGatewayAddress> {
    gateway.nat_gateway_addresses().iter().filter(|address| address.is_primary() == Some(false))
}

fn is_leaving(address: &NatGatewayAddress) -> bool {
    matches!(address.status(), Some(Status::Disassociating | Status::Unassigning))
}

fn is_coming(address: &NatGatewayAddress) -> bool {
    matches!(address.status(), Some(Status::Associating | Status::Assigning))
}

fn has_failed(address: &NatGatewayAddress) -> bool {
    address.status() == Some(&Status::Failed)
}

/// The further ones that it has.
fn held(gateway: &sdk::NatGateway) -> impl Iterator<Item = &NatGatewayAddress> {
    further(gateway).filter(|address| !is_leaving(address) && !has_failed(address))
}

fn seen(gateway: &sdk::NatGateway) -> Seen {
    type Type = ec2::NatGateway;
    let first = primary(gateway);
    let kind = gateway.connectivity_type().map(sdk::ConnectivityType::as_str);
    let mut seen = Seen::new(gateway.nat_gateway_id().unwrap_or_default())
        .text(Type::SUBNET_ID, gateway.subnet_id())
        .text(Type::CONNECTIVITY_TYPE, kind)
        .text(Type::ALLOCATION_ID, first.and_then(|it| it.allocation_id()))
        .texts(Type::SECONDARY_ALLOCATION_IDS, held(gateway).filter_map(|it| it.allocation_id()))
        .text(Type::PRIVATE_IP_ADDRESS, first.and_then(|it| it.private_ip()))
        .text(Type::NAT_GATEWAY_ID, gateway.nat_gateway_id())
        .text(Type::NETWORK_INTERFACE_ID, first.and_then(|it| it.network_interface_id()))
        .text(Type::PUBLIC_IP, first.and_then(|it| it.public_ip()))
        .tags(tags(gateway.tags()))
        .state(
            gateway.state().map(NatGatewayState::as_str),
            &["available"],
            &["deleting"],
            &["failed"],
        );
    if seen.failed.is_some() {
        seen.failed = gateway.failure_message().map(str::to_owned).or(seen.failed);
    }
    if seen.level == Level::Ready && further(gateway).any(|it| is_leaving(it) || is_coming(it)) {
        seen.level = Level::Configured;
        seen.waits_for = Some("its addresses change".to_owned());
    }
    seen
}

/// Those that there are: AWS tells of one for an hour after it was deleted.
fn is_there(gateway: &sdk::NatGateway) -> bool {
    gateway.state() != Some(&NatGatewayState::Deleted)
}

async fn one(aws: &Aws, id: &str) -> Answer<Option<sdk::NatGateway>> {
    let told = aws.ec2().describe_nat_gateways().nat_gateway_ids(id).send().await.if_found()?;
    Ok(told.and_then(|told| told.nat_gateways.unwrap_or_default().into_iter().find(is_there)))
}

/// One that must be there.
async fn present(aws: &Aws, id: &str) -> Answer<sdk::NatGateway> {
    let missing = || {
        let message = format!("{id} is not there");
        Error::refused(Problem::NotFound, "ec2", "DescribeNatGateways", message)
    };
    one(aws, id).await?.ok_or_else(missing)
}

/// Gives it the further addresses that it shall have, and takes the others away: these first, for
/// a gateway may have so many at a time.
async fn set_further(aws: &Aws, request: &TypedRequest<'_, ec2::NatGateway>) -> Answer<()> {
    let id = &*request.id;
    let gateway = present(aws, id).await?;
    let wanted: Vec<&str> =
        request.args.secondary_allocation_ids.iter().map(|address| address.as_str()).collect();
    let is_wanted =
        |it: &&NatGatewayAddress| it.allocation_id().is_some_and(|id| wanted.contains(&id));
    let gone = held(&gateway).filter(|it| !is_wanted(it)).filter_map(|it| it.association_id());
    let gone: Vec<String> = gone.map(str::to_owned).collect();
    if !gone.is_empty() {
        let disassociate = aws.ec2().disassociate_nat_gateway_address().nat_gateway_id(id);
        disassociate.set_association_ids(Some(gone.clone())).send().await?;
    }
    let has = |address: &&&str| held(&gateway).any(|it| it.allocation_id() == Some(**address));
    let new = wanted.iter().filter(|address| !has(address)).map(ToString::to_string);
    let new: Vec<String> = new.collect();
    if new.is_empty() {
        return Ok(());
    }
    let associate = aws.ec2().associate_nat_gateway_address().nat_gateway_id(id);
    let associate = associate.set_allocation_ids(Some(new)).send().await;
    let leaving = !gone.is_empty() || further(&gateway).any(is_leaving);
    match associate.map_err(Error::from) {
        Ok(_) => Ok(()),
        // An address counts until its connections have ended.
        Err(error) if leaving && error.0.problem == Problem::Quota => {
            Err(error.in_use(vec![format!("connections through the addresses that leave {id}")]))
        }
        Err(error) => Err(error),
    }
}

impl Resource for NatGateway {
    type Type = ec2::NatGateway;

    const LISTS_ALL: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateNatGateway").on(&[
            On::Own,
            of_ec2::ELASTIC_IP,
            of_ec2::SUBNET,
            of_ec2::VPC,
        ]),
        UPDATE.needs("ec2:AssociateNatGatewayAddress").on(&[On::Own, of_ec2::ELASTIC_IP]),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:DisassociateNatGatewayAddress").on(&[
            On::Own,
            of_ec2::ELASTIC_IP,
            of_ec2::NETWORK_INTERFACE,
        ]),
        READ.and(LIST).needs("ec2:DescribeNatGateways"),
        DELETE.needs("ec2:DeleteNatGateway").on(OWN).ours(),
        tagged!("CreateNatGateway"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::NatGateway>) -> Answer<Seen> {
        let args = &request.args;
        let further = args.secondary_allocation_ids.iter().map(ToString::to_string);
        let further: Vec<String> = further.collect();
        let made = aws
            .ec2()
            .create_nat_gateway()
            .subnet_id(args.subnet_id.as_str())
            .connectivity_type(args.connectivity_type.as_str().into())
            .set_allocation_id(args.allocation_id.as_ref().map(ToString::to_string))
            .set_secondary_allocation_ids(Some(further).filter(|ids| !ids.is_empty()))
            .set_private_ip_address(args.private_ip_address.map(|address| address.to_string()))
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::Natgateway, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateNatGateway", "NatGateway");
        Ok(seen(made.nat_gateway().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::NatGateway>) -> Answer<()> {
        if changed(request, &["secondary_allocation_ids"]) {
            set_further(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(gateway) = one(aws, &request.id).await? else { return Ok(None) };
        let mut seen = seen(&gateway);
        let wanted = request.inputs.get(ec2::NatGateway::SECONDARY_ALLOCATION_IDS.slot).items();
        let refused = further(&gateway).find(|it| {
            has_failed(it) && wanted.iter().any(|wanted| wanted.as_str() == it.allocation_id())
        });
        if let Some(refused) = refused {
            let address = refused.allocation_id().unwrap_or_default();
            let why = refused.failure_message().unwrap_or("it can't be associated");
            seen.failed = Some(format!("{address}: {why}"));
        }
        Ok(Some(seen))
    }

    /// One that was deleted is looked at first: AWS does not say what a second deletion comes to.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        present(aws, &request.id).await?;
        aws.ec2().delete_nat_gateway().nat_gateway_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_nat_gateways().set_filter(of_stack(stack)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().filter(|gateway| is_there(gateway)).map(seen).collect())
    }
}
