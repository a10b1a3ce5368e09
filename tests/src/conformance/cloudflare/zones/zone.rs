//! The case of `cloudflare:zones:Zone`.

use crate::conformance::{Case, Refused};
use infra_core::{
    cloudflare::{Plan, zones::Zone},
    prelude::*,
};

use crate::conformance::cloudflare::NO_CFN;

pub(crate) const CASES: &[Case] = &[Case {
    ty: Zone::definition,
    build: |stack, v| {
        Zone::lookup("subject")
            .name(v.pick("name", "campus.example.org", "school.example.org"))
            .plan(v.pick("plan", Plan::Pro, Plan::Business))
            .create(stack);
    },
    refused: &[Refused {
        property: "name",
        build: |stack| {
            Zone::lookup("subject").name("campus").plan(Plan::Free).create(stack);
        },
        says: "is no whole name",
    }],
    fixed: &[],
    cfn: NO_CFN,
}];
