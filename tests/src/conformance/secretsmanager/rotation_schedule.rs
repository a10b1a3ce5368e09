//! The case of `aws:secretsmanager:RotationSchedule`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::secretsmanager::{RotationRules, RotationSchedule, Secret},
    prelude::*,
};

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:rotate";
const OTHER: &str = "arn:aws:lambda:eu-central-1:123456789012:function:rotate-2";

fn secret(stack: &Stack, name: &str) -> Secret {
    Secret::named(name).secret_string("hunter2").create(stack)
}

fn refused(stack: &Stack, rules: RotationRules) {
    RotationSchedule::named("subject")
        .secret_id(&secret(stack, "secret"))
        .rotation_rules(rules)
        .rotation_lambda_arn(FUNCTION)
        .create(stack);
}

const HOSTED: &str = "left out: a transform of templates, which makes a function beside";
const EXTERNAL: &str = "left out: secrets that AWS rotates for third parties";

pub(crate) const CASES: &[Case] = &[Case {
    ty: RotationSchedule::definition,
    build: |stack, v| {
        let [one, two] = ["one", "two"].map(|name| secret(stack, name));
        RotationSchedule::named("subject")
            .secret_id(v.pick("secret_id", &one, &two))
            .rotation_rules(v.pick(
                "rotation_rules",
                RotationRules::by("cron(0 4 ? * SUN *)").duration(Hours(2)),
                RotationRules::every(Days(30)),
            ))
            .rotation_lambda_arn(v.pick("rotation_lambda_arn", FUNCTION, OTHER))
            .rotate_immediately_on_update(v.pick("rotate_immediately_on_update", true, false))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "rotation_rules",
            build: |stack| refused(stack, RotationRules::new()),
            says: "is given, one of the two",
        },
        Refused {
            property: "rotation_rules.automatically_after_days",
            build: |stack| refused(stack, RotationRules::every(Days(1001))),
            says: "1001 must be between 1 and 1000",
        },
        Refused {
            property: "rotation_rules.schedule_expression",
            build: |stack| refused(stack, RotationRules::by("rate(2 hours)")),
            says: "rotates more often than every 4 hours",
        },
        Refused {
            property: "rotation_rules.schedule_expression",
            build: |stack| refused(stack, RotationRules::by("cron(0 0/3 * * ? *)")),
            says: "rotates more often than every 4 hours",
        },
        Refused {
            property: "rotation_rules.schedule_expression",
            build: |stack| refused(stack, RotationRules::by("cron(30 4 ? * SUN *)")),
            says: "minutes must be 0",
        },
        Refused {
            property: "rotation_rules.schedule_expression",
            build: |stack| refused(stack, RotationRules::by("at(2030-02-01T06:00:00)")),
            says: "names one moment",
        },
        Refused {
            property: "rotation_rules.duration",
            build: |stack| {
                refused(stack, RotationRules::by("cron(0 22 ? * SUN *)").duration(Hours(3)));
            },
            says: "3 h reaches into the next day",
        },
        Refused {
            property: "rotation_rules.duration",
            build: |stack| refused(stack, RotationRules::by("rate(6 hours)").duration(Hours(7))),
            says: "7 h reaches into the next rotation",
        },
        Refused {
            property: "rotation_lambda_arn",
            build: |stack| {
                RotationSchedule::named("subject")
                    .secret_id(&secret(stack, "secret"))
                    .rotation_rules(RotationRules::every(Days(30)))
                    .create(stack);
            },
            says: "no service rotates",
        },
        Refused {
            property: "rotation_lambda_arn",
            build: |stack| {
                RotationSchedule::named("subject")
                    .secret_id(&secret(stack, "secret"))
                    .rotation_rules(RotationRules::every(Days(30)))
                    .rotation_lambda_arn("arn:aws:lambda:us-east-1:123456789012:function:rotate")
                    .create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "secret_id",
            build: |stack| {
                RotationSchedule::named("subject")
                    .secret_id(&Secret::named("empty").create(stack))
                    .rotation_rules(RotationRules::every(Days(30)))
                    .rotation_lambda_arn(FUNCTION)
                    .create(stack);
            },
            says: "has no value to rotate",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::SecretsManager::RotationSchedule",
        differs: &[
            ("ExternalSecretRotationMetadata", EXTERNAL),
            ("ExternalSecretRotationRoleArn", EXTERNAL),
            ("HostedRotationLambda", HOSTED),
            ("Id", "the secret's ARN, which is a property here"),
            ("RotationRules", "required here: who keeps a schedule says when"),
        ],
        renamed: &[("RotationLambdaARN", "rotation_lambda_arn")],
    },
}];
