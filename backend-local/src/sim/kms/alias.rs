//! What is special about an alias of a key: the form of its name, and that its key is of its region.

use infra_core::{aws::kms, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Alias];

/// How KMS calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "NotFoundException",
    not_ready: "KMSInvalidStateException",
    exists: "AlreadyExistsException",
    in_use: "KMSInvalidStateException",
    quota: "LimitExceededException",
};

const INVALID: &str = "InvalidAliasNameException";
const PREFIX: &str = "alias/";
/// AWS: CreateAlias, `AliasName`, the prefix included.
const LENGTH: usize = 256;

struct Alias;

impl Special for Alias {
    fn ty(&self) -> &'static TypeDef {
        kms::Alias::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(kms::Alias::ALIAS_NAME).unwrap_or_default())?;
        let Some(key) = asked.get(kms::Alias::TARGET_KEY_ID) else { return Ok(()) };
        asked.check_region("target_key_id", "key", key.as_str(), "ValidationException")
    }
}

fn check_name(alias: &str) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("alias_name", INVALID, message));
    let Some(name) = alias.strip_prefix(PREFIX) else {
        return refused(format!("`alias_name` {alias} must begin with `{PREFIX}`"));
    };
    if name.starts_with("aws/") {
        return refused(format!(
            "`alias_name` {alias} begins with alias/aws/, which AWS keeps for itself"
        ));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    if name.is_empty() || alias.len() > LENGTH || !name.chars().all(known) {
        return refused(format!(
            "`alias_name` {alias} must have 1 to 250 letters, digits and /_- after `{PREFIX}`"
        ));
    }
    Ok(())
}
