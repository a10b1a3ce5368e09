//! The case of `aws:cloudfront:OriginAccessControl`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::cloudfront::{AccessControlOriginType, OriginAccessControl, SigningBehavior},
    prelude::*,
};

const PART: &str = "a part of `OriginAccessControlConfig`";

pub(crate) const CASES: &[Case] = &[Case {
    ty: OriginAccessControl::definition,
    build: |stack, v| {
        OriginAccessControl::named("subject")
            .name(v.pick("name", "campus", "campus-files"))
            .description(v.pick("description", "the campus", "all of the campus"))
            .origin_type(v.pick(
                "origin_type",
                AccessControlOriginType::S3,
                AccessControlOriginType::Lambda,
            ))
            .signing_behavior(v.pick(
                "signing_behavior",
                SigningBehavior::Always,
                SigningBehavior::NoOverride,
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                OriginAccessControl::named("subject").name("x".repeat(65)).create(stack);
            },
            says: "must have 1 to 64 letters",
        },
        Refused {
            property: "description",
            build: |stack| {
                OriginAccessControl::named("subject")
                    .name("campus")
                    .description("x".repeat(257))
                    .create(stack);
            },
            says: "256 characters at most",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudFront::OriginAccessControl",
        differs: &[
            ("OriginAccessControlConfig", "its parts are properties here; there is one protocol"),
            ("name", PART),
            ("description", PART),
            ("origin_type", PART),
            ("signing_behavior", PART),
        ],
        renamed: &[("Id", "origin_access_control_id")],
    },
}];
