//! The case of `aws:ecs:AccountSetting`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ecs::{AccountSetting, AccountSettingName, AccountSettingValue},
    prelude::*,
};

fn set(stack: &Stack, name: AccountSettingName, value: AccountSettingValue) {
    AccountSetting::named("subject").name(name).value(value).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: AccountSetting::definition,
    build: |stack, v| {
        let name =
            v.pick("name", AccountSettingName::AwsvpcTrunking, AccountSettingName::ClusterInsights);
        let value = v.pick("value", AccountSettingValue::Enabled, AccountSettingValue::Disabled);
        set(stack, name, value);
    },
    refused: &[
        Refused {
            property: "value",
            build: |stack| {
                set(stack, AccountSettingName::AwsvpcTrunking, AccountSettingValue::Enhanced);
            },
            says: "awsvpcTrunking takes one of enabled, disabled",
        },
        Refused {
            property: "value",
            build: |stack| {
                let name = AccountSettingName::FargateTaskRetirementWaitPeriod;
                set(stack, name, AccountSettingValue::Enabled);
            },
            says: "takes one of 0, 7, 14",
        },
        Refused {
            property: "value",
            build: |stack| {
                let name = AccountSettingName::TagResourceAuthorization;
                set(stack, name, AccountSettingValue::Enabled);
            },
            says: "takes one of on, off",
        },
        Refused {
            property: "value",
            build: |stack| {
                set(stack, AccountSettingName::ClusterInsights, AccountSettingValue::On);
            },
            says: "takes one of enabled, enhanced, disabled",
        },
        Refused {
            property: "value",
            build: |stack| {
                set(stack, AccountSettingName::DefaultLogDriverMode, AccountSettingValue::Enabled);
            },
            says: "takes one of blocking, non-blocking",
        },
        Refused {
            property: "",
            build: |stack| {
                for name in ["one", "subject"] {
                    AccountSetting::named(name)
                        .name(AccountSettingName::AwsvpcTrunking)
                        .value(AccountSettingValue::Enabled)
                        .create(stack);
                }
            },
            says: "have the same name",
        },
    ],
    fixed: &[],
    // CloudFormation sets no accounts up.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
