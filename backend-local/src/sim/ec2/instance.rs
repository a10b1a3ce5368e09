//! What is special about an instance: where it is, by its subnet or its interfaces, and what it
//! may have.

mod home;

use infra_core::{
    aws::ec2::{self, LaunchTemplateDataArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Ipv4Addr,
    value::PropertiesBuilder,
};

use super::launch_template::check::{self, Wrong};
use crate::sim::{
    network::{check_address, check_groups, free_address},
    refusal::{Codes, Refusal},
    special::{Asked, Special, choose, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Instance];

const CODES: Codes = Codes {
    not_found: "InvalidInstanceID.NotFound",
    not_ready: "IncorrectInstanceState",
    exists: "InvalidIPAddress.InUse",
    in_use: "DependencyViolation",
    quota: "InstanceLimitExceeded",
};
/// Public addresses of instances: of the range for measurements, behind those of Elastic IPs.
const FIRST: Ipv4Addr = Ipv4Addr::new(198, 19, 0, 0);
const ADDRESSES: u64 = 1 << 16;

struct Instance;

impl Special for Instance {
    fn ty(&self) -> &'static TypeDef {
        ec2::Instance::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let template = template(asked);
        check_machine(asked, template.as_ref())?;
        check_devices(asked)?;
        let home = home::find(asked, template.as_ref())?;
        let groups = asked.get(ec2::Instance::SECURITY_GROUP_IDS).unwrap_or_default();
        let vpc = home.subnet.text("vpc_id");
        check_groups(asked, "security_group_ids", &groups, vpc, "InvalidGroup.NotFound")?;
        if let (Some(address), None) = (asked.get(ec2::Instance::PRIVATE_IP_ADDRESS), asked.old) {
            check_address(asked, "private_ip_address", home.subnet, address)?;
        }
        if home.exists && asked.get(ec2::Instance::SOURCE_DEST_CHECK).is_some() {
            let message = "`source_dest_check` is said by the interface itself, where it exists";
            let code = "InvalidParameterCombination";
            return Err(Refusal::invalid("source_dest_check", code, message));
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let home = home::find(asked, template(asked).as_ref()).ok();
        let (Some(home), None) = (home, asked.old) else { return };
        if let Some(vpc) = of(home.subnet, ec2::Subnet::VPC_ID) {
            tell(outputs, ec2::Instance::VPC_ID, vpc);
        }
        let zone = home.subnet.text("availability_zone").to_owned();
        tell(outputs, ec2::Instance::AVAILABILITY_ZONE, zone);
        let given = asked.get(ec2::Instance::PRIVATE_IP_ADDRESS).or(home.address);
        if let Some(address) = given.or_else(|| free_address(asked, home.subnet)) {
            choose(asked, outputs, ec2::Instance::PRIVATE_IP_ADDRESS, address);
            let name = format!("{}.{}.compute.internal", dashed("ip", address), asked.region());
            tell(outputs, ec2::Instance::PRIVATE_DNS_NAME, name);
        }
        if home.public {
            // The remainder is below 2^16.
            let address = Ipv4Addr::from_bits(FIRST.to_bits() + (asked.number % ADDRESSES) as u32);
            let name =
                format!("{}.{}.compute.amazonaws.com", dashed("ec2", address), asked.region());
            tell(outputs, ec2::Instance::PUBLIC_IP, address);
            tell(outputs, ec2::Instance::PUBLIC_DNS_NAME, name);
        }
    }
}

fn dashed(prefix: &str, address: Ipv4Addr) -> String {
    format!("{prefix}-{}", address.to_string().replace('.', "-"))
}

/// What the launch template says, where one is named.
fn template(asked: &Asked<'_>) -> Option<LaunchTemplateDataArgs> {
    let named = asked.get(ec2::Instance::LAUNCH_TEMPLATE)?;
    let ty = ec2::LaunchTemplate::definition().name;
    let template = asked.world.get(ty, named.launch_template_id.as_str(), asked.scope)?;
    of(template, ec2::LaunchTemplate::LAUNCH_TEMPLATE_DATA)
}

/// Image, type and the like are there and fit together.
fn check_machine(
    asked: &Asked<'_>,
    template: Option<&LaunchTemplateDataArgs>,
) -> Result<(), Refusal> {
    let missing = |property: &str| {
        let message =
            format!("`{property}` is required: neither the instance nor a launch template says it");
        Err(Refusal::invalid(property, "MissingParameter", message))
    };
    let image = asked.get(ec2::Instance::IMAGE_ID);
    if image.or_else(|| template?.image_id.clone()).is_none() {
        return missing("image_id");
    }
    let ty = asked.get(ec2::Instance::INSTANCE_TYPE);
    let Some(ty) = ty.or_else(|| template?.instance_type.clone()) else {
        return missing("instance_type");
    };
    let credits = asked.get(ec2::Instance::CREDIT_SPECIFICATION).is_some();
    check::instance_type(&ty, credits).map_err(Wrong::itself)?;
    let user_data = asked.get(ec2::Instance::USER_DATA).unwrap_or_default();
    check::user_data(&user_data).map_err(Wrong::itself)?;
    if let Some(options) = asked.get(ec2::Instance::METADATA_OPTIONS) {
        check::hops(options.http_put_response_hop_limit)
            .map_err(|wrong| wrong.of("metadata_options"))?;
    }
    Ok(())
}

fn check_devices(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "block_device_mappings";
    let devices = asked.get(ec2::Instance::BLOCK_DEVICE_MAPPINGS).unwrap_or_default();
    check::devices(&devices).map_err(|wrong| wrong.of(PROPERTY))?;
    let volumes = devices.iter().filter_map(|device| device.ebs.as_ref());
    for key in volumes.filter_map(|volume| volume.kms_key_id.as_ref()) {
        asked.check_key_at(PROPERTY, key.as_str(), "InvalidParameterValue")?;
    }
    Ok(())
}
