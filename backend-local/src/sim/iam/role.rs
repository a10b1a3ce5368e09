//! What is special about a role: its trust policy, its path, and what bounds it.

use infra_core::{
    aws::iam, dsl::ResourceType, schema::TypeDef, types::Seconds, value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Role];

/// How IAM calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "NoSuchEntity",
    not_ready: "EntityTemporarilyUnmodifiable",
    exists: "EntityAlreadyExists",
    in_use: "DeleteConflict",
    quota: "LimitExceeded",
};

/// AWS: "Role trust policy length", adjustable up to 4096.
const TRUST_LENGTH: usize = 2048;

struct Role;

impl Special for Role {
    fn ty(&self) -> &'static TypeDef {
        iam::Role::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Roles in an account", adjustable up to 5000.
        Some(1000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let path = asked.get(iam::Role::PATH).unwrap_or_default();
        check_path(&path)?;
        if let Some(trust) = asked.get(iam::Role::ASSUME_ROLE_POLICY_DOCUMENT) {
            policy::check(&trust, Kind::Trust, "assume_role_policy_document")?;
            let length = trust.to_string().len();
            if length > TRUST_LENGTH {
                let message = format!(
                    "`assume_role_policy_document` has {length} characters; the quota is \
                     {TRUST_LENGTH}"
                );
                let property = "assume_role_policy_document";
                return Err(Refusal::invalid(property, "LimitExceeded", message));
            }
        }
        if let Some(Seconds(seconds)) = asked.get(iam::Role::MAX_SESSION_DURATION)
            && !(3600..=43_200).contains(&seconds)
        {
            let message = format!(
                "`max_session_duration` {seconds} s must be between 3600 and 43200 s (1 to 12 h)"
            );
            return Err(Refusal::invalid("max_session_duration", "ValidationError", message));
        }
        asked.check_text(iam::Role::DESCRIPTION, 1000, "ValidationError")?;
        if let Some(boundary) = asked.get(iam::Role::PERMISSIONS_BOUNDARY) {
            check_policy_arn(asked, "permissions_boundary", boundary.as_str())?;
        }
        Ok(())
    }

    /// Services make the roles that they use by themselves.
    fn is_always_there(&self, id: &str) -> bool {
        id.contains(":role/aws-service-role/")
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_none() {
            tell(outputs, iam::Role::ROLE_ID, entity_id("AROA", asked));
        }
    }
}

/// An id as IAM gives them beside names: a prefix and 17 capitals and digits.
pub(super) fn entity_id(prefix: &str, asked: &Asked<'_>) -> String {
    format!("{prefix}{}", digits(asked.scope, asked.number, 17).to_uppercase())
}

/// A path is a slash, or words between slashes.
pub(super) fn check_path(path: &str) -> Result<(), Refusal> {
    let inner = path
        .strip_prefix('/')
        .and_then(|rest| if rest.is_empty() { Some(rest) } else { rest.strip_suffix('/') });
    let fits = inner.is_some_and(|inner| inner.bytes().all(|byte| matches!(byte, 0x21..=0x7E)));
    if fits && path.len() <= 512 {
        return Ok(());
    }
    let message = format!(
        "`path` {path:?} must begin and end with a slash and have no spaces, such as \"/campus/\""
    );
    Err(Refusal::invalid("path", "ValidationError", message))
}

/// Managed policies are AWS's own, or the account's: another account's can't be used.
pub(super) fn check_policy_arn(
    asked: &Asked<'_>,
    property: &str,
    arn: &str,
) -> Result<(), Refusal> {
    let owner = arn.split(':').nth(4).unwrap_or_default();
    if owner == "aws" || owner == asked.account() {
        return Ok(());
    }
    let message = format!(
        "`{property}` {arn} does not exist: a policy is AWS's own (arn:aws:iam::aws:policy/...) or \
         of the account {}",
        asked.account()
    );
    Err(Refusal::invalid(property, CODES.not_found, message))
}
