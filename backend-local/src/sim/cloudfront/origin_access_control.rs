//! What is special about an origin access control: its name.

use infra_core::{aws::cloudfront, dsl::ResourceType, schema::TypeDef};

use super::{behavior::check_name, distribution::INVALID};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&OriginAccessControl];

const CODES: Codes = Codes {
    not_found: "NoSuchOriginAccessControl",
    not_ready: "PreconditionFailed",
    exists: "OriginAccessControlAlreadyExists",
    in_use: "OriginAccessControlInUse",
    quota: "TooManyOriginAccessControls",
};

struct OriginAccessControl;

type C = cloudfront::OriginAccessControl;

impl Special for OriginAccessControl {
    fn ty(&self) -> &'static TypeDef {
        C::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Origin access controls per AWS account", adjustable.
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(C::NAME).unwrap_or_default(), 64)?;
        asked.check_text(C::DESCRIPTION, 256, INVALID)
    }
}
