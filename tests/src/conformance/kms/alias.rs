//! The case of `aws:kms:Alias`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::kms::Alias, prelude::*};

use super::key::{far_key, key, keys};

fn refused_name(stack: &Stack, name: &str) {
    Alias::named("subject").alias_name(name).target_key_id(&key(stack, "key")).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Alias::definition,
    build: |stack, v| {
        let [one, other] = keys(stack);
        Alias::named("subject")
            .alias_name(v.pick("alias_name", "alias/campus", "alias/campus/files"))
            .target_key_id(v.pick("target_key_id", &one, &other))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "alias_name",
            build: |stack| refused_name(stack, "campus"),
            says: "must begin with `alias/`",
        },
        Refused {
            property: "alias_name",
            build: |stack| refused_name(stack, "alias/aws/campus"),
            says: "begins with alias/aws/, which AWS keeps for itself",
        },
        Refused {
            property: "alias_name",
            build: |stack| refused_name(stack, "alias/campus files"),
            says: "1 to 250 letters, digits and /_- after `alias/`",
        },
        Refused {
            property: "target_key_id",
            build: |stack| {
                Alias::named("subject")
                    .alias_name("alias/campus")
                    .target_key_id(&far_key(stack))
                    .create(stack);
            },
            says: "another region than eu-central-1",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::KMS::Alias",
        differs: &[("alias_arn", "an output of ListAliases, which policies name")],
        renamed: &[],
    },
}];
