//! AWS: route53 ChangeResourceRecordSets, GetChange, ListResourceRecordSets.

use super::HostedZone;
use crate::{
    aws::{HostedZoneId, acm::ValidationRecord, cloudfront::Distribution, elbv2::LoadBalancer},
    dsl::Provided,
    prelude::*,
    props, resource,
};

/// A record of the DNS: what a name of a zone is answered with.
///
/// Several records may share name and type if each has a `routing` of the same kind and a
/// `set_identifier` of its own. AWS calls it a resource record set.
///
/// ```
/// use infra_core::{aws::route53::{HostedZone, Record, RecordType}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = HostedZone::named("campus").name("campus.example.org").create(&stack);
/// Record::named("www")
///     .hosted_zone_id(&zone)
///     .name("www.campus.example.org")
///     .record_type(RecordType::Cname)
///     .ttl(Seconds(300))
///     .resource_records(["moodle.campus.example.org"])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
// A name is a CNAME or has other records, and is answered simply or by routing: an old one goes
// before the new one comes.
#[resource(
    "aws:route53:Record",
    key(hosted_zone_id, name, record_type, set_identifier),
    one_of(resource_records, alias_target),
    exclusive(ttl, alias_target),
    delete_first,
    create = "30s",
    update = "30s"
)]
pub struct Record {
    /// The zone. Changing it replaces the record. AWS: `HostedZoneId`.
    #[prop(replace)]
    pub hosted_zone_id: HostedZoneId,
    /// The whole name, within the zone's domain; a dot at its end says nothing, `*` as its first
    /// label stands for any. Changing it replaces the record. AWS: `Name`.
    #[prop(replace)]
    pub name: String,
    /// The type. Changing it replaces the record. AWS: `Type`.
    #[prop(replace)]
    pub record_type: RecordType,
    /// What tells it from others of its name and type, up to 128 characters; goes with `routing`.
    /// Default: none. Changing it replaces the record. AWS: `SetIdentifier`.
    #[prop(replace)]
    pub set_identifier: Option<String>,
    /// Which of several records is the answer. Default: there is but one. Changes in place, within
    /// the same kind. AWS: `Weight`, `Failover`, `Region`.
    pub routing: Option<Routing>,
    /// What the answer is, as the DNS writes it: `"text"` in double quotes, `10 mail.example.org`.
    /// Changes in place. AWS: `ResourceRecords`.
    pub resource_records: Option<Vec<String>>,
    /// For how long resolvers may keep it; goes with `resource_records`, which needs it. Changes
    /// in place. AWS: `TTL`.
    pub ttl: Option<Seconds>,
    /// What is answered with the addresses of something of AWS. Changes in place. AWS:
    /// `AliasTarget`.
    pub alias_target: Option<AliasTarget>,
    /// A health check; while it fails, the record is no answer. Default: none. Changes in place.
    /// AWS: `HealthCheckId`.
    pub health_check_id: Option<String>,
    /// The name without a dot at its end, known when all of AWS's servers answer with the record.
    #[output]
    pub fqdn: String,
}

impl Record {
    /// The record that confirms a domain of a [`Certificate`](crate::aws::acm::Certificate).
    #[track_caller]
    pub fn that_validates(
        name: impl Into<String>,
        zone: impl IntoInput<HostedZoneId>,
        validation: &Output<ValidationRecord>,
    ) -> RecordBuilder<Provided, Provided, Provided> {
        let value = validation.map(|record| record.value);
        Self::named(name)
            .hosted_zone_id(zone)
            .name(validation.map(|record| record.name))
            .record_type(RecordType::Cname)
            .ttl(Seconds(300))
            .resource_records([value])
    }
}

/// What a record is about.
#[props(words = "UPPER")]
pub enum RecordType {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Which authorities may issue certificates.
    Caa,
    /// Another name.
    Cname,
    /// The key of a zone below.
    Ds,
    /// How a site is reached.
    Https,
    /// Who takes mail.
    Mx,
    /// A rewriting of names.
    Naptr,
    /// Who answers for a zone below.
    Ns,
    /// The name of an address.
    Ptr,
    /// Who may send mail, in the old way.
    Spf,
    /// Where a service is.
    Srv,
    /// The fingerprint of a key of SSH.
    Sshfp,
    /// How a service is reached.
    Svcb,
    /// The certificate of a service.
    Tlsa,
    /// Text.
    Txt,
}

/// What is answered with the addresses of something of AWS.
#[props]
pub struct AliasTarget {
    /// Its name: that of a load balancer, a distribution, or another record of the zone. AWS:
    /// `DNSName`.
    pub dns_name: String,
    /// The zone that this name is in: what a load balancer tells, that of CloudFront
    /// ([`AliasTarget::CLOUDFRONT`]), or the record's own. AWS: `HostedZoneId`.
    pub hosted_zone_id: String,
    /// Whether the record is no answer while nothing behind the name is healthy. Default: false.
    /// AWS: `EvaluateTargetHealth`.
    #[prop(default = false)]
    pub evaluate_target_health: bool,
}

impl AliasTarget {
    /// The zone of all names of CloudFront.
    pub const CLOUDFRONT: &str = "Z2FDTNDATAQYW2";

    /// A load balancer.
    pub fn balancer(balancer: &LoadBalancer) -> Self {
        Self::new(balancer.dns_name(), balancer.canonical_hosted_zone_id())
    }

    /// A distribution of CloudFront.
    pub fn distribution(distribution: &Distribution) -> Self {
        Self::new(distribution.domain_name(), Self::CLOUDFRONT)
    }

    /// Another record of a zone.
    pub fn record(zone: &HostedZone, name: impl IntoInput<String>) -> Self {
        Self::new(name, zone.hosted_zone_id())
    }
}

/// Which of several records is the answer.
#[props]
pub enum Routing {
    /// By chance, as often as its share of all weights says; 0 to 255. AWS: `Weight`.
    Weighted(u32),
    /// The first one, while it is healthy; then the second. AWS: `Failover`.
    Failover(FailoverRole),
    /// That of the region which answers fastest, such as `eu-central-1`. AWS: `Region`.
    Latency(String),
}

/// Whether a record is the first answer, or what stands in for it.
#[props(words = "UPPER")]
pub enum FailoverRole {
    /// The first one.
    Primary,
    /// What stands in.
    Secondary,
}
