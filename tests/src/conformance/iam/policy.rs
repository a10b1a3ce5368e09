//! The case of `aws:iam:Policy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{Policy, PolicyDocument, Principal, Statement},
    prelude::*,
};

fn mailing() -> Statement {
    Statement::allow().actions(["ses:SendEmail"]).resources(["*"])
}

/// A policy, for cases of what is given one.
pub(crate) fn policy(stack: &Stack, name: &str) -> Policy {
    Policy::named(name).policy_document(PolicyDocument::new([mailing()])).create(stack)
}

fn refused(stack: &Stack, statement: Statement) {
    Policy::named("subject").policy_document(PolicyDocument::new([statement])).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Policy::definition,
    build: |stack, v| {
        let raw = mailing().actions(["ses:SendEmail", "ses:SendRawEmail"]);
        Policy::named("subject")
            .policy_document(v.pick(
                "policy_document",
                PolicyDocument::new([mailing()]),
                PolicyDocument::new([raw]),
            ))
            .policy_name(v.pick("policy_name", "campus-mail", "campus-post"))
            .path(v.pick("path", "/campus/", "/"))
            .description(v.pick("description", "mail", "post"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "policy_document.statements[0].principals",
            build: |stack| refused(stack, mailing().principals([Principal::everyone()])),
            says: "does not say who",
        },
        Refused {
            property: "policy_document",
            build: |stack| {
                let keys = (0..400).map(|n| format!("arn:aws:s3:::campus/{n:010}"));
                refused(stack, mailing().resources(keys.collect::<Vec<_>>()));
            },
            says: "6144 are the most",
        },
        Refused {
            property: "path",
            build: |stack| {
                Policy::named("subject")
                    .policy_document(PolicyDocument::new([mailing()]))
                    .path("campus")
                    .create(stack);
            },
            says: "begin and end with a slash",
        },
        Refused {
            property: "description",
            build: |stack| {
                Policy::named("subject")
                    .policy_document(PolicyDocument::new([mailing()]))
                    .description("x".repeat(1001).as_str())
                    .create(stack);
            },
            says: "1000 characters at most",
        },
        Refused {
            property: "policy_name",
            build: |stack| {
                Policy::named("subject")
                    .policy_document(PolicyDocument::new([mailing()]))
                    .policy_name("campus mail")
                    .create(stack);
            },
            says: "letters, digits and +=,.@_-",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::IAM::ManagedPolicy",
        differs: &[
            ("AttachmentCount", "left out: attachments are resources of their own"),
            ("CreateDate", "left out: nothing is made of it"),
            ("Groups", "left out: groups of people are not part of the architecture"),
            ("IsAttachable", "left out: policies of the account always are"),
            ("PermissionsBoundaryUsageCount", "left out: the roles say it"),
            ("Roles", "left out: each is a RolePolicyAttachment, so that there is one way"),
            ("UpdateDate", "left out: nothing is made of it"),
            ("Users", "left out: people are not part of the architecture"),
            ("tags", "CreatePolicy takes them; CloudFormation does not have them"),
        ],
        renamed: &[("ManagedPolicyName", "policy_name")],
    },
}];
