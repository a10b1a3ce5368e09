//! What AWS tells of an instance. What a launch template said is none of the program's.

use aws_sdk_ec2::types::{self as sdk, InstanceAttributeName as Attribute, InstanceStateName};
use infra_core::{
    aws::{
        LaunchTemplateId, NetworkInterfaceId, SecurityGroupId, SubnetId,
        autoscaling::LaunchTemplateSpecificationArgs,
        ec2::{
            CpuCredits, CpuOptionsArgs, CreditSpecificationArgs, HostnameType, HttpTokens,
            Instance as Type, MetadataOptionsArgs, MetadataState,
            NetworkInterfaceSpecificationArgs, PrivateDnsNameOptionsArgs,
        },
    },
    dsl::Prop,
    handler::Request,
    types::Ipv4Addr,
};

use super::super::{machine::decoded, tags};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    plain::count,
    resource::recorded,
    seen::{Seen, all_told, told},
};

fn some(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The outputs, and its state.
pub(super) fn outputs(instance: &sdk::Instance) -> Seen {
    let state = super::state(instance).map(InstanceStateName::as_str);
    let zone = instance.placement().and_then(|it| it.availability_zone());
    // One that goes before it was ready does not come back.
    let going = ["shutting-down"];
    let id = instance.instance_id();
    let seen = Seen::new(id.unwrap_or_default())
        .text(Type::INSTANCE_ID, id)
        .text(Type::VPC_ID, some(instance.vpc_id()))
        .text(Type::AVAILABILITY_ZONE, zone)
        .text(Type::PRIVATE_DNS_NAME, some(instance.private_dns_name()))
        .text(Type::PRIVATE_IP_ADDRESS, some(instance.private_ip_address()))
        .text(Type::PUBLIC_IP, some(instance.public_ip_address()))
        .text(Type::PUBLIC_DNS_NAME, some(instance.public_dns_name()))
        .state(state, &["running", "stopped"], &going, &going);
    match instance.state_reason().and_then(|reason| reason.message()) {
        Some(why) if seen.failed.is_some() => seen.failing(why),
        _ => seen,
    }
}

pub(super) async fn seen(
    aws: &Aws,
    instance: &sdk::Instance,
    request: &Request,
) -> Answer<Option<Seen>> {
    let groups = instance.security_groups().iter().filter_map(|group| group.group_id());
    let groups = all_told::<SecurityGroupId>(groups);
    let monitoring = instance.monitoring().and_then(|it| it.state());
    let monitoring = monitoring.map(|state| ["enabled", "pending"].contains(&state.as_str()));
    let tenancy = instance.placement().and_then(|it| it.tenancy());
    let seen = outputs(instance)
        .if_said(Type::IMAGE_ID, request, instance.image_id().map(str::to_owned))
        .if_said(
            Type::INSTANCE_TYPE,
            request,
            instance.instance_type().map(|kind| kind.as_str().to_owned()),
        )
        .if_said(Type::SUBNET_ID, request, instance.subnet_id().map(str::to_owned))
        .if_said(Type::SECURITY_GROUP_IDS, request, groups)
        .if_said(Type::NETWORK_INTERFACES, request, interfaces(instance, request))
        .set(Type::LAUNCH_TEMPLATE, template(instance, request))
        // AWS tells the volumes, which may have changed since, and not what it was started with.
        .value(
            Type::BLOCK_DEVICE_MAPPINGS,
            request.inputs.get(Type::BLOCK_DEVICE_MAPPINGS.slot).clone(),
        )
        .set(Type::METADATA_OPTIONS, instance.metadata_options().map(metadata))
        .set(Type::MONITORING, monitoring)
        .set(Type::CPU_OPTIONS, cores(instance, request))
        .if_said(Type::EBS_OPTIMIZED, request, instance.ebs_optimized())
        .if_said(Type::SOURCE_DEST_CHECK, request, instance.source_dest_check())
        .if_said(Type::TENANCY, request, tenancy.map(|it| it.as_str().to_owned()))
        .set(Type::PRIVATE_DNS_NAME_OPTIONS, names(instance, request))
        .tags(tags(instance.tags()));
    let seen = or_of_template(seen, instance, request);
    attributes(aws, seen, request).await
}

/// What is nothing where neither the program nor a template says something.
fn or_of_template(seen: Seen, instance: &sdk::Instance, request: &Request) -> Seen {
    // The ARN ends with the name.
    let profile = instance.iam_instance_profile().and_then(|it| it.arn());
    let profile = profile.and_then(|arn| arn.rsplit('/').next());
    let group = some(instance.placement().and_then(|it| it.group_name()));
    let mut seen = seen;
    if is_own(Type::IAM_INSTANCE_PROFILE, request) {
        seen = seen.text(Type::IAM_INSTANCE_PROFILE, profile);
    }
    if is_own(Type::KEY_NAME, request) {
        seen = seen.text(Type::KEY_NAME, some(instance.key_name()));
    }
    if is_own(Type::PLACEMENT_GROUP_NAME, request) {
        seen = seen.text(Type::PLACEMENT_GROUP_NAME, group);
    }
    seen
}

/// Whether the program says a property, or would have to if there were something.
fn is_own<T>(prop: Prop<Type, T>, request: &Request) -> bool {
    request.inputs.has(prop.slot) || !request.inputs.has(Type::LAUNCH_TEMPLATE.slot)
}

/// What is asked for one by one.
async fn attributes(aws: &Aws, seen: Seen, request: &Request) -> Answer<Option<Seen>> {
    let id = &*request.id;
    let attribute = async |name: Attribute| {
        let asked = aws.ec2().describe_instance_attribute().instance_id(id).attribute(name);
        asked.send().await.if_found()
    };
    let Some(protected) = attribute(Attribute::DisableApiTermination).await? else {
        return Ok(None);
    };
    let Some(shutdown) = attribute(Attribute::InstanceInitiatedShutdownBehavior).await? else {
        return Ok(None);
    };
    let protected = protected.disable_api_termination().and_then(|it| it.value());
    let shutdown = shutdown.instance_initiated_shutdown_behavior().and_then(|it| it.value());
    let mut seen = seen
        .set(Type::DISABLE_API_TERMINATION, protected)
        .text(Type::INSTANCE_INITIATED_SHUTDOWN_BEHAVIOR, shutdown);
    if is_own(Type::USER_DATA, request) {
        let Some(told) = attribute(Attribute::UserData).await? else { return Ok(None) };
        let data = told.user_data().and_then(|it| it.value()).and_then(decoded);
        seen = seen.text(Type::USER_DATA, data);
    }
    if request.inputs.has(Type::CREDIT_SPECIFICATION.slot) {
        // Types that are not burstable have none, which is an error.
        let asked = aws.ec2().describe_instance_credit_specifications().instance_ids(id);
        let asked = asked.send().await.if_found()?;
        let all = asked.and_then(|told| told.instance_credit_specifications);
        let first = all.and_then(|all| all.into_iter().next());
        let credits = told::<CpuCredits>(first.and_then(|it| it.cpu_credits));
        let credits = credits.map(|cpu_credits| CreditSpecificationArgs { cpu_credits });
        seen = seen.set(Type::CREDIT_SPECIFICATION, credits);
    }
    Ok(Some(seen))
}

/// The template, which AWS tells by tags. It tells the number where the program says `$Latest`.
fn template(
    instance: &sdk::Instance,
    request: &Request,
) -> Option<LaunchTemplateSpecificationArgs> {
    let said = recorded(request, Type::LAUNCH_TEMPLATE)?;
    let tag = |name: &str| tags(instance.tags()).find(|(key, _)| *key == name);
    let id = tag("aws:ec2launchtemplate:id").map(|(_, value)| value);
    let number = tag("aws:ec2launchtemplate:version").map(|(_, value)| value.to_owned());
    Some(LaunchTemplateSpecificationArgs {
        launch_template_id: told::<LaunchTemplateId>(id).unwrap_or(said.launch_template_id),
        version: number.filter(|_| !said.version.starts_with('$')).unwrap_or(said.version),
    })
}

fn metadata(options: &sdk::InstanceMetadataOptionsResponse) -> MetadataOptionsArgs {
    let tokens = options.http_tokens().map(|it| it.as_str());
    let endpoint = options.http_endpoint().map(|it| it.as_str());
    let tags = options.instance_metadata_tags().map(|it| it.as_str());
    MetadataOptionsArgs {
        http_tokens: told::<HttpTokens>(tokens).unwrap_or(HttpTokens::Optional),
        http_put_response_hop_limit: options
            .http_put_response_hop_limit()
            .and_then(count)
            .unwrap_or(1),
        http_endpoint: told::<MetadataState>(endpoint).unwrap_or(MetadataState::Enabled),
        instance_metadata_tags: told::<MetadataState>(tags).unwrap_or(MetadataState::Disabled),
    }
}

/// AWS tells both figures, whichever of them was said.
fn cores(instance: &sdk::Instance, request: &Request) -> Option<CpuOptionsArgs> {
    let said = recorded(request, Type::CPU_OPTIONS)?;
    let options = instance.cpu_options()?;
    Some(CpuOptionsArgs {
        core_count: said.core_count.and(options.core_count().and_then(count)),
        threads_per_core: said.threads_per_core.and(options.threads_per_core().and_then(count)),
    })
}

fn names(instance: &sdk::Instance, request: &Request) -> Option<PrivateDnsNameOptionsArgs> {
    let said = recorded(request, Type::PRIVATE_DNS_NAME_OPTIONS)?;
    let options = instance.private_dns_name_options()?;
    let kind = told::<HostnameType>(options.hostname_type().map(|it| it.as_str()));
    let answered = options.enable_resource_name_dns_a_record();
    Some(PrivateDnsNameOptionsArgs {
        hostname_type: said.hostname_type.and(kind),
        enable_resource_name_dns_a_record: said.enable_resource_name_dns_a_record.and(answered),
    })
}

/// The interfaces that the program says, as they are.
fn interfaces(
    instance: &sdk::Instance,
    request: &Request,
) -> Option<Vec<NetworkInterfaceSpecificationArgs>> {
    let said = recorded(request, Type::NETWORK_INTERFACES)?;
    let is = |said: NetworkInterfaceSpecificationArgs| {
        let place = |it: &&sdk::InstanceNetworkInterface| {
            let attachment = it.attachment();
            let index = attachment.and_then(|it| it.device_index()).and_then(count);
            let card = attachment.and_then(|it| it.network_card_index()).and_then(count);
            index == Some(said.device_index) && card.unwrap_or_default() == said.network_card_index
        };
        instance.network_interfaces().iter().find(place).map(|it| interface(it, said.clone()))
    };
    Some(said.into_iter().filter_map(is).collect())
}

fn interface(
    it: &sdk::InstanceNetworkInterface,
    said: NetworkInterfaceSpecificationArgs,
) -> NetworkInterfaceSpecificationArgs {
    let stays = it.attachment().and_then(|it| it.delete_on_termination());
    let goes_with_it = stays.unwrap_or(said.delete_on_termination);
    if said.network_interface_id.is_some() {
        return NetworkInterfaceSpecificationArgs {
            network_interface_id: told::<NetworkInterfaceId>(it.network_interface_id()),
            delete_on_termination: goes_with_it,
            ..said
        };
    }
    let groups = it.groups().iter().filter_map(|group| group.group_id());
    let groups = all_told::<SecurityGroupId>(groups);
    // Their order means nothing.
    let sorted = |groups: &Option<Vec<SecurityGroupId>>| {
        let mut groups = groups.clone().unwrap_or_default();
        groups.sort_unstable();
        groups
    };
    let same = sorted(&groups) == sorted(&said.groups);
    NetworkInterfaceSpecificationArgs {
        subnet_id: said.subnet_id.and(told::<SubnetId>(it.subnet_id())),
        groups: if same { said.groups } else { said.groups.and(groups) },
        delete_on_termination: goes_with_it,
        description: said.description.and(it.description().map(str::to_owned)),
        private_ip_address: said.private_ip_address.and(told::<Ipv4Addr>(it.private_ip_address())),
        ..said
    }
}
