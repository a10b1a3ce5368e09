//! `cloudflare:rulesets:Ruleset`.

mod asked;
mod told;

use infra_core::{
    cloudflare::rulesets::{self, Phase},
    handler::{Deletion, Problem, Request, TypedRequest},
};
use serde_json::{Value as Json, json};

use crate::{
    cloudflare::{Ask, Cloudflare, Needs, text},
    error::{Answer, Error, IfFound},
    resource::Resource,
    seen::{self, Seen},
};

pub(crate) struct Ruleset;

type R = rulesets::Ruleset;

/// Who may change the rules of a phase.
fn needs(request: &Request) -> Needs {
    match seen::word::<Phase>(text(request, R::PHASE.slot)) {
        Some(Phase::HttpRequestCacheSettings) => Needs("Zone / Cache Rules / Edit"),
        _ => Needs("Zone / Zone WAF / Edit"),
    }
}

/// A call about the rules of a phase.
fn ask(request: &Request, operation: &'static str) -> Ask {
    let parts = [text(request, R::ZONE_ID.slot), text(request, R::PHASE.slot)];
    Ask::new("rulesets", needs(request), operation, &parts)
}

const GET: &str = "GET /zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint";
const PUT: &str = "PUT /zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint";

fn seen(ask: &Ask, told: &Json, request: &Request) -> Answer<Seen> {
    let (zone, phase) = (text(request, R::ZONE_ID.slot), text(request, R::PHASE.slot));
    let id = told["id"].as_str().ok_or_else(|| ask.incomplete("id"))?;
    let known = crate::resource::recorded(request, R::RULES).unwrap_or_default();
    let rules = told["rules"].as_array().into_iter().flatten().enumerate();
    let rules = rules.map(|(place, rule)| told::rule(rule, known.get(place)));
    let unknown = |what: String| ask.incomplete(&format!("rule that can be read: {what}"));
    let rules = rules.collect::<Result<Vec<_>, _>>().map_err(unknown)?;
    let description = told["description"].as_str().filter(|text| !text.is_empty());
    Ok(Seen::new(format!("{zone}/{phase}"))
        .text(R::ZONE_ID, Some(zone))
        .text(R::PHASE, Some(phase))
        .text(R::DESCRIPTION, description)
        .set(R::RULES, rules)
        .text(R::RULESET_ID, Some(id)))
}

/// Puts the rules in the place of all that the phase has, which is the same however often it is done.
async fn put(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<Seen> {
    let rules: Vec<Json> = request.args.rules.iter().map(asked::rule).collect();
    let description = request.args.description.as_deref().unwrap_or_default();
    let ask = ask(request, PUT).body(json!({ "description": description, "rules": rules }));
    seen(&ask, &cloudflare.call(&ask).await?, request)
}

async fn get(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Json>> {
    cloudflare.call(&ask(request, GET)).await.if_found()
}

impl Resource<Cloudflare> for Ruleset {
    type Type = R;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn create(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<Seen> {
        put(cloudflare, request).await
    }

    async fn update(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<()> {
        put(cloudflare, request).await.map(drop)
    }

    async fn read(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let told = get(cloudflare, request).await?;
        told.map(|told| seen(&ask(request, GET), &told, request)).transpose()
    }

    /// A phase is emptied by deleting its rules by their id, which it tells.
    async fn delete(cloudflare: &Cloudflare, request: &Request) -> Answer<Deletion> {
        let Some(told) = get(cloudflare, request).await? else {
            let message = format!("the phase has no rules: {}", request.id);
            return Err(Error::refused(Problem::NotFound, "rulesets", GET, message));
        };
        let id = told["id"].as_str().ok_or_else(|| ask(request, GET).incomplete("id"))?;
        let parts = [text(request, R::ZONE_ID.slot), id];
        let operation = "DELETE /zones/{zone_id}/rulesets/{ruleset_id}";
        cloudflare.call(&Ask::new("rulesets", needs(request), operation, &parts)).await?;
        Ok(Deletion::Gone)
    }

    /// Rules that a phase has are somebody's. A phase that has none can be there all the same, and is
    /// nobody's.
    async fn by_name(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let told = get(cloudflare, request).await?;
        let has_rules = |told: &Json| told["rules"].as_array().is_some_and(|it| !it.is_empty());
        let told = told.filter(has_rules);
        told.map(|told| seen(&ask(request, GET), &told, request)).transpose()
    }
}
