//! The case of `aws:route53:HostedZone`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::route53::HostedZone, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: HostedZone::definition,
    build: |stack, v| {
        HostedZone::named("subject")
            .name(v.pick("name", "campus.example.org", "school.example.org."))
            .comment(v.pick("comment", "the campus", "all of the campus"))
            .delegation_set_id(v.pick("delegation_set_id", "N1PA6795SAMPLE", "N2PA6795SAMPLE"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                HostedZone::named("subject").name("campus..example.org").create(stack);
            },
            says: "campus..example.org is no domain",
        },
        Refused {
            property: "comment",
            build: |stack| {
                let comment = "x".repeat(257);
                HostedZone::named("subject")
                    .name("a.example.org")
                    .comment(comment.as_str())
                    .create(stack);
            },
            says: "256 characters at most",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Route53::HostedZone",
        differs: &[
            ("HostedZoneConfig", "holds the comment alone, which is a property here"),
            ("HostedZoneFeatures", "left out: accelerated recovery is not used"),
            (
                "QueryLoggingConfig",
                "left out: it needs a log group of us-east-1 that DNS may write to",
            ),
            ("Name", "required: CreateHostedZone refuses a zone without one"),
            ("VPCs", "left out: zones are public ones here"),
            ("comment", "stands in `HostedZoneConfig`"),
            ("arn", "made of the id; CloudFormation does not tell it"),
        ],
        renamed: &[("Id", "hosted_zone_id"), ("HostedZoneTags", "tags")],
    },
}];
