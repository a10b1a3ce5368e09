//! `cloudflare:origin_tls:Certificate`.

use infra_core::{
    cloudflare::origin_tls,
    handler::{Deletion, Request, TypedRequest},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    cloudflare::{Ask, Cloudflare, Needs, text},
    error::{Answer, IfFound},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Certificate;

type C = origin_tls::Certificate;

pub(super) const NEEDS: Needs = Needs("Zone / SSL and Certificates / Edit");

/// A certificate as Cloudflare tells it, without its key.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub(super) id: String,
    #[serde(default)]
    certificate: String,
    #[serde(default)]
    status: String,
    /// As RFC 3339 in UTC: later ones sort behind.
    #[serde(default)]
    pub(super) uploaded_on: String,
}

impl Told {
    pub(super) fn is_leaving(&self) -> bool {
        ["pending_deletion", "deletion_timed_out", "deleted"].contains(&&*self.status)
    }

    fn seen(&self, request: &Request) -> Seen {
        Seen::new(&self.id)
            .text(C::ZONE_ID, Some(text(request, C::ZONE_ID.slot)))
            .alike(C::CERTIFICATE, request, Some(self.certificate.clone()), |text| bare(&text))
            .text(C::CERTIFICATE_ID, Some(&self.id))
            .state(
                Some(&self.status),
                &["active"],
                &["pending_deletion", "deletion_timed_out"],
                &["deployment_timed_out"],
            )
    }
}

/// A certificate without what stands between its lines.
fn bare(pem: &str) -> String {
    pem.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn read(ask: &Ask, told: Json) -> Answer<Told> {
    serde_json::from_value(told).map_err(|_| ask.incomplete("certificate"))
}

/// All certificates of a zone.
pub(super) async fn all(cloudflare: &Cloudflare, zone: &str) -> Answer<Vec<Told>> {
    let ask = Ask::new("origin_tls", NEEDS, "GET /zones/{zone_id}/origin_tls_client_auth", &[zone]);
    let all = cloudflare.all(&ask).await?;
    all.into_iter().map(|told| read(&ask, told)).collect()
}

impl Resource<Cloudflare> for Certificate {
    type Type = C;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn create(cloudflare: &Cloudflare, request: &TypedRequest<'_, C>) -> Answer<Seen> {
        let zone = text(request, C::ZONE_ID.slot);
        let operation = "POST /zones/{zone_id}/origin_tls_client_auth";
        let ask = Ask::new("origin_tls", NEEDS, operation, &[zone]).body(json!({
            "certificate": request.args.certificate,
            "private_key": request.args.private_key.expose(),
        }));
        let told = cloudflare.call(&ask).await?;
        Ok(read(&ask, told)?.seen(request))
    }

    /// Every property replaces it.
    async fn update(_: &Cloudflare, _: &TypedRequest<'_, C>) -> Answer<()> {
        Ok(())
    }

    async fn read(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let parts = [text(request, C::ZONE_ID.slot), &*request.id];
        let operation = "GET /zones/{zone_id}/origin_tls_client_auth/{certificate_id}";
        let ask = Ask::new("origin_tls", NEEDS, operation, &parts);
        let Some(told) = cloudflare.call(&ask).await.if_found()? else { return Ok(None) };
        let told = read(&ask, told)?;
        // It is told of for a while after it is gone.
        Ok((told.status != "deleted").then(|| told.seen(request)))
    }

    async fn delete(cloudflare: &Cloudflare, request: &Request) -> Answer<Deletion> {
        let parts = [text(request, C::ZONE_ID.slot), &*request.id];
        let operation = "DELETE /zones/{zone_id}/origin_tls_client_auth/{certificate_id}";
        cloudflare.call(&Ask::new("origin_tls", NEEDS, operation, &parts)).await?;
        Ok(Deletion::Started)
    }

    async fn by_name(cloudflare: &Cloudflare, request: &Request) -> Answer<Option<Seen>> {
        let wanted = bare(text(request, C::CERTIFICATE.slot));
        let there = all(cloudflare, text(request, C::ZONE_ID.slot)).await?;
        let same = |told: &&Told| !told.is_leaving() && bare(&told.certificate) == wanted;
        Ok(there.iter().find(same).map(|told| told.seen(request)))
    }
}
