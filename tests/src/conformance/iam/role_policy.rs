//! The case of `aws:iam:RolePolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{PolicyDocument, Principal, Role, RolePolicy, Statement},
    prelude::*,
};

use super::role::trust;

fn reading(bucket: &str) -> PolicyDocument {
    let resources = [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")];
    PolicyDocument::new([Statement::allow()
        .sid("Read")
        .actions(["s3:GetObject", "s3:ListBucket"])
        .resources(resources)
        .conditions([("StringEquals", [("aws:SourceAccount", ["123456789012"])])])])
}

fn refused(stack: &Stack, name: &'static str, document: PolicyDocument) {
    let role =
        Role::named("role").assume_role_policy_document(trust("ec2.amazonaws.com")).create(stack);
    RolePolicy::named("subject")
        .role_name(&role)
        .policy_name(name)
        .policy_document(document)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: RolePolicy::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| {
            Role::named(name).assume_role_policy_document(trust("ec2.amazonaws.com")).create(stack)
        });
        let assuming = PolicyDocument::new([Statement::allow()
            .actions(["sts:AssumeRole"])
            .resources(inputs![other.arn()])]);
        RolePolicy::named("subject")
            .role_name(v.pick("role_name", &one, &other))
            .policy_name(v.pick("policy_name", "read", "look"))
            .policy_document(v.pick("policy_document", reading("campus"), assuming))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "policy_document.statements[0].actions",
            build: |stack| {
                let statement = Statement::allow().actions(["GetObject"]).resources(["*"]);
                refused(stack, "read", PolicyDocument::new([statement]));
            },
            says: "it looks like `s3:GetObject`",
        },
        Refused {
            property: "policy_document.statements[0].resources",
            build: |stack| {
                let statement = Statement::allow().actions(["s3:GetObject"]).resources(["campus"]);
                refused(stack, "read", PolicyDocument::new([statement]));
            },
            says: "neither an ARN nor `*`",
        },
        Refused {
            property: "policy_document.statements[0].principals",
            build: |stack| {
                let statement = Statement::allow()
                    .principals([Principal::everyone()])
                    .actions(["s3:GetObject"])
                    .resources(["*"]);
                refused(stack, "read", PolicyDocument::new([statement]));
            },
            says: "does not say who",
        },
        Refused {
            property: "policy_document",
            build: |stack| {
                let many = (0..300).map(|n| format!("arn:aws:s3:::campus-{n:010}/reports/*"));
                let statement =
                    Statement::allow().actions(["s3:*"]).resources(many.collect::<Vec<_>>());
                refused(stack, "read", PolicyDocument::new([statement]));
            },
            says: "10240 in all",
        },
        Refused {
            property: "policy_name",
            build: |stack| refused(stack, "read all", reading("campus")),
            says: "1 to 128 letters, digits",
        },
        Refused {
            property: "role_name",
            build: |stack| {
                RolePolicy::named("subject")
                    .role_name("nobody")
                    .policy_name("read")
                    .policy_document(reading("campus"))
                    .create(stack);
            },
            says: "the Role `nobody` does not exist",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::IAM::RolePolicy",
        differs: &[("PolicyDocument", "required here, as PutRolePolicy wants it")],
        renamed: &[],
    },
}];
