//! What is special about a role's own policy: what it may say, and how long all of them may be.

use infra_core::{aws::iam, dsl::ResourceType, schema::TypeDef};

use super::role::CODES;
use crate::sim::{
    names::is_word,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RolePolicy];

/// AWS: "Role inline policy aggregate character count", without white space.
const ALL_POLICIES: usize = 10_240;

struct RolePolicy;

impl Special for RolePolicy {
    fn ty(&self) -> &'static TypeDef {
        iam::RolePolicy::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(iam::RolePolicy::POLICY_NAME).unwrap_or_default())?;
        let Some(document) = asked.get(iam::RolePolicy::POLICY_DOCUMENT) else { return Ok(()) };
        policy::check(&document, Kind::Identity, "policy_document")?;
        let role = asked.value(iam::RolePolicy::ROLE_NAME.slot);
        let others = asked.world.all(asked.ty.name, asked.scope).filter(|other| {
            *other.id != *asked.id && other.value(iam::RolePolicy::ROLE_NAME.slot) == role
        });
        let others: usize = others
            .filter_map(|other| of(other, iam::RolePolicy::POLICY_DOCUMENT))
            .map(|document| document.to_string().len())
            .sum();
        let length = document.to_string().len();
        if length + others > ALL_POLICIES {
            let message = format!(
                "`policy_document` has {length} characters, {others} more stand in the role's \
                 other policies, and a role may have {ALL_POLICIES} in all; use a managed policy"
            );
            return Err(Refusal::invalid("policy_document", CODES.quota, message));
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if is_word(name, 128, "+=,.@_-") {
        return Ok(());
    }
    let message = format!(
        "`policy_name` {name:?} must be 1 to 128 letters, digits and characters of +=,.@_-"
    );
    Err(Refusal::invalid("policy_name", "ValidationError", message))
}
