//! The case of `aws:secretsmanager:Secret`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::secretsmanager::{GenerateSecretString, ReplicaRegion, Secret},
    prelude::*,
};

use crate::conformance::kms::key::{far_key, keys};

fn generated() -> GenerateSecretString {
    GenerateSecretString::new()
        .exclude_characters("\"@/\\")
        .secret_string_template(r#"{"username": "moodle"}"#)
        .generate_string_key("password")
}

fn refused_generated(stack: &Stack, generate: GenerateSecretString) {
    Secret::named("subject").generate_secret_string(generate).create(stack);
}

pub(crate) const CASES: &[Case] = &[GIVEN, GENERATED];

const GIVEN: Case = Case {
    ty: Secret::definition,
    build: |stack, v| {
        let [one, other] = keys(stack);
        Secret::named("subject")
            .name(v.pick("name", "campus/database", "campus/db"))
            .description(v.pick("description", "the database", "Moodle's database"))
            .secret_string(v.pick("secret_string", "hunter2", "hunter3"))
            .kms_key_id(v.pick("kms_key_id", &one, &other))
            .replica_regions(v.pick(
                "replica_regions",
                vec![ReplicaRegion::new("eu-west-1")],
                vec![ReplicaRegion::new("eu-west-1"), ReplicaRegion::new("eu-north-1")],
            ))
            .recovery_window_in_days(v.pick("recovery_window_in_days", Days(7), Days(0)))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "recovery_window_in_days",
            build: |stack| {
                Secret::named("subject").recovery_window_in_days(Days(3)).create(stack);
            },
            says: "between 7 and 30, or 0",
        },
        Refused {
            property: "replica_regions",
            build: |stack| {
                Secret::named("subject")
                    .replica_regions([ReplicaRegion::new("eu-central-1")])
                    .create(stack);
            },
            says: "or the secret's own region eu-central-1",
        },
        Refused {
            property: "name",
            build: |stack| {
                Secret::named("subject").name("campus database").create(stack);
            },
            says: "letters, digits and /_+=.@-",
        },
        Refused {
            property: "description",
            build: |stack| {
                Secret::named("subject").description("x".repeat(2049).as_str()).create(stack);
            },
            says: "2048 characters at most",
        },
        Refused {
            property: "kms_key_id",
            build: |stack| {
                Secret::named("subject").kms_key_id(&far_key(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
    ],
    fixed: &[(
        "generate_secret_string",
        "excludes `secret_string`; the second case has it in its place",
    )],
    cfn: Cfn {
        name: "AWS::SecretsManager::Secret",
        differs: &[
            ("Type", "left out: secrets that AWS rotates for third parties"),
            ("recovery_window_in_days", "DeleteSecret's; CloudFormation always waits for 30 days"),
            ("version_id", "told by PutSecretValue; CloudFormation does not tell it"),
        ],
        renamed: &[("Id", "arn")],
    },
};

const GENERATED: Case = Case {
    ty: Secret::definition,
    build: |stack, v| {
        let without_punctuation =
            GenerateSecretString::new().password_length(40_u32).exclude_punctuation(true);
        Secret::named("subject")
            .generate_secret_string(v.pick(
                "generate_secret_string",
                generated(),
                without_punctuation,
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "generate_secret_string",
            build: |stack| {
                Secret::named("subject")
                    .secret_string("hunter2")
                    .generate_secret_string(generated())
                    .create(stack);
            },
            says: "exclude each other",
        },
        Refused {
            property: "generate_secret_string.password_length",
            build: |stack| {
                refused_generated(stack, GenerateSecretString::new().password_length(5000_u32));
            },
            says: "5000 must be between 1 and 4096",
        },
        Refused {
            property: "generate_secret_string.password_length",
            build: |stack| {
                refused_generated(stack, GenerateSecretString::new().password_length(3_u32));
            },
            says: "too short to have one of each kind",
        },
        Refused {
            property: "generate_secret_string",
            build: |stack| {
                let generate = GenerateSecretString::new()
                    .exclude_lowercase(true)
                    .exclude_uppercase(true)
                    .exclude_numbers(true)
                    .exclude_punctuation(true);
                refused_generated(stack, generate);
            },
            says: "leave no character",
        },
        Refused {
            property: "generate_secret_string.secret_string_template",
            build: |stack| refused_generated(stack, generated().secret_string_template("moodle")),
            says: "is no JSON object",
        },
        Refused {
            property: "generate_secret_string.secret_string_template",
            build: |stack| {
                refused_generated(stack, GenerateSecretString::new().generate_string_key("x"));
            },
            says: "is needed beside the key",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
