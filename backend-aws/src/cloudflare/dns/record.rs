//! `cloudflare:dns:Record`.

mod content;

use infra_core::{
    cloudflare::dns,
    handler::{Deletion, Problem, Request, TypedRequest},
    types::Seconds,
};
use serde_json::{Value as Json, json};

use crate::{
    cloudflare::{Ask, Cloudflare, Needs, text},
    error::{Answer, Error, IfFound},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Record;

type R = dns::Record;

const NEEDS: Needs = Needs("Zone / DNS / Edit");
/// The time that stands for none: Cloudflare says it.
const AUTOMATIC: u32 = 1;

/// A record as Cloudflare takes it: all of it, so that a change leaves nothing of what was there.
fn body(request: &TypedRequest<'_, R>) -> Json {
    let args = &request.args;
    let mut body = content::asked(&args.content);
    body.insert("name".to_owned(), json!(args.name));
    body.insert("proxied".to_owned(), json!(args.proxied));
    body.insert("ttl".to_owned(), json!(args.ttl.map_or(AUTOMATIC, |Seconds(ttl)| ttl)));
    body.insert("comment".to_owned(), json!(args.comment.as_deref().unwrap_or_default()));
    Json::Object(body)
}

fn seen(ask: &Ask, told: &Json, request: &Request) -> Answer<Seen> {
    let id = told["id"].as_str().ok_or_else(|| ask.incomplete("id"))?;
    let ttl = told["ttl"].as_u64().and_then(|ttl| u32::try_from(ttl).ok());
    let name = told["name"].as_str().map(str::to_owned);
    Ok(Seen::new(id)
        .text(R::ZONE_ID, Some(text(request, R::ZONE_ID.slot)))
        .alike(R::NAME, request, name, |name| name.to_lowercase())
        .alike(R::CONTENT, request, content::told(told), content::plain)
        .set(R::PROXIED, told["proxied"].as_bool().unwrap_or_default())
        .set(R::TTL, ttl.filter(|ttl| *ttl != AUTOMATIC).map(Seconds))
        .text(R::COMMENT, told["comment"].as_str().filter(|comment| !comment.is_empty()))
        .text(R::RECORD_ID, Some(id)))
}

/// What a record says, as it is looked for: Cloudflare has the same record once.
fn wanted(request: &Request) -> Option<dns::RecordContentArgs> {
    crate::resource::recorded(request, R::CONTENT).map(content::plain)
}

/// Refuses a name that is not one of the zone: Cloudflare would take it for the part of a name, and make
/// another record than was asked for.
async fn check_name(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<()> {
    let domain = cloudflare.domain(text(request, R::ZONE_ID.slot)).await?;
    let name = request.args.name.to_lowercase();
    let before = name.strip_suffix(&domain.to_lowercase());
    if before.is_some_and(|before| before.is_empty() || before.ends_with('.')) {
        return Ok(());
    }
    let message = format!("`name` {:?} is not in the zone {domain}", request.args.name);
    let problem = Problem::Invalid { property: Some("name".to_owned()) };
    Err(Error::refused(problem, "dns", "GET /zones/{zone_id}", message))
}

impl Resource<Cloudflare> for Record {
    type Type = R;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn create(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<Seen> {
        check_name(cloudflare, request).await?;
        let zone = text(request, R::ZONE_ID.slot);
        let ask = Ask::new("dns", NEEDS, "POST /zones/{zone_id}/dns_records", &[zone]);
        let ask = ask.body(body(request));
        seen(&ask, &cloudflare.call(&ask).await?, request)
    }

    async fn update(cloudflare: &Cloudflare, request: &TypedRequest<'_, R>) -> Answer<()> {
        check_name(cloudflare, request).await?;
        let parts = [text(request, R::ZONE_ID.slot), &*request.id];
        let operation = "PATCH /zones/{zone_id}/dns_records/{dns_record_id}";
        let ask = Ask::new("dns", NEEDS, operation, &parts);
        cloudflare.call(&ask.body(body(request))).await?;
        Ok(())
    }

    async fn read(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let parts = [text(request, R::ZONE_ID.slot), &*request.id];
        let operation = "GET /zones/{zone_id}/dns_records/{dns_record_id}";
        let ask = Ask::new("dns", NEEDS, operation, &parts);
        let told = cloudflare.call(&ask).await.if_found()?;
        told.map(|told| seen(&ask, &told, request)).transpose()
    }

    async fn delete(cloudflare: &Cloudflare, request: &Request) -> Answer<Deletion> {
        let parts = [text(request, R::ZONE_ID.slot), &*request.id];
        let operation = "DELETE /zones/{zone_id}/dns_records/{dns_record_id}";
        cloudflare.call(&Ask::new("dns", NEEDS, operation, &parts)).await?;
        Ok(Deletion::Gone)
    }

    /// Names of tags have no colon, and their values no room for a URN (DNS, "Record attributes"), so
    /// that a record does not say whose it is: it is found by what it says.
    async fn by_name(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let zone = text(request, R::ZONE_ID.slot);
        let Some(wanted) = wanted(request) else { return Ok(None) };
        let kind = content::asked(&wanted).get("type").and_then(Json::as_str).map(str::to_owned);
        let ask = Ask::new("dns", NEEDS, "GET /zones/{zone_id}/dns_records", &[zone])
            .query("name.exact", text(request, R::NAME.slot).to_lowercase())
            .query("type", kind.unwrap_or_default());
        let all = cloudflare.all(&ask).await?;
        let is_it =
            |told: &&Json| content::told(told).map(content::plain).as_ref() == Some(&wanted);
        all.iter().find(is_it).map(|told| seen(&ask, told, request)).transpose()
    }
}
