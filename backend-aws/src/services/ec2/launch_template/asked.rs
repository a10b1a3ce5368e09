//! What instances are made of, as the API takes it.

use aws_sdk_ec2::types as sdk;
use aws_smithy_types::{DateTime, date_time::Format};
use infra_core::{
    aws::ec2::{
        CapacityReservationSpecificationArgs, InstanceMarketOptionsArgs, LaunchTemplateDataArgs,
        MetadataOptionsArgs, PlacementArgs, SpotOptionsArgs, TagSpecificationArgs,
    },
    handler::Problem,
};

use super::super::machine::{devices, encoded, interfaces};
use crate::{
    error::{Answer, Error},
    plain::{int, text, texts},
    requirements::ec2 as requirements,
};

pub(super) fn data(data: &LaunchTemplateDataArgs) -> Answer<sdk::RequestLaunchTemplateData> {
    let profile = data.iam_instance_profile.as_ref().map(|profile| {
        sdk::LaunchTemplateIamInstanceProfileSpecificationRequest::builder()
            .set_arn(text(profile.arn.as_ref()))
            .set_name(text(profile.name.as_ref()))
            .build()
    });
    let market = data.instance_market_options.as_ref().map(market).transpose()?;
    let tags = data.tag_specifications.as_ref();
    let shutdown = data.instance_initiated_shutdown_behavior;
    let builder = sdk::RequestLaunchTemplateData::builder()
        .set_image_id(text(data.image_id.as_ref()))
        .set_instance_type(data.instance_type.as_deref().map(Into::into))
        .set_instance_requirements(data.instance_requirements.as_ref().map(requirements::asked))
        .set_iam_instance_profile(profile)
        .set_user_data(data.user_data.as_deref().map(encoded))
        .set_security_group_ids(texts(data.security_group_ids.as_ref()))
        .set_network_interfaces(interfaces!(
            sdk::LaunchTemplateInstanceNetworkInterfaceSpecificationRequest,
            data.network_interfaces.as_ref()
        ))
        .set_block_device_mappings(devices!(
            sdk::LaunchTemplateBlockDeviceMappingRequest,
            sdk::LaunchTemplateEbsBlockDeviceRequest,
            data.block_device_mappings.as_ref()
        ))
        .metadata_options(metadata(&data.metadata_options))
        .set_placement(data.placement.as_ref().map(placement))
        .set_capacity_reservation_specification(
            data.capacity_reservation_specification.as_ref().map(reservation),
        )
        .set_instance_market_options(market)
        .set_ebs_optimized(data.ebs_optimized)
        .set_key_name(data.key_name.clone())
        .set_disable_api_stop(data.disable_api_stop)
        .set_disable_api_termination(data.disable_api_termination)
        .set_instance_initiated_shutdown_behavior(shutdown.map(|it| it.as_str().into()))
        .set_tag_specifications(tags.map(|all| all.iter().map(tagged).collect()));
    Ok(with_options(builder, data).build())
}

/// The small structures.
fn with_options(
    builder: sdk::builders::RequestLaunchTemplateDataBuilder,
    data: &LaunchTemplateDataArgs,
) -> sdk::builders::RequestLaunchTemplateDataBuilder {
    let monitoring = data
        .monitoring
        .as_ref()
        .map(|it| sdk::LaunchTemplatesMonitoringRequest::builder().enabled(it.enabled).build());
    let credits = data.credit_specification.as_ref().map(|it| {
        let credits = sdk::CreditSpecificationRequest::builder();
        credits.cpu_credits(it.cpu_credits.as_str()).build()
    });
    let cores = data.cpu_options.as_ref().map(|it| {
        sdk::LaunchTemplateCpuOptionsRequest::builder()
            .set_core_count(it.core_count.map(int))
            .set_threads_per_core(it.threads_per_core.map(int))
            .build()
    });
    let maintenance = data.maintenance_options.as_ref().map(|it| {
        let options = sdk::LaunchTemplateInstanceMaintenanceOptionsRequest::builder();
        options.auto_recovery(it.auto_recovery.as_str().into()).build()
    });
    let names = data.private_dns_name_options.as_ref().map(|it| {
        sdk::LaunchTemplatePrivateDnsNameOptionsRequest::builder()
            .set_hostname_type(it.hostname_type.map(|kind| kind.as_str().into()))
            .set_enable_resource_name_dns_a_record(it.enable_resource_name_dns_a_record)
            .build()
    });
    builder
        .set_monitoring(monitoring)
        .set_credit_specification(credits)
        .set_cpu_options(cores)
        .set_maintenance_options(maintenance)
        .set_private_dns_name_options(names)
}

fn metadata(options: &MetadataOptionsArgs) -> sdk::LaunchTemplateInstanceMetadataOptionsRequest {
    sdk::LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(options.http_tokens.as_str().into())
        .http_put_response_hop_limit(int(options.http_put_response_hop_limit))
        .http_endpoint(options.http_endpoint.as_str().into())
        .instance_metadata_tags(options.instance_metadata_tags.as_str().into())
        .build()
}

fn placement(placement: &PlacementArgs) -> sdk::LaunchTemplatePlacementRequest {
    sdk::LaunchTemplatePlacementRequest::builder()
        .set_availability_zone(placement.availability_zone.clone())
        .set_group_name(placement.group_name.clone())
        .set_partition_number(placement.partition_number.map(int))
        .set_tenancy(placement.tenancy.map(|tenancy| tenancy.as_str().into()))
        .build()
}

fn reservation(
    reservation: &CapacityReservationSpecificationArgs,
) -> sdk::LaunchTemplateCapacityReservationSpecificationRequest {
    let preference = reservation.capacity_reservation_preference;
    let target = reservation.capacity_reservation_target.as_ref().map(|target| {
        let group = target.capacity_reservation_resource_group_arn.clone();
        sdk::CapacityReservationTarget::builder()
            .set_capacity_reservation_id(text(target.capacity_reservation_id.as_ref()))
            .set_capacity_reservation_resource_group_arn(group)
            .build()
    });
    sdk::LaunchTemplateCapacityReservationSpecificationRequest::builder()
        .set_capacity_reservation_preference(preference.map(|it| it.as_str().into()))
        .set_capacity_reservation_target(target)
        .build()
}

fn market(
    options: &InstanceMarketOptionsArgs,
) -> Answer<sdk::LaunchTemplateInstanceMarketOptionsRequest> {
    let spot = options.spot_options.as_ref().map(spot).transpose()?;
    let market = sdk::LaunchTemplateInstanceMarketOptionsRequest::builder();
    Ok(market.market_type(options.market_type.as_str().into()).set_spot_options(spot).build())
}

fn spot(options: &SpotOptionsArgs) -> Answer<sdk::LaunchTemplateSpotMarketOptionsRequest> {
    let until = options.valid_until.as_ref().map(|text| {
        DateTime::from_str(text, Format::DateTime).map_err(|error| {
            let property = Some("launch_template_data".to_owned());
            let message = format!("`valid_until` {text}: {error}");
            Error::refused(Problem::Invalid { property }, "ec2", "CreateLaunchTemplate", message)
        })
    });
    Ok(sdk::LaunchTemplateSpotMarketOptionsRequest::builder()
        .set_max_price(options.max_price.clone())
        .spot_instance_type(options.spot_instance_type.as_str().into())
        .instance_interruption_behavior(options.instance_interruption_behavior.as_str().into())
        .set_valid_until(until.transpose()?)
        .build())
}

fn tagged(specification: &TagSpecificationArgs) -> sdk::LaunchTemplateTagSpecificationRequest {
    let tags = crate::tags::sdk_tags!(aws_sdk_ec2, specification.tags.0.clone());
    sdk::LaunchTemplateTagSpecificationRequest::builder()
        .resource_type(specification.resource_type.as_str().into())
        .set_tags(Some(tags))
        .build()
}
