//! The cases of `cloudflare:dns:Record`: what is proxied, and what is not.

use crate::conformance::{Case, Refused};
use infra_core::{
    cloudflare::dns::{CaaContent, CaaTag, MxContent, Record, RecordContent, SrvContent},
    prelude::*,
};

use crate::conformance::cloudflare::{NO_CFN, zone, zones};

const BALANCER: &str = "web-1234.eu-central-1.elb.amazonaws.com";

/// A record of the zone.
macro_rules! refused {
    ($stack:ident, $name:expr, $content:expr $(, $setter:ident($value:expr))*) => {{
        Record::named("subject")
            .zone_id(zone($stack).zone_id())
            .name($name)
            .content($content)
            $(.$setter($value))*
            .create($stack);
    }};
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: Record::definition,
        build: |stack, v| {
            let [one, other] = zones(stack).map(|zone| zone.zone_id());
            // A name is one of its zone, and goes with it.
            let moved = v.is("zone_id");
            let name =
                if moved { "moodle.school.example.org" } else { "moodle.campus.example.org" };
            Record::named("subject")
                .zone_id(v.pick("zone_id", one, other))
                .name(v.pick("name", name, "*.campus.example.org"))
                .content(v.pick(
                    "content",
                    RecordContent::cname(BALANCER),
                    RecordContent::a("192.0.2.7"),
                ))
                .proxied(v.pick("proxied", true, false))
                .comment(v.pick("comment", "the site", "the site of the campus"))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "name",
                build: |stack| refused!(stack, "moodle", RecordContent::cname(BALANCER)),
                says: "is no whole name",
            },
            Refused {
                property: "proxied",
                build: |stack| {
                    refused!(stack, "a.example.org", RecordContent::txt("x"), proxied(true));
                },
                says: "is for A, AAAA and CNAME alone",
            },
            Refused {
                property: "ttl",
                build: |stack| {
                    let address = RecordContent::aaaa("2001:db8::7");
                    refused!(stack, "a.example.org", address, proxied(true), ttl(Seconds(300)));
                },
                says: "of what is proxied Cloudflare says it",
            },
            Refused {
                property: "comment",
                build: |stack| {
                    let long = "x".repeat(501);
                    refused!(
                        stack,
                        "a.example.org",
                        RecordContent::txt("x"),
                        comment(long.as_str())
                    );
                },
                says: "501 characters; 500 are the most",
            },
            Refused {
                property: "name",
                build: |stack| {
                    let zone = zone(stack).zone_id();
                    Record::named("address")
                        .zone_id(&zone)
                        .name("Moodle.example.org")
                        .content(RecordContent::a("192.0.2.7"))
                        .create(stack);
                    Record::named("subject")
                        .zone_id(&zone)
                        .name("moodle.example.org")
                        .content(RecordContent::cname(BALANCER))
                        .create(stack);
                },
                says: "another record of A, AAAA or CNAME",
            },
            Refused {
                property: "name",
                build: |stack| {
                    let zone = zone(stack).zone_id();
                    for name in ["one", "subject"] {
                        Record::named(name)
                            .zone_id(&zone)
                            .name("example.org")
                            .content(RecordContent::txt("v=spf1 -all"))
                            .create(stack);
                    }
                },
                says: "have the same zone_id and name and content, and only one can",
            },
        ],
        fixed: &[("ttl", "not of what is proxied; the other case has it")],
        cfn: NO_CFN,
    },
    Case {
        ty: Record::definition,
        build: |stack, v| {
            let mx = MxContent::new(10_u16, "mail.example.org");
            Record::named("subject")
                .zone_id(zone(stack).zone_id())
                .name("campus.example.org")
                .content(v.pick(
                    "content",
                    RecordContent::mx(mx),
                    RecordContent::caa(CaaContent::new(CaaTag::Issue, "amazon.com")),
                ))
                .ttl(v.pick("ttl", Seconds(300), Seconds(60)))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "ttl",
                build: |stack| {
                    refused!(stack, "a.example.org", RecordContent::txt("x"), ttl(Seconds(10)));
                },
                says: "10 must be between 60",
            },
            Refused {
                property: "content.txt",
                build: |stack| refused!(stack, "a.example.org", RecordContent::txt("")),
                says: "0 bytes; 1 to 2048 are allowed",
            },
            Refused {
                property: "content.mx.exchange",
                build: |stack| {
                    let mx = RecordContent::mx(MxContent::new(10_u16, "mail"));
                    refused!(stack, "example.org", mx);
                },
                says: "\"mail\" is no whole name",
            },
            Refused {
                property: "content.srv.target",
                build: |stack| {
                    let srv = SrvContent::new(1_u16, 1_u16, 443_u16, "no host");
                    refused!(stack, "_https._tcp.example.org", RecordContent::srv(srv));
                },
                says: "\"no host\" is no whole name",
            },
            Refused {
                property: "content.caa.value",
                build: |stack| {
                    let caa = CaaContent::new(CaaTag::Iodef, "security@example.org");
                    refused!(stack, "example.org", RecordContent::caa(caa));
                },
                says: "must begin with mailto:",
            },
            Refused {
                property: "content.aaaa",
                build: |stack| refused!(stack, "a.example.org", RecordContent::aaaa("192.0.2.7")),
                says: "is not an IPv6 address",
            },
        ],
        fixed: &[("*", "the first case has second values of them")],
        cfn: NO_CFN,
    },
];
