//! What is special about an identity: what it may be, the records that verify it, and how often its
//! key changes.

use infra_core::{aws::ses, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    identity::digits,
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&EmailIdentity];

type I = ses::EmailIdentity;

/// How SES calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "NotFoundException",
    not_ready: "ConflictException",
    exists: "AlreadyExistsException",
    in_use: "ConflictException",
    quota: "LimitExceededException",
};
/// What SES says of everything that it can't take.
pub(super) const BAD: &str = "BadRequestException";

const HOUR: u64 = 60 * 60 * 1000;
const DAY: u64 = 24 * HOUR;
/// As what changes of the key's length are remembered.
const KEY: &str = "dkim-key";

struct EmailIdentity;

impl Special for EmailIdentity {
    fn ty(&self) -> &'static TypeDef {
        I::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Verified identities", in a region; adjustable.
        Some(10_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let domain = match asked.id.split_once('@') {
            Some((user, domain)) if !user.is_empty() && !user.contains(char::is_whitespace) => {
                domain
            }
            Some(_) => "",
            None => asked.id,
        };
        if !is_domain(domain) {
            let message = format!(
                "`email_identity` {:?} is neither a domain nor an address, such as \
                 campus.example.org or noreply@campus.example.org",
                asked.id
            );
            return Err(Refusal::invalid("email_identity", BAD, message));
        }
        check_mail_from(asked, domain)?;
        check_pace(asked)
    }

    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        key_changes(asked).then_some(KEY)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() || asked.id.contains('@') {
            return;
        }
        let tokens =
            [0, 1, 2].map(|place| digits(&format!("{}/{}", asked.scope, asked.id), place, 32));
        let names = tokens.each_ref().map(|token| format!("{token}._domainkey.{}", asked.id));
        let values = tokens.map(|token| format!("{token}.dkim.amazonses.com"));
        tell(outputs, I::DKIM_RECORD_NAMES, names.to_vec());
        tell(outputs, I::DKIM_RECORD_VALUES, values.to_vec());
    }
}

/// Whether a text is a domain with two labels at least.
pub(super) fn is_domain(text: &str) -> bool {
    let sound =
        |label: &str| is_word(label, 63, "-_") && !label.starts_with('-') && !label.ends_with('-');
    text.len() <= 253 && text.contains('.') && text.split('.').all(sound)
}

fn check_mail_from(asked: &Asked<'_>, domain: &str) -> Result<(), Refusal> {
    const PROPERTY: &str = "mail_from_attributes.mail_from_domain";
    let Some(attributes) = asked.get(I::MAIL_FROM_ATTRIBUTES) else { return Ok(()) };
    let from = &attributes.mail_from_domain;
    let below = from.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    if is_domain(from) && below {
        return Ok(());
    }
    let message = format!("`{PROPERTY}` {from:?} is no domain below {domain}");
    Err(Refusal::invalid(PROPERTY, BAD, message))
}

fn key_changes(asked: &Asked<'_>) -> bool {
    let slot = I::NEXT_SIGNING_KEY_LENGTH.slot;
    asked.old.is_some_and(|old| old.inputs.get(slot) != asked.inputs.get(slot))
}

/// The length of the key changes once a day.
fn check_pace(asked: &Asked<'_>) -> Result<(), Refusal> {
    let since = asked.since(KEY).filter(|since| *since < DAY && key_changes(asked));
    let (Some(since), Some(length)) = (since, asked.get(I::NEXT_SIGNING_KEY_LENGTH)) else {
        return Ok(());
    };
    let message = format!(
        "`next_signing_key_length` {length} was changed within the last 24 hours already (hours \
         left: {})",
        (DAY - since).div_ceil(HOUR)
    );
    Err(Refusal::invalid("next_signing_key_length", BAD, message))
}
