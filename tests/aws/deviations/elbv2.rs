//! Of `elbv2`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:elbv2:Listener",
        "create",
        "CreateTrustStore makes trust stores, and Listener tells MutualAuthentication",
    ),
    moto("aws:elbv2:TrustStore", "create", "CreateTrustStore makes trust stores"),
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
    ministack(
        "aws:elbv2:LoadBalancer",
        "enforce_security_group_inbound_rules_on_private_link_traffic",
        "DescribeLoadBalancers tells it as it was given",
    ),
    ministack(
        "aws:elbv2:LoadBalancer",
        "subnet_mappings",
        "DescribeLoadBalancers tells it as it was given",
    ),
    ministack(
        "aws:elbv2:LoadBalancer",
        "without minimum_load_balancer_capacity",
        "ModifyCapacityReservation reserves capacity",
    ),
    ministack(
        "aws:elbv2:TargetGroup",
        "health_check_protocol",
        "DescribeTargetGroups tells it as it was given",
    ),
    ministack("aws:elbv2:TargetGroup", "matcher", "DescribeTargetGroups tells it as it was given"),
    ministack(
        "aws:elbv2:TargetGroup",
        "protocol_version",
        "DescribeTargetGroups tells it as it was given",
    ),
    moto("aws:elbv2:ListenerRule", "transforms", "DescribeRules tells it as it was given"),
    moto(
        "aws:elbv2:LoadBalancer",
        "enforce_security_group_inbound_rules_on_private_link_traffic",
        "DescribeLoadBalancers tells it as it was given",
    ),
    moto(
        "aws:elbv2:LoadBalancer",
        "subnet_mappings",
        "DescribeLoadBalancers tells it as it was given",
    ),
    moto(
        "aws:elbv2:LoadBalancer",
        "without health_check_logs",
        "ModifyLoadBalancerAttributes takes health_check_logs.s3.bucket",
    ),
    moto(
        "aws:elbv2:ListenerRule",
        "deleted",
        "DeleteRule answers RuleNotFound to who deletes what is gone",
    ),
    moto("aws:elbv2:ListenerRule", "update conditions", "has ModifyRule"),
    moto(
        "aws:elbv2:LoadBalancer",
        "without minimum_load_balancer_capacity",
        "ModifyCapacityReservation reserves capacity",
    ),
];
