//! The case of `aws:elasticache:ParameterGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::elasticache::ParameterGroup, prelude::*};

fn refused(stack: &Stack, name: &str, value: &str) {
    ParameterGroup::named("subject")
        .cache_parameter_group_family("valkey8")
        .description("the sessions")
        .parameters([(name, value)])
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ParameterGroup::definition,
    build: |stack, v| {
        ParameterGroup::named("subject")
            .cache_parameter_group_name(v.pick("cache_parameter_group_name", "campus", "college"))
            .cache_parameter_group_family(v.pick(
                "cache_parameter_group_family",
                "redis7",
                "valkey8",
            ))
            .description(v.pick("description", "the sessions", "Moodle's sessions"))
            .parameters(v.pick(
                "parameters",
                vec![("maxmemory-policy", "noeviction"), ("timeout", "300")],
                vec![("maxmemory-policy", "allkeys-lru"), ("timeout", "300")],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "cache_parameter_group_family",
            build: |stack| {
                ParameterGroup::named("subject")
                    .cache_parameter_group_family("memcached1.6")
                    .description("the sessions")
                    .create(stack);
            },
            says: "redis7, valkey7, valkey8, valkey9",
        },
        Refused {
            property: "parameters",
            build: |stack| refused(stack, "maxmemory_policy", "noeviction"),
            says: "they are written like `maxmemory-policy`",
        },
        Refused {
            property: "parameters.maxmemory-policy",
            build: |stack| refused(stack, "maxmemory-policy", "lru"),
            says: "volatile-ttl, noeviction",
        },
        Refused {
            property: "parameters.maxmemory",
            build: |stack| refused(stack, "maxmemory", "1gb"),
            says: "`cache_node_type` decides it",
        },
        Refused {
            property: "cache_parameter_group_name",
            build: |stack| {
                ParameterGroup::named("subject")
                    .cache_parameter_group_name("8-campus")
                    .cache_parameter_group_family("valkey8")
                    .description("the sessions")
                    .create(stack);
            },
            says: "must begin with a letter",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ElastiCache::ParameterGroup",
        differs: &[
            ("Description", "AWS has no call that changes it; CloudFormation tries and fails"),
            ("arn", "told by the API, not by CloudFormation"),
        ],
        renamed: &[("Properties", "parameters")],
    },
}];
