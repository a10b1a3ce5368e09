//! The case of `local:crypto:ClientCertificate`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    local::{ClientCertificate, Subject},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ClientCertificate::definition,
    build: |stack, v| {
        let [edge, other] = ["edge", "other edge"].map(Subject::new);
        ClientCertificate::named("subject")
            .subject(v.pick("subject", edge, other))
            .validity(v.pick("validity", Days(365), Days(730)))
            .renew_before(v.pick("renew_before", Days(90), Days(30)))
            .keepers(v.pick("keepers", [("term", "winter")], [("term", "summer")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "renew_before",
            build: |stack| {
                ClientCertificate::named("subject")
                    .subject(Subject::new("edge"))
                    .validity(Days(30))
                    .create(stack);
            },
            says: "must be less than `validity` 30 d",
        },
        Refused {
            property: "subject.common_name",
            build: |stack| {
                ClientCertificate::named("subject").subject(Subject::new("")).create(stack);
            },
            says: "must have 1 to 64 characters",
        },
    ],
    fixed: &[],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
