//! What instances are made of, as AWS tells it.

use aws_sdk_ec2::types as sdk;
use aws_smithy_types::date_time::Format;
use infra_core::{
    aws::{
        AmiId, CapacityReservationId, InstanceProfileArn, InstanceProfileName, KmsKeyArn,
        NetworkInterfaceId, SecurityGroupId, SnapshotId, SubnetId,
        ec2::{
            AutoRecovery, BlockDeviceMappingArgs, CapacityReservationPreference,
            CapacityReservationSpecificationArgs, CapacityReservationTargetArgs,
            ConnectionTrackingSpecificationArgs, CpuCredits, CpuOptionsArgs,
            CreditSpecificationArgs, EbsBlockDeviceArgs, HostnameType, HttpTokens,
            IamInstanceProfileArgs, InstanceMarketOptionsArgs, InstanceTenancy, InterfaceType,
            InterruptionBehavior, LaunchTemplateDataArgs, MaintenanceOptionsArgs, MarketType,
            MetadataOptionsArgs, MetadataState, MonitoringArgs, NetworkInterfaceSpecificationArgs,
            PlacementArgs, PrivateDnsNameOptionsArgs, PrivateIpAddressSpecificationArgs,
            ShutdownBehavior, SpotInstanceType, SpotOptionsArgs, TagSpecificationArgs,
            TaggedResourceType, VolumeType,
        },
    },
    types::{GiB, Ipv4Addr, Seconds, Tags},
};

use super::super::machine::decoded;
use crate::{
    plain::count,
    requirements::ec2 as requirements,
    seen::{all_told, told},
};

/// A list that AWS tells; `None` if there is nothing in it.
fn list<S, T>(all: &[S], one: impl Fn(&S) -> Option<T>) -> Option<Vec<T>> {
    let all: Vec<T> = all.iter().filter_map(one).collect();
    (!all.is_empty()).then_some(all)
}

fn said(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

pub(super) fn data(data: &sdk::ResponseLaunchTemplateData) -> LaunchTemplateDataArgs {
    let shutdown = data.instance_initiated_shutdown_behavior().map(|it| it.as_str());
    let reservation = data.capacity_reservation_specification();
    LaunchTemplateDataArgs {
        image_id: told::<AmiId>(said(data.image_id())),
        instance_type: data.instance_type().and_then(|kind| said(Some(kind.as_str()))),
        instance_requirements: data.instance_requirements().map(requirements::told),
        iam_instance_profile: data.iam_instance_profile().map(|it| IamInstanceProfileArgs {
            arn: told::<InstanceProfileArn>(said(it.arn())),
            name: told::<InstanceProfileName>(said(it.name())),
        }),
        user_data: data.user_data().and_then(decoded),
        security_group_ids: all_told::<SecurityGroupId>(data.security_group_ids()),
        network_interfaces: list(data.network_interfaces(), |it| Some(interface(it))),
        block_device_mappings: list(data.block_device_mappings(), device),
        metadata_options: metadata(data.metadata_options()),
        monitoring: data
            .monitoring()
            .map(|it| MonitoringArgs { enabled: it.enabled().unwrap_or_default() }),
        credit_specification: data.credit_specification().and_then(|it| {
            let cpu_credits = told::<CpuCredits>(it.cpu_credits())?;
            Some(CreditSpecificationArgs { cpu_credits })
        }),
        placement: data.placement().map(placement),
        cpu_options: data.cpu_options().map(|it| CpuOptionsArgs {
            core_count: it.core_count().and_then(count),
            threads_per_core: it.threads_per_core().and_then(count),
        }),
        capacity_reservation_specification: reservation.map(capacity),
        instance_market_options: data.instance_market_options().and_then(market),
        ebs_optimized: data.ebs_optimized(),
        key_name: said(data.key_name()),
        disable_api_stop: data.disable_api_stop(),
        disable_api_termination: data.disable_api_termination(),
        instance_initiated_shutdown_behavior: told::<ShutdownBehavior>(shutdown),
        maintenance_options: data.maintenance_options().map(|it| {
            let recovery = told::<AutoRecovery>(it.auto_recovery().map(|it| it.as_str()));
            MaintenanceOptionsArgs { auto_recovery: recovery.unwrap_or(AutoRecovery::Default) }
        }),
        private_dns_name_options: data.private_dns_name_options().map(|it| {
            PrivateDnsNameOptionsArgs {
                hostname_type: told::<HostnameType>(it.hostname_type().map(|it| it.as_str())),
                enable_resource_name_dns_a_record: it.enable_resource_name_dns_a_record(),
            }
        }),
        tag_specifications: list(data.tag_specifications(), tagged),
    }
}

fn metadata(options: Option<&sdk::LaunchTemplateInstanceMetadataOptions>) -> MetadataOptionsArgs {
    let tokens = options.and_then(|it| it.http_tokens()).map(|it| it.as_str());
    let hops = options.and_then(|it| it.http_put_response_hop_limit()).and_then(count);
    let endpoint = options.and_then(|it| it.http_endpoint()).map(|it| it.as_str());
    let tags = options.and_then(|it| it.instance_metadata_tags()).map(|it| it.as_str());
    // What is not told is what AWS takes, which is not what the catalogue does.
    MetadataOptionsArgs {
        http_tokens: told::<HttpTokens>(tokens).unwrap_or(HttpTokens::Optional),
        http_put_response_hop_limit: hops.unwrap_or(1),
        http_endpoint: told::<MetadataState>(endpoint).unwrap_or(MetadataState::Enabled),
        instance_metadata_tags: told::<MetadataState>(tags).unwrap_or(MetadataState::Disabled),
    }
}

fn interface(
    it: &sdk::LaunchTemplateInstanceNetworkInterfaceSpecification,
) -> NetworkInterfaceSpecificationArgs {
    let seconds = |time: Option<i32>| time.and_then(count).map(Seconds);
    let tracking = it.connection_tracking_specification();
    NetworkInterfaceSpecificationArgs {
        device_index: it.device_index().and_then(count).unwrap_or_default(),
        network_card_index: it.network_card_index().and_then(count).unwrap_or_default(),
        network_interface_id: told::<NetworkInterfaceId>(said(it.network_interface_id())),
        subnet_id: told::<SubnetId>(said(it.subnet_id())),
        groups: all_told::<SecurityGroupId>(it.groups()),
        associate_public_ip_address: it.associate_public_ip_address(),
        delete_on_termination: it.delete_on_termination().unwrap_or(true),
        description: said(it.description()),
        interface_type: told::<InterfaceType>(it.interface_type())
            .unwrap_or(InterfaceType::Interface),
        private_ip_address: told::<Ipv4Addr>(it.private_ip_address()),
        private_ip_addresses: list(it.private_ip_addresses(), |address| {
            Some(PrivateIpAddressSpecificationArgs {
                private_ip_address: told::<Ipv4Addr>(address.private_ip_address())?,
                primary: address.primary().unwrap_or_default(),
            })
        }),
        secondary_private_ip_address_count: it
            .secondary_private_ip_address_count()
            .and_then(count)
            .filter(|count| *count > 0),
        ipv4_prefix_count: it.ipv4_prefix_count().and_then(count).filter(|count| *count > 0),
        connection_tracking_specification: tracking.map(|it| ConnectionTrackingSpecificationArgs {
            tcp_established_timeout: seconds(it.tcp_established_timeout()),
            udp_stream_timeout: seconds(it.udp_stream_timeout()),
            udp_timeout: seconds(it.udp_timeout()),
        }),
    }
}

fn device(it: &sdk::LaunchTemplateBlockDeviceMapping) -> Option<BlockDeviceMappingArgs> {
    let ebs = it.ebs().map(|ebs| EbsBlockDeviceArgs {
        volume_size: ebs.volume_size().and_then(count).map(GiB),
        volume_type: told::<VolumeType>(ebs.volume_type().map(|kind| kind.as_str()))
            .unwrap_or(VolumeType::Gp3),
        iops: ebs.iops().and_then(count),
        throughput: ebs.throughput().and_then(count),
        encrypted: ebs.encrypted().unwrap_or_default(),
        kms_key_id: told::<KmsKeyArn>(said(ebs.kms_key_id())),
        snapshot_id: told::<SnapshotId>(said(ebs.snapshot_id())),
        volume_initialization_rate: ebs.volume_initialization_rate().and_then(count),
        delete_on_termination: ebs.delete_on_termination().unwrap_or(true),
    });
    Some(BlockDeviceMappingArgs {
        device_name: it.device_name()?.to_owned(),
        ebs,
        virtual_name: said(it.virtual_name()),
        // The empty text says something here.
        no_device: it.no_device().map(str::to_owned),
    })
}

fn placement(it: &sdk::LaunchTemplatePlacement) -> PlacementArgs {
    PlacementArgs {
        availability_zone: said(it.availability_zone()),
        group_name: said(it.group_name()),
        partition_number: it.partition_number().and_then(count),
        tenancy: told::<InstanceTenancy>(it.tenancy().map(|tenancy| tenancy.as_str())),
    }
}

fn capacity(
    it: &sdk::LaunchTemplateCapacityReservationSpecificationResponse,
) -> CapacityReservationSpecificationArgs {
    let preference = it.capacity_reservation_preference().map(|it| it.as_str());
    let target = it.capacity_reservation_target().map(|target| CapacityReservationTargetArgs {
        capacity_reservation_id: told::<CapacityReservationId>(target.capacity_reservation_id()),
        capacity_reservation_resource_group_arn: said(
            target.capacity_reservation_resource_group_arn(),
        ),
    });
    CapacityReservationSpecificationArgs {
        capacity_reservation_preference: told::<CapacityReservationPreference>(preference),
        capacity_reservation_target: target,
    }
}

fn market(it: &sdk::LaunchTemplateInstanceMarketOptions) -> Option<InstanceMarketOptionsArgs> {
    let spot = it.spot_options().map(|spot| {
        let behavior = spot.instance_interruption_behavior().map(|it| it.as_str());
        let kind = spot.spot_instance_type().map(|it| it.as_str());
        let until = spot.valid_until().and_then(|time| time.fmt(Format::DateTime).ok());
        SpotOptionsArgs {
            max_price: said(spot.max_price()),
            spot_instance_type: told::<SpotInstanceType>(kind).unwrap_or(SpotInstanceType::OneTime),
            instance_interruption_behavior: told::<InterruptionBehavior>(behavior)
                .unwrap_or(InterruptionBehavior::Terminate),
            valid_until: until,
        }
    });
    let market_type = told::<MarketType>(it.market_type().map(|it| it.as_str()))?;
    Some(InstanceMarketOptionsArgs { market_type, spot_options: spot })
}

fn tagged(it: &sdk::LaunchTemplateTagSpecification) -> Option<TagSpecificationArgs> {
    let resource_type = told::<TaggedResourceType>(it.resource_type().map(|it| it.as_str()))?;
    let tags = super::super::tags(it.tags());
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Some(TagSpecificationArgs { resource_type, tags: Tags(tags.collect()) })
}
