//! What is special about a group of instances: its sizes, its template, and that it goes with its
//! instances.

mod mixed;
mod refresh;

use infra_core::{
    aws::{
        autoscaling::{
            self, GroupCapacityReservationPreference as Preference, LaunchTemplateSpecificationArgs,
        },
        ec2,
        elbv2::{self, TargetType},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::{IntoValue, Seconds},
    value::PropertiesBuilder,
};

use crate::sim::{
    World, instances,
    network::{check_groups, one_vpc, zone_of},
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Group];

/// How autoscaling calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ValidationError",
    not_ready: "ScalingActivityInProgress",
    exists: "AlreadyExists",
    in_use: "ResourceInUse",
    quota: "LimitExceeded",
};
/// What autoscaling says of whatever does not fit.
pub(super) const INVALID: &str = "ValidationError";
/// A group without instances is there at once.
const EMPTY: u64 = 1_000;
const DAY: u32 = 24 * 60 * 60;

struct Group;

impl Special for Group {
    fn ty(&self) -> &'static TypeDef {
        autoscaling::Group::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Auto Scaling groups per Region", adjustable.
        Some(500)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_sizes(asked)?;
        check_numbers(asked)?;
        check_tags(asked)?;
        check_reservation(asked)?;
        refresh::check(asked)?;
        let subnets = asked.get(autoscaling::Group::VPC_ZONE_IDENTIFIER).unwrap_or_default();
        if subnets.is_empty() {
            return refused("vpc_zone_identifier", "`vpc_zone_identifier` names no subnet");
        }
        let vpc = one_vpc(asked, "vpc_zone_identifier", &subnets, INVALID)?;
        check_target_groups(asked, vpc)?;
        let single = asked.get(autoscaling::Group::LAUNCH_TEMPLATE);
        let mixed = asked.get(autoscaling::Group::MIXED_INSTANCES_POLICY);
        match (single, mixed) {
            (Some(template), None) => {
                if asked.get(autoscaling::Group::DESIRED_CAPACITY_TYPE).is_some() {
                    return refused("desired_capacity_type", mixed::NEEDS_REQUIREMENTS);
                }
                check_template(asked, "launch_template", &template, vpc, false)
            }
            (None, Some(policy)) => mixed::check(asked, &policy, vpc),
            _ => refused(
                "launch_template",
                "one of `launch_template` and `mixed_instances_policy` is needed, not both",
            ),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let subnets = asked.get(autoscaling::Group::VPC_ZONE_IDENTIFIER).unwrap_or_default();
        let zones = subnets.iter().filter_map(|subnet| {
            zone_of(asked.world, asked.scope, subnet.as_str()).map(str::to_owned)
        });
        let mut zones: Vec<String> = zones.collect();
        zones.sort_unstable();
        zones.dedup();
        tell(outputs, autoscaling::Group::AVAILABILITY_ZONES, zones);
    }

    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        refresh::starts(asked).then_some(refresh::STARTED)
    }

    /// AWS keeps the capacity within the sizes.
    fn changed(&self, world: &mut World, place: u32) {
        refresh::go_on(world, place);
        let group = &mut world.objects[place as usize];
        let Some(desired) = of(group, autoscaling::Group::DESIRED_CAPACITY) else { return };
        let least = of(group, autoscaling::Group::MIN_SIZE).unwrap_or(0);
        let most = of(group, autoscaling::Group::MAX_SIZE).unwrap_or(u32::MAX);
        let kept = desired.clamp(least, most.max(least)).into_value();
        group.inputs = group.inputs.with(autoscaling::Group::DESIRED_CAPACITY.slot, kept);
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        let protected = of(object, autoscaling::Group::NEW_INSTANCES_PROTECTED_FROM_SCALE_IN);
        let forced = of(object, autoscaling::Group::FORCE_DELETE) == Some(true);
        let count = instances::count(object);
        if forced || protected != Some(true) || count == 0 {
            return Ok(());
        }
        let message = format!(
            "`{}` has instances ({count}) that are protected from scale-in; say `force_delete`, or \
             take `new_instances_protected_from_scale_in` off",
            object.id
        );
        Err(Refusal::invalid("force_delete", CODES.in_use, message))
    }

    fn ready_in(&self, asked: &Asked<'_>) -> Option<u64> {
        let desired = asked.get(autoscaling::Group::DESIRED_CAPACITY);
        let least = asked.get(autoscaling::Group::MIN_SIZE).unwrap_or(0);
        (desired.unwrap_or(least) == 0).then_some(EMPTY)
    }
}

fn refused(property: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_sizes(asked: &Asked<'_>) -> Result<(), Refusal> {
    let name = asked.value(autoscaling::Group::AUTO_SCALING_GROUP_NAME.slot);
    if let Some(name) = name.as_str().filter(|name| name.contains(':')) {
        let message = format!("`auto_scaling_group_name` {name} can't have a colon");
        return refused("auto_scaling_group_name", message);
    }
    let least = asked.get(autoscaling::Group::MIN_SIZE).unwrap_or(0);
    let most = asked.get(autoscaling::Group::MAX_SIZE).unwrap_or(0);
    if most < least {
        return refused("max_size", format!("`max_size` {most} is less than `min_size` {least}"));
    }
    let desired = asked.get(autoscaling::Group::DESIRED_CAPACITY).filter(|_| asked.old.is_none());
    match desired.filter(|desired| !(least..=most).contains(desired)) {
        Some(desired) => {
            let message = format!(
                "`desired_capacity` {desired} must be between `min_size` {least} and `max_size` \
                 {most}"
            );
            refused("desired_capacity", message)
        }
        None => Ok(()),
    }
}

fn check_numbers(asked: &Asked<'_>) -> Result<(), Refusal> {
    if let Some(policy) = asked.get(autoscaling::Group::INSTANCE_MAINTENANCE_POLICY) {
        let (least, most) = (policy.min_healthy_percentage, policy.max_healthy_percentage);
        if least > 100 || !(100..=200).contains(&most) || most - least > 100 {
            let message = format!(
                "`instance_maintenance_policy` from {least} to {most} %: the first is between 0 \
                 and 100, the second between 100 and 200, and they are 100 apart at most"
            );
            return refused("instance_maintenance_policy", message);
        }
    }
    if let Some(Seconds(seconds)) = asked.get(autoscaling::Group::MAX_INSTANCE_LIFETIME)
        && seconds != 0
        && !(DAY..=365 * DAY).contains(&seconds)
    {
        let message = format!(
            "`max_instance_lifetime` {seconds} s must be between {DAY} s (a day) and {} s (a \
             year), or 0 for ever",
            365 * DAY
        );
        return refused("max_instance_lifetime", message);
    }
    Ok(())
}

/// A tag is given to instances or it is not.
fn check_tags(asked: &Asked<'_>) -> Result<(), Refusal> {
    let own = asked.get(autoscaling::Group::TAGS).unwrap_or_default();
    let propagated = asked.get(autoscaling::Group::PROPAGATED_TAGS).unwrap_or_default();
    match propagated.0.keys().find(|key| own.0.contains_key(*key)) {
        Some(key) => {
            let message = format!("`propagated_tags` {key} stands in `tags` too; one of the two");
            refused("propagated_tags", message)
        }
        None => Ok(()),
    }
}

fn check_reservation(asked: &Asked<'_>) -> Result<(), Refusal> {
    let reservation = asked.get(autoscaling::Group::CAPACITY_RESERVATION_SPECIFICATION);
    let Some(reservation) = reservation else { return Ok(()) };
    let preference = reservation.capacity_reservation_preference;
    let none = matches!(preference, Preference::None | Preference::Default);
    if none && reservation.capacity_reservation_target.is_some() {
        let message = format!(
            "`capacity_reservation_specification.capacity_reservation_target` does not go with the \
             preference {preference}"
        );
        return refused("capacity_reservation_specification", message);
    }
    Ok(())
}

/// Target groups of the VPC that take instances.
fn check_target_groups(asked: &Asked<'_>, vpc: &str) -> Result<(), Refusal> {
    let ty = elbv2::TargetGroup::definition().name;
    for arn in asked.get(autoscaling::Group::TARGET_GROUP_ARNS).unwrap_or_default() {
        let Some(group) = asked.world.get(ty, arn.as_str(), asked.scope) else { continue };
        let kind = of(group, elbv2::TargetGroup::TARGET_TYPE);
        if kind != Some(TargetType::Instance) {
            let kind = kind.map_or("", TargetType::as_str);
            let message =
                format!("`target_group_arns` {arn} is for targets of type {kind}, not instance");
            return refused("target_group_arns", message);
        }
        let theirs = group.text("vpc_id");
        if theirs != vpc {
            let message =
                format!("`target_group_arns` {arn} belongs to {theirs}, the subnets to {vpc}");
            return refused("target_group_arns", message);
        }
    }
    Ok(())
}

/// A template and a version that exist, and from which instances can be started. `typed` where
/// types stand elsewhere.
fn check_template(
    asked: &Asked<'_>,
    property: &str,
    specification: &LaunchTemplateSpecificationArgs,
    vpc: &str,
    typed: bool,
) -> Result<(), Refusal> {
    let id = &specification.launch_template_id;
    let ty = ec2::LaunchTemplate::definition().name;
    let Some(template) = asked.world.get(ty, id.as_str(), asked.scope) else { return Ok(()) };
    let version = &specification.version;
    let latest = of(template, ec2::LaunchTemplate::LATEST_VERSION_NUMBER);
    let latest: u64 = latest.and_then(|latest| latest.parse().ok()).unwrap_or(1);
    let exists = version.parse().is_ok_and(|number: u64| (1..=latest).contains(&number));
    if !exists && !matches!(version.as_str(), "$Latest" | "$Default") {
        let message = format!(
            "`{property}.version` {version} of {id} does not exist; there are 1 to {latest}, \
             $Latest and $Default"
        );
        return refused(property, message);
    }
    let Some(data) = of(template, ec2::LaunchTemplate::LAUNCH_TEMPLATE_DATA) else { return Ok(()) };
    let missing = match (&data.image_id, &data.instance_type, &data.instance_requirements) {
        (None, ..) => Some("image_id"),
        (_, None, None) if !typed => Some("instance_type"),
        _ => None,
    };
    if let Some(missing) = missing {
        let message = format!("`{property}` {id}: the template says no `{missing}`");
        return refused(property, message);
    }
    let groups = data.security_group_ids.unwrap_or_default();
    check_groups(asked, property, &groups, vpc, INVALID)
}
