//! Cloudflare: POST, GET and DELETE /zones/{zone_id}/origin_tls_client_auth.

use crate::{
    cloudflare::{OriginCertificateId, ZoneId},
    prelude::*,
    resource,
};

/// A certificate that Cloudflare shows to a zone's own servers, so that they let nobody else in:
/// who knows their addresses does not have its key.
///
/// The servers know the authority behind it (at AWS a trust store of the load balancer). The key is
/// a secret; state holds a keyed digest of it alone.
#[resource(
    "cloudflare:origin_tls:Certificate",
    unique(zone_id, certificate),
    find = key,
    create = "30s",
    delete = "30s"
)]
pub struct Certificate {
    /// The zone. Changing it replaces the certificate. Cloudflare: `zone_id`.
    #[prop(replace)]
    pub zone_id: ZoneId,
    /// The certificate, as PEM. Changing it replaces the certificate: Cloudflare has no call that
    /// changes it. Cloudflare: `certificate`.
    #[prop(replace)]
    pub certificate: String,
    /// Its key, as PEM. Changing it replaces the certificate. Cloudflare: `private_key`.
    #[prop(replace, write_only)]
    pub private_key: Secret<String>,
    /// The id. Cloudflare: `id`.
    #[output(id(uuid), at = exists)]
    pub certificate_id: OriginCertificateId,
}
