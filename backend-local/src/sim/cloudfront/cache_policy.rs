//! What is special about a cache policy: times in their order, and what tells answers apart.

use infra_core::{
    aws::cloudfront::{self, ManagedCachePolicy, SelectionArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
};

use super::{
    behavior::{check_name, check_names, check_selection},
    distribution::INVALID,
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&CachePolicy];

const CODES: Codes = Codes {
    not_found: "NoSuchCachePolicy",
    not_ready: "PreconditionFailed",
    exists: "CachePolicyAlreadyExists",
    in_use: "CachePolicyInUse",
    quota: "TooManyCachePolicies",
};

struct CachePolicy;

type P = cloudfront::CachePolicy;

impl Special for CachePolicy {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Cache policies per AWS account", adjustable.
        Some(20)
    }

    fn is_always_there(&self, id: &str) -> bool {
        ManagedCachePolicy::ALL.iter().any(|policy| policy.id() == id)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(&asked.get(P::NAME).unwrap_or_default(), 128)?;
        asked.check_text(P::COMMENT, 128, INVALID)?;
        let headers = asked.get(P::HEADERS).unwrap_or_default();
        if !headers.is_empty() {
            check_names("headers", &headers)?;
        }
        let own = headers.iter().find(|name| name.eq_ignore_ascii_case("accept-encoding"));
        if let Some(name) = own {
            let message = format!(
                "`headers` {name}: `enable_accept_encoding_gzip` and its like stand for it"
            );
            return Err(Refusal::invalid("headers", INVALID, message));
        }
        check_selection("cookies", asked.get(P::COOKIES))?;
        check_selection("query_strings", asked.get(P::QUERY_STRINGS))?;
        let times = [P::MIN_TTL, P::DEFAULT_TTL, P::MAX_TTL]
            .map(|prop| asked.get(prop).unwrap_or(Seconds(0)));
        if !times.is_sorted() {
            let [min, default, max] = times;
            let message = format!(
                "`default_ttl` {default} must be between `min_ttl` {min} and `max_ttl` {max}"
            );
            return Err(Refusal::invalid("default_ttl", INVALID, message));
        }
        check_off(asked, times[2], &headers)
    }
}

/// Where nothing is cached, nothing tells answers apart.
fn check_off(asked: &Asked<'_>, max: Seconds, headers: &[String]) -> Result<(), Refusal> {
    let none = |selection: Option<SelectionArgs>| {
        selection.is_none_or(|it| matches!(it, SelectionArgs::None(_)))
    };
    let plain = headers.is_empty()
        && none(asked.get(P::COOKIES))
        && none(asked.get(P::QUERY_STRINGS))
        && asked.get(P::ENABLE_ACCEPT_ENCODING_GZIP) != Some(true)
        && asked.get(P::ENABLE_ACCEPT_ENCODING_BROTLI) != Some(true);
    if max > Seconds(0) || plain {
        return Ok(());
    }
    let message = "`max_ttl` 0 s caches nothing, and then neither headers nor cookies nor arguments \
                   nor compression tell answers apart; an origin request policy lets them through";
    Err(Refusal::invalid("max_ttl", INVALID, message))
}
