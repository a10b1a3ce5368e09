//! The case of `aws:rds:DbParameterGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::rds::DbParameterGroup, prelude::*};

fn refused(stack: &Stack, name: &str, value: &str) {
    DbParameterGroup::named("subject")
        .family("aurora-mysql8.4")
        .description("reports")
        .parameters([(name, value)])
        .create(stack);
}

/// A group of a family.
pub(super) fn parameters(stack: &Stack, name: &str, family: &str) -> DbParameterGroup {
    DbParameterGroup::named(name).family(family).description("reports").create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: DbParameterGroup::definition,
    build: |stack, v| {
        DbParameterGroup::named("subject")
            .db_parameter_group_name(v.pick("db_parameter_group_name", "campus", "college"))
            .family(v.pick("family", "aurora-mysql8.0", "aurora-mysql8.4"))
            .description(v.pick("description", "reports", "long questions"))
            .parameters(v.pick(
                "parameters",
                vec![("max_execution_time", "600000"), ("long_query_time", "1")],
                vec![("max_execution_time", "900000"), ("long_query_time", "1")],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "family",
            build: |stack| {
                parameters(stack, "subject", "mysql8.4");
            },
            says: "there are aurora-mysql8.0, aurora-mysql8.4",
        },
        Refused {
            property: "parameters.require_secure_transport",
            build: |stack| refused(stack, "require_secure_transport", "ON"),
            says: "holds for a whole cluster",
        },
        Refused {
            property: "parameters",
            build: |stack| refused(stack, "Max Connections", "100"),
            says: "they are written like `max_connections`",
        },
        Refused {
            property: "parameters.max_connections",
            build: |stack| refused(stack, "max_connections", ""),
            says: "leave the parameter out",
        },
        Refused {
            property: "db_parameter_group_name",
            build: |stack| {
                DbParameterGroup::named("subject")
                    .db_parameter_group_name("8-campus")
                    .family("aurora-mysql8.4")
                    .description("reports")
                    .create(stack);
            },
            says: "must begin with a letter",
        },
    ],
    fixed: &[],
    cfn: Cfn { name: "AWS::RDS::DBParameterGroup", differs: &[], renamed: &[] },
}];
