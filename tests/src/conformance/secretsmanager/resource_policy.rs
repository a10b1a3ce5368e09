//! The case of `aws:secretsmanager:ResourcePolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::{PolicyDocument, Principal, Statement},
        secretsmanager::{ResourcePolicy, Secret},
    },
    prelude::*,
};

fn read_by(principal: Principal) -> Statement {
    Statement::allow()
        .principals([principal])
        .actions(["secretsmanager:GetSecretValue"])
        .resources(["*"])
}

fn refused(stack: &Stack, statements: Vec<Statement>) {
    let secret = Secret::named("secret").create(stack);
    ResourcePolicy::named("subject")
        .secret_id(&secret)
        .resource_policy(PolicyDocument::new(statements))
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ResourcePolicy::definition,
    build: |stack, v| {
        let [one, two] = ["one", "two"].map(|name| Secret::named(name).create(stack));
        let account = v.pick("resource_policy", "123456789012", "210987654321");
        ResourcePolicy::named("subject")
            .secret_id(v.pick("secret_id", &one, &two))
            .resource_policy(PolicyDocument::new([read_by(Principal::aws(account))]))
            .block_public_policy(v.pick("block_public_policy", true, false))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "resource_policy.statements[0]",
            build: |stack| refused(stack, vec![read_by(Principal::everyone())]),
            says: "which `block_public_policy` shuts out",
        },
        Refused {
            property: "resource_policy.statements[0].resources",
            build: |stack| {
                let other = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:other-a1b2c3";
                let statement = read_by(Principal::aws("123456789012")).resources([other]);
                refused(stack, vec![statement]);
            },
            says: "is neither the secret",
        },
        Refused {
            property: "resource_policy.statements",
            build: |stack| refused(stack, vec![]),
            says: "a policy says something",
        },
        Refused {
            property: "resource_policy",
            build: |stack| {
                let all = (0..400).map(|number| {
                    read_by(Principal::aws("123456789012")).sid(format!("reader{number}").as_str())
                });
                refused(stack, all.collect());
            },
            says: "20480 are the most",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::SecretsManager::ResourcePolicy",
        differs: &[("Id", "the secret's ARN, which is a property here")],
        renamed: &[],
    },
}];
