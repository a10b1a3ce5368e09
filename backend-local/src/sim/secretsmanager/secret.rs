//! What is special about a secret: where its value comes from, its copies, and that it keeps its
//! name after deletion.

use std::collections::BTreeSet;

use infra_core::{
    aws::secretsmanager::{self, GenerateSecretStringArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Days,
    value::{PropertiesBuilder, canonical_bytes},
};

use crate::sim::{
    World,
    identity::digits,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Secret];

const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "InvalidRequestException",
    exists: "ResourceExistsException",
    in_use: "InvalidRequestException",
    quota: "LimitExceededException",
};
const INVALID: &str = "InvalidParameterException";
const DAY: u64 = 24 * 60 * 60 * 1000;

struct Secret;

impl Special for Secret {
    fn ty(&self) -> &'static TypeDef {
        secretsmanager::Secret::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Secrets", in a region; not adjustable.
        Some(500_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        let given = !asked.value(secretsmanager::Secret::SECRET_STRING.slot).is_null();
        if let Some(generate) = asked.get(secretsmanager::Secret::GENERATE_SECRET_STRING) {
            if given {
                let message = "`generate_secret_string` and `secret_string` exclude each other";
                return refused("generate_secret_string", message.to_owned());
            }
            check_generated(&generate)?;
        }
        asked.check_text(secretsmanager::Secret::DESCRIPTION, 2048, INVALID)?;
        if let Some(Days(days)) = asked.get(secretsmanager::Secret::RECOVERY_WINDOW_IN_DAYS)
            && days != 0
            && !(7..=30).contains(&days)
        {
            let message = format!(
                "`recovery_window_in_days` {days} must be between 7 and 30, or 0 to delete for good"
            );
            return refused("recovery_window_in_days", message);
        }
        check_replicas(asked)?;
        asked.check_key(secretsmanager::Secret::KMS_KEY_ID, INVALID)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let slots = [
            secretsmanager::Secret::SECRET_STRING.slot,
            secretsmanager::Secret::GENERATE_SECRET_STRING.slot,
        ];
        let mut bytes = vec![];
        for value in slots.map(|slot| asked.inputs.get(slot)).into_iter().filter(|v| !v.is_null()) {
            canonical_bytes(value, &mut bytes);
        }
        if !bytes.is_empty() {
            // A version for each value; what it is made of is a digest already.
            let of = format!("{}/{}", asked.id, hex::encode(bytes));
            tell(outputs, secretsmanager::Secret::VERSION_ID, digits(&of, 0, 32));
        }
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        let replicas = of(object, secretsmanager::Secret::REPLICA_REGIONS).unwrap_or_default();
        if replicas.is_empty() {
            return Ok(());
        }
        let message = format!("`{}` has copies in other regions; take them back first", object.id);
        Err(Refusal::invalid("replica_regions", "InvalidRequestException", message))
    }

    fn keeps_names_for(&self, object: &Object) -> u64 {
        let window = of(object, secretsmanager::Secret::RECOVERY_WINDOW_IN_DAYS);
        window.map_or(0, |Days(days)| u64::from(days) * DAY)
    }
}

fn check_generated(generate: &GenerateSecretStringArgs) -> Result<(), Refusal> {
    let refused = |field: &str, message: &str| {
        let message = format!("`generate_secret_string.{field}` {message}");
        Err(Refusal::invalid("generate_secret_string", INVALID, message))
    };
    if !(1..=4096).contains(&generate.password_length) {
        let message = format!("{} must be between 1 and 4096", generate.password_length);
        return refused("password_length", &message);
    }
    let kinds = [
        generate.exclude_lowercase,
        generate.exclude_uppercase,
        generate.exclude_numbers,
        generate.exclude_punctuation,
    ];
    let left = kinds.iter().filter(|excluded| !**excluded).count();
    if left == 0 && !generate.include_space {
        return refused("exclude_lowercase", "and the other exclusions leave no character");
    }
    if generate.require_each_included_type && (generate.password_length as usize) < left {
        return refused("password_length", "is too short to have one of each kind of character");
    }
    match (&generate.secret_string_template, &generate.generate_string_key) {
        (None, None) => Ok(()),
        (Some(template), Some(_)) => {
            let object = serde_json::from_str::<serde_json::Map<_, serde_json::Value>>(template);
            if object.is_ok() {
                return Ok(());
            }
            refused(
                "secret_string_template",
                "is no JSON object, such as {\"username\": \"moodle\"}",
            )
        }
        (Some(_), None) => refused("generate_string_key", "is needed beside the template"),
        (None, Some(_)) => refused("secret_string_template", "is needed beside the key"),
    }
}

fn check_replicas(asked: &Asked<'_>) -> Result<(), Refusal> {
    let replicas = asked.get(secretsmanager::Secret::REPLICA_REGIONS).unwrap_or_default();
    let mut seen = BTreeSet::from([asked.region()]);
    for replica in &replicas {
        if !seen.insert(&replica.region) {
            let message = format!(
                "`replica_regions` names {} twice, or the secret's own region {}",
                replica.region,
                asked.region()
            );
            return Err(Refusal::invalid("replica_regions", INVALID, message));
        }
    }
    Ok(())
}
