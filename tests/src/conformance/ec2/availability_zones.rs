//! The case of `aws:ec2:AvailabilityZones`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ec2::{AvailabilityZones, ZoneType},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: AvailabilityZones::definition,
    build: |stack, v| {
        AvailabilityZones::lookup("subject")
            .zone_type(v.pick("zone_type", ZoneType::AvailabilityZone, ZoneType::LocalZone))
            .include_zone_ids(v.pick(
                "include_zone_ids",
                vec!["euc1-az1", "euc1-az2"],
                vec!["euc1-az2"],
            ))
            .exclude_zone_ids(v.pick("exclude_zone_ids", vec!["euc1-az3"], vec!["euc1-az1"]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "include_zone_ids",
            build: |stack| {
                AvailabilityZones::lookup("subject").include_zone_ids(["use1-az1"]).create(stack);
            },
            says: "use1-az1 is no zone of eu-central-1; there are euc1-az2, euc1-az3, euc1-az1",
        },
        Refused {
            property: "exclude_zone_ids",
            build: |stack| {
                AvailabilityZones::lookup("subject").exclude_zone_ids(["euc1-az9"]).create(stack);
            },
            says: "euc1-az9 is no zone of eu-central-1",
        },
    ],
    fixed: &[],
    // CloudFormation knows zones by a function of templates alone.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
