//! The case of `aws:backup:Selection`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        backup::{ConditionParameter, Selection, SelectionConditions, TagCondition},
        iam::Role,
    },
    prelude::*,
};

use super::plan::plans;
use crate::conformance::iam::role::trust;

const FILES: &str = "arn:aws:elasticfilesystem:*:*:file-system/*";
const DATABASES: &str = "arn:aws:rds:*:*:cluster:*";

/// A role that a service may take on.
pub(super) fn role(stack: &Stack, name: &str, service: &str) -> Role {
    Role::named(name).assume_role_policy_document(trust(service)).create(stack)
}

fn refused(stack: &Stack, resources: &[&str]) {
    let [plan, _] = plans(stack);
    Selection::named("subject")
        .backup_plan_id(&plan)
        .selection_name("subject")
        .iam_role_arn(role(stack, "role", "backup.amazonaws.com").arn())
        .resources(resources)
        .create(stack);
}

fn tagged(value: &str) -> SelectionConditions {
    SelectionConditions::new().string_equals([ConditionParameter::tag("backup", value)])
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Selection::definition,
    build: |stack, v| {
        let [one, other] = plans(stack);
        let roles =
            ["role", "other-role"].map(|name| role(stack, name, "backup.amazonaws.com").arn());
        let [role, other_role] = roles;
        Selection::named("subject")
            .backup_plan_id(v.pick("backup_plan_id", &one, &other))
            .selection_name(v.pick("selection_name", "files", "data.files"))
            .iam_role_arn(v.pick("iam_role_arn", role, other_role))
            .resources(v.pick("resources", [FILES], [DATABASES]))
            .not_resources(v.pick("not_resources", vec![], vec!["arn:aws:s3:::campus"]))
            .list_of_tags(v.pick(
                "list_of_tags",
                [TagCondition::new("backup", "nightly")],
                [TagCondition::new("backup", "weekly")],
            ))
            .conditions(v.pick("conditions", tagged("nightly"), tagged("weekly")))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "selection_name",
            build: |stack| {
                let [plan, _] = plans(stack);
                Selection::named("subject")
                    .backup_plan_id(&plan)
                    .selection_name("all files")
                    .iam_role_arn(role(stack, "role", "backup.amazonaws.com").arn())
                    .resources([FILES])
                    .create(stack);
            },
            says: "letters, digits and `-_.`",
        },
        Refused {
            property: "iam_role_arn",
            build: |stack| {
                let [plan, _] = plans(stack);
                Selection::named("subject")
                    .backup_plan_id(&plan)
                    .selection_name("subject")
                    .iam_role_arn(role(stack, "role", "ec2.amazonaws.com").arn())
                    .resources([FILES])
                    .create(stack);
            },
            says: "does not let backup.amazonaws.com do so",
        },
        Refused {
            property: "resources",
            build: |stack| refused(stack, &["moodledata"]),
            says: "is neither an ARN nor `*`",
        },
        Refused {
            property: "resources",
            build: |stack| {
                let many: Vec<String> = (0..31).map(|n| format!("arn:aws:s3:::{n}*")).collect();
                refused(stack, &many.iter().map(String::as_str).collect::<Vec<_>>());
            },
            says: "has 31 ARNs with a wildcard; 30 are the most",
        },
        Refused {
            property: "conditions",
            build: |stack| {
                let [plan, _] = plans(stack);
                let bare = ConditionParameter::new("backup", "nightly");
                Selection::named("subject")
                    .backup_plan_id(&plan)
                    .selection_name("subject")
                    .iam_role_arn(role(stack, "role", "backup.amazonaws.com").arn())
                    .resources(["*"])
                    .conditions(SelectionConditions::new().string_not_like([bare]))
                    .create(stack);
            },
            says: "it looks like `aws:ResourceTag/backup`",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Backup::BackupSelection",
        differs: &[
            (
                "BackupSelection.ListOfTags.ConditionType",
                "STRINGEQUALS is the only one, and said by itself",
            ),
            (
                "BackupSelection.Conditions.StringEquals.ConditionKey",
                "required here: a condition without a key is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringEquals.ConditionValue",
                "required here: a condition without a value is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringNotEquals.ConditionKey",
                "required here: a condition without a key is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringNotEquals.ConditionValue",
                "required here: a condition without a value is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringLike.ConditionKey",
                "required here: a condition without a key is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringLike.ConditionValue",
                "required here: a condition without a value is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringNotLike.ConditionKey",
                "required here: a condition without a key is about nothing",
            ),
            (
                "BackupSelection.Conditions.StringNotLike.ConditionValue",
                "required here: a condition without a value is about nothing",
            ),
            ("Id", "CloudFormation's own: the ids of selection and plan"),
        ],
        renamed: &[("BackupSelection", "*")],
    },
}];
