//! What is special about a parameter: its name, what its kind and tier allow, and its versions.
//! Whether a value fits `allowed_pattern` is left to AWS.

use infra_core::{
    aws::ssm::{self, ParameterDataType, ParameterPolicyArgs, ParameterTier, ParameterType},
    dsl::ResourceType,
    schema::TypeDef,
    types::Days,
    value::PropertiesBuilder,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Parameter];

const CODES: Codes = Codes {
    not_found: "ParameterNotFound",
    not_ready: "TooManyUpdates",
    exists: "ParameterAlreadyExists",
    in_use: "ValidationException",
    quota: "ParameterLimitExceeded",
};
const INVALID: &str = "ValidationException";
/// AWS: the longest value of a standard and of an advanced parameter, in bytes.
const STANDARD: usize = 4096;
const ADVANCED: usize = 8192;
/// AWS: the most folders of a name.
const FOLDERS: usize = 15;

struct Parameter;

impl Special for Parameter {
    fn ty(&self) -> &'static TypeDef {
        ssm::Parameter::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Standard parameters" in a region; not adjustable.
        Some(10_000)
    }

    /// Those that AWS publishes, such as the newest images, by name or ARN.
    fn is_always_there(&self, id: &str) -> bool {
        id.starts_with("/aws/") || id.contains(":parameter/aws/")
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked.id)?;
        check_kind(asked)?;
        check_tier(asked)?;
        for (name, text) in [
            ("description", asked.get(ssm::Parameter::DESCRIPTION)),
            ("allowed_pattern", asked.get(ssm::Parameter::ALLOWED_PATTERN)),
        ] {
            let length = text.map_or(0, |text| text.chars().count());
            if length > 1024 {
                let message = format!("`{name}` has {length} characters; 1024 are allowed");
                return refused(name, INVALID, message);
            }
        }
        asked.check_key(ssm::Parameter::KEY_ID, "InvalidKeyId")
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(old) = asked.old else {
            tell(outputs, ssm::Parameter::VERSION, 1_i64);
            return;
        };
        let tags = ssm::Parameter::TAGS.slot;
        let others = |(slot, _): &(u16, _)| *slot != tags;
        let changed = !old.inputs.iter().filter(others).eq(asked.inputs.iter().filter(others));
        let version = of(old, ssm::Parameter::VERSION).unwrap_or(1) + i64::from(changed);
        tell(outputs, ssm::Parameter::VERSION, version);
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

fn check_name(name: &str) -> Result<(), Refusal> {
    const PROPERTY: &str = "parameter_name";
    let fits = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if !name.chars().all(fits) || name.ends_with('/') || name.contains("//") {
        let message = format!(
            "`{PROPERTY}` {name} must have letters, digits and ._- alone, with single slashes \
             between folders and none at its end"
        );
        return refused(PROPERTY, INVALID, message);
    }
    if name.contains('/') && !name.starts_with('/') {
        let message = format!("`{PROPERTY}` {name} has folders, and must begin with a slash");
        return refused(PROPERTY, INVALID, message);
    }
    let first = name.trim_start_matches('/').to_ascii_lowercase();
    if first.starts_with("aws") || first.starts_with("ssm") {
        let message =
            format!("`{PROPERTY}` {name} begins with aws or ssm, which AWS keeps for itself");
        return refused(PROPERTY, "AccessDeniedException", message);
    }
    if name.matches('/').count() > FOLDERS {
        let message = format!("`{PROPERTY}` {name} has more than {FOLDERS} folders");
        return refused(PROPERTY, "HierarchyLevelLimitExceededException", message);
    }
    Ok(())
}

fn check_kind(asked: &Asked<'_>) -> Result<(), Refusal> {
    let kind = asked.get(ssm::Parameter::PARAMETER_TYPE).unwrap_or(ParameterType::Text);
    let secure = kind == ParameterType::Secure;
    let plain = asked.inputs.has(ssm::Parameter::VALUE.slot);
    if secure && plain {
        let message = "`value` shows what is to be secure: give a SecureString `secure_value`";
        return refused("value", INVALID, message);
    }
    if !secure && !plain {
        let message = format!(
            "`secure_value` of a {kind} would be shown: give `value`, or make it \
                               a SecureString"
        );
        return refused("secure_value", INVALID, message);
    }
    if !secure && asked.inputs.has(ssm::Parameter::KEY_ID.slot) {
        return refused("key_id", "InvalidKeyId", format!("`key_id`: a {kind} is not encrypted"));
    }
    let image = asked.get(ssm::Parameter::DATA_TYPE) == Some(ParameterDataType::Ec2Image);
    let value = asked.get(ssm::Parameter::VALUE).unwrap_or_default();
    if image && !(kind == ParameterType::Text && value.starts_with("ami-")) {
        let message = "`data_type` aws:ec2:image goes with a String that is the id of an image";
        return refused("data_type", INVALID, message);
    }
    Ok(())
}

fn check_tier(asked: &Asked<'_>) -> Result<(), Refusal> {
    let tier = asked.get(ssm::Parameter::TIER).unwrap_or(ParameterTier::Standard);
    let was = asked.old.and_then(|old| of(old, ssm::Parameter::TIER));
    if was == Some(ParameterTier::Advanced) && tier != ParameterTier::Advanced {
        let message = format!(
            "`tier` {tier}: an advanced parameter stays one; make another one in its place"
        );
        return refused("tier", INVALID, message);
    }
    let most = if tier == ParameterTier::Standard { STANDARD } else { ADVANCED };
    // A secure value is a digest here, whose length says nothing.
    let length = asked.get(ssm::Parameter::VALUE).map_or(0, |value| value.len());
    if length > most {
        let message = format!("`value` has {length} bytes; the tier {tier} allows {most}");
        return refused("value", INVALID, message);
    }
    let policies = asked.get(ssm::Parameter::POLICIES).unwrap_or_default();
    if !policies.is_empty() && tier == ParameterTier::Standard {
        let message = "`policies` need the `tier` Advanced";
        return refused("policies", INVALID, message);
    }
    check_policies(&policies)
}

fn check_policies(policies: &[ParameterPolicyArgs]) -> Result<(), Refusal> {
    let refused = |message: &str| refused("policies", "InvalidPolicyAttributeException", message);
    let ends = |policy: &&ParameterPolicyArgs| matches!(policy, ParameterPolicyArgs::Expiration(_));
    let count = policies.iter().filter(ends).count();
    if count > 1 {
        return refused("`policies` name two moments of `expiration`");
    }
    for policy in policies {
        match policy {
            ParameterPolicyArgs::ExpirationNotification(_) if count == 0 => {
                return refused("`policies`: `expiration_notification` needs an `expiration`");
            }
            ParameterPolicyArgs::ExpirationNotification(Days(0))
            | ParameterPolicyArgs::NoChangeNotification(Days(0)) => {
                return refused("`policies`: a notification needs one day at least");
            }
            _ => {}
        }
    }
    Ok(())
}
