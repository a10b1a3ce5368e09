//! The case of `aws:cloudfront:CachePolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::cloudfront::{CachePolicy, CachePolicyBuilder, Selection},
    dsl::Provided,
    prelude::*,
};

const PART: &str = "a part of `CachePolicyConfig`";

fn policy() -> CachePolicyBuilder<Provided> {
    CachePolicy::named("subject").name("campus")
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: CachePolicy::definition,
    build: |stack, v| {
        CachePolicy::named("subject")
            .name(v.pick("name", "campus", "campus_theme"))
            .comment(v.pick("comment", "the campus", "all of the campus"))
            .min_ttl(v.pick("min_ttl", Seconds(0), Seconds(60)))
            .default_ttl(v.pick("default_ttl", Seconds(3600), Seconds(86_400)))
            .max_ttl(v.pick("max_ttl", Seconds(31_536_000), Seconds(86_400)))
            .headers(v.pick("headers", vec!["Accept-Language"], vec!["Accept-Language", "Origin"]))
            .cookies(v.pick("cookies", Selection::nothing(), Selection::only(["MoodleSession"])))
            .query_strings(v.pick(
                "query_strings",
                Selection::everything(),
                Selection::except(["utm_source"]),
            ))
            .enable_accept_encoding_gzip(v.pick("enable_accept_encoding_gzip", true, false))
            .enable_accept_encoding_brotli(v.pick("enable_accept_encoding_brotli", true, false))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                CachePolicy::named("subject").name("the campus").create(stack);
            },
            says: "must have 1 to 128 letters, digits, hyphens and _",
        },
        Refused {
            property: "",
            build: |stack| {
                for name in ["one", "subject"] {
                    CachePolicy::named(name).name("campus").create(stack);
                }
            },
            says: "have the same name, and only one can",
        },
        Refused {
            property: "comment",
            build: |stack| {
                policy().comment("x".repeat(129)).create(stack);
            },
            says: "128 characters at most",
        },
        Refused {
            property: "default_ttl",
            build: |stack| {
                policy().max_ttl(Seconds(60)).create(stack);
            },
            says: "86400 s must be between `min_ttl` 0 s and `max_ttl` 60 s",
        },
        Refused {
            property: "max_ttl",
            build: |stack| {
                policy().default_ttl(Seconds(0)).max_ttl(Seconds(0)).create(stack);
            },
            says: "caches nothing",
        },
        Refused {
            property: "headers",
            build: |stack| {
                policy().headers(["Accept-Encoding"]).create(stack);
            },
            says: "`enable_accept_encoding_gzip` and its like stand for it",
        },
        Refused {
            property: "cookies",
            build: |stack| {
                policy().cookies(Selection::only(Vec::<String>::new())).create(stack);
            },
            says: "has 0 names; 1 to 10 are allowed",
        },
        Refused {
            property: "query_strings",
            build: |stack| {
                policy().query_strings(Selection::except(["a", "A"])).create(stack);
            },
            says: "\"A\" is empty or stands twice",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CloudFront::CachePolicy",
        differs: &[
            ("CachePolicyConfig", "its parts are properties here"),
            ("LastModifiedTime", "left out: nobody depends on it"),
            ("name", PART),
            ("comment", PART),
            ("min_ttl", PART),
            ("default_ttl", PART),
            ("max_ttl", PART),
            ("headers", PART),
            ("cookies", PART),
            ("query_strings", PART),
            ("enable_accept_encoding_gzip", PART),
            ("enable_accept_encoding_brotli", PART),
        ],
        renamed: &[("Id", "cache_policy_id")],
    },
}];
