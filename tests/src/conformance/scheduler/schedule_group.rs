//! The case of `aws:scheduler:ScheduleGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::scheduler::ScheduleGroup, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ScheduleGroup::definition,
    build: |stack, v| {
        ScheduleGroup::named("subject")
            .name(v.pick("name", "seasons", "drills"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| {
                ScheduleGroup::named("subject").name("the seasons").create(stack);
            },
            says: "letters, digits, _ and -",
        },
        Refused {
            property: "name",
            build: |stack| {
                ScheduleGroup::named("subject").name("default").create(stack);
            },
            says: "that of the group that every account has",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Scheduler::ScheduleGroup",
        differs: &[
            ("CreationDate", "left out: nothing is made of it"),
            ("LastModificationDate", "left out: nothing is made of it"),
            ("State", "left out: a group that is there is active"),
        ],
        renamed: &[],
    },
}];
