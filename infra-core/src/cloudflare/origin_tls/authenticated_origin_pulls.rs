//! Cloudflare: PUT and GET /zones/{zone_id}/origin_tls_client_auth/settings.

use crate::{
    cloudflare::{OriginCertificateId, ZoneId},
    resource,
};

/// Whether Cloudflare shows a zone's own [`Certificate`](super::Certificate) to its servers. A zone
/// has one; deletion turns it off.
///
/// ```
/// use infra_core::{
///     cloudflare::{Plan, origin_tls::{AuthenticatedOriginPulls, Certificate}, zones::Zone},
///     local::{SelfSignedCertificate, Subject},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(&stack);
/// let own = SelfSignedCertificate::named("edge").subject(Subject::new("edge")).create(&stack);
/// let shown = Certificate::named("edge")
///     .zone_id(zone.zone_id())
///     .certificate(own.certificate_pem())
///     .private_key(own.private_key_pem())
///     .create(&stack);
/// AuthenticatedOriginPulls::named("edge")
///     .zone_id(zone.zone_id())
///     .certificate_id(&shown)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "cloudflare:origin_tls:AuthenticatedOriginPulls",
    key(zone_id),
    create = "5s",
    update = "5s",
    delete = "5s"
)]
pub struct AuthenticatedOriginPulls {
    /// The zone. Changing it replaces this. Cloudflare: `zone_id`.
    #[prop(replace)]
    pub zone_id: ZoneId,
    /// The certificate that is shown, of the same zone. Cloudflare shows the one that was given to
    /// it last; naming it here makes this wait until it is deployed, and keeps it while it is
    /// shown. Changes in place.
    #[prop(needs = ready)]
    pub certificate_id: OriginCertificateId,
    /// Whether it is shown. Default: true. Changes in place. Cloudflare: `enabled`.
    #[prop(default = true)]
    pub enabled: bool,
}
