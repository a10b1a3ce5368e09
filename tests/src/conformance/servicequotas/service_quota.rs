//! The case of `aws:servicequotas:ServiceQuota`.

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::servicequotas::{Quota, ServiceQuota},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ServiceQuota::definition,
    build: |stack, v| {
        ServiceQuota::lookup("subject")
            .quota(v.pick("quota", Quota::OnDemandStandardVcpus, Quota::Vpcs))
            .create(stack);
    },
    // A closed set.
    refused: &[],
    fixed: &[],
    // CloudFormation asks for no quotas.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
