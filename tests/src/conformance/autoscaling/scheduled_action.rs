//! The case of `aws:autoscaling:ScheduledAction`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::autoscaling::{
        Group, LaunchTemplateSpecification, ScheduledAction, ScheduledActionBuilder,
    },
    dsl::Provided,
    prelude::*,
};

use super::group::{sized, template};
use crate::conformance::elbv2::load_balancer::Network;

/// Two groups.
pub(super) fn groups(stack: &Stack) -> [Group; 2] {
    let network = Network::private(stack, "vpc");
    let specification = LaunchTemplateSpecification::latest(&template(stack, "template"));
    ["one", "other"].map(|name| {
        sized(name, &network.subnets).launch_template(specification.clone()).create(stack)
    })
}

fn refused(
    stack: &Stack,
    change: impl FnOnce(ScheduledActionBuilder<Provided>) -> ScheduledActionBuilder<Provided>,
) {
    let [group, _] = groups(stack);
    change(ScheduledAction::named("subject").auto_scaling_group_name(&group)).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ScheduledAction::definition,
    build: |stack, v| {
        let [one, other] = groups(stack);
        ScheduledAction::named("subject")
            .auto_scaling_group_name(v.pick("auto_scaling_group_name", &one, &other))
            .scheduled_action_name(v.pick("scheduled_action_name", "morning", "exams"))
            .recurrence(v.pick("recurrence", "30 7 * * MON-FRI", "0 7 * * 1-5"))
            .time_zone(v.pick("time_zone", "Europe/Berlin", "Europe/Vienna"))
            .start_time(v.pick("start_time", "2027-02-01T06:00:00Z", "2027-02-08T06:00:00Z"))
            .end_time(v.pick("end_time", "2027-03-01T06:00:00Z", "2027-03-08T06:00:00Z"))
            .min_size(v.pick("min_size", 2_u32, 3))
            .max_size(v.pick("max_size", 10_u32, 12))
            .desired_capacity(v.pick("desired_capacity", 4_u32, 5))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "recurrence",
            build: |stack| {
                refused(stack, |subject| subject.recurrence("cron(0 7 ? * * *)").min_size(4_u32));
            },
            says: "has 6 fields; 5 are needed",
        },
        Refused {
            property: "recurrence",
            build: |stack| {
                refused(stack, |subject| subject.recurrence("0 25 * * *").min_size(4_u32));
            },
            says: "has \"25\" as hours; allowed are 0 to 23",
        },
        Refused {
            property: "time_zone",
            build: |stack| {
                refused(stack, |subject| {
                    subject.recurrence("0 7 * * *").time_zone("Berlin").min_size(4_u32)
                });
            },
            says: "such as Europe/Berlin",
        },
        Refused {
            property: "time_zone",
            build: |stack| {
                refused(stack, |subject| {
                    let once = subject.start_time("2027-02-01T06:00:00Z");
                    once.time_zone("Europe/Berlin").min_size(4_u32)
                });
            },
            says: "goes with `recurrence`; `start_time` is in UTC",
        },
        Refused {
            property: "recurrence",
            build: |stack| refused(stack, |subject| subject.min_size(4_u32)),
            says: "when does it happen?",
        },
        Refused {
            property: "min_size",
            build: |stack| refused(stack, |subject| subject.recurrence("0 7 * * *")),
            says: "it changes nothing",
        },
        Refused {
            property: "max_size",
            build: |stack| {
                refused(stack, |subject| {
                    subject.recurrence("0 7 * * *").min_size(4_u32).max_size(3_u32)
                });
            },
            says: "3 is less than `min_size` 4",
        },
        Refused {
            property: "desired_capacity",
            build: |stack| {
                refused(stack, |subject| {
                    subject.recurrence("0 7 * * *").min_size(4_u32).desired_capacity(3_u32)
                });
            },
            says: "3 is not between the sizes beside it",
        },
        Refused {
            property: "end_time",
            build: |stack| {
                refused(stack, |subject| {
                    let from = subject.recurrence("0 7 * * *").min_size(4_u32);
                    from.start_time("2027-02-01T06:00:00Z").end_time("2027-02-01T06:00:00Z")
                });
            },
            says: "is not after `start_time`",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::AutoScaling::ScheduledAction",
        differs: &[(
            "scheduled_action_arn",
            "told by DescribeScheduledActions; CloudFormation does not",
        )],
        renamed: &[],
    },
}];
