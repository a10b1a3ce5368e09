//! AWS: ec2 CreateInternetGateway, AttachInternetGateway, DetachInternetGateway,
//! DescribeInternetGateways, DescribeNetworkInterfaces, DeleteInternetGateway.

use crate::{
    aws::{InternetGatewayId, VpcId},
    prelude::*,
    resource,
};

/// A VPC's door to the internet: what has a public address is reached, and reaches out, through
/// it.
///
/// ```
/// use infra_core::{aws::ec2::{InternetGateway, Vpc}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let gateway = InternetGateway::named("main").vpc_id(&vpc).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ec2:InternetGateway", unique(vpc_id), create = "1s", delete = "1s")]
pub struct InternetGateway {
    /// The VPC, which has one gateway at most. A call of its own attaches the gateway after
    /// creation, another detaches it before deletion; AWS refuses to detach while public addresses
    /// of the VPC are in use. Changes in place. AWS: AttachInternetGateway, `VpcId`.
    #[prop(separate, detach)]
    pub vpc_id: VpcId,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `InternetGatewayId`.
    #[output(id = "igw-", at = exists)]
    pub internet_gateway_id: InternetGatewayId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:internet-gateway/{id}", at = exists)]
    pub arn: String,
}
