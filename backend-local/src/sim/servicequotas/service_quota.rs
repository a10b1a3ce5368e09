//! How much of something the account may have: what AWS gives everybody.

use infra_core::{
    aws::servicequotas, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder,
};

use super::quota;
use crate::sim::special::{Asked, Special, tell};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ServiceQuota];

struct ServiceQuota;

impl Special for ServiceQuota {
    fn ty(&self) -> &'static TypeDef {
        servicequotas::ServiceQuota::definition()
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(quota) = asked.get(servicequotas::ServiceQuota::QUOTA) else { return };
        let (value, name) = quota::default(quota);
        // Nobody has asked for more in this world.
        tell(outputs, servicequotas::ServiceQuota::VALUE, value);
        tell(outputs, servicequotas::ServiceQuota::DEFAULT_VALUE, value);
        tell(outputs, servicequotas::ServiceQuota::QUOTA_NAME, name.to_owned());
        tell(outputs, servicequotas::ServiceQuota::ADJUSTABLE, true);
    }
}
