//! What is special about the association of a web ACL: what can be protected.

use infra_core::{
    aws::{
        elbv2::{self, LoadBalancerType},
        wafv2::{self, Scope},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::web_acl::{CODES, refused};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&WebAclAssociation];

struct WebAclAssociation;

type A = wafv2::WebAclAssociation;

impl Special for WebAclAssociation {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(balancer) = asked.referenced(A::RESOURCE_ARN) else { return Ok(()) };
        let kind = of(balancer, elbv2::LoadBalancer::LOAD_BALANCER_TYPE);
        if kind == Some(LoadBalancerType::Network) {
            let message = format!(
                "`resource_arn` {} is a network load balancer, which sees no requests; WAF \
                 protects application load balancers",
                balancer.id
            );
            return refused("resource_arn", message);
        }
        let Some(acl) = asked.referenced(A::WEB_ACL_ARN) else { return Ok(()) };
        let arn = acl.arn().unwrap_or_default();
        if of(acl, wafv2::WebAcl::SCOPE) == Some(Scope::Cloudfront) {
            let message =
                format!("`web_acl_arn` {arn} is for CloudFront; a distribution names it itself");
            return refused("web_acl_arn", message);
        }
        let region = balancer.id.split(':').nth(3).unwrap_or_default();
        if arn.split(':').nth(3) != Some(region) {
            let message = format!("`web_acl_arn` {arn} is of another region than {region}");
            return refused("web_acl_arn", message);
        }
        Ok(())
    }
}
