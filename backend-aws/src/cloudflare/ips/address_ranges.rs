//! `cloudflare:ips:AddressRanges`.

use infra_core::{
    cloudflare::ips,
    handler::TypedRequest,
    types::{Ipv4Net, Ipv6Net, PropertyType},
};
use serde_json::Value as Json;

use crate::{
    cloudflare::{Ask, Cloudflare, Needs},
    error::Answer,
    once::Look,
    seen::word,
};

pub(crate) struct AddressRanges;

/// Everybody may read it.
const NEEDS: Needs = Needs("none");

/// The ranges of a list. One that can't be read is an error: a firewall that lacks it locks out.
fn ranges<T: PropertyType>(ask: &Ask, told: &Json, list: &str) -> Answer<Vec<T::Resolved>> {
    let all = told[list].as_array().ok_or_else(|| ask.incomplete(list))?;
    let read = |range: &Json| range.as_str().and_then(|range| word::<T>(range));
    all.iter()
        .map(|range| read(range).ok_or_else(|| ask.incomplete(&format!("ranges in `{list}`"))))
        .collect()
}

impl Look<Cloudflare> for AddressRanges {
    type Type = ips::AddressRanges;

    /// Its permissions are those of a token, not of IAM.
    const NEEDS: &[infra_core::handler::Need] = &[];

    async fn look(
        cloudflare: &Cloudflare,
        _: &TypedRequest<'_, Self::Type>,
    ) -> Answer<ips::AddressRangesOutputs> {
        let ask = Ask::new("ips", NEEDS, "GET /ips", &[]);
        let told = cloudflare.call(&ask).await?;
        Ok(ips::AddressRangesOutputs {
            ipv4_cidrs: Some(ranges::<Ipv4Net>(&ask, &told, "ipv4_cidrs")?),
            ipv6_cidrs: Some(ranges::<Ipv6Net>(&ask, &told, "ipv6_cidrs")?),
            etag: told["etag"].as_str().map(str::to_owned),
        })
    }
}
