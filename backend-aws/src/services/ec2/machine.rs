//! What launch templates and instances say alike, by types of their own: volumes and network
//! interfaces.

/// Volumes as an API takes them, by its types of a mapping and of a volume.
macro_rules! devices {
    ($mapping:ty, $volume:ty, $devices:expr) => {
        $devices.map(|devices| {
            let volume = |ebs: &infra_core::aws::ec2::EbsBlockDeviceArgs| {
                <$volume>::builder()
                    .set_volume_size(ebs.volume_size.map(|size| $crate::plain::int(size.0)))
                    .volume_type(ebs.volume_type.as_str().into())
                    .set_iops(ebs.iops.map($crate::plain::int))
                    .set_throughput(ebs.throughput.map($crate::plain::int))
                    .encrypted(ebs.encrypted)
                    .set_kms_key_id($crate::plain::text(ebs.kms_key_id.as_ref()))
                    .set_snapshot_id($crate::plain::text(ebs.snapshot_id.as_ref()))
                    .set_volume_initialization_rate(
                        ebs.volume_initialization_rate.map($crate::plain::int),
                    )
                    .delete_on_termination(ebs.delete_on_termination)
                    .build()
            };
            let device = |device: &infra_core::aws::ec2::BlockDeviceMappingArgs| {
                <$mapping>::builder()
                    .device_name(&device.device_name)
                    .set_ebs(device.ebs.as_ref().map(volume))
                    .set_virtual_name(device.virtual_name.clone())
                    .set_no_device(device.no_device.clone())
                    .build()
            };
            devices.iter().map(device).collect::<Vec<_>>()
        })
    };
}

/// Network interfaces as an API takes them, by its type of one. Of one that exists nothing is said
/// but where it goes.
macro_rules! interfaces {
    ($interface:ty, $interfaces:expr) => {
        $interfaces.map(|interfaces| {
            let one = |it: &infra_core::aws::ec2::NetworkInterfaceSpecificationArgs| {
                let interface = <$interface>::builder()
                    .device_index($crate::plain::int(it.device_index))
                    .network_card_index($crate::plain::int(it.network_card_index))
                    .delete_on_termination(it.delete_on_termination);
                if let Some(existing) = &it.network_interface_id {
                    return interface.network_interface_id(existing.as_str()).build();
                }
                let addresses = it.private_ip_addresses.as_ref();
                let addresses = addresses.map(|all| {
                    let address = |it: &infra_core::aws::ec2::PrivateIpAddressSpecificationArgs| {
                        aws_sdk_ec2::types::PrivateIpAddressSpecification::builder()
                            .private_ip_address(it.private_ip_address.to_string())
                            .primary(it.primary)
                            .build()
                    };
                    all.iter().map(address).collect()
                });
                let tracking = it.connection_tracking_specification.as_ref();
                interface
                    .set_subnet_id($crate::plain::text(it.subnet_id.as_ref()))
                    .set_groups($crate::plain::texts(it.groups.as_ref()))
                    .set_associate_public_ip_address(it.associate_public_ip_address)
                    .set_description(it.description.clone())
                    .interface_type(it.interface_type.as_str())
                    .set_private_ip_address($crate::plain::text(it.private_ip_address.as_ref()))
                    .set_private_ip_addresses(addresses)
                    .set_secondary_private_ip_address_count(
                        it.secondary_private_ip_address_count.map($crate::plain::int),
                    )
                    .set_ipv4_prefix_count(it.ipv4_prefix_count.map($crate::plain::int))
                    .set_connection_tracking_specification(
                        tracking.map($crate::services::ec2::network_interface::tracking),
                    )
                    .build()
            };
            interfaces.iter().map(one).collect::<Vec<_>>()
        })
    };
}

pub(super) use {devices, interfaces};

/// User data as the API takes it.
pub(super) fn encoded(user_data: &str) -> String {
    aws_smithy_types::base64::encode(user_data)
}

/// User data as the program says it.
pub(super) fn decoded(user_data: &str) -> Option<String> {
    let bytes = aws_smithy_types::base64::decode(user_data).ok()?;
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}
