//! `aws:ec2:Instance`.

mod change;
mod left;
mod told;

use aws_sdk_ec2::types::{self as sdk, AttributeBooleanValue, InstanceStateName, ResourceType};
use infra_core::{
    aws::ec2::{self, InstanceArgs, MetadataOptionsArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{
    machine::{devices, encoded, interfaces},
    new_tags, of_stack, tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, passed, sealed, tagged},
    plain::{int, text, texts},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Instance;

/// The instance, unless it has gone: AWS tells of it for an hour longer.
async fn described(aws: &Aws, id: &str) -> Answer<Option<sdk::Instance>> {
    let told = aws.ec2().describe_instances().instance_ids(id).send().await.if_found()?;
    let reservations = told.and_then(|told| told.reservations).unwrap_or_default();
    let mut all = reservations.into_iter().flat_map(|it| it.instances.unwrap_or_default());
    Ok(all.find(|it| state(it) != Some(&InstanceStateName::Terminated)))
}

fn state(instance: &sdk::Instance) -> Option<&InstanceStateName> {
    instance.state().and_then(|state| state.name())
}

fn profile(name: &str) -> sdk::IamInstanceProfileSpecification {
    sdk::IamInstanceProfileSpecification::builder().name(name).build()
}

fn metadata(options: &MetadataOptionsArgs) -> sdk::InstanceMetadataOptionsRequest {
    sdk::InstanceMetadataOptionsRequest::builder()
        .http_tokens(options.http_tokens.as_str().into())
        .http_put_response_hop_limit(int(options.http_put_response_hop_limit))
        .http_endpoint(options.http_endpoint.as_str().into())
        .instance_metadata_tags(options.instance_metadata_tags.as_str().into())
        .build()
}

fn placement(args: &InstanceArgs) -> Option<sdk::Placement> {
    let said = args.tenancy.is_some() || args.placement_group_name.is_some();
    said.then(|| {
        sdk::Placement::builder()
            .set_tenancy(args.tenancy.map(|tenancy| tenancy.as_str().into()))
            .set_group_name(args.placement_group_name.clone())
            .build()
    })
}

fn template(args: &InstanceArgs) -> Option<sdk::LaunchTemplateSpecification> {
    args.launch_template.as_ref().map(|it| {
        sdk::LaunchTemplateSpecification::builder()
            .launch_template_id(it.launch_template_id.as_str())
            .version(&it.version)
            .build()
    })
}

fn cores(args: &InstanceArgs) -> Option<sdk::CpuOptionsRequest> {
    args.cpu_options.as_ref().map(|it| {
        sdk::CpuOptionsRequest::builder()
            .set_core_count(it.core_count.map(int))
            .set_threads_per_core(it.threads_per_core.map(int))
            .build()
    })
}

fn names(args: &InstanceArgs) -> Option<sdk::PrivateDnsNameOptionsRequest> {
    args.private_dns_name_options.as_ref().map(|it| {
        sdk::PrivateDnsNameOptionsRequest::builder()
            .set_hostname_type(it.hostname_type.map(|kind| kind.as_str().into()))
            .set_enable_resource_name_dns_a_record(it.enable_resource_name_dns_a_record)
            .build()
    })
}

fn credits(args: &InstanceArgs) -> Option<sdk::CreditSpecificationRequest> {
    args.credit_specification.as_ref().map(|it| {
        let credits = sdk::CreditSpecificationRequest::builder();
        credits.cpu_credits(it.cpu_credits.as_str()).build()
    })
}

fn yes_or_no(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

impl Resource for Instance {
    type Type = ec2::Instance;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("ec2:ModifyInstanceAttribute").on(&[
            On::Own,
            of_ec2::SECURITY_GROUP,
            of_ec2::VOLUME,
        ]),
        CREATE.needs("ec2:RunInstances").on(&[
            On::Own,
            of_ec2::IMAGE,
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SECURITY_GROUP,
            of_ec2::SUBNET,
            of_ec2::KEY_PAIR,
            of_ec2::LAUNCH_TEMPLATE,
            of_ec2::PLACEMENT_GROUP,
            of_ec2::SNAPSHOT,
            of_ec2::VOLUME,
        ]),
        UPDATE.needs("ec2:AssociateIamInstanceProfile").on(OWN).ours(),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:DescribeIamInstanceProfileAssociations"),
        UPDATE.needs("ec2:DescribeInstanceTypes"),
        UPDATE.needs("ec2:DescribeLaunchTemplateVersions"),
        UPDATE.needs("ec2:DescribeSecurityGroups"),
        UPDATE.needs("ec2:DisassociateIamInstanceProfile").on(OWN).ours(),
        UPDATE.needs("ec2:GetDefaultCreditSpecification"),
        UPDATE.needs("ec2:ModifyInstanceCreditSpecification").on(OWN).ours(),
        UPDATE.needs("ec2:ModifyInstanceMetadataOptions").on(OWN).ours(),
        UPDATE.needs("ec2:MonitorInstances").on(OWN).ours(),
        UPDATE.needs("ec2:ReplaceIamInstanceProfileAssociation").on(OWN).ours(),
        UPDATE.needs("ec2:StartInstances").on(OWN).ours(),
        UPDATE.needs("ec2:StopInstances").on(OWN).ours(),
        UPDATE.needs("ec2:UnmonitorInstances").on(OWN).ours(),
        READ.needs("ec2:DescribeInstanceAttribute").on(OWN),
        READ.needs("ec2:DescribeInstanceCreditSpecifications"),
        READ.and(LIST).needs("ec2:DescribeInstances"),
        DELETE.needs("ec2:TerminateInstances").on(OWN).ours(),
        tagged!("RunInstances", &[of_ec2::INSTANCE, of_ec2::VOLUME, of_ec2::NETWORK_INTERFACE]),
        passed!(CREATE.and(UPDATE), "ec2.amazonaws.com", "aws:iam:InstanceProfile")
            .given("iam_instance_profile"),
        sealed!(CREATE, "kms:CreateGrant", "ec2"),
        sealed!(CREATE, "kms:DescribeKey", "ec2"),
        sealed!(CREATE, "kms:GenerateDataKeyWithoutPlaintext", "ec2"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::Instance>) -> Answer<Seen> {
        let args = &request.args;
        let monitoring = sdk::RunInstancesMonitoringEnabled::builder().enabled(args.monitoring);
        let shutdown = args.instance_initiated_shutdown_behavior.as_str();
        let made = aws
            .ec2()
            .run_instances()
            .min_count(1)
            .max_count(1)
            .set_image_id(text(args.image_id.as_ref()))
            .set_instance_type(args.instance_type.as_deref().map(Into::into))
            .set_subnet_id(text(args.subnet_id.as_ref()))
            .set_private_ip_address(text(args.private_ip_address.as_ref()))
            .set_security_group_ids(texts(args.security_group_ids.as_ref()))
            .set_network_interfaces(interfaces!(
                sdk::InstanceNetworkInterfaceSpecification,
                args.network_interfaces.as_ref()
            ))
            .set_launch_template(template(args))
            .set_iam_instance_profile(
                args.iam_instance_profile.as_ref().map(|name| profile(name.as_str())),
            )
            .set_user_data(args.user_data.as_deref().map(encoded))
            .set_block_device_mappings(devices!(
                sdk::BlockDeviceMapping,
                sdk::EbsBlockDevice,
                args.block_device_mappings.as_ref()
            ))
            .metadata_options(metadata(&args.metadata_options))
            .monitoring(monitoring.build())
            .set_credit_specification(credits(args))
            .set_cpu_options(cores(args))
            .set_ebs_optimized(args.ebs_optimized)
            .set_key_name(args.key_name.clone())
            .disable_api_termination(args.disable_api_termination)
            .instance_initiated_shutdown_behavior(shutdown.into())
            .set_placement(placement(args))
            .set_private_dns_name_options(names(args))
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::Instance, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "RunInstances", "Instances");
        Ok(told::outputs(made.instances().first().ok_or_else(incomplete)?))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, ec2::Instance>) -> Answer<()> {
        if let Some(check) = request.args.source_dest_check {
            let modify = aws.ec2().modify_instance_attribute().instance_id(&*request.id);
            modify.source_dest_check(yes_or_no(check)).send().await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Instance>) -> Answer<()> {
        change::update(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        match described(aws, &request.id).await? {
            Some(instance) => told::seen(aws, &instance, request).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        // Once more is no error to AWS.
        if described(aws, id).await?.is_none() {
            let message = format!("there is no instance {id}");
            return Err(Error::refused(Problem::NotFound, "ec2", "TerminateInstances", message));
        }
        aws.ec2().terminate_instances().instance_ids(id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_instances().set_filters(of_stack(stack)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        let all = all.iter().flat_map(|reservation| reservation.instances());
        let all = all.filter(|it| state(it) != Some(&InstanceStateName::Terminated));
        let seen = |instance: &sdk::Instance| told::outputs(instance).tags(tags(instance.tags()));
        Ok(all.map(seen).collect())
    }
}
