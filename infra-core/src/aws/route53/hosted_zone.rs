//! AWS: route53 CreateHostedZone, UpdateHostedZoneComment, ChangeTagsForResource, GetHostedZone,
//! DeleteHostedZone.

use crate::{aws::HostedZoneId, prelude::*, resource};

/// A public zone of the DNS: a domain and what is below it.
///
/// It answers nobody until the registrar of the domain, or the zone above, names its
/// `name_servers`.
///
/// ```
/// use infra_core::{aws::route53::HostedZone, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = HostedZone::named("campus").name("campus.example.org").create(&stack);
/// stack.output("name_servers", zone.name_servers());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:route53:HostedZone", find = token, create = "30s", delete = "5s")]
pub struct HostedZone {
    /// The domain, up to 255 characters; a dot at its end says nothing. Several zones may have the
    /// same one. Changing it replaces the zone, and its name servers. AWS: `Name`.
    #[prop(replace)]
    pub name: String,
    /// What it is for, up to 256 characters. Default: none. Changes in place. AWS:
    /// `HostedZoneConfig.Comment`.
    pub comment: Option<String>,
    /// The reusable set of name servers that answers for it. Default: four that AWS chooses.
    /// Changing it replaces the zone. AWS: `DelegationSetId`.
    #[prop(replace)]
    pub delegation_set_id: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `HostedZoneTags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `Id`.
    #[output(id = "Z", at = exists)]
    pub hosted_zone_id: HostedZoneId,
    /// The ARN.
    #[output(arn = "arn:aws:route53:::hostedzone/{id}", at = exists)]
    pub arn: String,
    /// The servers that answer for it: what the registrar is to be told. AWS: `NameServers`.
    #[output(at = exists)]
    pub name_servers: Vec<String>,
}
