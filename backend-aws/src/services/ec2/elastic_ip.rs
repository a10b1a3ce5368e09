//! `aws:ec2:ElasticIp`.

use aws_sdk_ec2::types::{self as sdk, DomainType, ResourceType};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, tagged},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct ElasticIp;

fn seen(address: &sdk::Address) -> Seen {
    Seen::new(address.allocation_id().unwrap_or_default())
        .text(ec2::ElasticIp::NETWORK_BORDER_GROUP, address.network_border_group())
        .text(ec2::ElasticIp::ALLOCATION_ID, address.allocation_id())
        .text(ec2::ElasticIp::PUBLIC_IP, address.public_ip())
        .tags(tags(address.tags()))
}

async fn one(aws: &Aws, id: &str) -> Answer<Option<sdk::Address>> {
    let told = aws.ec2().describe_addresses().allocation_ids(id).send().await.if_found()?;
    Ok(told.and_then(|told| told.addresses.unwrap_or_default().into_iter().next()))
}

/// What has an address: AWS refuses to release it then, and says of one that another service
/// associated that it is not allowed.
fn holder(address: &sdk::Address) -> Option<String> {
    address.association_id()?;
    let instance = address.instance_id().filter(|id| !id.is_empty());
    let instance = instance.map(|id| format!("Instance {id}"));
    let interface = address.network_interface_id().map(|id| format!("NetworkInterface {id}"));
    instance.or(interface)
}

impl Resource for ElasticIp {
    type Type = ec2::ElasticIp;

    const LISTS_ALL: bool = true;
    const STATELESS: bool = true;
    const NEEDS: Needs = &[
        CREATE.needs("ec2:AllocateAddress").on(OWN),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeAddresses"),
        DELETE.needs("ec2:ReleaseAddress").on(OWN).ours(),
        tagged!("AllocateAddress"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::ElasticIp>) -> Answer<Seen> {
        let made = aws
            .ec2()
            .allocate_address()
            .domain(DomainType::Vpc)
            .set_network_border_group(request.args.network_border_group.clone())
            .tag_specifications(new_tags(ResourceType::ElasticIp, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "AllocateAddress", "AllocationId");
        let id = made.allocation_id().ok_or_else(incomplete)?;
        Ok(Seen::new(id)
            .text(ec2::ElasticIp::NETWORK_BORDER_GROUP, made.network_border_group())
            .text(ec2::ElasticIp::ALLOCATION_ID, Some(id))
            .text(ec2::ElasticIp::PUBLIC_IP, made.public_ip()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::ElasticIp>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(one(aws, &request.id).await?.as_ref().map(seen))
    }

    /// AWS finds an address of a local zone by its group alone.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let slot = ec2::ElasticIp::NETWORK_BORDER_GROUP.slot;
        let group = request.inputs.get(slot).as_str().or(request.outputs.get(slot).as_str());
        let release = aws.ec2().release_address().allocation_id(&*request.id);
        let release = release.set_network_border_group(group.map(str::to_owned));
        let Err(error) = release.send().await.map_err(Error::from) else {
            return Ok(Deletion::Gone);
        };
        if !error.is_in_use() && error.0.problem != Problem::Denied {
            return Err(error);
        }
        match one(aws, &request.id).await?.as_ref().and_then(holder) {
            Some(holder) => Err(error.in_use(vec![holder])),
            None => Err(error),
        }
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_addresses().set_filters(of_stack(stack)).send().await?;
        Ok(all.addresses().iter().map(seen).collect())
    }
}
