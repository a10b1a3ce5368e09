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
    ministack("aws:wafv2:WebAcl", "body_inspection_limit", "GetWebACL tells it as it was given"),
    ministack("aws:wafv2:WebAcl", "captcha_immunity_time", "GetWebACL tells it as it was given"),
    ministack("aws:wafv2:WebAcl", "challenge_immunity_time", "GetWebACL tells it as it was given"),
    ministack("aws:wafv2:WebAcl", "custom_response_bodies", "GetWebACL tells it as it was given"),
    ministack("aws:wafv2:WebAcl", "token_domains", "GetWebACL tells it as it was given"),
    ministack("aws:wafv2:WebAcl", "update description", "UpdateWebACL takes a Description"),
];
