//! What the zones of a region are.

use infra_core::{
    aws::ec2::{self, ZoneType},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special, tell},
    zones::zones,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&AvailabilityZones];

struct AvailabilityZones;

impl Special for AvailabilityZones {
    fn ty(&self) -> &'static TypeDef {
        ec2::AvailabilityZones::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let named = [
            ("include_zone_ids", asked.get(ec2::AvailabilityZones::INCLUDE_ZONE_IDS)),
            ("exclude_zone_ids", asked.get(ec2::AvailabilityZones::EXCLUDE_ZONE_IDS)),
        ];
        let known = zones(asked.region()).map(|(_, id)| id);
        for (name, ids) in named {
            let ids = ids.unwrap_or_default();
            if let Some(unknown) = ids.iter().find(|id| !known.contains(id)) {
                let message = format!(
                    "`{name}` {unknown} is no zone of {}; there are {}",
                    asked.region(),
                    known.join(", ")
                );
                return Err(Refusal::invalid(name, "InvalidParameterValue", message));
            }
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let ids = |prop| asked.get(prop).unwrap_or_default();
        let included = ids(ec2::AvailabilityZones::INCLUDE_ZONE_IDS);
        let excluded = ids(ec2::AvailabilityZones::EXCLUDE_ZONE_IDS);
        let ty = asked.get(ec2::AvailabilityZones::ZONE_TYPE);
        // The other kinds must be opted into, which a simulated account has not done.
        let there = matches!(ty, None | Some(ZoneType::AvailabilityZone));
        let told = zones(asked.region()).into_iter().filter(|(_, id)| {
            there && (included.is_empty() || included.contains(id)) && !excluded.contains(id)
        });
        let (names, ids): (Vec<String>, Vec<String>) = told.unzip();
        tell(outputs, ec2::AvailabilityZones::ZONE_NAMES, names);
        tell(outputs, ec2::AvailabilityZones::ZONE_IDS, ids);
    }
}
