//! The case of `cloudflare:origin_tls:AuthenticatedOriginPulls`.

use crate::conformance::{Case, Refused};
use infra_core::{cloudflare::origin_tls::AuthenticatedOriginPulls, prelude::*};

use super::certificate::certificate;
use crate::conformance::cloudflare::{NO_CFN, zones};

pub(crate) const CASES: &[Case] = &[Case {
    ty: AuthenticatedOriginPulls::definition,
    build: |stack, v| {
        let [zone, _] = zones(stack).map(|zone| zone.zone_id());
        let [one, other] = ["one", "other"].map(|name| certificate(stack, name, &zone));
        AuthenticatedOriginPulls::named("subject")
            .zone_id(zone)
            .certificate_id(v.pick("certificate_id", &one, &other))
            .enabled(v.pick("enabled", true, false))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "certificate_id",
            build: |stack| {
                let [one, other] = zones(stack).map(|zone| zone.zone_id());
                AuthenticatedOriginPulls::named("subject")
                    .zone_id(one)
                    .certificate_id(&certificate(stack, "foreign", &other))
                    .create(stack);
            },
            says: "is one of another zone",
        },
        Refused {
            property: "certificate_id",
            build: |stack| {
                let [zone, _] = zones(stack).map(|zone| zone.zone_id());
                AuthenticatedOriginPulls::named("subject")
                    .zone_id(zone)
                    .certificate_id("01234567-89ab-cdef-0123-456789abcdef")
                    .create(stack);
            },
            says: "does not exist",
        },
    ],
    fixed: &[("zone_id", "the certificate goes with it; the other case changes both")],
    cfn: NO_CFN,
}];
