//! The case of `aws:backup:RestoreTestingPlan`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::backup::{
        RecoveryPointSelection, RecoveryPointType, RestoreTestingPlan, SelectionAlgorithm,
    },
    prelude::*,
};

const LATEST: SelectionAlgorithm = SelectionAlgorithm::LatestWithinWindow;

fn points(vaults: &[&str]) -> RecoveryPointSelection {
    RecoveryPointSelection::new(LATEST, [RecoveryPointType::Snapshot], vaults)
}

/// A plan that restores something every Sunday.
pub(super) fn plan(stack: &Stack, name: &str) -> RestoreTestingPlan {
    RestoreTestingPlan::named(name)
        .restore_testing_plan_name(name)
        .schedule_expression("cron(0 4 ? * SUN *)")
        .recovery_point_selection(points(&["*"]))
        .create(stack)
}

fn scheduled(stack: &Stack, schedule: &str) {
    RestoreTestingPlan::named("subject")
        .restore_testing_plan_name("subject")
        .schedule_expression(schedule)
        .recovery_point_selection(points(&["*"]))
        .create(stack);
}

fn selecting(stack: &Stack, selection: RecoveryPointSelection) {
    RestoreTestingPlan::named("subject")
        .restore_testing_plan_name("subject")
        .schedule_expression("rate(7 days)")
        .recovery_point_selection(selection)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: RestoreTestingPlan::definition,
    build: |stack, v| {
        let any = RecoveryPointSelection::new(
            SelectionAlgorithm::RandomWithinWindow,
            [RecoveryPointType::Snapshot, RecoveryPointType::Continuous],
            ["*"],
        );
        let any = any
            .exclude_vaults(["arn:aws:backup:eu-central-1:123456789012:backup-vault:Default"])
            .selection_window_days(Days(7));
        RestoreTestingPlan::named("subject")
            .restore_testing_plan_name(v.pick("restore_testing_plan_name", "drill", "drill_2"))
            .schedule_expression(v.pick(
                "schedule_expression",
                "cron(0 4 ? * SUN *)",
                "rate(7 days)",
            ))
            .schedule_expression_timezone(v.pick(
                "schedule_expression_timezone",
                "UTC",
                "Europe/Berlin",
            ))
            .start_window_hours(v.pick("start_window_hours", Hours(24), Hours(1)))
            .recovery_point_selection(v.pick("recovery_point_selection", points(&["*"]), any))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "restore_testing_plan_name",
            build: |stack| {
                plan(stack, "every-week");
            },
            says: "letters, digits and `_`",
        },
        Refused {
            property: "schedule_expression",
            build: |stack| scheduled(stack, "at(2027-02-01T06:00:00)"),
            says: "is once",
        },
        Refused {
            property: "schedule_expression",
            build: |stack| scheduled(stack, "rate(12 hours)"),
            says: "is more often than every day",
        },
        Refused {
            property: "start_window_hours",
            build: |stack| {
                RestoreTestingPlan::named("subject")
                    .restore_testing_plan_name("subject")
                    .schedule_expression("rate(7 days)")
                    .start_window_hours(Hours(169))
                    .recovery_point_selection(points(&["*"]))
                    .create(stack);
            },
            says: "169 must be between 1 and 168",
        },
        Refused {
            property: "recovery_point_selection.include_vaults",
            build: |stack| selecting(stack, points(&["campus"])),
            says: "is neither the ARN of a vault nor `*`",
        },
        Refused {
            property: "recovery_point_selection.include_vaults",
            build: |stack| selecting(stack, points(&[])),
            says: "is empty",
        },
        Refused {
            property: "recovery_point_selection.recovery_point_types",
            build: |stack| {
                let none = Vec::<RecoveryPointType>::new();
                selecting(stack, RecoveryPointSelection::new(LATEST, none, ["*"]));
            },
            says: "is empty",
        },
        Refused {
            property: "recovery_point_selection.selection_window_days",
            build: |stack| selecting(stack, points(&["*"]).selection_window_days(Days(366))),
            says: "366 must be between 1 and 365",
        },
    ],
    fixed: &[],
    cfn: Cfn { name: "AWS::Backup::RestoreTestingPlan", differs: &[], renamed: &[] },
}];
