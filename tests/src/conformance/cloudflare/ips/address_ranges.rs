//! The case of `cloudflare:ips:AddressRanges`.

use crate::conformance::Case;
use infra_core::{cloudflare::ips::AddressRanges, prelude::*};

use crate::conformance::cloudflare::NO_CFN;

pub(crate) const CASES: &[Case] = &[Case {
    ty: AddressRanges::definition,
    build: |stack, _| {
        AddressRanges::lookup("subject").create(stack);
    },
    refused: &[],
    fixed: &[],
    cfn: NO_CFN,
}];
