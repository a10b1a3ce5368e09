//! The cases of `aws:ssm:Parameter`: text, and something secret.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ssm::{
        Parameter, ParameterBuilder, ParameterDataType, ParameterPolicy, ParameterTier,
        ParameterType,
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::kms::key::{far_key, key, keys};

fn subject(kind: ParameterType) -> ParameterBuilder<Provided> {
    Parameter::named("subject").parameter_type(kind)
}

fn text(value: &str) -> ParameterBuilder<Provided> {
    subject(ParameterType::Text).value(value)
}

fn ends() -> ParameterPolicy {
    ParameterPolicy::expiration("2030-02-01T06:00:00Z")
}

const NAMES: &[Refused] = &[
    Refused {
        property: "parameter_name",
        build: |stack| {
            text("10").parameter_name("campus/limit").create(stack);
        },
        says: "has folders, and must begin with a slash",
    },
    Refused {
        property: "parameter_name",
        build: |stack| {
            text("10").parameter_name("/campus/limit/").create(stack);
        },
        says: "none at its end",
    },
    Refused {
        property: "parameter_name",
        build: |stack| {
            text("10").parameter_name("/aws/limit").create(stack);
        },
        says: "which AWS keeps for itself",
    },
    Refused {
        property: "parameter_name",
        build: |stack| {
            text("10").parameter_name("/a".repeat(16).as_str()).create(stack);
        },
        says: "has more than 15 folders",
    },
    Refused {
        property: "tier",
        build: |stack| {
            text(&"x".repeat(4097)).create(stack);
        },
        says: "`value` has 4097 bytes; the tier Standard allows 4096",
    },
    Refused {
        property: "policies",
        build: |stack| {
            text("10").policies([ends()]).create(stack);
        },
        says: "need the `tier` Advanced",
    },
    Refused {
        property: "policies",
        build: |stack| {
            let told = ParameterPolicy::expiration_notification(Days(15));
            text("10").tier(ParameterTier::Advanced).policies([told]).create(stack);
        },
        says: "`expiration_notification` needs an `expiration`",
    },
    Refused {
        property: "policies",
        build: |stack| {
            text("10").tier(ParameterTier::Advanced).policies([ends(), ends()]).create(stack);
        },
        says: "name two moments",
    },
    Refused {
        property: "data_type",
        build: |stack| {
            text("al2023").data_type(ParameterDataType::Ec2Image).create(stack);
        },
        says: "the id of an image",
    },
    Refused {
        property: "description",
        build: |stack| {
            text("10").description("x".repeat(1025)).create(stack);
        },
        says: "has 1025 characters; 1024 are allowed",
    },
    Refused {
        property: "key_id",
        build: |stack| {
            text("10").key_id(&key(stack, "key")).create(stack);
        },
        says: "a String is not encrypted",
    },
];

const SECRETS: &[Refused] = &[
    Refused {
        property: "value",
        build: |stack| {
            subject(ParameterType::Secure).value("hunter2").create(stack);
        },
        says: "shows what is to be secure",
    },
    Refused {
        property: "secure_value",
        build: |stack| {
            subject(ParameterType::List).secure_value("hunter2").create(stack);
        },
        says: "of a StringList would be shown",
    },
    Refused {
        property: "secure_value",
        build: |stack| {
            subject(ParameterType::Secure).create(stack);
        },
        says: "value",
    },
    Refused {
        property: "key_id",
        build: |stack| {
            subject(ParameterType::Secure)
                .secure_value("hunter2")
                .key_id(&far_key(stack))
                .create(stack);
        },
        says: "another region than eu-central-1",
    },
];

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: Parameter::definition,
        build: |stack, v| {
            let (one, two) = (ParameterTier::IntelligentTiering, ParameterTier::Advanced);
            let told = ParameterPolicy::no_change_notification(Days(30));
            Parameter::named("subject")
                .parameter_type(v.pick("parameter_type", ParameterType::Text, ParameterType::List))
                .parameter_name(v.pick("parameter_name", "/campus/limit", "/campus/limits"))
                .value(v.pick("value", "10", "20"))
                .description(v.pick("description", "a limit", "the limit"))
                .allowed_pattern(v.pick("allowed_pattern", "^[0-9]+$", "^[0-9]{2}$"))
                .tier(v.pick("tier", one, two))
                .policies(v.pick("policies", vec![ends()], vec![ends(), told]))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: NAMES,
        fixed: &[
            ("secure_value", "excludes `value`; the second case has it"),
            ("key_id", "goes with a secure string; the second case has it"),
            ("data_type", "goes with a value that is an image; the third case has it"),
        ],
        cfn: Cfn {
            name: "AWS::SSM::Parameter",
            differs: &[
                ("AllowedPattern", "told by DescribeParameters; CloudFormation does not ask"),
                ("Description", "told by DescribeParameters; CloudFormation does not ask"),
                ("Policies", "told by DescribeParameters; CloudFormation does not ask"),
                ("Tier", "told by DescribeParameters; CloudFormation does not ask"),
                ("Type", "replaces here, and can be secure: state keeps secrets sealed"),
                ("Value", "or `secure_value`, where it is secret"),
                ("key_id", "goes with secure strings, which CloudFormation can't make"),
                ("secure_value", "CloudFormation can't make secure strings"),
                ("version", "from PutParameter; CloudFormation does not tell it"),
            ],
            renamed: &[("Name", "parameter_name"), ("Type", "parameter_type")],
        },
    },
    Case {
        ty: Parameter::definition,
        build: |stack, v| {
            let [key, other] = keys(stack);
            subject(ParameterType::Secure)
                .secure_value(v.pick("secure_value", "hunter2", "hunter3"))
                .key_id(v.pick("key_id", &key, &other))
                .create(stack);
        },
        refused: SECRETS,
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
    Case {
        ty: Parameter::definition,
        build: |stack, v| {
            let kind = v.pick("data_type", ParameterDataType::Text, ParameterDataType::Ec2Image);
            text("ami-0123456789abcdef0").data_type(kind).create(stack);
        },
        refused: SECRETS,
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
