//! The case of `aws:rds:DbSubnetGroup`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{ec2::Subnet, rds::DbSubnetGroup},
    prelude::*,
};

use super::aurora::Network;

fn refused(stack: &Stack, subnets: &[&Subnet]) {
    DbSubnetGroup::named("subject")
        .db_subnet_group_description("the database")
        .subnet_ids(subnets)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: DbSubnetGroup::definition,
    build: |stack, v| {
        let [a, b, c] = Network::new(stack, "vpc").subnets;
        DbSubnetGroup::named("subject")
            .db_subnet_group_name(v.pick("db_subnet_group_name", "campus", "college"))
            .db_subnet_group_description(v.pick(
                "db_subnet_group_description",
                "the database",
                "Moodle's database",
            ))
            .subnet_ids(v.pick("subnet_ids", vec![&a, &b], vec![&a, &b, &c]))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "subnet_ids",
            build: |stack| refused(stack, &[&Network::new(stack, "vpc").subnets[0]]),
            says: "cover eu-central-1a alone; two availability zones are needed",
        },
        Refused {
            property: "subnet_ids",
            build: |stack| refused(stack, &[]),
            says: "two availability zones are needed",
        },
        Refused {
            property: "subnet_ids",
            build: |stack| {
                let (here, there) = (Network::new(stack, "vpc"), Network::new(stack, "other"));
                refused(stack, &[&here.subnets[0], &there.subnets[1]]);
            },
            says: "give subnets of one VPC",
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
            property: "db_subnet_group_name",
            build: |stack| {
                DbSubnetGroup::named("subject")
                    .db_subnet_group_name("default")
                    .db_subnet_group_description("the database")
                    .subnet_ids(Network::new(stack, "vpc").subnets.each_ref())
                    .create(stack);
            },
            says: "belongs to AWS",
        },
        Refused {
            property: "db_subnet_group_name",
            build: |stack| {
                DbSubnetGroup::named("subject")
                    .db_subnet_group_name("Campus")
                    .db_subnet_group_description("the database")
                    .subnet_ids(Network::new(stack, "vpc").subnets.each_ref())
                    .create(stack);
            },
            // AWS would make small letters of them; the name would never be what was asked for.
            says: "lower-case letters, digits and hyphens",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::RDS::DBSubnetGroup",
        differs: &[("vpc_id", "told by DescribeDBSubnetGroups, not by CloudFormation")],
        renamed: &[],
    },
}];
