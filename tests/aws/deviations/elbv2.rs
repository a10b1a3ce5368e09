//! Of `elbv2`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:LoadBalancer",
        what: "create",
        aws: "ModifyLoadBalancerAttributes takes health_check_logs.s3.bucket, and \
              DescribeLoadBalancers tells the AllocationId of SubnetMappings and \
              EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:Listener",
        what: "create",
        aws: "CreateTrustStore makes trust stores, and Listener tells MutualAuthentication",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:ListenerRule",
        what: "create",
        aws: "CreateRule takes Transforms, and DescribeRules tells them",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:TrustStore",
        what: "create",
        aws: "CreateTrustStore makes trust stores",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:LoadBalancer",
        what: "create",
        aws: "ModifyCapacityReservation reserves capacity; CreateLoadBalancer takes SubnetMappings, \
              and DescribeLoadBalancers tells them",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:Listener",
        what: "create",
        aws: "CreateTrustStore makes trust stores, DescribeListenerCertificates tells the \
              certificates of listeners",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:ListenerRule",
        what: "deleted",
        aws: "DeleteRule answers RuleNotFound to who deletes what is gone",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:ListenerRule",
        what: "update conditions",
        aws: "DescribeRules tells QueryStringConfig as ModifyRule was given it",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:TargetGroup",
        what: "create",
        aws: "TargetGroup tells ProtocolVersion, and behind network load balancers \
              CreateTargetGroup checks health by TCP if it is not told otherwise",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:elbv2:TrustStore",
        what: "create",
        aws: "CreateTrustStore makes trust stores",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:Listener",
        what: "update alpn_policy",
        aws: "ModifyListener takes TLS, of Network Load Balancers",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:elbv2:Listener",
        what: "update protocol",
        aws: "ModifyListener takes UDP, of Network Load Balancers",
    },
];
