//! The cases of `aws:route53:Record`: one that says it itself, one that leads to something of AWS.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        elbv2::LoadBalancer,
        route53::{
            AliasTarget, FailoverRole, HostedZone, Record, RecordBuilder, RecordType, Routing,
        },
    },
    dsl::Provided,
    prelude::*,
};

use crate::conformance::elbv2::load_balancer::{Network, network_balancer};

type Subject = RecordBuilder<Provided, Provided, Provided>;

fn zone(stack: &Stack) -> HostedZone {
    HostedZone::named("campus").name("campus.example.org").create(stack)
}

fn record(zone: &HostedZone, name: &str, of: &str, record_type: RecordType) -> Subject {
    Record::named(name).hosted_zone_id(zone).name(of).record_type(record_type)
}

fn www(stack: &Stack) -> Subject {
    record(&zone(stack), "subject", "www.campus.example.org", RecordType::A)
}

/// A record of a type that says something that it can't say.
fn refused_value(stack: &Stack, record_type: RecordType, values: &[&str]) {
    let subject = record(&zone(stack), "subject", "www.campus.example.org", record_type);
    subject.ttl(Seconds(300)).resource_records(values).create(stack);
}

fn refused_alias(stack: &Stack, record_type: RecordType, alias: AliasTarget) {
    let subject = record(&zone(stack), "subject", "www.campus.example.org", record_type);
    subject.alias_target(alias).create(stack);
}

/// Two records of a name, the second of which can't be beside the first.
fn beside(stack: &Stack, change: impl FnOnce(&HostedZone, &Record) -> Subject) {
    let zone = zone(stack);
    let there = record(&zone, "there", "www.campus.example.org", RecordType::A)
        .ttl(Seconds(300))
        .resource_records(["192.0.2.1"])
        .create(stack);
    change(&zone, &there).depends_on(&there).create(stack);
}

const PLAIN: Case = Case {
    ty: Record::definition,
    build: |stack, v| {
        let zone = zone(stack);
        let other = HostedZone::named("whole").name("example.org").create(stack);
        Record::named("subject")
            .hosted_zone_id(v.pick("hosted_zone_id", &zone, &other))
            .name(v.pick("name", "www.campus.example.org", "moodle.campus.example.org"))
            .record_type(v.pick("record_type", RecordType::Txt, RecordType::Spf))
            .set_identifier(v.pick("set_identifier", "one", "other"))
            .routing(v.pick("routing", Routing::weighted(10_u32), Routing::weighted(20_u32)))
            .ttl(v.pick("ttl", Seconds(300), Seconds(60)))
            .resource_records(v.pick(
                "resource_records",
                vec!["\"v=spf1 -all\""],
                vec!["\"v=spf1 -all\"", "\"a \\\"b\\\"\" \"c\""],
            ))
            .health_check_id(v.pick(
                "health_check_id",
                "abcdef11-2222-3333-4444-555555fedcba",
                "abcdef11-2222-3333-4444-555555fedcbb",
            ))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[("alias_target", "the other case")],
    cfn: Cfn {
        name: "AWS::Route53::RecordSet",
        differs: &[
            ("CidrRoutingConfig", "left out: a campus does not answer by who asks"),
            ("Comment", "left out: it is one of the change, which nobody reads again"),
            ("Failover", "a kind of `routing`, so that no two stand together"),
            ("GeoLocation", "left out: a campus does not answer by where one asks from"),
            ("GeoProximityLocation", "left out: a campus does not answer by where one asks from"),
            ("HostedZoneName", "left out: the id says it without doubt"),
            ("HostedZoneId", "required here, since `HostedZoneName` is left out"),
            ("MultiValueAnswer", "left out: a load balancer does it better"),
            ("Name", "identifies the record: another name is another record"),
            ("Region", "a kind of `routing`, so that no two stand together"),
            ("SetIdentifier", "identifies the record: another one is another record"),
            ("Type", "identifies the record: another type is another record"),
            ("Weight", "a kind of `routing`, so that no two stand together"),
            ("routing", "what CloudFormation spreads over `Weight`, `Failover` and `Region`"),
            ("fqdn", "the name, once all servers know the record"),
        ],
        renamed: &[("Type", "record_type")],
    },
};

const REFUSED: &[Refused] = &[
    Refused {
        property: "name",
        build: |stack| {
            record(&zone(stack), "subject", "www.example.org", RecordType::A)
                .ttl(Seconds(300))
                .resource_records(["192.0.2.1"])
                .create(stack);
        },
        says: "www.example.org does not lie in the zone campus.example.org",
    },
    Refused {
        property: "record_type",
        build: |stack| {
            record(&zone(stack), "subject", "campus.example.org", RecordType::Cname)
                .ttl(Seconds(300))
                .resource_records(["www.example.org"])
                .create(stack);
        },
        says: "CNAME is not allowed for campus.example.org itself",
    },
    Refused {
        property: "record_type",
        build: |stack| {
            record(&zone(stack), "subject", "campus.example.org", RecordType::Ns)
                .ttl(Seconds(300))
                .resource_records(["ns.example.org"])
                .create(stack);
        },
        says: "it came with the zone",
    },
    Refused {
        property: "ttl",
        build: |stack| {
            www(stack).resource_records(["192.0.2.1"]).create(stack);
        },
        says: "is needed with `resource_records`",
    },
    Refused {
        property: "set_identifier",
        build: |stack| {
            www(stack)
                .routing(Routing::weighted(1_u32))
                .ttl(Seconds(300))
                .resource_records(["192.0.2.1"])
                .create(stack);
        },
        says: "is needed with `routing`",
    },
    Refused {
        property: "routing",
        build: |stack| {
            www(stack)
                .set_identifier("one")
                .ttl(Seconds(300))
                .resource_records(["192.0.2.1"])
                .create(stack);
        },
        says: "is needed with `set_identifier`",
    },
    Refused {
        property: "routing",
        build: |stack| {
            www(stack)
                .set_identifier("one")
                .routing(Routing::weighted(256_u32))
                .ttl(Seconds(300))
                .resource_records(["192.0.2.1"])
                .create(stack);
        },
        says: "256 must be 0 to 255",
    },
    Refused {
        property: "record_type",
        build: |stack| {
            beside(stack, |zone, _| {
                record(zone, "subject", "www.campus.example.org", RecordType::Cname)
                    .ttl(Seconds(300))
                    .resource_records(["moodle.example.org"])
            });
        },
        says: "has a record of type A already, and a CNAME stands alone",
    },
    Refused {
        property: "routing",
        build: |stack| {
            beside(stack, |zone, _| {
                record(zone, "subject", "www.campus.example.org", RecordType::A)
                    .set_identifier("one")
                    .routing(Routing::failover(FailoverRole::Primary))
                    .ttl(Seconds(300))
                    .resource_records(["192.0.2.2"])
            });
        },
        says: "has a simple record of type A already; all of a name are routed in one way",
    },
    Refused {
        property: "name",
        build: |stack| {
            beside(stack, |zone, _| {
                record(zone, "subject", "WWW.campus.example.org.", RecordType::A)
                    .ttl(Seconds(300))
                    .resource_records(["192.0.2.2"])
            });
        },
        says: "has such a record of type A already",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::A, &["www.example.org"]),
        says: "is no value of a record of type A: an IPv4 address",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::Txt, &["v=spf1 -all"]),
        says: "text in double quotes",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::Mx, &["mail.example.org"]),
        says: "such as 10 mail.example.org",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::Caa, &["amazon.com"]),
        says: "such as 0 issue \"amazon.com\"",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::Cname, &["a.example.org", "b.example.org"]),
        says: "a CNAME has one value, not 2",
    },
    Refused {
        property: "resource_records",
        build: |stack| {
            let many = (0..401).map(|number| format!("10.0.{}.{}", number / 256, number % 256));
            www(stack).ttl(Seconds(300)).resource_records(many.collect::<Vec<_>>()).create(stack);
        },
        says: "has 401 values; 1 to 400 are allowed",
    },
    Refused {
        property: "resource_records",
        build: |stack| refused_value(stack, RecordType::A, &["192.0.2.1", "192.0.2.1"]),
        says: "says 192.0.2.1 twice",
    },
];

const REFUSED_ALIASES: &[Refused] = &[
    Refused {
        property: "alias_target",
        build: |stack| {
            let zone = zone(stack);
            let alias = AliasTarget::record(&zone, "moodle.campus.example.org");
            record(&zone, "subject", "www.campus.example.org", RecordType::A)
                .alias_target(alias)
                .create(stack);
        },
        says: "the zone has no such record of type A",
    },
    Refused {
        property: "alias_target",
        build: |stack| {
            let alias = AliasTarget::new("web-1.eu-central-1.elb.amazonaws.com", "Z215JYRZR1TBD5");
            refused_alias(stack, RecordType::A, alias);
        },
        says: "web-1.eu-central-1.elb.amazonaws.com is no load balancer",
    },
    Refused {
        property: "alias_target",
        build: |stack| {
            let balancer = network_balancer(stack, &Network::new(stack));
            let alias = AliasTarget::new(balancer.dns_name(), "Z215JYRZR1TBD5");
            refused_alias(stack, RecordType::A, alias);
        },
        says: "lies in the zone Z3F0SRJ5LGBH90, not in Z215JYRZR1TBD5",
    },
    Refused {
        property: "alias_target",
        build: |stack| {
            let balancer = network_balancer(stack, &Network::new(stack));
            refused_alias(stack, RecordType::Txt, AliasTarget::balancer(&balancer));
        },
        says: "a record of type TXT can't lead there",
    },
    Refused {
        property: "alias_target",
        build: |stack| {
            let alias = AliasTarget::new("www.example.org", AliasTarget::CLOUDFRONT);
            refused_alias(stack, RecordType::A, alias);
        },
        says: "www.example.org is no",
    },
    Refused {
        property: "alias_target",
        build: |stack| {
            refused_alias(stack, RecordType::A, AliasTarget::new("a.example.org", "Z1"));
        },
        says: "is neither that of the record's own zone nor one of load balancers",
    },
];

const ALIAS: Case = Case {
    ty: Record::definition,
    build: |stack, v| {
        let network = Network::new(stack);
        let [one, other] = ["one", "other"]
            .map(|name| LoadBalancer::named(name).subnets(network.two()).create(stack));
        let healthy = AliasTarget::balancer(&other).evaluate_target_health(true);
        www(stack)
            .alias_target(v.pick("alias_target", AliasTarget::balancer(&one), healthy))
            .create(stack);
    },
    refused: REFUSED_ALIASES,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[PLAIN, ALIAS];
