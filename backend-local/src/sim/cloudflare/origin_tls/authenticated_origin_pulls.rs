//! What is special about the proof to a site's own servers: its certificate is one of the zone.

use infra_core::{cloudflare::origin_tls, dsl::ResourceType, schema::TypeDef};

use super::certificate::CODES;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&AuthenticatedOriginPulls];

type P = origin_tls::AuthenticatedOriginPulls;

struct AuthenticatedOriginPulls;

impl Special for AuthenticatedOriginPulls {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(certificate) = asked.referenced(P::CERTIFICATE_ID) else { return Ok(()) };
        if of(certificate, origin_tls::Certificate::ZONE_ID) == asked.get(P::ZONE_ID) {
            return Ok(());
        }
        let message = format!("`certificate_id` {} is one of another zone", certificate.id);
        Err(Refusal::invalid("certificate_id", CODES.not_found, message))
    }
}
