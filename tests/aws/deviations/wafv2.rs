//! Of `wafv2`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:wafv2:WebAclAssociation",
        what: "update web_acl_arn, at times",
        aws: "puts the ACL in the place of the other one (AssociateWebACL), whichever is older",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:wafv2:IpSet",
        what: "update description",
        aws: "takes another description (UpdateIPSet: Description)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:wafv2:LoggingConfiguration",
        what: "create",
        aws: "has them (PutLoggingConfiguration, GetLoggingConfiguration)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:wafv2:WebAcl",
        what: "create",
        aws: "tells TokenDomains, CaptchaConfig and what else it was told (GetWebACL)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:wafv2:LoggingConfiguration",
        what: "create",
        aws: "GetBucketVersioning of the bucket of the logs is answered with VersioningConfiguration",
    },
];
