//! `cloudflare:origin_tls:AuthenticatedOriginPulls`.

use infra_core::{
    cloudflare::origin_tls,
    handler::{Deletion, Request, TypedRequest},
};
use serde_json::json;

use super::certificate::{NEEDS, all};
use crate::{
    cloudflare::{Ask, Cloudflare, text},
    error::{Answer, IfFound},
    resource::{Resource, recorded},
    seen::Seen,
};

pub(crate) struct AuthenticatedOriginPulls;

type P = origin_tls::AuthenticatedOriginPulls;

async fn set(cloudflare: &Cloudflare, zone: &str, enabled: bool) -> Answer<()> {
    let operation = "PUT /zones/{zone_id}/origin_tls_client_auth/settings";
    let ask = Ask::new("origin_tls", NEEDS, operation, &[zone]);
    cloudflare.call(&ask.body(json!({ "enabled": enabled }))).await?;
    Ok(())
}

async fn enabled(cloudflare: &Cloudflare, zone: &str) -> Answer<Option<bool>> {
    let operation = "GET /zones/{zone_id}/origin_tls_client_auth/settings";
    let ask = Ask::new("origin_tls", NEEDS, operation, &[zone]);
    let Some(told) = cloudflare.call(&ask).await.if_found()? else { return Ok(None) };
    told["enabled"].as_bool().map(Some).ok_or_else(|| ask.incomplete("enabled"))
}

/// Cloudflare does not tell which certificate it shows, but the newest one. That of the program is
/// told as long as it is there.
async fn shown(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<String>> {
    let zone = text(request, P::ZONE_ID.slot);
    let known = text(request, P::CERTIFICATE_ID.slot);
    let mut there = all(cloudflare, zone).await?;
    there.retain(|certificate| !certificate.is_leaving());
    if there.iter().any(|certificate| certificate.id == known) {
        return Ok(Some(known.to_owned()));
    }
    let newest = there.into_iter().max_by(|one, other| one.uploaded_on.cmp(&other.uploaded_on));
    Ok(newest.map(|newest| newest.id))
}

async fn seen(cloudflare: &Cloudflare, request: &Request, enabled: bool) -> Answer<Seen> {
    let zone = text(request, P::ZONE_ID.slot);
    Ok(Seen::new(zone)
        .text(P::ZONE_ID, Some(zone))
        .text(P::CERTIFICATE_ID, shown(cloudflare, request).await?)
        .set(P::ENABLED, enabled))
}

impl Resource<Cloudflare> for AuthenticatedOriginPulls {
    type Type = P;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn create(cloudflare: &Cloudflare, request: &TypedRequest<'_, P>) -> Answer<Seen> {
        let zone = text(request, P::ZONE_ID.slot);
        set(cloudflare, zone, request.args.enabled).await?;
        Ok(Seen::new(zone))
    }

    async fn update(cloudflare: &Cloudflare, request: &TypedRequest<'_, P>) -> Answer<()> {
        set(cloudflare, text(request, P::ZONE_ID.slot), request.args.enabled).await
    }

    /// A zone always has this: it is gone when it is off, and is not wanted so.
    async fn read(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        match enabled(cloudflare, text(request, P::ZONE_ID.slot)).await? {
            Some(is_on) if is_on || recorded(request, P::ENABLED) == Some(false) => {
                Ok(Some(seen(cloudflare, request, is_on).await?))
            }
            _ => Ok(None),
        }
    }

    async fn delete(cloudflare: &Cloudflare, request: &Request) -> Answer<Deletion> {
        set(cloudflare, text(request, P::ZONE_ID.slot), false).await?;
        Ok(Deletion::Gone)
    }

    /// What is on, somebody has turned on. What is off is nobody's, and can be turned off again.
    async fn by_name(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let is_on = enabled(cloudflare, text(request, P::ZONE_ID.slot)).await?;
        match is_on.filter(|is_on| *is_on) {
            Some(is_on) => Ok(Some(seen(cloudflare, request, is_on).await?)),
            None => Ok(None),
        }
    }
}
