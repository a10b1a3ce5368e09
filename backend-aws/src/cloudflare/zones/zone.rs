//! `cloudflare:zones:Zone`.

use infra_core::{
    cloudflare::{Plan, ZoneId, zones},
    handler::{Problem, TypedRequest},
};

use crate::{
    cloudflare::{Ask, Cloudflare, backend::ZONES},
    error::{Answer, Error},
    once::Look,
    seen::told,
};

pub(crate) struct Zone;

impl Look<Cloudflare> for Zone {
    type Type = zones::Zone;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn look(
        cloudflare: &Cloudflare,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<zones::ZoneOutputs> {
        let (name, wanted) = (&request.args.name, request.args.plan);
        let mut ask = Ask::new("zones", ZONES, "GET /zones", &[]).query("name", name);
        if let Some(account) = &cloudflare.account {
            ask = ask.query("account.id", &**account);
        }
        let all = cloudflare.all(&ask).await?;
        let refused =
            |problem, message: String| Error::refused(problem, "zones", "GET /zones", message);
        let [zone] = &*all else {
            let message = match all.len() {
                0 => format!(
                    "the token reaches no zone `{name}`: add the domain to the account, or let the \
                     token have `{}` of it",
                    ZONES.0
                ),
                many => format!(
                    "{many} accounts have a zone `{name}`: name one in the provider, \
                     `Provider::of_kind(\"cloudflare\").account(..)`"
                ),
            };
            return Err(refused(Problem::NotFound, message));
        };
        let legacy = zone["plan"]["legacy_id"].as_str();
        let plan = told::<Plan>(legacy).ok_or_else(|| ask.incomplete("plan that is known"))?;
        if plan < wanted {
            let message = format!(
                "the zone `{name}` is on the plan {plan}, and the program was written for {wanted}"
            );
            return Err(refused(Problem::Invalid { property: Some("plan".to_owned()) }, message));
        }
        let zone_id = told::<ZoneId>(zone["id"].as_str()).ok_or_else(|| ask.incomplete("id"))?;
        let servers = zone["name_servers"].as_array().into_iter().flatten();
        let servers = servers.filter_map(|server| server.as_str().map(str::to_owned));
        Ok(zones::ZoneOutputs {
            zone_id: Some(zone_id),
            name_servers: Some(servers.collect()),
            max_upload: Some(wanted.max_upload()),
        })
    }
}
