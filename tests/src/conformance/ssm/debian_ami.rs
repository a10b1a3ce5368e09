//! The case of `aws:ssm:DebianAmi`.

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::ssm::{Architecture, DebianAmi, DebianRelease},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: DebianAmi::definition,
    build: |stack, v| {
        DebianAmi::lookup("subject")
            .architecture(v.pick("architecture", Architecture::Arm64, Architecture::X86_64))
            .release(v.pick("release", DebianRelease::Bookworm, DebianRelease::Trixie))
            .create(stack);
    },
    refused: &[],
    fixed: &[],
    // CloudFormation reads such parameters as parameters of a template.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
