//! The case of `aws:elasticache:SubnetGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{ec2::Subnet, elasticache::SubnetGroup},
    prelude::*,
};

use crate::conformance::rds::aurora::Network;

fn refused(stack: &Stack, subnets: &[&Subnet]) {
    named(stack, "campus", subnets);
}

fn named(stack: &Stack, name: &str, subnets: &[&Subnet]) {
    SubnetGroup::named("subject")
        .cache_subnet_group_name(name)
        .cache_subnet_group_description("the caches")
        .subnet_ids(subnets)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: SubnetGroup::definition,
    build: |stack, v| {
        let [a, b, c] = Network::new(stack, "vpc").subnets;
        SubnetGroup::named("subject")
            .cache_subnet_group_name(v.pick("cache_subnet_group_name", "campus", "college"))
            .cache_subnet_group_description(v.pick(
                "cache_subnet_group_description",
                "the caches",
                "Moodle's caches",
            ))
            .subnet_ids(v.pick("subnet_ids", vec![&a, &b], vec![&a, &b, &c]))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "subnet_ids",
            build: |stack| refused(stack, &[]),
            says: "give one at least",
        },
        Refused {
            property: "subnet_ids",
            build: |stack| {
                let (here, there) = (Network::new(stack, "vpc"), Network::new(stack, "other"));
                refused(stack, &[&here.subnets[0], &there.subnets[1]]);
            },
            says: "all lie in one VPC",
        },
        Refused {
            property: "subnet_ids",
            build: |stack| {
                let [a, b, _] = Network::new(stack, "vpc").subnets;
                let many: Vec<&Subnet> = [&a, &b].into_iter().cycle().take(21).collect();
                refused(stack, &many);
            },
            says: "names 21 subnets; 20 are allowed",
        },
        Refused {
            property: "cache_subnet_group_name",
            build: |stack| {
                named(stack, "default", &Network::new(stack, "vpc").subnets.each_ref());
            },
            says: "belongs to AWS",
        },
        Refused {
            property: "cache_subnet_group_name",
            build: |stack| {
                named(stack, "Campus", &Network::new(stack, "vpc").subnets.each_ref());
            },
            // AWS would make small letters of them; the name would never be what was asked for.
            says: "lower-case letters, digits and hyphens",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ElastiCache::SubnetGroup",
        differs: &[
            ("arn", "told by the API, not by CloudFormation"),
            ("vpc_id", "told by DescribeCacheSubnetGroups, not by CloudFormation"),
        ],
        renamed: &[("Description", "cache_subnet_group_description")],
    },
}];
