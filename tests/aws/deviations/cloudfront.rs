//! Of `cloudfront`.

use super::Deviation;
use crate::server::Kind;

/// Said of what is made of it, too.
const WAYS: &str = "CreateVpcOrigin makes ways into VPCs, and ListVpcOrigins lists them";

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudfront:CachePolicy",
        what: "create",
        aws: "CreateCachePolicy makes cache policies, and ListCachePolicies lists them",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudfront:OriginRequestPolicy",
        what: "create",
        aws: "CreateOriginRequestPolicy makes origin request policies, and \
              ListOriginRequestPolicies lists them",
    },
    Deviation { server: Kind::Moto, ty: "aws:cloudfront:Distribution", what: "create", aws: WAYS },
    Deviation {
        server: Kind::Moto,
        ty: "aws:cloudfront:Distribution",
        what: "destroyed",
        aws: WAYS,
    },
    Deviation { server: Kind::Moto, ty: "aws:cloudfront:VpcOrigin", what: "create", aws: WAYS },
    Deviation { server: Kind::Moto, ty: "aws:cloudfront:VpcOrigin", what: "destroyed", aws: WAYS },
];
