//! The case of `aws:kms:Alias`.

use infra_core::{aws::kms::Alias, prelude::*};
use infra_tests::conformance::{Case, Cfn, Refused};

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER_KEY: &str =
    "arn:aws:kms:eu-central-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321";

fn refused_name(stack: &Stack, name: &str) {
    Alias::named("subject").alias_name(name).target_key_id(KEY).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Alias::definition,
    build: |stack, v| {
        Alias::named("subject")
            .alias_name(v.pick("alias_name", "alias/campus", "alias/campus/files"))
            .target_key_id(v.pick("target_key_id", KEY, OTHER_KEY))
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
                    .target_key_id("arn:aws:kms:us-east-1:123456789012:key/1234abcd")
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
