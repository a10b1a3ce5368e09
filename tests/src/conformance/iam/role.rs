//! The case of `aws:iam:Role`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{PolicyDocument, Principal, Role, Statement},
    prelude::*,
};

/// A trust policy of a service.
pub(crate) fn trust(service: &str) -> PolicyDocument {
    PolicyDocument::assumed_by_service(service)
}

fn refused(stack: &Stack, trust: PolicyDocument) {
    Role::named("subject").assume_role_policy_document(trust).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Role::definition,
    build: |stack, v| {
        let other = Role::named("other").assume_role_policy_document(trust("ec2.amazonaws.com"));
        let other = other.create(stack);
        let by_other = PolicyDocument::new([Statement::allow()
            .principals([Principal::aws(other.arn())])
            .actions(["sts:AssumeRole"])]);
        Role::named("subject")
            .assume_role_policy_document(v.pick(
                "assume_role_policy_document",
                trust("ecs-tasks.amazonaws.com"),
                by_other,
            ))
            .role_name(v.pick("role_name", "campus-task", "campus-job"))
            .path(v.pick("path", "/campus/", "/"))
            .description(v.pick("description", "tasks", "jobs"))
            .max_session_duration(v.pick("max_session_duration", Seconds(3600), Seconds(7200)))
            .permissions_boundary(v.pick(
                "permissions_boundary",
                "arn:aws:iam::aws:policy/PowerUserAccess",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "assume_role_policy_document.statements[0].principals",
            build: |stack| {
                refused(
                    stack,
                    PolicyDocument::new([Statement::allow().actions(["sts:AssumeRole"])]),
                );
            },
            says: "is empty",
        },
        Refused {
            property: "assume_role_policy_document",
            build: |stack| {
                let many = (0..200).map(|n| Principal::aws(format!("{n:012}").as_str()));
                let statement = Statement::allow()
                    .principals(many.collect::<Vec<_>>())
                    .actions(["sts:AssumeRole"]);
                refused(stack, PolicyDocument::new([statement]));
            },
            says: "the quota is 2048",
        },
        Refused {
            property: "max_session_duration",
            build: |stack| {
                Role::named("subject")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .max_session_duration(Seconds(60))
                    .create(stack);
            },
            says: "between 3600 and 43200",
        },
        Refused {
            property: "path",
            build: |stack| {
                Role::named("subject")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .path("campus")
                    .create(stack);
            },
            says: "begin and end with a slash",
        },
        Refused {
            property: "description",
            build: |stack| {
                Role::named("subject")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .description("x".repeat(1001).as_str())
                    .create(stack);
            },
            says: "1000 characters at most",
        },
        Refused {
            property: "permissions_boundary",
            build: |stack| {
                Role::named("subject")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .permissions_boundary("arn:aws:iam::210987654321:policy/x")
                    .create(stack);
            },
            says: "does not exist",
        },
        Refused {
            property: "role_name",
            build: |stack| {
                Role::named("subject")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .role_name("campus task")
                    .create(stack);
            },
            says: "letters, digits and +=,.@_-",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::IAM::Role",
        differs: &[
            (
                "ManagedPolicyArns",
                "left out: each is a RolePolicyAttachment, so that there is one way",
            ),
            ("Policies", "left out: each is a RolePolicy, so that there is one way"),
        ],
        renamed: &[],
    },
}];
