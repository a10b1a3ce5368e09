//! What goes together in the data of a launch template.
//!
//! AWS checks little of it when a template is made, and refuses the rest when an instance is
//! started; here all of it is refused at once.

use infra_core::aws::ec2::{
    BlockDeviceMappingArgs, ConnectionTrackingSpecificationArgs, InstanceRequirementsArgs,
    LaunchTemplateDataArgs, NetworkInterfaceSpecificationArgs,
};

use super::volume::check_volume;
use crate::sim::refusal::Refusal;

/// What is wrong with something that stands in a template or in an instance.
#[derive(Debug)]
pub(in crate::sim::ec2) struct Wrong {
    code: &'static str,
    /// The field that is wrong, where it is one alone.
    field: &'static str,
    message: String,
}

impl Wrong {
    /// The same of a property; the message says where in it.
    pub(in crate::sim::ec2) fn of(self, property: &str) -> Refusal {
        let message = format!("`{property}`: {}", self.message);
        Refusal::invalid(property, self.code, message)
    }

    /// The same where the field is a property by itself.
    pub(in crate::sim::ec2) fn itself(self) -> Refusal {
        Refusal::invalid(self.field, self.code, self.message)
    }
}

pub(in crate::sim::ec2) type Checked = Result<(), Wrong>;

pub(in crate::sim::ec2) fn refused(code: &'static str, message: impl Into<String>) -> Checked {
    wrong("", code, message)
}

/// The same of a field.
pub(in crate::sim::ec2) fn wrong(
    field: &'static str,
    code: &'static str,
    message: impl Into<String>,
) -> Checked {
    Err(Wrong { code, field, message: message.into() })
}

/// The longest user data, before it is encoded.
const USER_DATA: usize = 16_384;

/// Checks the data of a template.
pub(super) fn data(data: &LaunchTemplateDataArgs) -> Checked {
    types(data)?;
    networks(data)?;
    devices(data.block_device_mappings.as_deref().unwrap_or_default())?;
    user_data(data.user_data.as_deref().unwrap_or_default())?;
    hops(data.metadata_options.http_put_response_hop_limit)?;
    if let Some(profile) = &data.iam_instance_profile
        && profile.arn.is_some() == profile.name.is_some()
    {
        let message = "`iam_instance_profile` takes one of `arn` and `name`";
        return refused("InvalidParameterCombination", message);
    }
    if let Some(capacity) = &data.capacity_reservation_specification
        && capacity.capacity_reservation_preference.is_some()
            == capacity.capacity_reservation_target.is_some()
    {
        let message = "`capacity_reservation_specification` takes one of \
                       `capacity_reservation_preference` and `capacity_reservation_target`";
        return refused("InvalidParameterCombination", message);
    }
    Ok(())
}

/// How long user data may be.
pub(in crate::sim::ec2) fn user_data(text: &str) -> Checked {
    let length = text.len();
    if length > USER_DATA {
        let message = format!("`user_data` has {length} bytes; {USER_DATA} are allowed");
        return wrong("user_data", "InvalidUserData.Malformed", message);
    }
    Ok(())
}

/// How far metadata may go.
pub(in crate::sim::ec2) fn hops(hops: u32) -> Checked {
    if !(1..=64).contains(&hops) {
        let message = format!("`http_put_response_hop_limit` {hops} is not within 1 to 64");
        return refused("InvalidParameterValue", message);
    }
    Ok(())
}

fn types(data: &LaunchTemplateDataArgs) -> Checked {
    if data.instance_type.is_some() && data.instance_requirements.is_some() {
        let message = "both `instance_type` and `instance_requirements` are given; one of them \
                       decides";
        return refused("InvalidParameterCombination", message);
    }
    if let Some(requirements) = &data.instance_requirements {
        check_requirements(requirements)?;
    }
    match &data.instance_type {
        Some(ty) => instance_type(ty, data.credit_specification.is_some()),
        None => Ok(()),
    }
}

/// What a type is called, and which types live on credits.
pub(in crate::sim::ec2) fn instance_type(ty: &str, credits: bool) -> Checked {
    let parts = ty.split_once('.');
    let plain = |part: &str| {
        let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        !part.is_empty() && part.bytes().all(fits)
    };
    if !parts.is_some_and(|(family, size)| plain(family) && plain(size)) {
        let message = format!("`instance_type` {ty} is no type; types look like m7g.large");
        return wrong("instance_type", "InvalidParameterValue", message);
    }
    let burstable = ty.strip_prefix('t').is_some_and(|rest| rest.starts_with(char::is_numeric));
    if credits && !burstable {
        let message = format!("`credit_specification` fits types such as t4g, not {ty}");
        return wrong("credit_specification", "InvalidParameterCombination", message);
    }
    Ok(())
}

fn check_requirements(requirements: &InstanceRequirementsArgs) -> Checked {
    if requirements.allowed_instance_types.is_some()
        && requirements.excluded_instance_types.is_some()
    {
        let message = "`instance_requirements` takes one of `allowed_instance_types` and \
                       `excluded_instance_types`";
        return refused("InvalidParameterCombination", message);
    }
    if requirements.spot_max_price_percentage_over_lowest_price.is_some()
        && requirements.max_spot_price_as_percentage_of_optimal_on_demand_price.is_some()
    {
        let message = "`instance_requirements` takes one of \
                       `spot_max_price_percentage_over_lowest_price` and \
                       `max_spot_price_as_percentage_of_optimal_on_demand_price`";
        return refused("InvalidParameterCombination", message);
    }
    for (name, range) in
        [("v_cpu_count", &requirements.v_cpu_count), ("memory_mib", &requirements.memory_mib)]
    {
        let Some(min) = range.min else {
            let message = format!("`instance_requirements.{name}` needs a `min`");
            return refused("MissingParameter", message);
        };
        if range.max.is_some_and(|max| max < min) {
            let message = format!("`instance_requirements.{name}` has a `max` below its `min`");
            return refused("InvalidParameterValue", message);
        }
    }
    Ok(())
}

fn networks(data: &LaunchTemplateDataArgs) -> Checked {
    let interfaces = data.network_interfaces.as_deref().unwrap_or_default();
    if !interfaces.is_empty() && data.security_group_ids.is_some() {
        let message = "`security_group_ids` and `network_interfaces` exclude each other; an \
                       interface has `groups` of its own";
        return refused("InvalidParameterCombination", message);
    }
    check_interfaces(interfaces)
}

/// What goes together in the network interfaces of an instance.
pub(in crate::sim::ec2) fn check_interfaces(
    interfaces: &[NetworkInterfaceSpecificationArgs],
) -> Checked {
    for (place, interface) in interfaces.iter().enumerate() {
        let index = (interface.network_card_index, interface.device_index);
        let same = |other: &NetworkInterfaceSpecificationArgs| {
            (other.network_card_index, other.device_index) == index
        };
        if interfaces[..place].iter().any(same) {
            let message = format!("two `network_interfaces` have the `device_index` {}", index.1);
            return refused("InvalidParameterValue", message);
        }
        check_interface(interface, interfaces.len())?;
    }
    Ok(())
}

fn check_interface(interface: &NetworkInterfaceSpecificationArgs, count: usize) -> Checked {
    let described = interface.subnet_id.is_some()
        || interface.groups.is_some()
        || interface.associate_public_ip_address.is_some()
        || interface.private_ip_address.is_some();
    if interface.network_interface_id.is_some() && described {
        let message = "`network_interface_id` names an interface that exists; what describes a \
                       new one can't be given with it";
        return refused("InvalidParameterCombination", message);
    }
    if interface.associate_public_ip_address == Some(true) && count > 1 {
        let message = "`associate_public_ip_address` fits an only interface; give an Elastic IP \
                       address to an instance that has several";
        return refused("InvalidParameterCombination", message);
    }
    interface.connection_tracking_specification.as_ref().map_or(Ok(()), check_tracking)
}

/// How long idle connections may be remembered.
pub(in crate::sim::ec2) fn check_tracking(
    tracking: &ConnectionTrackingSpecificationArgs,
) -> Checked {
    let times = [
        ("tcp_established_timeout", tracking.tcp_established_timeout, 60..=432_000),
        ("udp_stream_timeout", tracking.udp_stream_timeout, 60..=180),
        ("udp_timeout", tracking.udp_timeout, 30..=60),
    ];
    for (name, time, allowed) in times {
        if let Some(time) = time.filter(|time| !allowed.contains(&time.0)) {
            let (first, last) = (allowed.start(), allowed.end());
            let message = format!("`{name}` {time} is not within {first} to {last} s");
            return refused("InvalidParameterValue", message);
        }
    }
    Ok(())
}

/// What goes together in the volumes of an instance.
pub(in crate::sim::ec2) fn devices(devices: &[BlockDeviceMappingArgs]) -> Checked {
    for (place, device) in devices.iter().enumerate() {
        let name = &device.device_name;
        if devices[..place].iter().any(|other| other.device_name == *name) {
            let message = format!("two `block_device_mappings` have the `device_name` {name}");
            return refused("InvalidBlockDeviceMapping", message);
        }
        let given =
            [device.ebs.is_some(), device.virtual_name.is_some(), device.no_device.is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            let message = format!(
                "the block device {name} takes one of `ebs`, `virtual_name` and `no_device`"
            );
            return refused("InvalidBlockDeviceMapping", message);
        }
        if let Some(volume) = &device.ebs {
            check_volume(name, volume)?;
        }
    }
    Ok(())
}
