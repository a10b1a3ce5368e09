//! `aws:efs:MountTarget`.

use aws_sdk_efs::types as sdk;
use infra_core::{
    aws::efs,
    handler::{Deletion, Request, TypedRequest},
};

use super::{DELETING, FAILED, READY};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, of_ec2},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct MountTarget;

type Type = efs::MountTarget;

fn seen(target: &sdk::MountTargetDescription) -> Seen {
    Seen::new(target.mount_target_id())
        .text(Type::FILE_SYSTEM_ID, Some(target.file_system_id()))
        .text(Type::SUBNET_ID, Some(target.subnet_id()))
        .text(Type::IP_ADDRESS, target.ip_address())
        .text(Type::MOUNT_TARGET_ID, Some(target.mount_target_id()))
        .text(Type::NETWORK_INTERFACE_ID, target.network_interface_id())
        .text(Type::AVAILABILITY_ZONE_NAME, target.availability_zone_name())
        .state(Some(target.life_cycle_state().as_str()), READY, DELETING, FAILED)
}

fn groups(args: &efs::MountTargetArgs) -> Vec<String> {
    args.security_groups.iter().map(ToString::to_string).collect()
}

const FILES: &[On] =
    &[On::Arn("arn:aws:elasticfilesystem:{region}:{account}:file-system/{file_system_id}")];

impl Resource for MountTarget {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("elasticfilesystem:CreateMountTarget").on(FILES),
        UPDATE.needs("elasticfilesystem:ModifyMountTargetSecurityGroups").on(FILES),
        READ.needs("elasticfilesystem:DescribeMountTargetSecurityGroups").on(FILES),
        READ.needs("elasticfilesystem:DescribeMountTargets").on(FILES),
        DELETE.needs("elasticfilesystem:DeleteMountTarget").on(FILES),
        CREATE.needs("ec2:DescribeSubnets"),
        CREATE.needs("ec2:DescribeNetworkInterfaces"),
        CREATE.needs("ec2:CreateNetworkInterface").on(&[
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SUBNET,
            of_ec2::SECURITY_GROUP,
        ]),
        UPDATE
            .needs("ec2:ModifyNetworkInterfaceAttribute")
            .on(&[of_ec2::NETWORK_INTERFACE, of_ec2::SECURITY_GROUP]),
        READ.needs("ec2:DescribeNetworkInterfaceAttribute"),
        DELETE.needs("ec2:DeleteNetworkInterface").on(&[of_ec2::NETWORK_INTERFACE]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .efs()
            .create_mount_target()
            .file_system_id(args.file_system_id.as_str())
            .subnet_id(args.subnet_id.as_str())
            .set_ip_address(args.ip_address.map(|address| address.to_string()))
            .set_security_groups(Some(groups(args)))
            .send()
            .await?;
        Ok(Seen::new(made.mount_target_id())
            .text(Type::IP_ADDRESS, made.ip_address())
            .text(Type::MOUNT_TARGET_ID, Some(made.mount_target_id()))
            .text(Type::NETWORK_INTERFACE_ID, made.network_interface_id())
            .text(Type::AVAILABILITY_ZONE_NAME, made.availability_zone_name()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["security_groups"]) {
            let modify = aws.efs().modify_mount_target_security_groups();
            let modify = modify.mount_target_id(&*request.id);
            modify.set_security_groups(Some(groups(&request.args))).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.efs().describe_mount_targets().mount_target_id(&*request.id);
        let told = asked.send().await.if_found()?;
        let Some(target) = told.as_ref().and_then(|told| told.mount_targets().first()) else {
            return Ok(None);
        };
        let seen = seen(target);
        if *target.life_cycle_state() != sdk::LifeCycleState::Available {
            // AWS tells the groups of nothing else.
            return Ok(Some(seen));
        }
        let asked = aws.efs().describe_mount_target_security_groups();
        let groups = asked.mount_target_id(&*request.id).send().await.if_found()?;
        Ok(groups.map(|told| seen.texts(Type::SECURITY_GROUPS, told.security_groups())))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.efs().delete_mount_target().mount_target_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    /// A file system has one in a subnet.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let system = request.inputs.get(Type::FILE_SYSTEM_ID.slot).as_str().unwrap_or_default();
        let subnet = request.inputs.get(Type::SUBNET_ID.slot).as_str().unwrap_or_default();
        let all = aws.efs().describe_mount_targets().file_system_id(system).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await.if_found()?;
        let all = all.unwrap_or_default();
        Ok(all.iter().find(|target| target.subnet_id() == subnet).map(seen))
    }
}
