//! What is special about a certificate that Cloudflare shows: its form.

use infra_core::{cloudflare::origin_tls, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Certificate];

/// How Cloudflare calls errors with certificates.
pub(super) const CODES: Codes =
    Codes { not_found: "1414", not_ready: "1414", exists: "1406", in_use: "1414", quota: "1405" };

struct Certificate;

impl Special for Certificate {
    fn ty(&self) -> &'static TypeDef {
        origin_tls::Certificate::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let text = asked.get(origin_tls::Certificate::CERTIFICATE).unwrap_or_default();
        let text = text.trim();
        let begins = text.starts_with("-----BEGIN CERTIFICATE-----");
        if begins && text.ends_with("-----END CERTIFICATE-----") {
            return Ok(());
        }
        let message = "`certificate` is no PEM: it begins with -----BEGIN CERTIFICATE----- and ends \
                       with -----END CERTIFICATE-----";
        Err(Refusal::invalid("certificate", "1401", message))
    }
}
