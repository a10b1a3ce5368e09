//! Cloudflare: POST, PATCH, GET and DELETE /zones/{zone_id}/dns_records.

use super::RecordContent;
use crate::{
    cloudflare::{RecordId, ZoneId},
    prelude::*,
    resource,
};

/// A record of the DNS. One that is `proxied` leads clients to Cloudflare, which hands requests on
/// to what the record says.
///
/// ```
/// use infra_core::{
///     cloudflare::{Plan, dns::{Record, RecordContent}, zones::Zone},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(&stack);
/// Record::named("site")
///     .zone_id(zone.zone_id())
///     .name("moodle.campus.example.org")
///     .content(RecordContent::cname("web-1234.eu-central-1.elb.amazonaws.com"))
///     .proxied(true)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "cloudflare:dns:Record",
    unique(zone_id, name, content),
    find = key,
    create = "1s",
    update = "1s",
    delete = "1s"
)]
pub struct Record {
    /// The zone. Changing it replaces the record. Cloudflare: `zone_id`.
    #[prop(replace)]
    pub zone_id: ZoneId,
    /// The whole name, up to 253 characters, `*` standing for any first part. Changes in place.
    /// Cloudflare: `name`.
    pub name: String,
    /// What it says. Changes in place, the type as well. Cloudflare: `type`, `content`, `priority`
    /// and `data`.
    pub content: RecordContent,
    /// Whether clients are led to Cloudflare: `A`, `AAAA` and `CNAME` alone. Default: false. Changes
    /// in place. Cloudflare: `proxied`.
    #[prop(default = false)]
    pub proxied: bool,
    /// For how long others may keep the answer, 60 s (30 s on Enterprise) to a day; not of what is
    /// proxied. Default: as Cloudflare sees fit, 300 s. Changes in place. Cloudflare: `ttl`.
    pub ttl: Option<Seconds>,
    /// What it is for, up to 500 characters, 100 on Free. Default: none. Changes in place.
    /// Cloudflare: `comment`.
    pub comment: Option<String>,
    /// The id. Cloudflare: `id`.
    #[output(id(digits), at = exists)]
    pub record_id: RecordId,
}
