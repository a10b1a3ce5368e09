//! The case of `aws:ec2:RouteTableAssociation`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{RouteTable, RouteTableAssociation, Subnet, Vpc},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: RouteTableAssociation::definition,
    build: |stack, v| {
        let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
        let a = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
        let b = Subnet::named("b").vpc_id(&vpc).cidr_block("10.0.2.0/24").create(stack);
        let one = RouteTable::named("one").vpc_id(&vpc).create(stack);
        let two = RouteTable::named("two").vpc_id(&vpc).create(stack);
        RouteTableAssociation::named("subject")
            .subnet_id(v.pick("subnet_id", &a, &b))
            .route_table_id(v.pick("route_table_id", &one, &two))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "route_table_id",
            build: |stack| {
                let [one, two] = ["one", "two"]
                    .map(|name| Vpc::named(name).cidr_block("10.0.0.0/16").create(stack));
                let subnet =
                    Subnet::named("a").vpc_id(&one).cidr_block("10.0.1.0/24").create(stack);
                let table = RouteTable::named("table").vpc_id(&two).create(stack);
                RouteTableAssociation::named("subject")
                    .subnet_id(&subnet)
                    .route_table_id(&table)
                    .create(stack);
            },
            says: "both must belong to one network",
        },
        Refused {
            // What an association is found by is looked for before it is made; what is found then
            // is named by its id.
            property: "",
            build: |stack| {
                let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
                let subnet =
                    Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
                let table = RouteTable::named("table").vpc_id(&vpc).create(stack);
                let one = RouteTableAssociation::named("one")
                    .subnet_id(&subnet)
                    .route_table_id(vpc.main_route_table_id())
                    .create(stack);
                RouteTableAssociation::named("subject")
                    .subnet_id(&subnet)
                    .route_table_id(&table)
                    .depends_on(&one)
                    .create(stack);
            },
            says: "exists already",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::EC2::SubnetRouteTableAssociation",
        differs: &[],
        renamed: &[("Id", "association_id")],
    },
}];
