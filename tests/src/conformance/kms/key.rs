//! The case of `aws:kms:Key`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::{PolicyDocument, Principal, Statement},
        kms::{Key, KeySpec, KeyUsage},
    },
    prelude::*,
};

/// A key, for cases of what is encrypted.
pub(crate) fn key(stack: &Stack, name: &str) -> Key {
    Key::named(name).create(stack)
}

/// Two of them.
pub(crate) fn keys(stack: &Stack) -> [Key; 2] {
    ["key", "other-key"].map(|name| key(stack, name))
}

/// A key of another region.
pub(crate) fn far_key(stack: &Stack) -> Key {
    Key::named("far-key").provider(&Provider::aws("us-east-1")).create(stack)
}

const ROOT: &str = "arn:aws:iam::123456789012:root";

fn managed_by(who: &str, actions: &[&str]) -> Statement {
    Statement::allow().principals([Principal::aws(who)]).actions(actions).resources(["*"])
}

fn alarms() -> Statement {
    Statement::allow()
        .principals([Principal::service("cloudwatch.amazonaws.com")])
        .actions(["kms:Decrypt", "kms:GenerateDataKey*"])
        .resources(["*"])
}

fn refused_policy(stack: &Stack, statement: Statement) {
    Key::named("subject").key_policy(PolicyDocument::new([statement])).create(stack);
}

fn refused_use(stack: &Stack, spec: KeySpec, usage: KeyUsage) {
    Key::named("subject").key_spec(spec).key_usage(usage).create(stack);
}

pub(crate) const CASES: &[Case] = &[SYMMETRIC, ASYMMETRIC];

const SYMMETRIC: Case = Case {
    ty: Key::definition,
    build: |stack, v| {
        Key::named("subject")
            .description(v.pick("description", "files", "the files of Moodle"))
            .key_policy(v.pick(
                "key_policy",
                PolicyDocument::new([managed_by(ROOT, &["kms:*"])]),
                PolicyDocument::new([managed_by("123456789012", &["kms:Put*"]), alarms()]),
            ))
            .multi_region(v.pick("multi_region", false, true))
            .rotation_period_in_days(v.pick("rotation_period_in_days", Days(365), Days(90)))
            .enabled(v.pick("enabled", true, false))
            .pending_window_in_days(v.pick("pending_window_in_days", Days(30), Days(7)))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "description",
            build: |stack| {
                Key::named("subject").description("x".repeat(8193).as_str()).create(stack);
            },
            says: "8192 characters at most",
        },
        Refused {
            property: "pending_window_in_days",
            build: |stack| {
                Key::named("subject").pending_window_in_days(Days(6)).create(stack);
            },
            says: "6 must be between 7 and 30 days",
        },
        Refused {
            property: "rotation_period_in_days",
            build: |stack| {
                Key::named("subject").rotation_period_in_days(Days(30)).create(stack);
            },
            says: "30 must be between 90 and 2560 days",
        },
        Refused {
            property: "key_policy",
            build: |stack| refused_policy(stack, alarms()),
            says: "lets nobody of the account 123456789012 do kms:PutKeyPolicy",
        },
        Refused {
            property: "key_policy",
            build: |stack| refused_policy(stack, managed_by(ROOT, &["kms:Decrypt"])),
            says: "allow kms:* to arn:aws:iam::123456789012:root",
        },
        Refused {
            property: "key_policy",
            build: |stack| {
                refused_policy(stack, managed_by("arn:aws:iam::999999999999:root", &["kms:*"]));
            },
            says: "could never be managed again",
        },
        Refused {
            property: "key_policy.statements[0].principals",
            build: |stack| {
                refused_policy(stack, Statement::allow().actions(["kms:*"]).resources(["*"]));
            },
            says: "says whom the statement is about",
        },
        Refused {
            property: "key_policy",
            build: |stack| {
                let users = (0..800).map(|n| format!("arn:aws:iam::123456789012:user/u-{n:010}"));
                let users: Vec<Principal> =
                    users.map(|user| Principal::aws(user.as_str())).collect();
                let statement =
                    Statement::allow().principals(users).actions(["kms:*"]).resources(["*"]);
                refused_policy(stack, statement);
            },
            says: "32768 are the most",
        },
    ],
    fixed: &[
        ("key_spec", "rotation is of symmetric keys alone: the second case"),
        ("key_usage", "a symmetric key has one use: the second case"),
    ],
    cfn: Cfn {
        name: "AWS::KMS::Key",
        differs: &[
            ("BypassPolicyLockoutSafetyCheck", "left out: what locks everybody out is a mistake"),
            ("EnableKeyRotation", "a `RotationPeriodInDays` says that it is on"),
            ("KeySpec", "replaces here, where CloudFormation fails; SM2 is of China alone"),
            ("KeyUsage", "replaces here, where CloudFormation fails"),
            ("MultiRegion", "replaces here, where CloudFormation fails"),
            ("Origin", "left out: key material of one's own is imported by hand"),
            ("RotationPeriodInDays", "GetKeyRotationStatus tells it"),
        ],
        renamed: &[],
    },
};

const ASYMMETRIC: Case = Case {
    ty: Key::definition,
    build: |stack, v| {
        let other = v.is("key_usage");
        let usage = if other { KeyUsage::EncryptDecrypt } else { KeyUsage::SignVerify };
        Key::named("subject")
            .key_spec(v.pick("key_spec", KeySpec::Rsa2048, KeySpec::EccNistP256))
            .key_usage(usage)
            .create(stack);
    },
    refused: &[
        Refused {
            property: "key_usage",
            build: |stack| {
                refused_use(stack, KeySpec::SymmetricDefault, KeyUsage::SignVerify);
            },
            says: "is not what a SYMMETRIC_DEFAULT key does: ENCRYPT_DECRYPT",
        },
        Refused {
            property: "key_usage",
            build: |stack| refused_use(stack, KeySpec::Hmac256, KeyUsage::EncryptDecrypt),
            says: "is not what a HMAC_256 key does: GENERATE_VERIFY_MAC",
        },
        Refused {
            property: "key_usage",
            build: |stack| refused_use(stack, KeySpec::Rsa4096, KeyUsage::KeyAgreement),
            says: "ENCRYPT_DECRYPT or SIGN_VERIFY",
        },
        Refused {
            property: "rotation_period_in_days",
            build: |stack| {
                Key::named("subject")
                    .key_spec(KeySpec::Rsa2048)
                    .rotation_period_in_days(Days(365))
                    .create(stack);
            },
            says: "can't be given for a RSA_2048 key",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
