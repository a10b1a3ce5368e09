//! The cases of Cloudflare's types. CloudFormation knows nothing of them.

use crate::conformance::{Case, Cfn};
use infra_core::{
    cloudflare::{Plan, zones::Zone},
    prelude::*,
};

cases! {
    dns {
        record,
    }
    ips {
        address_ranges,
    }
    origin_tls {
        authenticated_origin_pulls, certificate,
    }
    rulesets {
        ruleset,
    }
    zones {
        settings, zone,
    }
}

const NO_CFN: Cfn = Cfn { name: "", differs: &[], renamed: &[] };

/// A zone on a plan that allows everything.
fn zone(stack: &Stack) -> Zone {
    Zone::lookup("zone").name("campus.example.org").plan(Plan::Enterprise).create(stack)
}

/// It and another one.
fn zones(stack: &Stack) -> [Zone; 2] {
    let other = Zone::lookup("other-zone").name("school.example.org").plan(Plan::Enterprise);
    [zone(stack), other.create(stack)]
}
