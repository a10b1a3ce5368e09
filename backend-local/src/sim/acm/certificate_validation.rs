//! What is special about the wait for a certificate: what it waits for, and for how long.

use infra_core::{aws::acm, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use super::certificate::{CODES, issued_at};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, Wait, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&CertificateValidation];

/// How long AWS looks for the records.
const LIMIT: u64 = 72 * 60 * 60 * 1000;
const MINUTE: u64 = 60 * 1000;

struct CertificateValidation;

type V = acm::CertificateValidation;

impl Special for CertificateValidation {
    fn ty(&self) -> &'static TypeDef {
        V::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if let Some(arn) = asked.get(V::CERTIFICATE_ARN) {
            tell(outputs, V::ISSUED_ARN, arn);
        }
    }

    /// AWS knows nothing of it; but what uses the certificate took it from here.
    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        let arn = object.text("certificate_arn");
        let certificate = world.place(acm::Certificate::definition().name, arn, &object.scope);
        let users = certificate.map(|place| world.referrers(place, false)).unwrap_or_default();
        if users.is_empty() {
            return Ok(());
        }
        let by = users.into_iter().map(|(other, property)| {
            let other = &world.objects[other as usize];
            format!("{} {} ({property})", other.ty.short_name(), other.id)
        });
        Err(Refusal::in_use(&object.id, by.collect()).in_words_of(Some(&CODES)))
    }

    fn waits(&self, world: &World, object: &Object) -> Option<Wait> {
        let arn = object.text("certificate_arn");
        let Some(certificate) = world.get(acm::Certificate::definition().name, arn, &object.scope)
        else {
            return Some(Wait::Never(format!("the certificate {arn} does not exist any more")));
        };
        let reason = match issued_at(world, certificate) {
            Ok(at) if at <= world.now => return None,
            Ok(at) => return Some(Wait::Until(at, "AWS has not issued it yet".to_owned())),
            Err(reason) => reason,
        };
        let end = object.ready_at + LIMIT;
        if world.now >= end {
            let message = format!(
                "the certificate {arn} was not issued within 72 hours: {reason}; mend that and \
                 replace the certificate"
            );
            return Some(Wait::Never(message));
        }
        // Looked at less and less often: who waits for hours does not mind minutes.
        let waited = world.now.saturating_sub(object.ready_at);
        Some(Wait::Until((world.now + MINUTE.max(waited / 4)).min(end), reason))
    }
}
