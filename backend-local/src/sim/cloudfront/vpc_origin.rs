//! What is special about a VPC origin: what it leads to.

use infra_core::{
    aws::{
        cloudfront,
        elbv2::{self, LoadBalancerType},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{behavior::check_name, distribution::INVALID};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&VpcOrigin];

const CODES: Codes = Codes {
    not_found: "EntityNotFound",
    not_ready: "IllegalUpdate",
    exists: "EntityAlreadyExists",
    in_use: "CannotDeleteEntityWhileInUse",
    quota: "EntityLimitExceeded",
};

struct VpcOrigin;

type V = cloudfront::VpcOrigin;

impl Special for VpcOrigin {
    fn ty(&self) -> &'static TypeDef {
        V::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "VPC origins per AWS account", adjustable.
        Some(25)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(V::NAME).unwrap_or_default(), 64)?;
        if asked.get(V::ORIGIN_SSL_PROTOCOLS).unwrap_or_default().is_empty() {
            let message = "`origin_ssl_protocols` is empty";
            return Err(Refusal::invalid("origin_ssl_protocols", INVALID, message));
        }
        let Some(balancer) = asked.referenced(V::ENDPOINT_ARN) else { return Ok(()) };
        let kind = of(balancer, elbv2::LoadBalancer::LOAD_BALANCER_TYPE);
        let groups = of(balancer, elbv2::LoadBalancer::SECURITY_GROUPS).unwrap_or_default();
        if kind == Some(LoadBalancerType::Network) && groups.is_empty() {
            let message = format!(
                "`endpoint_arn` {} is a network load balancer without security groups, by which \
                 CloudFront is let in",
                balancer.id
            );
            return Err(Refusal::invalid("endpoint_arn", INVALID, message));
        }
        Ok(())
    }
}
