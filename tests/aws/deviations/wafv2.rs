//! Of `wafv2`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:wafv2:WebAclAssociation",
        "update web_acl_arn, at times",
        "puts the ACL in the place of the other one (AssociateWebACL), whichever is older",
    ),
    ministack(
        "aws:wafv2:IpSet",
        "update description",
        "takes another description (UpdateIPSet: Description)",
    ),
    ministack(
        "aws:wafv2:LoggingConfiguration",
        "create",
        "has them (PutLoggingConfiguration, GetLoggingConfiguration)",
    ),
    ministack(
        "aws:wafv2:WebAcl",
        "create",
        "tells TokenDomains, CaptchaConfig and what else it was told (GetWebACL)",
    ),
];
