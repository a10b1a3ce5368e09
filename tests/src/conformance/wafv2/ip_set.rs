//! The case of `aws:wafv2:IpSet`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::wafv2::{IpAddressVersion, IpSet, Scope},
    prelude::*,
};

fn refused(stack: &Stack, version: IpAddressVersion, range: &str) {
    IpSet::named("subject").ip_address_version(version).addresses([range]).create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: IpSet::definition,
    build: |stack, v| {
        IpSet::named("subject")
            .provider(&Provider::aws("us-east-1"))
            .name(v.pick("name", "campus", "school"))
            .scope(v.pick("scope", Scope::Regional, Scope::Cloudfront))
            .description(v.pick("description", "the campus", "all of the campus"))
            .ip_address_version(v.pick(
                "ip_address_version",
                IpAddressVersion::Ipv4,
                IpAddressVersion::Ipv6,
            ))
            .addresses(v.pick("addresses", vec![], vec!["192.0.2.0/24"]))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "scope",
            build: |stack| {
                IpSet::named("subject")
                    .scope(Scope::Cloudfront)
                    .ip_address_version(IpAddressVersion::Ipv4)
                    .addresses(["192.0.2.0/24"])
                    .create(stack);
            },
            says: "CLOUDFRONT stands in us-east-1 alone, not in eu-central-1",
        },
        Refused {
            property: "name",
            build: |stack| {
                IpSet::named("subject")
                    .name("the campus")
                    .ip_address_version(IpAddressVersion::Ipv4)
                    .addresses(["192.0.2.0/24"])
                    .create(stack);
            },
            says: "allowed are letters, digits and hyphens",
        },
        Refused {
            property: "description",
            build: |stack| {
                IpSet::named("subject")
                    .description("Über uns")
                    .ip_address_version(IpAddressVersion::Ipv4)
                    .addresses(["192.0.2.0/24"])
                    .create(stack);
            },
            says: "must have 1 to 256 letters",
        },
        Refused {
            property: "addresses",
            build: |stack| refused(stack, IpAddressVersion::Ipv4, "2001:db8::/32"),
            says: "2001:db8::/32 is no range of IPV4",
        },
        Refused {
            property: "addresses",
            build: |stack| refused(stack, IpAddressVersion::Ipv6, "::/0"),
            says: "::/0 is all addresses",
        },
        Refused {
            property: "addresses",
            build: |stack| refused(stack, IpAddressVersion::Ipv4, "192.0.2.7/24"),
            says: "has bits set behind its prefix; write 192.0.2.0/24",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::WAFv2::IPSet",
        differs: &[(
            "IPAddressVersion",
            "UpdateIPSet does not take it: the other kind is another set",
        )],
        renamed: &[("Id", "ip_set_id")],
    },
}];
