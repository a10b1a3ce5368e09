//! The case of `aws:ec2:ManagedPrefixList`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::ec2::ManagedPrefixList, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ManagedPrefixList::definition,
    build: |stack, v| {
        ManagedPrefixList::lookup("subject")
            .prefix_list_name(v.pick(
                "prefix_list_name",
                "com.amazonaws.global.cloudfront.origin-facing",
                "com.amazonaws.eu-central-1.s3",
            ))
            .create(stack);
    },
    refused: &[Refused {
        property: "prefix_list_name",
        build: |stack| {
            ManagedPrefixList::lookup("subject")
                .prefix_list_name("com.amazonaws.us-east-1.s3")
                .create(stack);
        },
        says: "does not exist; there are com.amazonaws.global.cloudfront.origin-facing",
    }],
    fixed: &[],
    // CloudFormation makes prefix lists and finds none.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
