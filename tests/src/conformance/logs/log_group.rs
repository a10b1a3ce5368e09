//! The case of `aws:logs:LogGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::logs::{LogGroup, LogGroupClass, Retention},
    prelude::*,
};

use crate::conformance::kms::key::{far_key, keys};

pub(crate) const CASES: &[Case] = &[Case {
    ty: LogGroup::definition,
    build: |stack, v| {
        let [one, other] = keys(stack);
        LogGroup::named("subject")
            .log_group_name(v.pick("log_group_name", "/campus/moodle", "/campus/cron"))
            .log_group_class(v.pick(
                "log_group_class",
                LogGroupClass::Standard,
                LogGroupClass::InfrequentAccess,
            ))
            .retention_in_days(v.pick("retention_in_days", Retention::Days90, Retention::Days365))
            .kms_key_id(v.pick("kms_key_id", &one, &other))
            .deletion_protection_enabled(v.pick("deletion_protection_enabled", true, false))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "log_group_name",
            build: |stack| {
                LogGroup::named("subject").log_group_name("aws/moodle").create(stack);
            },
            says: "which AWS keeps for itself",
        },
        Refused {
            property: "log_group_name",
            build: |stack| {
                LogGroup::named("subject").log_group_name("campus moodle").create(stack);
            },
            says: "letters, digits and /._-#",
        },
        Refused {
            property: "retention_in_days",
            build: |stack| {
                LogGroup::named("subject")
                    .log_group_class(LogGroupClass::Delivery)
                    .retention_in_days(Retention::Days7)
                    .create(stack);
            },
            says: "keeps events for two days",
        },
        Refused {
            property: "kms_key_id",
            build: |stack| {
                LogGroup::named("subject").kms_key_id(&far_key(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "log_group_name",
            build: |stack| {
                LogGroup::named("one").log_group_name("moodle").create(stack);
                LogGroup::named("subject").log_group_name("moodle").create(stack);
            },
            says: "the same",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Logs::LogGroup",
        differs: &[
            ("BearerTokenAuthenticationEnabled", "left out: nothing here sends logs over HTTP"),
            ("DataProtectionPolicy", "left out: Moodle's logs are not masked by AWS"),
            ("FieldIndexPolicies", "left out: a matter of queries, set where they are written"),
            ("LogGroupClass", "replaces here: the API has no call that changes it"),
            ("ResourcePolicyDocument", "left out: a policy of the account, not of the group"),
        ],
        renamed: &[],
    },
}];
