//! The case of `local:crypto:SelfSignedCertificate`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    local::{SelfSignedCertificate, Subject},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: SelfSignedCertificate::definition,
    build: |stack, v| {
        let subject = Subject::new("moodle.internal").organization("Campus").country("DE");
        let other = Subject::new("moodle.internal").organization("Library").country("DE");
        SelfSignedCertificate::named("subject")
            .subject(v.pick("subject", subject, other))
            .dns_names(v.pick(
                "dns_names",
                vec!["moodle.internal"],
                vec!["moodle.internal", "*.moodle.internal"],
            ))
            .ip_addresses(v.pick("ip_addresses", ["10.0.0.4"], ["10.0.0.5"]))
            .validity(v.pick("validity", Days(90), Days(180)))
            .renew_before(v.pick("renew_before", Days(30), Days(14)))
            .keepers(v.pick("keepers", [("term", "winter")], [("term", "summer")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "dns_names",
            build: |stack| {
                SelfSignedCertificate::named("subject")
                    .subject(Subject::new("moodle.internal"))
                    .dns_names(["https://moodle.internal"])
                    .create(stack);
            },
            says: "is no DNS name",
        },
        Refused {
            property: "renew_before",
            build: |stack| {
                SelfSignedCertificate::named("subject")
                    .subject(Subject::new("moodle.internal"))
                    .validity(Days(7))
                    .create(stack);
            },
            says: "must be less than `validity` 7 d",
        },
        Refused {
            property: "subject.country",
            build: |stack| {
                SelfSignedCertificate::named("subject")
                    .subject(Subject::new("moodle.internal").country("Germany"))
                    .create(stack);
            },
            says: "must be two capitals",
        },
    ],
    fixed: &[],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
