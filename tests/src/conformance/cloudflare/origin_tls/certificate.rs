//! The case of `cloudflare:origin_tls:Certificate`.

use crate::conformance::{Case, Refused};
use infra_core::{
    cloudflare::{ZoneId, origin_tls::Certificate},
    local::{SelfSignedCertificate, Subject},
    prelude::*,
};

use crate::conformance::cloudflare::{NO_CFN, zone, zones};

fn own(stack: &Stack, name: &str) -> SelfSignedCertificate {
    SelfSignedCertificate::named(name).subject(Subject::new(name)).create(stack)
}

/// A certificate of a zone.
pub(super) fn certificate(stack: &Stack, name: &str, zone: &Output<ZoneId>) -> Certificate {
    let own = own(stack, &format!("own-{name}"));
    Certificate::named(name)
        .zone_id(zone)
        .certificate(own.certificate_pem())
        .private_key(own.private_key_pem())
        .create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Certificate::definition,
    build: |stack, v| {
        let [one, other] = zones(stack).map(|zone| zone.zone_id());
        let [own, new] = ["own", "new"].map(|name| own(stack, name));
        Certificate::named("subject")
            .zone_id(v.pick("zone_id", one, other))
            .certificate(v.pick("certificate", own.certificate_pem(), new.certificate_pem()))
            .private_key(v.pick("private_key", own.private_key_pem(), new.private_key_pem()))
            .create(stack);
    },
    refused: &[Refused {
        property: "certificate",
        build: |stack| {
            Certificate::named("subject")
                .zone_id(zone(stack).zone_id())
                .certificate("MIIB")
                .private_key(own(stack, "own").private_key_pem())
                .create(stack);
        },
        says: "is no PEM",
    }],
    fixed: &[],
    cfn: NO_CFN,
}];
