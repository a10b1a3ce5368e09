//! Of `elbv2`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:elbv2:LoadBalancer",
        "create",
        "ModifyLoadBalancerAttributes takes health_check_logs.s3.bucket, and \
              DescribeLoadBalancers tells the AllocationId of SubnetMappings and \
              EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
    ),
    moto(
        "aws:elbv2:Listener",
        "create",
        "CreateTrustStore makes trust stores, and Listener tells MutualAuthentication",
    ),
    moto(
        "aws:elbv2:ListenerRule",
        "create",
        "CreateRule takes Transforms, and DescribeRules tells them",
    ),
    moto("aws:elbv2:TrustStore", "create", "CreateTrustStore makes trust stores"),
    ministack(
        "aws:elbv2:LoadBalancer",
        "create",
        "ModifyCapacityReservation reserves capacity; CreateLoadBalancer takes SubnetMappings, \
              and DescribeLoadBalancers tells them",
    ),
    ministack(
        "aws:elbv2:Listener",
        "create",
        "CreateTrustStore makes trust stores, DescribeListenerCertificates tells the \
              certificates of listeners",
    ),
    ministack(
        "aws:elbv2:ListenerRule",
        "deleted",
        "DeleteRule answers RuleNotFound to who deletes what is gone",
    ),
    ministack(
        "aws:elbv2:ListenerRule",
        "update conditions",
        "DescribeRules tells QueryStringConfig as ModifyRule was given it",
    ),
    ministack(
        "aws:elbv2:TargetGroup",
        "create",
        "TargetGroup tells ProtocolVersion, and behind network load balancers \
              CreateTargetGroup checks health by TCP if it is not told otherwise",
    ),
    ministack("aws:elbv2:TrustStore", "create", "CreateTrustStore makes trust stores"),
    moto(
        "aws:elbv2:Listener",
        "update alpn_policy",
        "ModifyListener takes TLS, of Network Load Balancers",
    ),
    moto(
        "aws:elbv2:Listener",
        "update protocol",
        "ModifyListener takes UDP, of Network Load Balancers",
    ),
    moto(
        "aws:elbv2:Listener",
        "destroyed",
        "DescribeTrustStores tells the trust stores that there are",
    ),
    moto(
        "aws:elbv2:TrustStore",
        "destroyed",
        "DescribeTrustStores tells the trust stores that there are",
    ),
];
