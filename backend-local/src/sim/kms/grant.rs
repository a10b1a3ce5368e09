//! What is special about a grant: what it allows is what its key does.

use infra_core::{
    aws::kms::{self, GrantOperation, KeyUsage},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::alias::CODES;
use crate::sim::{
    identity::digits,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Grant];

type G = kms::Grant;

/// AWS: "Grants per CMK", not adjustable.
const PER_KEY: usize = 50_000;

struct Grant;

impl Special for Grant {
    fn ty(&self) -> &'static TypeDef {
        G::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused = |property: &str, code: &str, message: String| {
            Err(Refusal::invalid(property, code, message))
        };
        let Some(key) = asked.get(G::KEY_ID) else { return Ok(()) };
        asked.check_region("key_id", "key", key.as_str(), "ValidationException")?;
        let operations = asked.get(G::OPERATIONS).unwrap_or_default();
        if operations.is_empty() {
            let message = "`operations` is empty; a grant allows something".to_owned();
            return refused("operations", "ValidationException", message);
        }
        let usage = asked.referenced(G::KEY_ID).and_then(|key| of(key, kms::Key::KEY_USAGE));
        let wrong = operations.iter().find(|operation| {
            let wanted = needs(**operation);
            wanted.is_some_and(|wanted| usage.is_some_and(|usage| !wanted.contains(&usage)))
        });
        if let (Some(operation), Some(usage)) = (wrong, usage) {
            let message =
                format!("`operations` {operation} is nothing that a key of use {usage} does");
            return refused("operations", "ValidationException", message);
        }
        if let Some(constraints) = asked.get(G::CONSTRAINTS) {
            let subset = !constraints.encryption_context_subset.is_empty();
            if subset != constraints.encryption_context_equals.is_empty() {
                let message = "`constraints` takes one of `encryption_context_subset` and \
                               `encryption_context_equals`";
                return refused("constraints", "ValidationException", message.to_owned());
            }
        }
        if asked.beside(&[G::KEY_ID.slot]) >= PER_KEY {
            let message = format!("`key_id` {key}: a key has {PER_KEY} grants at most");
            return refused("key_id", CODES.quota, message);
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_none() {
            tell(outputs, G::GRANT_ID, digits(asked.scope, asked.number, 64));
        }
    }
}

/// What a key must do so that an operation makes sense; `None` where any will do.
fn needs(operation: GrantOperation) -> Option<&'static [KeyUsage]> {
    use GrantOperation as O;
    Some(match operation {
        O::Decrypt
        | O::Encrypt
        | O::GenerateDataKey
        | O::GenerateDataKeyWithoutPlaintext
        | O::GenerateDataKeyPair
        | O::GenerateDataKeyPairWithoutPlaintext
        | O::ReEncryptFrom
        | O::ReEncryptTo => &[KeyUsage::EncryptDecrypt],
        O::Sign | O::Verify => &[KeyUsage::SignVerify],
        O::GenerateMac | O::VerifyMac => &[KeyUsage::GenerateVerifyMac],
        O::DeriveSharedSecret => &[KeyUsage::KeyAgreement],
        O::GetPublicKey | O::CreateGrant | O::RetireGrant | O::DescribeKey => return None,
    })
}
