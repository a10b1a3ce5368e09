//! What is special about rules for mail: how long it is tried, and domains.

use infra_core::{aws::ses, dsl::ResourceType, schema::TypeDef, types::Seconds};

use super::email_identity::{BAD, CODES, is_domain};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ConfigurationSet];

type C = ses::ConfigurationSet;

struct ConfigurationSet;

impl Special for ConfigurationSet {
    fn ty(&self) -> &'static TypeDef {
        C::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Configuration sets", in a region.
        Some(10_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let delivery = asked.get(C::DELIVERY_OPTIONS);
        if let Some(Seconds(seconds)) = delivery.and_then(|delivery| delivery.max_delivery_seconds)
            && !(300..=50_400).contains(&seconds)
        {
            let property = "delivery_options.max_delivery_seconds";
            let message = format!("`{property}` {seconds} must be between 300 and 50400");
            return Err(Refusal::invalid(property, BAD, message));
        }
        let domain = asked.get(C::TRACKING_OPTIONS).map(|tracking| tracking.custom_redirect_domain);
        if let Some(domain) = domain.filter(|domain| !is_domain(domain)) {
            let property = "tracking_options.custom_redirect_domain";
            let message = format!("`{property}` {domain:?} is no domain");
            return Err(Refusal::invalid(property, BAD, message));
        }
        Ok(())
    }
}
