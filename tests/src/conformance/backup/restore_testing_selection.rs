//! The cases of `aws:backup:RestoreTestingSelection`: by tags, and by ARNs.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::backup::{
        KeyValue, ProtectedResourceConditions, ProtectedResourceType, RestoreTestingSelection,
    },
    prelude::*,
};

use super::{restore_testing_plan::plan, selection::role};

const FILES: &str = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-01234567";
const OTHER_FILES: &str =
    "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-76543210";

fn tagged(key: &str) -> ProtectedResourceConditions {
    ProtectedResourceConditions::new().string_equals([KeyValue::new(key, "true")])
}

/// A selection of a plan that is refused for something.
macro_rules! refused {
    ($stack:ident, $service:literal, $name:literal $(, $setter:ident($value:expr))*) => {{
        RestoreTestingSelection::named("subject")
            .restore_testing_plan_name(plan($stack, "drill").restore_testing_plan_name())
            .restore_testing_selection_name($name)
            .protected_resource_type(ProtectedResourceType::Efs)
            .iam_role_arn(role($stack, "role", $service).arn())
            $(.$setter($value))*
            .create($stack);
    }};
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: RestoreTestingSelection::definition,
        build: |stack, v| {
            let [one, other] = ["one", "other"].map(|name| plan(stack, name));
            let [role, other_role] =
                ["role", "other-role"].map(|name| role(stack, name, "backup.amazonaws.com").arn());
            RestoreTestingSelection::named("subject")
                .restore_testing_plan_name(v.pick(
                    "restore_testing_plan_name",
                    one.restore_testing_plan_name(),
                    other.restore_testing_plan_name(),
                ))
                .restore_testing_selection_name(v.pick(
                    "restore_testing_selection_name",
                    "files",
                    "all_files",
                ))
                .protected_resource_type(v.pick(
                    "protected_resource_type",
                    ProtectedResourceType::Efs,
                    ProtectedResourceType::Aurora,
                ))
                .iam_role_arn(v.pick("iam_role_arn", role, other_role))
                .protected_resource_conditions(v.pick(
                    "protected_resource_conditions",
                    tagged("aws:ResourceTag/backup"),
                    tagged("aws:ResourceTag/drill"),
                ))
                .restore_metadata_overrides(v.pick(
                    "restore_metadata_overrides",
                    [("encrypted", "true")],
                    [("encrypted", "false")],
                ))
                .validation_window_hours(v.pick("validation_window_hours", Hours(0), Hours(8)))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "restore_testing_selection_name",
                build: |stack| refused!(stack, "backup.amazonaws.com", "all-files"),
                says: "letters, digits and `_`",
            },
            Refused {
                property: "iam_role_arn",
                build: |stack| refused!(stack, "ec2.amazonaws.com", "files"),
                says: "does not let backup.amazonaws.com do so",
            },
            Refused {
                property: "validation_window_hours",
                build: |stack| {
                    refused!(
                        stack,
                        "backup.amazonaws.com",
                        "files",
                        validation_window_hours(Hours(200))
                    );
                },
                says: "200 is more than 168",
            },
            Refused {
                property: "protected_resource_conditions",
                build: |stack| {
                    refused!(
                        stack,
                        "backup.amazonaws.com",
                        "files",
                        protected_resource_conditions(tagged("backup"))
                    );
                },
                says: "it looks like `aws:ResourceTag/backup`",
            },
        ],
        fixed: &[("protected_resource_arns", "conditions exclude them; the other case has them")],
        cfn: Cfn { name: "AWS::Backup::RestoreTestingSelection", differs: &[], renamed: &[] },
    },
    Case {
        ty: RestoreTestingSelection::definition,
        build: |stack, v| {
            let plan = plan(stack, "drill");
            RestoreTestingSelection::named("subject")
                .restore_testing_plan_name(plan.restore_testing_plan_name())
                .restore_testing_selection_name("files")
                .protected_resource_type(ProtectedResourceType::Efs)
                .iam_role_arn(role(stack, "role", "backup.amazonaws.com").arn())
                .protected_resource_arns(v.pick("protected_resource_arns", [FILES], [OTHER_FILES]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "protected_resource_arns",
                build: |stack| {
                    refused!(
                        stack,
                        "backup.amazonaws.com",
                        "files",
                        protected_resource_arns(["*", FILES])
                    );
                },
                says: "names resources beside `*`",
            },
            Refused {
                property: "protected_resource_arns",
                build: |stack| {
                    refused!(
                        stack,
                        "backup.amazonaws.com",
                        "files",
                        protected_resource_arns(["moodledata"])
                    );
                },
                says: "is neither an ARN nor `*`",
            },
            Refused {
                property: "protected_resource_conditions",
                build: |stack| {
                    refused!(
                        stack,
                        "backup.amazonaws.com",
                        "files",
                        protected_resource_arns([FILES]),
                        protected_resource_conditions(tagged("aws:ResourceTag/backup"))
                    );
                },
                says: "can't be given beside ARNs",
            },
        ],
        fixed: &[("*", "the first case has second values of them")],
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
