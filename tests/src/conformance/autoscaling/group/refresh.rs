//! Groups whose instances are replaced when their template changes.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::autoscaling::{Group, InstanceRefresh, LaunchTemplateSpecification},
    prelude::*,
};

use super::{refused, sized, template};
use crate::conformance::elbv2::load_balancer::Network;

fn refused_refresh(stack: &Stack, refresh: InstanceRefresh) {
    refused(stack, |subject| subject.instance_refresh(refresh));
}

pub(super) const REFRESHED: Case = Case {
    ty: Group::definition,
    build: |stack, v| {
        let network = Network::private(stack, "vpc");
        let slowly = InstanceRefresh::new()
            .min_healthy_percentage(100_u32)
            .max_healthy_percentage(150_u32)
            .instance_warmup(Seconds(120))
            .checkpoint_percentages([20, 100])
            .checkpoint_delay(Seconds(600))
            .auto_rollback(true)
            .skip_matching(false)
            .bake_time(Seconds(300));
        sized("subject", &network.subnets)
            .launch_template(LaunchTemplateSpecification::latest(&template(stack, "template")))
            .instance_refresh(v.pick("instance_refresh", InstanceRefresh::new(), slowly))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "instance_refresh.min_healthy_percentage",
            build: |stack| {
                refused_refresh(stack, InstanceRefresh::new().min_healthy_percentage(101_u32));
            },
            says: "101 is more than 100",
        },
        Refused {
            property: "instance_refresh.max_healthy_percentage",
            build: |stack| {
                refused_refresh(stack, InstanceRefresh::new().max_healthy_percentage(90_u32));
            },
            says: "90 must be between 100 and 200",
        },
        Refused {
            property: "instance_refresh.max_healthy_percentage",
            build: |stack| {
                let refresh = InstanceRefresh::new().min_healthy_percentage(50_u32);
                refused_refresh(stack, refresh.max_healthy_percentage(200_u32));
            },
            says: "200 is more than 100 above the least, 50",
        },
        Refused {
            property: "instance_refresh.checkpoint_percentages",
            build: |stack| {
                refused_refresh(stack, InstanceRefresh::new().checkpoint_percentages([50, 20]));
            },
            says: "must rise, from 1 up to 100",
        },
        Refused {
            property: "instance_refresh.checkpoint_delay",
            build: |stack| {
                refused_refresh(stack, InstanceRefresh::new().checkpoint_delay(Seconds(60)));
            },
            says: "goes with `checkpoint_percentages`",
        },
        Refused {
            property: "instance_refresh.bake_time",
            build: |stack| {
                refused_refresh(stack, InstanceRefresh::new().bake_time(Seconds(172_801)));
            },
            says: "172801 s is more than 172800 s",
        },
        Refused {
            property: "instance_refresh.auto_rollback",
            build: |stack| {
                let newest =
                    LaunchTemplateSpecification::new(&template(stack, "newest"), "$Latest");
                refused(stack, |subject| {
                    subject
                        .launch_template(newest)
                        .instance_refresh(InstanceRefresh::new().auto_rollback(true))
                });
            },
            says: "needs a version of the template that stays the same, not $Latest",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
