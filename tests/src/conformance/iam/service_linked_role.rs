//! The case of `aws:iam:ServiceLinkedRole`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{LinkedService, ServiceLinkedRole},
    prelude::*,
};

fn refused(stack: &Stack, service: LinkedService, suffix: &str) {
    ServiceLinkedRole::named("subject")
        .aws_service_name(service)
        .custom_suffix(suffix)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: ServiceLinkedRole::definition,
        build: |stack, v| {
            ServiceLinkedRole::named("subject")
                .aws_service_name(LinkedService::AutoScaling)
                .custom_suffix(v.pick("custom_suffix", "campus", "college"))
                .description(v.pick("description", "groups", "instances"))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "custom_suffix",
                build: |stack| refused(stack, LinkedService::Ecs, "campus"),
                says: "ecs.amazonaws.com has one role, without a suffix",
            },
            Refused {
                property: "custom_suffix",
                build: |stack| refused(stack, LinkedService::AutoScaling, "the campus"),
                says: "must be letters, digits and +=,.@_-",
            },
            Refused {
                property: "description",
                build: |stack| {
                    ServiceLinkedRole::named("subject")
                        .aws_service_name(LinkedService::Ecs)
                        .description("x".repeat(1001).as_str())
                        .create(stack);
                },
                says: "1000 characters at most",
            },
        ],
        fixed: &[("aws_service_name", "others have no suffix: the second case")],
        cfn: Cfn {
            name: "AWS::IAM::ServiceLinkedRole",
            differs: &[
                ("AWSServiceName", "the role's path tells it, and no role is without one"),
                ("CustomSuffix", "the role's name tells it"),
                ("arn", "told by GetRole; CloudFormation does not ask"),
            ],
            renamed: &[],
        },
    },
    Case {
        ty: ServiceLinkedRole::definition,
        build: |stack, v| {
            ServiceLinkedRole::named("subject")
                .aws_service_name(v.pick(
                    "aws_service_name",
                    LinkedService::Ecs,
                    LinkedService::Rds,
                ))
                .create(stack);
        },
        refused: &[Refused {
            property: "",
            build: |stack| {
                for name in ["one", "subject"] {
                    ServiceLinkedRole::named(name)
                        .aws_service_name(LinkedService::Spot)
                        .create(stack);
                }
            },
            says: "the same",
        }],
        fixed: &[("*", "the first case has second values of them")],
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
