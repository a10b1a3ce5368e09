//! The case of `aws:applicationautoscaling:ScalableTarget`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::applicationautoscaling::{ScalableDimension, ScalableTarget, SuspendedState},
    prelude::*,
};

use crate::conformance::ecs::service::Site;

fn refused(stack: &Stack, resource: &str, dimension: ScalableDimension, bounds: [u32; 2]) {
    ScalableTarget::named("subject")
        .resource_id(resource)
        .scalable_dimension(dimension)
        .min_capacity(bounds[0])
        .max_capacity(bounds[1])
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: ScalableTarget::definition,
    build: |stack, v| {
        let site = Site::new(stack);
        let [one, other] = site.services(stack).map(|service| {
            interpolate!("service/{}/{}", site.cluster.cluster_name(), service.service_name())
        });
        ScalableTarget::named("subject")
            .resource_id(v.pick("resource_id", one, other))
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .min_capacity(v.pick("min_capacity", 2_u32, 3_u32))
            .max_capacity(v.pick("max_capacity", 20_u32, 30_u32))
            .suspended_state(
                v.pick(
                    "suspended_state",
                    SuspendedState::new(),
                    SuspendedState::new()
                        .dynamic_scaling_in_suspended(true)
                        .dynamic_scaling_out_suspended(true)
                        .scheduled_scaling_suspended(true),
                ),
            )
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "max_capacity",
            build: |stack| {
                let readers = ScalableDimension::RdsClusterReadReplicaCount;
                refused(stack, "cluster:campus", readers, [3, 2]);
            },
            says: "`max_capacity` 2 is less than `min_capacity` 3",
        },
        Refused {
            property: "resource_id",
            build: |stack| {
                let readers = ScalableDimension::RdsClusterReadReplicaCount;
                refused(stack, "service/campus/web", readers, [1, 2]);
            },
            says: "write cluster:<identifier>",
        },
        Refused {
            property: "resource_id",
            build: |stack| {
                let tasks = ScalableDimension::EcsServiceDesiredCount;
                refused(stack, "service/web", tasks, [1, 2]);
            },
            says: "write service/<cluster>/<service>",
        },
        Refused {
            property: "resource_id",
            build: |stack| {
                let tasks = ScalableDimension::EcsServiceDesiredCount;
                refused(stack, "service/campus/nowhere", tasks, [1, 2]);
            },
            says: "service/campus/nowhere: the ECS service does not exist",
        },
    ],
    fixed: &[(
        "scalable_dimension",
        "a service of ECS has one; another belongs to another resource",
    )],
    cfn: Cfn {
        name: "AWS::ApplicationAutoScaling::ScalableTarget",
        differs: &[
            ("Id", "the three properties that make it up say the same"),
            ("ScalableDimension", "services of which the catalogue has nothing are left out"),
            ("RoleARN", "left out: AWS takes its service-linked role for what the catalogue has"),
            ("ScheduledActions", "left out: each is a thing of its own, made by a call of its own"),
            ("ServiceNamespace", "left out: the first part of `ScalableDimension` says it"),
        ],
        renamed: &[],
    },
}];
