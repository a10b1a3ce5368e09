//! Of `cloudfront`.

use super::{Deviation, moto};

/// Said of what is made of it, too.
const WAYS: &str = "CreateVpcOrigin makes ways into VPCs, and ListVpcOrigins lists them";

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:cloudfront:CachePolicy",
        "create",
        "CreateCachePolicy makes cache policies, and ListCachePolicies lists them",
    ),
    moto(
        "aws:cloudfront:OriginRequestPolicy",
        "create",
        "CreateOriginRequestPolicy makes origin request policies, and \
              ListOriginRequestPolicies lists them",
    ),
    moto("aws:cloudfront:Distribution", "create", WAYS),
    moto("aws:cloudfront:Distribution", "destroyed", WAYS),
    moto("aws:cloudfront:VpcOrigin", "create", WAYS),
    moto("aws:cloudfront:VpcOrigin", "destroyed", WAYS),
];
