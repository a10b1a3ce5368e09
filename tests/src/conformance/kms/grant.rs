//! The case of `aws:kms:Grant`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        RoleArn,
        iam::Role,
        kms::{Grant, GrantConstraints, GrantOperation, Key, KeySpec, KeyUsage},
    },
    prelude::*,
};

use super::key::{far_key, key, keys};
use crate::conformance::iam::role::trust;

fn role(stack: &Stack, name: &str) -> Output<RoleArn> {
    Role::named(name)
        .assume_role_policy_document(trust("ecs-tasks.amazonaws.com"))
        .create(stack)
        .arn()
}

fn refused(stack: &Stack, key: &Key, operations: &[GrantOperation]) {
    Grant::named("subject")
        .key_id(key)
        .grantee_principal(role(stack, "role"))
        .operations(operations)
        .create(stack);
}

fn within(pairs: &[(&str, &str)]) -> GrantConstraints {
    GrantConstraints::new().encryption_context_subset(pairs.to_vec())
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Grant::definition,
    build: |stack, v| {
        let [one, other] = keys(stack);
        let [task, cron, operator, auditor] =
            ["task", "cron", "operator", "auditor"].map(|name| role(stack, name));
        Grant::named("subject")
            .key_id(v.pick("key_id", &one, &other))
            .name(v.pick("name", "tasks", "files"))
            .grantee_principal(v.pick("grantee_principal", task, cron))
            .operations(v.pick(
                "operations",
                vec![GrantOperation::Decrypt],
                vec![GrantOperation::Decrypt, GrantOperation::GenerateDataKey],
            ))
            .retiring_principal(v.pick("retiring_principal", operator, auditor))
            .constraints(v.pick(
                "constraints",
                within(&[("site", "campus")]),
                GrantConstraints::new().encryption_context_equals([("site", "campus")]),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "operations",
            build: |stack| refused(stack, &key(stack, "key"), &[]),
            says: "is empty; a grant allows something",
        },
        Refused {
            property: "operations",
            build: |stack| refused(stack, &key(stack, "key"), &[GrantOperation::Sign]),
            says: "Sign is nothing that a key of use ENCRYPT_DECRYPT does",
        },
        Refused {
            property: "operations",
            build: |stack| {
                let signing = Key::named("key")
                    .key_spec(KeySpec::EccNistP256)
                    .key_usage(KeyUsage::SignVerify)
                    .create(stack);
                refused(stack, &signing, &[GrantOperation::Verify, GrantOperation::Decrypt]);
            },
            says: "Decrypt is nothing that a key of use SIGN_VERIFY does",
        },
        Refused {
            property: "key_id",
            build: |stack| refused(stack, &far_key(stack), &[GrantOperation::Decrypt]),
            says: "another region than eu-central-1",
        },
        Refused {
            property: "constraints",
            build: |stack| {
                Grant::named("subject")
                    .key_id(&key(stack, "key"))
                    .grantee_principal(role(stack, "role"))
                    .operations([GrantOperation::Decrypt])
                    .constraints(
                        within(&[("site", "campus")])
                            .encryption_context_equals([("site", "campus")]),
                    )
                    .create(stack);
            },
            says: "takes one of `encryption_context_subset` and",
        },
        Refused {
            property: "name",
            build: |stack| {
                Grant::named("subject")
                    .key_id(&key(stack, "key"))
                    .name("the tasks")
                    .grantee_principal(role(stack, "role"))
                    .operations([GrantOperation::Decrypt])
                    .create(stack);
            },
            says: "letters, digits, _ and -",
        },
    ],
    fixed: &[],
    // CloudFormation makes no grants.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
