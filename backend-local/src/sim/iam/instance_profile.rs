//! What is special about an instance profile: its role is taken out before it goes.

use infra_core::{
    aws::iam, dsl::ResourceType, handler::Problem, schema::TypeDef, value::PropertiesBuilder,
};

use super::role::{CODES, check_path, entity_id};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&InstanceProfile];

struct InstanceProfile;

impl Special for InstanceProfile {
    fn ty(&self) -> &'static TypeDef {
        iam::InstanceProfile::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Instance profiles in an account", adjustable up to 5000.
        Some(1000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_path(&asked.get(iam::InstanceProfile::PATH).unwrap_or_default())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_none() {
            tell(outputs, iam::InstanceProfile::INSTANCE_PROFILE_ID, entity_id("AIPA", asked));
        }
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        let role = object.text("role_name");
        if role.is_empty() {
            return Ok(());
        }
        Err(Refusal {
            problem: Problem::InUse { by: vec![format!("Role {role} (role_name)")] },
            code: CODES.in_use.to_owned(),
            message: format!("`{}` still holds the role `{role}`; take it out first", object.id),
        })
    }
}
