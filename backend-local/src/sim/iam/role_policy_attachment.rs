//! What is special about an attached policy: whose it is, and how many a role may have.

use infra_core::{aws::iam, dsl::ResourceType, schema::TypeDef};

use super::role::{CODES, check_policy_arn};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RolePolicyAttachment];

/// AWS: "Managed policies attached to an IAM role", adjustable up to 25.
const PER_ROLE: usize = 10;

struct RolePolicyAttachment;

impl Special for RolePolicyAttachment {
    fn ty(&self) -> &'static TypeDef {
        iam::RolePolicyAttachment::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(arn) = asked.get(iam::RolePolicyAttachment::POLICY_ARN) else { return Ok(()) };
        check_policy_arn(asked, "policy_arn", arn.as_str())?;
        let slot = iam::RolePolicyAttachment::ROLE_NAME.slot;
        if asked.beside(&[slot]) >= PER_ROLE {
            let role = asked.value(slot);
            let message = format!(
                "`role_name` {role}: a role has {PER_ROLE} managed policies at most; join some, or \
                 ask AWS to raise the quota"
            );
            return Err(Refusal::invalid("role_name", CODES.quota, message));
        }
        Ok(())
    }
}
