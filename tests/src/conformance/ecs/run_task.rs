//! The cases of `aws:ecs:RunTask`: on a group's instances, by launch type, on Fargate.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        SecurityGroupId,
        ec2::Subnet,
        ecs::{
            CapacityProviderStrategyItem, Cluster, Compatibility, ContainerOverride, LaunchType,
            NetworkConfiguration, NetworkMode, PlacementConstraint, PlacementConstraintType,
            PlacementStrategy, RunTask, RunTaskBuilder, TaskOverride,
        },
    },
    dsl::Provided,
    prelude::*,
};

use super::{
    service::Site,
    task_definition::{of, on_fargate, role, web},
};

type Subject = RunTaskBuilder<Provided, Provided>;

const NONE: Cfn = Cfn { name: "", differs: &[], renamed: &[] };

/// A task on instances, and what is wrong with it.
fn refused(stack: &Stack, change: impl FnOnce(Subject) -> Subject) {
    let site = Site::new(stack);
    let subject = RunTask::named("subject")
        .cluster(&site.cluster)
        .task_definition(&of("web", [web()]).create(stack))
        .capacity_provider_strategy([CapacityProviderStrategyItem::new(&site.web)]);
    change(subject).create(stack);
}

fn overridden(stack: &Stack, differs: TaskOverride) {
    refused(stack, |subject| subject.overrides(differs));
}

const ON_INSTANCES: Case = Case {
    ty: RunTask::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let elsewhere = Cluster::named("elsewhere").create(stack);
        site.join(stack, "elsewhere", &elsewhere);
        let task = role(stack, "task");
        let [one, two] = ["one", "two"].map(|name| {
            of(name, [web()])
                .network_mode(NetworkMode::Awsvpc)
                .task_role_arn(task.arn())
                .create(stack)
        });
        let [a, b, c] = &site.network.subnets;
        let within = |subnets: &[&Subnet]| {
            NetworkConfiguration::private(subnets.to_vec(), Vec::<SecurityGroupId>::new())
        };
        let item = CapacityProviderStrategyItem::new(&site.web);
        let command = |name: &str| ContainerOverride::new("web").command(["php", name]);
        RunTask::named("subject")
            .cluster(v.pick("cluster", &site.cluster, &elsewhere))
            .task_definition(v.pick("task_definition", &one, &two))
            .capacity_provider_strategy(v.pick("capacity_provider_strategy", vec![], vec![item]))
            .network_configuration(v.pick(
                "network_configuration",
                within(&[a, b]),
                within(&[a, b, c]),
            ))
            .overrides(
                v.pick(
                    "overrides",
                    TaskOverride::new().container_overrides([command("upgrade.php")]),
                    TaskOverride::new()
                        .container_overrides([command("upgrade.php")
                            .environment([("DEBUG", "1")])
                            .cpu(512_u32)])
                        .cpu(1024_u32)
                        .memory(MiB(1024)),
                ),
            )
            .placement_strategies(v.pick(
                "placement_strategies",
                vec![],
                vec![PlacementStrategy::binpack("memory")],
            ))
            .placement_constraints(v.pick(
                "placement_constraints",
                vec![],
                vec![PlacementConstraint::new(PlacementConstraintType::DistinctInstance)],
            ))
            .group(v.pick("group", "jobs", "upgrades"))
            .enable_execute_command(v.pick("enable_execute_command", false, true))
            .propagate_task_definition_tags(v.pick("propagate_task_definition_tags", true, false))
            .accepted_exit_codes(v.pick("accepted_exit_codes", vec![0], vec![0, 2]))
            .time_limit(v.pick("time_limit", Seconds(600), Seconds(1200)))
            .triggers(v.pick("triggers", [("version", "5.0")], [("version", "5.1")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "overrides",
            build: |stack| {
                let other = ContainerOverride::new("site").command(["true"]);
                overridden(stack, TaskOverride::new().container_overrides([other]));
            },
            says: "has no container `site`; it has web",
        },
        Refused {
            property: "overrides",
            build: |stack| {
                let soft = ContainerOverride::new("web").memory_reservation(MiB(512));
                overridden(stack, TaskOverride::new().container_overrides([soft]));
            },
            says: "`memory` 512 MiB of `web` must be more than its `memory_reservation` 512 MiB",
        },
        Refused {
            property: "overrides",
            build: |stack| overridden(stack, TaskOverride::new().cpu(4096_u32)),
            says: "`overrides` cpu 4096: a task needs 4096 units of processor",
        },
        Refused {
            property: "accepted_exit_codes",
            build: |stack| {
                refused(stack, |subject| subject.accepted_exit_codes(Vec::<i32>::new()));
            },
            says: "is empty; no end is good",
        },
        Refused {
            property: "time_limit",
            build: |stack| refused(stack, |subject| subject.time_limit(Seconds(0))),
            says: "0 s leaves no time to run",
        },
        Refused {
            property: "capacity_provider_strategy",
            build: |stack| {
                refused(stack, |subject| {
                    let spot = CapacityProviderStrategyItem::new("FARGATE_SPOT");
                    subject.capacity_provider_strategy([spot])
                });
            },
            says: "names FARGATE_SPOT, which the cluster",
        },
        Refused {
            property: "network_configuration",
            build: |stack| {
                let site = Site::new(stack);
                let definition = of("web", [web()]).network_mode(NetworkMode::Awsvpc).create(stack);
                RunTask::named("subject")
                    .cluster(&site.cluster)
                    .task_definition(&definition)
                    .create(stack);
            },
            says: "is needed: the network mode of",
        },
    ],
    fixed: &[
        ("launch_type", "excludes `capacity_provider_strategy`; the second case has it"),
        ("platform_version", "is of Fargate, which the third case is on"),
    ],
    cfn: NONE,
};

/// A task that fits instances and Fargate.
fn anywhere(stack: &Stack) -> Subject {
    let site = Site::new(stack);
    let definition = on_fargate("web")
        .requires_compatibilities([Compatibility::Ec2, Compatibility::Fargate])
        .create(stack);
    RunTask::named("subject")
        .cluster(&site.cluster)
        .task_definition(&definition)
        .network_configuration(site.interfaces())
}

const BY_LAUNCH_TYPE: Case = Case {
    ty: RunTask::definition,
    build: |stack, v| {
        let launch_type = v.pick("launch_type", LaunchType::Ec2, LaunchType::Fargate);
        anywhere(stack).launch_type(launch_type).create(stack);
    },
    refused: &[Refused {
        property: "launch_type",
        build: |stack| refused(stack, |subject| subject.launch_type(LaunchType::Ec2)),
        says: "EC2 and `capacity_provider_strategy` are both given",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: NONE,
};

const ON_FARGATE: Case = Case {
    ty: RunTask::definition,
    build: |stack, v| {
        anywhere(stack)
            .capacity_provider_strategy([CapacityProviderStrategyItem::new("FARGATE")])
            .platform_version(v.pick("platform_version", "LATEST", "1.4.0"))
            .create(stack);
    },
    refused: &[Refused {
        property: "platform_version",
        build: |stack| refused(stack, |subject| subject.platform_version("1.4.0")),
        says: "1.4.0: only Fargate has versions",
    }],
    fixed: &[("*", "the first case has second values of them")],
    cfn: NONE,
};

pub(crate) const CASES: &[Case] = &[ON_INSTANCES, BY_LAUNCH_TYPE, ON_FARGATE];
