//! What a zone is: one for every domain.

use infra_core::{
    cloudflare::{ZoneId, zones},
    dsl::ResourceType,
    schema::{IdForm, TypeDef},
    value::PropertiesBuilder,
};

use crate::sim::{
    cloudflare::check_name,
    identity::digits,
    refusal::Refusal,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Zone];

type Z = zones::Zone;

/// The names that Cloudflare gives its servers; a zone has two of them.
const SERVERS: [&str; 8] = ["ada", "bob", "cora", "dean", "elma", "finn", "gina", "hugh"];

struct Zone;

impl Special for Zone {
    fn ty(&self) -> &'static TypeDef {
        Z::definition()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name("name", "1004", &asked.get(Z::NAME).unwrap_or_default())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let (Some(name), Some(plan)) = (asked.get(Z::NAME), asked.get(Z::PLAN)) else { return };
        let hash = digits(&format!("{}/zone/{name}", asked.scope), 0, 32);
        let id =
            ZoneId::parse(&IdForm::Digits.spell(&hash)).expect("it is made in the form of one");
        let place = usize::from(hash.as_bytes()[0]);
        let servers = [place, place + 3].map(|place| SERVERS[place % SERVERS.len()]);
        let servers = servers.map(|server| format!("{server}.ns.cloudflare.com"));
        tell(outputs, Z::ZONE_ID, id);
        tell(outputs, Z::NAME_SERVERS, servers.to_vec());
        tell(outputs, Z::MAX_UPLOAD, plan.max_upload());
    }
}
