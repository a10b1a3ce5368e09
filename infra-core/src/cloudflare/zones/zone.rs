//! Cloudflare: GET /zones?name=.

use crate::{
    cloudflare::{Plan, ZoneId},
    lookup,
    prelude::*,
};

/// A zone by its domain.
///
/// The program says for which plan it was written, so that what the plan does not allow is found
/// before anything is called. A zone on a dearer plan does; one on a cheaper plan is refused.
///
/// ```
/// use infra_core::{cloudflare::{Plan, zones::Zone}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(&stack);
/// stack.output("largest_upload", zone.max_upload());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("cloudflare:zones:Zone")]
pub struct Zone {
    /// The domain. Changing it reads anew. Cloudflare: `name`.
    pub name: String,
    /// The plan that the program was written for. Changing it reads anew. Cloudflare:
    /// `plan.legacy_id`.
    pub plan: Plan,
    /// The id. Cloudflare: `id`.
    #[output]
    pub zone_id: ZoneId,
    /// The servers that answer for it: what the registrar is to be told. Cloudflare:
    /// `name_servers`.
    #[output]
    pub name_servers: Vec<String>,
    /// The largest body of a request that the plan allows; see [`Plan::max_upload`].
    #[output]
    pub max_upload: MB,
}
