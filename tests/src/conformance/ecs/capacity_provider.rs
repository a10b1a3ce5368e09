//! The case of `aws:ecs:CapacityProvider`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        autoscaling::{Group, LaunchTemplateSpecification},
        ecs::{CapacityProvider, CapacityProviderBuilder, ManagedScaling, Switch},
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::{
    autoscaling::group::{sized, template},
    elbv2::load_balancer::Network,
};

/// A group of a network whose instances are protected from scale-in.
pub(crate) fn protected(stack: &Stack, network: &Network, name: &str) -> Group {
    let template = template(stack, name);
    sized(name, &network.subnets)
        .launch_template(LaunchTemplateSpecification::latest(&template))
        .new_instances_protected_from_scale_in(true)
        .force_delete(true)
        .create(stack)
}

fn refused(
    stack: &Stack,
    change: impl FnOnce(CapacityProviderBuilder<Provided>) -> CapacityProviderBuilder<Provided>,
) {
    let group = protected(stack, &Network::private(stack, "vpc"), "web");
    let subject =
        CapacityProvider::named("subject").auto_scaling_group_arn(group.auto_scaling_group_arn());
    change(subject).create(stack);
}

fn refused_scaling(stack: &Stack, scaling: ManagedScaling) {
    refused(stack, |subject| subject.managed_scaling(scaling));
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: CapacityProvider::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        let [web, other] = ["web", "other"].map(|name| protected(stack, &network, name));
        let scaling = ManagedScaling::new();
        CapacityProvider::named("subject")
            .auto_scaling_group_arn(v.pick(
                "auto_scaling_group_arn",
                web.auto_scaling_group_arn(),
                other.auto_scaling_group_arn(),
            ))
            .name(v.pick("name", "web", "campus_web"))
            .managed_scaling(
                v.pick(
                    "managed_scaling",
                    scaling.clone().target_capacity(90_u32),
                    scaling
                        .minimum_scaling_step_size(2_u32)
                        .maximum_scaling_step_size(10_u32)
                        .instance_warmup_period(Seconds(60)),
                ),
            )
            .managed_termination_protection(v.pick(
                "managed_termination_protection",
                Switch::Enabled,
                Switch::Disabled,
            ))
            .managed_draining(v.pick("managed_draining", Switch::Enabled, Switch::Disabled))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "name",
            build: |stack| refused(stack, |subject| subject.name("ECS-web")),
            says: "begins with ecs, which AWS keeps for itself",
        },
        Refused {
            property: "managed_scaling",
            build: |stack| refused_scaling(stack, ManagedScaling::new().target_capacity(0_u32)),
            says: "`managed_scaling.target_capacity` 0 must be between 1 and 100",
        },
        Refused {
            property: "managed_scaling",
            build: |stack| {
                let scaling = ManagedScaling::new().maximum_scaling_step_size(2_u32);
                refused_scaling(stack, scaling.minimum_scaling_step_size(3_u32));
            },
            says: "2 is less than `minimum_scaling_step_size` 3",
        },
        Refused {
            property: "managed_scaling",
            build: |stack| {
                let scaling = ManagedScaling::new().instance_warmup_period(Seconds(10_001));
                refused_scaling(stack, scaling);
            },
            says: "10001 must be between 0 and 10000",
        },
        Refused {
            property: "managed_termination_protection",
            build: |stack| {
                refused(stack, |subject| {
                    subject
                        .managed_scaling(ManagedScaling::new().status(Switch::Disabled))
                        .managed_termination_protection(Switch::Enabled)
                });
            },
            says: "needs `managed_scaling.status` ENABLED",
        },
        Refused {
            property: "managed_termination_protection",
            build: |stack| {
                let network = Network::private(stack, "vpc");
                let template = template(stack, "web");
                let group = sized("web", &network.subnets)
                    .launch_template(LaunchTemplateSpecification::latest(&template))
                    .create(stack);
                CapacityProvider::named("subject")
                    .auto_scaling_group_arn(group.auto_scaling_group_arn())
                    .managed_termination_protection(Switch::Enabled)
                    .create(stack);
            },
            says: "needs `new_instances_protected_from_scale_in` of the group campus-test-web-",
        },
        Refused {
            property: "",
            build: |stack| {
                let group = protected(stack, &Network::private(stack, "vpc"), "web");
                for name in ["one", "subject"] {
                    CapacityProvider::named(name)
                        .auto_scaling_group_arn(group.auto_scaling_group_arn())
                        .create(stack);
                }
            },
            says: "campus-test-one-",
        },
        Refused {
            property: "auto_scaling_group_arn",
            build: |stack| {
                let nowhere = "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:\
                               autoScalingGroupName/nowhere";
                CapacityProvider::named("subject").auto_scaling_group_arn(nowhere).create(stack);
            },
            says: "the Group",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ECS::CapacityProvider",
        differs: &[
            (
                "AutoScalingGroupProvider",
                "what is in it is a property each: its ARN alone replaces",
            ),
            ("ClusterName", "left out: of managed instances, whose provider belongs to a cluster"),
            (
                "ManagedInstancesProvider",
                "left out: instances come from an Auto Scaling group here",
            ),
            ("auto_scaling_group_arn", "stands in `AutoScalingGroupProvider`"),
            ("managed_scaling", "stands in `AutoScalingGroupProvider`"),
            ("managed_termination_protection", "stands in `AutoScalingGroupProvider`"),
            ("managed_draining", "stands in `AutoScalingGroupProvider`"),
            ("arn", "an output of DescribeCapacityProviders, which policies name"),
        ],
        renamed: &[],
    },
}];
