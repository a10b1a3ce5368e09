//! The case of `aws:cloudfront:OriginRequestPolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::cloudfront::{HeaderSelection, Nothing, OriginRequestPolicy, Selection},
    prelude::*,
};

const PART: &str = "a part of `OriginRequestPolicyConfig`";

fn refused(stack: &Stack, headers: HeaderSelection) {
    OriginRequestPolicy::named("subject").name("campus").headers(headers).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: OriginRequestPolicy::definition,
    build: |stack, v| {
        OriginRequestPolicy::named("subject")
            .name(v.pick("name", "campus", "campus_moodle"))
            .comment(v.pick("comment", "the campus", "all of the campus"))
            .headers(v.pick(
                "headers",
                HeaderSelection::all_viewer(Nothing::new()),
                HeaderSelection::all_viewer_and_cloud_front(["CloudFront-Viewer-Country"]),
            ))
            .cookies(v.pick("cookies", Selection::everything(), Selection::only(["a"])))
            .query_strings(v.pick("query_strings", Selection::everything(), Selection::nothing()))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                OriginRequestPolicy::named("subject").name("the campus").create(stack);
            },
            says: "must have 1 to 128 letters, digits, hyphens and _",
        },
        Refused {
            property: "headers",
            build: |stack| refused(stack, HeaderSelection::only(["Authorization"])),
            says: "Authorization can't be let through by itself",
        },
        Refused {
            property: "headers",
            build: |stack| refused(stack, HeaderSelection::all_viewer_and_cloud_front(["Host"])),
            says: "Host is not one that CloudFront makes",
        },
        Refused {
            property: "headers",
            build: |stack| {
                refused(stack, HeaderSelection::all_viewer_except(Vec::<String>::new()));
            },
            says: "has 0 names",
        },
        Refused {
            property: "cookies",
            build: |stack| {
                let many = (0..11).map(|number| format!("c{number}")).collect::<Vec<_>>();
                OriginRequestPolicy::named("subject")
                    .name("campus")
                    .cookies(Selection::only(many))
                    .create(stack);
            },
            says: "has 11 names; 1 to 10 are allowed",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudFront::OriginRequestPolicy",
        differs: &[
            ("OriginRequestPolicyConfig", "its parts are properties here"),
            ("LastModifiedTime", "left out: nobody depends on it"),
            ("name", PART),
            ("comment", PART),
            ("headers", PART),
            ("cookies", PART),
            ("query_strings", PART),
        ],
        renamed: &[("Id", "origin_request_policy_id")],
    },
}];
