//! `aws:ec2:NetworkInterface`.

use aws_sdk_ec2::types::{
    self as sdk, AttributeBooleanValue, AttributeValue, NetworkInterfaceStatus, ResourceType,
};
use infra_core::{
    aws::ec2::{self, ConnectionTrackingSpecificationArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::Seconds,
};

use super::{new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, tagged},
    plain::{count, int},
    resource::{Resource, changed, recorded},
    seen::Seen,
};

pub(crate) struct NetworkInterface;

/// What AWS takes where nothing is said.
const TCP: Seconds = Seconds(432_000);
const UDP_STREAM: Seconds = Seconds(180);
const UDP: Seconds = Seconds(30);

/// How long connections are remembered, as the API takes it.
pub(super) fn tracking(
    args: &ConnectionTrackingSpecificationArgs,
) -> sdk::ConnectionTrackingSpecificationRequest {
    let seconds = |time: Option<Seconds>| time.map(|time| int(time.0));
    sdk::ConnectionTrackingSpecificationRequest::builder()
        .set_tcp_established_timeout(seconds(args.tcp_established_timeout))
        .set_udp_stream_timeout(seconds(args.udp_stream_timeout))
        .set_udp_timeout(seconds(args.udp_timeout))
        .build()
}

/// How long connections are remembered, as AWS tells it: TCP, UDP both ways, UDP. What is usual
/// and not recorded was left to AWS.
pub(super) fn told_tracking(
    told: [Option<i32>; 3],
    recorded: Option<&ConnectionTrackingSpecificationArgs>,
) -> Option<ConnectionTrackingSpecificationArgs> {
    let said = [
        recorded.and_then(|it| it.tcp_established_timeout),
        recorded.and_then(|it| it.udp_stream_timeout),
        recorded.and_then(|it| it.udp_timeout),
    ];
    let usual = [TCP, UDP_STREAM, UDP];
    let [tcp, udp_stream, udp] = [0, 1, 2].map(|kind| {
        let time = told[kind].and_then(count).map(Seconds);
        time.filter(|time| said[kind].is_some() || *time != usual[kind])
    });
    let nothing = [tcp, udp_stream, udp].iter().all(Option::is_none);
    (!nothing).then_some(ConnectionTrackingSpecificationArgs {
        tcp_established_timeout: tcp,
        udp_stream_timeout: udp_stream,
        udp_timeout: udp,
    })
}

/// Its addresses beside the primary one.
fn secondary(interface: &sdk::NetworkInterface) -> Vec<String> {
    let all = interface.private_ip_addresses().iter();
    let further = all.filter(|it| it.primary() == Some(false));
    further.filter_map(|it| it.private_ip_address().map(str::to_owned)).collect()
}

fn seen(interface: &sdk::NetworkInterface, request: &Request) -> Seen {
    type Type = ec2::NetworkInterface;
    let id = interface.network_interface_id();
    let groups = interface.groups().iter().filter_map(|group| group.group_id());
    let times = interface
        .connection_tracking_configuration()
        .map(|it| [it.tcp_established_timeout(), it.udp_stream_timeout(), it.udp_timeout()]);
    let said = recorded(request, Type::CONNECTION_TRACKING_SPECIFICATION);
    let times = times.and_then(|times| told_tracking(times, said.as_ref()));
    Seen::new(id.unwrap_or_default())
        .text(Type::SUBNET_ID, interface.subnet_id())
        .text(Type::DESCRIPTION, interface.description().filter(|text| !text.is_empty()))
        .texts(Type::GROUPS, groups)
        .text(Type::INTERFACE_TYPE, interface.interface_type().map(|kind| kind.as_str()))
        .text(Type::PRIVATE_IP_ADDRESS, interface.private_ip_address())
        .texts(Type::SECONDARY_PRIVATE_IP_ADDRESSES, secondary(interface))
        .set(Type::SOURCE_DEST_CHECK, interface.source_dest_check())
        .set(Type::CONNECTION_TRACKING_SPECIFICATION, times)
        .text(Type::NETWORK_INTERFACE_ID, id)
        .text(Type::VPC_ID, interface.vpc_id())
        .text(Type::AVAILABILITY_ZONE, interface.availability_zone())
        .tags(tags(interface.tag_set()))
        .state(
            interface.status().map(NetworkInterfaceStatus::as_str),
            &["available", "in-use", "attaching", "detaching", "associated"],
            &[],
            &[],
        )
}

async fn described(aws: &Aws, id: &str) -> Answer<Option<sdk::NetworkInterface>> {
    let asked = aws.ec2().describe_network_interfaces().network_interface_ids(id);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.network_interfaces).and_then(|all| all.into_iter().next()))
}

async fn set_addresses(aws: &Aws, request: &TypedRequest<'_, ec2::NetworkInterface>) -> Answer<()> {
    let id = &*request.id;
    let has = described(aws, id).await?.as_ref().map(secondary).unwrap_or_default();
    let wanted = request.args.secondary_private_ip_addresses.iter().map(ToString::to_string);
    let wanted: Vec<String> = wanted.collect();
    let gone: Vec<String> = has.iter().filter(|it| !wanted.contains(it)).cloned().collect();
    if !gone.is_empty() {
        let unassign = aws.ec2().unassign_private_ip_addresses().network_interface_id(id);
        unassign.set_private_ip_addresses(Some(gone)).send().await?;
    }
    let new: Vec<String> = wanted.into_iter().filter(|it| !has.contains(it)).collect();
    if !new.is_empty() {
        let assign = aws.ec2().assign_private_ip_addresses().network_interface_id(id);
        assign.set_private_ip_addresses(Some(new)).send().await?;
    }
    Ok(())
}

async fn set_check(aws: &Aws, request: &TypedRequest<'_, ec2::NetworkInterface>) -> Answer<()> {
    let value = AttributeBooleanValue::builder().value(request.args.source_dest_check).build();
    let modify = aws.ec2().modify_network_interface_attribute();
    modify.network_interface_id(&*request.id).source_dest_check(value).send().await?;
    Ok(())
}

impl Resource for NetworkInterface {
    type Type = ec2::NetworkInterface;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("ec2:AssignPrivateIpAddresses").on(OWN).ours(),
        CREATE.needs("ec2:CreateNetworkInterface").on(&[
            On::Own,
            of_ec2::SUBNET,
            of_ec2::SECURITY_GROUP,
        ]),
        CREATE
            .and(UPDATE)
            .needs("ec2:ModifyNetworkInterfaceAttribute")
            .on(&[On::Own, of_ec2::SECURITY_GROUP]),
        CREATE.and(UPDATE).needs("ec2:UnassignPrivateIpAddresses").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeNetworkInterfaces"),
        DELETE.needs("ec2:DeleteNetworkInterface").on(OWN).ours(),
        tagged!("CreateNetworkInterface"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::NetworkInterface>) -> Answer<Seen> {
        let args = &request.args;
        let groups = args.groups.as_ref();
        let groups = groups.map(|groups| groups.iter().map(ToString::to_string).collect());
        let made = aws
            .ec2()
            .create_network_interface()
            .subnet_id(args.subnet_id.as_str())
            .set_description(args.description.clone())
            .set_groups(groups)
            .interface_type(args.interface_type.as_str().into())
            .set_private_ip_address(args.private_ip_address.map(|it| it.to_string()))
            .set_connection_tracking_specification(
                args.connection_tracking_specification.as_ref().map(tracking),
            )
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::NetworkInterface, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateNetworkInterface", "NetworkInterface");
        Ok(seen(made.network_interface().ok_or_else(incomplete)?, request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::NetworkInterface>) -> Answer<()> {
        if !request.args.secondary_private_ip_addresses.is_empty() {
            set_addresses(aws, request).await?;
        }
        set_check(aws, request).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::NetworkInterface>) -> Answer<()> {
        let args = &request.args;
        // One attribute a call.
        let modify = || {
            let modify = aws.ec2().modify_network_interface_attribute();
            modify.network_interface_id(&*request.id)
        };
        if changed(request, &["description"]) {
            let text = args.description.clone().unwrap_or_default();
            modify().description(AttributeValue::builder().value(text).build()).send().await?;
        }
        // What is left to AWS stays as it is: an interface has one group at least.
        if let (true, Some(groups)) = (changed(request, &["groups"]), &args.groups) {
            let groups = groups.iter().map(ToString::to_string).collect();
            modify().set_groups(Some(groups)).send().await?;
        }
        if changed(request, &["secondary_private_ip_addresses"]) {
            set_addresses(aws, request).await?;
        }
        if changed(request, &["source_dest_check"]) {
            set_check(aws, request).await?;
        }
        if changed(request, &["connection_tracking_specification"]) {
            let said = args.connection_tracking_specification.as_ref();
            // What is not said goes back to what is usual.
            let times = ConnectionTrackingSpecificationArgs {
                tcp_established_timeout: said
                    .and_then(|it| it.tcp_established_timeout)
                    .or(Some(TCP)),
                udp_stream_timeout: said.and_then(|it| it.udp_stream_timeout).or(Some(UDP_STREAM)),
                udp_timeout: said.and_then(|it| it.udp_timeout).or(Some(UDP)),
            };
            modify().connection_tracking_specification(tracking(&times)).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let interface = described(aws, &request.id).await?;
        Ok(interface.map(|interface| seen(&interface, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let deleted = aws.ec2().delete_network_interface().network_interface_id(id).send().await;
        let Err(error) = deleted else { return Ok(Deletion::Gone) };
        let error = Error::from(error);
        if !matches!(error.0.problem, Problem::InUse { .. }) {
            return Err(error);
        }
        let interface = described(aws, id).await?;
        let attachment = interface.as_ref().and_then(|interface| interface.attachment());
        let by = attachment.and_then(|it| it.instance_id().or(it.instance_owner_id()));
        Err(error.in_use(by.map(str::to_owned).into_iter().collect()))
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_network_interfaces().set_filters(of_stack(stack));
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let seen = |interface: &sdk::NetworkInterface| {
            Seen::new(interface.network_interface_id().unwrap_or_default())
                .tags(tags(interface.tag_set()))
        };
        Ok(all.iter().map(seen).collect())
    }
}
