//! The case of `local:crypto:RandomPassword`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{local::RandomPassword, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: RandomPassword::definition,
    build: |stack, v| {
        RandomPassword::named("subject")
            .length(v.pick("length", 40_u32, 41_u32))
            .lowercase(v.pick("lowercase", true, false))
            .uppercase(v.pick("uppercase", true, false))
            .digits(v.pick("digits", true, false))
            .symbols(v.pick("symbols", false, true))
            .exclude_characters(v.pick("exclude_characters", "Il1O0", "Il1"))
            .keepers(v.pick("keepers", [("term", "winter")], [("term", "summer")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "length",
            build: |stack| {
                RandomPassword::named("subject").length(4_u32).create(stack);
            },
            says: "4 must be between 8 and 4096",
        },
        Refused {
            property: "exclude_characters",
            build: |stack| {
                RandomPassword::named("subject").exclude_characters("0123456789").create(stack);
            },
            says: "leaves nothing of 0123456789",
        },
    ],
    fixed: &[],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
