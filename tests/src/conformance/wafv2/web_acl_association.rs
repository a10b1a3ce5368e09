//! The case of `aws:wafv2:WebAclAssociation`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        elbv2::LoadBalancer,
        wafv2::{Scope, WebAclAssociation},
    },
    prelude::*,
};

use super::web_acl::acl;
use crate::conformance::elbv2::load_balancer::{Network, balancer, network_balancer};

pub(crate) const CASES: &[Case] = &[Case {
    ty: WebAclAssociation::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [one, other] = ["one", "other"]
            .map(|name| LoadBalancer::named(name).subnets(network.two()).create(stack));
        let [first, second] = ["first", "second"].map(|name| acl(name).create(stack));
        WebAclAssociation::named("subject")
            .resource_arn(v.pick("resource_arn", &one, &other))
            .web_acl_arn(v.pick("web_acl_arn", first.arn(), second.arn()))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "resource_arn",
            build: |stack| {
                let balancer = network_balancer(stack, &Network::new(stack));
                WebAclAssociation::named("subject")
                    .resource_arn(&balancer)
                    .web_acl_arn(acl("site").create(stack).arn())
                    .create(stack);
            },
            says: "is a network load balancer, which sees no requests",
        },
        Refused {
            property: "web_acl_arn",
            build: |stack| {
                let edge = Provider::aws("us-east-1");
                let acl = acl("site").scope(Scope::Cloudfront).provider(&edge).create(stack);
                WebAclAssociation::named("subject")
                    .resource_arn(&balancer(stack, &Network::new(stack)))
                    .web_acl_arn(acl.arn())
                    .create(stack);
            },
            says: "is for CloudFront; a distribution names it itself",
        },
        Refused {
            property: "web_acl_arn",
            build: |stack| {
                let acl = acl("site").provider(&Provider::aws("us-east-1")).create(stack);
                WebAclAssociation::named("subject")
                    .resource_arn(&balancer(stack, &Network::new(stack)))
                    .web_acl_arn(acl.arn())
                    .create(stack);
            },
            says: "is of another region than eu-central-1",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::WAFv2::WebACLAssociation",
        differs: &[(
            "WebACLArn",
            "changes in place: AssociateWebACL puts another ACL in the place of the first",
        )],
        renamed: &[("WebACLArn", "web_acl_arn")],
    },
}];
