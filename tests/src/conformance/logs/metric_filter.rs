//! The case of `aws:logs:MetricFilter`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        cloudwatch::StandardUnit,
        logs::{LogGroup, LogGroupClass, MetricFilter, MetricTransformation},
    },
    prelude::*,
};

fn runs() -> MetricTransformation {
    MetricTransformation::new("CronRuns", "Campus", "1")
}

fn refused(stack: &Stack, pattern: &str, to: MetricTransformation) {
    let logs = LogGroup::named("cron").create(stack);
    MetricFilter::named("subject")
        .log_group_name(&logs)
        .filter_pattern(pattern)
        .metric_transformation(to)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: MetricFilter::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| LogGroup::named(name).create(stack));
        MetricFilter::named("subject")
            .log_group_name(v.pick("log_group_name", &one, &other))
            .filter_name(v.pick("filter_name", "done", "cron/done"))
            .filter_pattern(v.pick(
                "filter_pattern",
                "\"Cron run completed\"",
                "{ $.level = \"error\" && $.took = * }",
            ))
            .metric_transformation(
                v.pick(
                    "metric_transformation",
                    runs().default_value(0.0).unit(StandardUnit::Count),
                    MetricTransformation::new("Took", "Campus", "$.took")
                        .dimensions([("Task", "$.task")]),
                ),
            )
            .apply_on_transformed_logs(v.pick("apply_on_transformed_logs", false, true))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "filter_pattern",
            build: |stack| refused(stack, "{ $.level = \"error\"", runs()),
            says: "must begin with { and end with }",
        },
        Refused {
            property: "filter_pattern",
            build: |stack| refused(stack, "\"completed", runs()),
            says: "has a quote that is not closed",
        },
        Refused {
            property: "filter_pattern",
            build: |stack| refused(stack, &"x".repeat(1025), runs()),
            says: "has 1025 characters; 1024 are the most",
        },
        Refused {
            property: "metric_transformation.metric_name",
            build: |stack| refused(stack, "", MetricTransformation::new("a:b", "Campus", "1")),
            says: "without :, * and $",
        },
        Refused {
            property: "metric_transformation.metric_namespace",
            build: |stack| refused(stack, "", MetricTransformation::new("a", "AWS/ECS", "1")),
            says: "begins with AWS/, which AWS keeps for itself",
        },
        Refused {
            property: "metric_transformation.metric_namespace",
            build: |stack| refused(stack, "", MetricTransformation::new("a", "the campus", "1")),
            says: "characters of .-_/#",
        },
        Refused {
            property: "metric_transformation.metric_value",
            build: |stack| refused(stack, "", MetricTransformation::new("a", "Campus", "one")),
            says: "must be a number, or a field such as $duration",
        },
        Refused {
            property: "metric_transformation.default_value",
            build: |stack| {
                refused(stack, "", runs().default_value(0.0).dimensions([("Task", "$.task")]));
            },
            says: "can't be given beside `dimensions`",
        },
        Refused {
            property: "metric_transformation.dimensions",
            build: |stack| refused(stack, "", runs().dimensions([("Task", "cron")])),
            says: "write a field: $.level",
        },
        Refused {
            property: "log_group_name",
            build: |stack| {
                let logs = LogGroup::named("cron")
                    .log_group_class(LogGroupClass::InfrequentAccess)
                    .create(stack);
                MetricFilter::named("subject")
                    .log_group_name(&logs)
                    .filter_pattern("")
                    .metric_transformation(runs())
                    .create(stack);
            },
            says: "is of the class INFREQUENT_ACCESS, which has no metric filters",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Logs::MetricFilter",
        differs: &[
            ("EmitSystemFieldDimensions", "left out: of use to accounts that collect from others"),
            ("FieldSelectionCriteria", "left out: of use to accounts that collect from others"),
        ],
        renamed: &[("MetricTransformations", "metric_transformation")],
    },
}];
