//! What is special about a policy of the account: its versions, and how long it may be.

use infra_core::{aws::iam, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use super::role::{CODES, check_path, entity_id};
use crate::sim::{
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Policy];

type P = iam::Policy;

/// AWS: "Managed policy length", without white space; not adjustable.
const LENGTH: usize = 6144;

struct Policy;

impl Special for Policy {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Customer managed policies in an AWS account", adjustable up to 5000.
        Some(1500)
    }

    /// AWS's own.
    fn is_always_there(&self, id: &str) -> bool {
        id.contains(":iam::aws:policy/")
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_path(&asked.get(P::PATH).unwrap_or_default())?;
        asked.check_text(P::DESCRIPTION, 1000, "ValidationError")?;
        let Some(document) = asked.get(P::POLICY_DOCUMENT) else { return Ok(()) };
        policy::check(&document, Kind::Identity, "policy_document")?;
        let length = document.to_string().len();
        if length <= LENGTH {
            return Ok(());
        }
        let message = format!(
            "`policy_document` has {length} characters; {LENGTH} are the most, so make two of it"
        );
        Err(Refusal::invalid("policy_document", CODES.quota, message))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(old) = asked.old else {
            tell(outputs, P::POLICY_ID, entity_id("ANPA", asked));
            tell(outputs, P::DEFAULT_VERSION_ID, "v1".to_owned());
            return;
        };
        let slot = P::POLICY_DOCUMENT.slot;
        if asked.inputs.get(slot) == old.inputs.get(slot) {
            return;
        }
        let version = of(old, P::DEFAULT_VERSION_ID).unwrap_or_default();
        let number: u32 = version.trim_start_matches('v').parse().unwrap_or(0);
        tell(outputs, P::DEFAULT_VERSION_ID, format!("v{}", number + 1));
    }
}
