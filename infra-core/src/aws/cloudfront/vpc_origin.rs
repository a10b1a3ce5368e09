//! AWS: cloudfront CreateVpcOrigin, UpdateVpcOrigin, TagResource, GetVpcOrigin, DeleteVpcOrigin.

use super::{OriginProtocolPolicy, OriginSslProtocol};
use crate::{
    aws::{LoadBalancerArn, VpcOriginId},
    prelude::*,
    resource,
};

/// A way of CloudFront into a VPC, to a load balancer that nobody else reaches from outside.
///
/// Its VPC needs an internet gateway, and the load balancer's groups must let CloudFront in.
///
/// ```
/// use infra_core::{
///     aws::{LoadBalancerArn, cloudfront::{OriginProtocolPolicy, VpcOrigin}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let balancer = LoadBalancerArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188").unwrap();
/// VpcOrigin::named("web")
///     .name("campus-web")
///     .endpoint_arn(balancer)
///     .origin_protocol_policy(OriginProtocolPolicy::HttpsOnly)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudfront:VpcOrigin",
    unique(name),
    find = tag,
    create = "5min",
    update = "5min",
    delete = "3min"
)]
pub struct VpcOrigin {
    /// The name, unique in the account. Changes in place. AWS: `Name`.
    pub name: String,
    /// The load balancer, in a VPC of any region. Changes in place. AWS: `Arn`.
    #[prop(needs = ready)]
    pub endpoint_arn: LoadBalancerArn,
    /// Whether it is asked with TLS. Default: where the client did. Changes in place. AWS:
    /// `OriginProtocolPolicy`.
    #[prop(default = OriginProtocolPolicy::MatchViewer)]
    pub origin_protocol_policy: OriginProtocolPolicy,
    /// Its port without TLS. Default: 80. Changes in place. AWS: `HTTPPort`.
    #[prop(default = 80)]
    pub http_port: u16,
    /// Its port with TLS. Default: 443. Changes in place. AWS: `HTTPSPort`.
    #[prop(default = 443)]
    pub https_port: u16,
    /// Which versions of TLS are spoken with it. Default: 1.2. Change in place. AWS:
    /// `OriginSslProtocols`.
    #[prop(default = [OriginSslProtocol::TlsV12], set)]
    pub origin_ssl_protocols: Vec<OriginSslProtocol>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `Id`.
    #[output(id = "vo_", at = exists)]
    pub vpc_origin_id: VpcOriginId,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:cloudfront::{account}:vpcorigin/{id}", at = exists)]
    pub arn: String,
}
