//! The case of `aws:rds:DbClusterParameterGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::rds::DbClusterParameterGroup, prelude::*};

fn refused(stack: &Stack, name: &str, value: &str) {
    DbClusterParameterGroup::named("subject")
        .family("aurora-mysql8.4")
        .description("the database")
        .parameters([(name, value)])
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: DbClusterParameterGroup::definition,
    build: |stack, v| {
        DbClusterParameterGroup::named("subject")
            .db_cluster_parameter_group_name(v.pick(
                "db_cluster_parameter_group_name",
                "campus",
                "college",
            ))
            .family(v.pick("family", "aurora-mysql8.0", "aurora-mysql8.4"))
            .description(v.pick("description", "the database", "Moodle's database"))
            .parameters(v.pick(
                "parameters",
                vec![("character_set_server", "utf8mb4"), ("binlog_format", "OFF")],
                vec![("character_set_server", "utf8mb4"), ("binlog_format", "ROW")],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "family",
            build: |stack| {
                DbClusterParameterGroup::named("subject")
                    .family("mysql8.4")
                    .description("the database")
                    .create(stack);
            },
            says: "there are aurora-mysql8.0, aurora-mysql8.4",
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
            property: "parameters.require_secure_transport",
            build: |stack| refused(stack, "require_secure_transport", "yes"),
            says: "must be one of 0, 1, OFF, ON",
        },
        Refused {
            property: "db_cluster_parameter_group_name",
            build: |stack| {
                DbClusterParameterGroup::named("subject")
                    .db_cluster_parameter_group_name("8-campus")
                    .family("aurora-mysql8.4")
                    .description("the database")
                    .create(stack);
            },
            says: "must begin with a letter",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::RDS::DBClusterParameterGroup",
        differs: &[
            ("Parameters", "may be left out here: a group can be made before anything is in it"),
            ("db_cluster_parameter_group_arn", "told by the API, not by CloudFormation"),
        ],
        renamed: &[],
    },
}];
