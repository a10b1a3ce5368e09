//! The case of `aws:sts:CallerIdentity`.

use crate::conformance::{Case, Cfn};
use infra_core::{aws::sts::CallerIdentity, prelude::*};

pub(crate) const CASES: &[Case] = &[Case {
    ty: CallerIdentity::definition,
    build: |stack, _| {
        CallerIdentity::lookup("subject").create(stack);
    },
    refused: &[],
    fixed: &[],
    // CloudFormation has pseudo parameters instead.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
