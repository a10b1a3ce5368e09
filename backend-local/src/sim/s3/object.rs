//! What is special about an object: its name, its tags, how it is encrypted, and its version.

use infra_core::{
    aws::s3::{self, SseAlgorithm},
    dsl::ResourceType,
    schema::TypeDef,
    value::{Properties, PropertiesBuilder, canonical_bytes},
};

use super::bucket::{INVALID, keeps_versions};
use crate::sim::{
    identity::digits,
    object::Object as Thing,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Object];

const CODES: Codes = Codes {
    not_found: "NoSuchKey",
    not_ready: "OperationAborted",
    exists: "PreconditionFailed",
    in_use: "OperationAborted",
    quota: "EntityTooLarge",
};

/// S3 takes ten tags; four are the engine's.
const TAGS: usize = 6;
/// S3: keys and values of metadata together.
const METADATA: usize = 2048;

struct Object;

impl Special for Object {
    fn ty(&self) -> &'static TypeDef {
        s3::Object::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, code: &str, message| Err(Refusal::invalid(property, code, message));
        let key = asked.get(s3::Object::KEY).unwrap_or_default();
        if !(1..=1024).contains(&key.len()) {
            let message = format!("`key` has {} bytes; 1 to 1024 are allowed", key.len());
            return refused("key", "KeyTooLongError", message);
        }
        let tags = asked.get(s3::Object::TAGS).unwrap_or_default().0.len();
        if tags > TAGS {
            let message =
                format!("`tags` has {tags}; an object takes ten, of which the engine needs four");
            return refused("tags", "BadRequest", message);
        }
        let metadata = asked.get(s3::Object::METADATA).unwrap_or_default();
        let fits = |key: &str| {
            let small =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !key.is_empty() && key.bytes().all(small)
        };
        if let Some((key, _)) = metadata.iter().find(|(key, _)| !fits(key)) {
            let message =
                format!("`metadata` {key:?} must be of small letters, digits and hyphens");
            return refused("metadata", INVALID, message);
        }
        let size: usize = metadata.iter().map(|(key, value)| key.len() + value.len()).sum();
        if size > METADATA {
            let message = format!("`metadata` has {size} bytes; {METADATA} are the most");
            return refused("metadata", "MetadataTooLarge", message);
        }
        if asked.get(s3::Object::SSEKMS_KEY_ID).is_some() {
            let algorithm = asked.get(s3::Object::SERVER_SIDE_ENCRYPTION);
            if !matches!(algorithm, Some(SseAlgorithm::Kms | SseAlgorithm::KmsDsse)) {
                let message = "`ssekms_key_id` needs `server_side_encryption` aws:kms".to_owned();
                return refused("ssekms_key_id", INVALID, message);
            }
        }
        asked.check_key(s3::Object::SSEKMS_KEY_ID, INVALID)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(bucket) = asked.referenced(s3::Object::BUCKET) else { return };
        if !asked.inputs.has(s3::Object::SERVER_SIDE_ENCRYPTION.slot) {
            tell(outputs, s3::Object::SERVER_SIDE_ENCRYPTION, default_algorithm(bucket));
        }
        let encrypted = [
            s3::Object::CONTENT.slot,
            s3::Object::SERVER_SIDE_ENCRYPTION.slot,
            s3::Object::SSEKMS_KEY_ID.slot,
        ];
        let tag = digest(&asked.inputs.filtered(|slot| encrypted.contains(&slot)));
        tell(outputs, s3::Object::ETAG, format!("\"{}\"", digits(&tag, 0, 32)));
        if keeps_versions(bucket) {
            // Tags are set by another call and make no version.
            let put = digest(&asked.inputs.filtered(|slot| slot != s3::Object::TAGS.slot));
            tell(outputs, s3::Object::VERSION_ID, digits(&put, asked.number, 32));
        }
    }
}

fn default_algorithm(bucket: &Thing) -> SseAlgorithm {
    let rules = of(bucket, s3::Bucket::BUCKET_ENCRYPTION)
        .map(|encryption| encryption.server_side_encryption_configuration);
    let rule = rules.into_iter().flatten().next();
    let by_default = rule.and_then(|rule| rule.server_side_encryption_by_default);
    by_default.map_or(SseAlgorithm::Aes256, |by_default| by_default.sse_algorithm)
}

/// What follows from properties; secrets are digests by now.
fn digest(properties: &Properties) -> String {
    let mut bytes = vec![];
    for (slot, value) in properties.iter() {
        bytes.extend(slot.to_le_bytes());
        canonical_bytes(value, &mut bytes);
    }
    hex::encode(bytes)
}
