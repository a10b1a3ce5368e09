//! AWS: wafv2 AssociateWebACL, GetWebACLForResource, DisassociateWebACL.

use crate::{
    aws::{LoadBalancerArn, WebAclArn},
    resource,
};

/// Lets a [`WebAcl`](super::WebAcl) look at what comes to an application load balancer.
///
/// A distribution of CloudFront names its ACL itself.
///
/// ```
/// use infra_core::{
///     aws::{LoadBalancerArn, wafv2::{AllowAction, DefaultAction, VisibilityConfig, WebAcl, WebAclAssociation}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let balancer = LoadBalancerArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188").unwrap();
/// let acl = WebAcl::named("site")
///     .default_action(DefaultAction::allow(AllowAction::new()))
///     .visibility_config(VisibilityConfig::new("site"))
///     .create(&stack);
/// WebAclAssociation::named("web").resource_arn(balancer).web_acl_arn(acl.arn()).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:wafv2:WebAclAssociation",
    key(resource_arn),
    create = "10s",
    update = "10s",
    delete = "2s"
)]
pub struct WebAclAssociation {
    /// The load balancer, which has one ACL. Changing it replaces the association. AWS:
    /// `ResourceArn`.
    #[prop(replace, owner, needs = ready)]
    pub resource_arn: LoadBalancerArn,
    /// The ACL, of the load balancer's region. Changes in place, without a moment in between. AWS:
    /// `WebACLArn`.
    #[prop(needs = ready)]
    pub web_acl_arn: WebAclArn,
}
