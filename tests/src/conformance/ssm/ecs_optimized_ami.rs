//! The case of `aws:ssm:EcsOptimizedAmi`.

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::ssm::{Architecture, EcsAmiFamily, EcsOptimizedAmi},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: EcsOptimizedAmi::definition,
    build: |stack, v| {
        EcsOptimizedAmi::lookup("subject")
            .architecture(v.pick("architecture", Architecture::Arm64, Architecture::X86_64))
            .family(v.pick("family", EcsAmiFamily::AmazonLinux2023, EcsAmiFamily::AmazonLinux2))
            .create(stack);
    },
    refused: &[],
    fixed: &[],
    // CloudFormation reads such parameters as parameters of a template.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
