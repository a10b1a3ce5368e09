//! One table of what Cloudflare's codes mean. An answer has a list of them, and a status.

use infra_core::handler::{Certainty, HandlerError, Problem};

use super::{
    api::{Ask, Needs, Said},
    options::VARIABLE,
};

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    NotFound,
    AlreadyExists,
    Throttled,
    /// Another record stands in the way: there is no second one of ours to find.
    Taken,
    /// The token is none.
    BadToken,
    /// The token may not do this.
    Denied,
    Quota,
    Invalid,
}

use Means as M;

/// The codes of a service, or of all where its name is empty; the first that fits is taken. Each with
/// where Cloudflare says so.
const CODES: &[(&str, &[u32], Means)] = &[
    // Fundamentals, "Troubleshooting API tokens": requests without a good token.
    ("", &[1000, 6003, 6111, 9103, 9106, 9107, 9207], M::BadToken),
    // The same: 10000 is a token without the permission, 9109 one for other zones.
    ("", &[9109, 10000], M::Denied),
    // Fundamentals, "Rate limits".
    ("", &[971, 10429], M::Throttled),
    // API, paths: an id that is none, or of nothing.
    ("", &[7000, 7003], M::NotFound),
    // API, DNS records, errors.
    ("dns", &[81044, 1001], M::NotFound),
    ("dns", &[81057, 81058], M::AlreadyExists),
    ("dns", &[81053, 81054, 81056], M::Taken),
    ("dns", &[81045], M::Quota),
    ("dns", &[1004], M::Invalid),
    // API, zones and their settings, errors.
    ("zones", &[1001, 1049], M::NotFound),
    ("zones", &[1006, 1007, 1015, 1016], M::Invalid),
    // SSL/TLS, zone-level authenticated origin pulls, errors.
    ("origin_tls", &[1414, 1551], M::NotFound),
    ("origin_tls", &[1406], M::AlreadyExists),
    ("origin_tls", &[1405], M::Quota),
    ("origin_tls", &[1400, 1401, 1402, 1403, 1404, 1407, 1408, 1409], M::Invalid),
    // Ruleset Engine, "Rulesets API", errors.
    ("rulesets", &[10003, 10007], M::NotFound),
];

/// What an answer means: by its codes, else by its status.
fn means(service: &str, status: u16, codes: &[u32]) -> Option<Means> {
    let fits = |(of, known, _): &&(&str, &[u32], Means)| {
        (of.is_empty() || *of == service) && codes.iter().any(|code| known.contains(code))
    };
    let by_status = || match status {
        429 => Some(M::Throttled),
        401 => Some(M::BadToken),
        403 => Some(M::Denied),
        404 => Some(M::NotFound),
        400 | 405..=499 => Some(M::Invalid),
        _ => None,
    };
    // Whatever else is said, a status says whether to come again.
    if status == 429 {
        return Some(M::Throttled);
    }
    CODES.iter().find(fits).map(|(_, _, means)| *means).or_else(by_status)
}

/// What is said, those errors at last that led to others.
fn words(said: &[Said], into: &mut Vec<String>, codes: &mut Vec<u32>) {
    for it in said {
        codes.push(it.code);
        if !it.message.is_empty() {
            into.push(it.message.clone());
        }
        words(&it.error_chain, into, codes);
    }
}

/// What an answer that is none means to the engine.
pub(super) fn error(
    ask: &Ask,
    needs: Needs,
    service: &str,
    status: u16,
    said: &[Said],
) -> HandlerError {
    let (mut texts, mut codes) = (vec![], vec![]);
    words(said, &mut texts, &mut codes);
    let mut message = texts.join(": ");
    if message.is_empty() {
        message = format!("Cloudflare answers {status} without a word");
    }
    let code = codes.first().map(u32::to_string).unwrap_or_default();
    // The service itself has failed, and may have done its work before that.
    if status >= 500 {
        return ask.failed(Problem::Transient, Certainty::Unknown, &code, message);
    }
    let means = means(service, status, &codes);
    let problem = match means {
        Some(M::NotFound) => Problem::NotFound,
        Some(M::AlreadyExists) => Problem::AlreadyExists { id: None },
        Some(M::Throttled) => Problem::Throttled { retry_after: None },
        Some(M::Taken) => Problem::Invalid { property: Some("name".to_owned()) },
        Some(M::BadToken | M::Denied) => Problem::Denied,
        Some(M::Quota) => Problem::Quota,
        Some(M::Invalid) => Problem::Invalid { property: None },
        None => Problem::Final,
    };
    match means {
        Some(M::BadToken) => {
            message.push_str(&format!(
                "; the token in {VARIABLE} is none of Cloudflare's, or has expired"
            ));
        }
        Some(M::Denied) => {
            let Needs(needs) = needs;
            message.push_str(&format!(
                "; the token in {VARIABLE} needs the permission `{needs}` for this zone"
            ));
        }
        _ => {}
    }
    ask.failed(problem, Certainty::NotExecuted, &code, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "GET /zones/{zone_id}";

    fn said(service: &'static str, status: u16, codes: &[u32]) -> HandlerError {
        let needs = Needs("Zone / DNS / Edit");
        let ask = Ask::new(service, needs, ZONE, &["0"]);
        let said = |code: &u32| Said { code: *code, message: String::new(), error_chain: vec![] };
        error(&ask, needs, service, status, &codes.iter().map(said).collect::<Vec<_>>())
    }

    #[test]
    fn codes_mean_what_cloudflare_says() {
        let problem = |service, status, codes: &[u32]| said(service, status, codes).problem;
        assert_eq!(problem("dns", 404, &[81044]), Problem::NotFound);
        assert_eq!(problem("dns", 400, &[81058]), Problem::AlreadyExists { id: None });
        assert_eq!(problem("origin_tls", 404, &[1414]), Problem::NotFound);
        assert_eq!(problem("rulesets", 404, &[10003]), Problem::NotFound);
        assert_eq!(problem("rulesets", 400, &[20217]), Problem::Invalid { property: None });
        assert_eq!(problem("zones", 429, &[]), Problem::Throttled { retry_after: None });
        let taken = Problem::Invalid { property: Some("name".to_owned()) };
        assert_eq!(problem("dns", 400, &[81053]), taken);
    }

    #[test]
    fn only_a_server_that_fails_leaves_open_what_was_done() {
        let failed = said("dns", 502, &[]);
        assert_eq!((failed.problem, failed.certainty), (Problem::Transient, Certainty::Unknown));
        assert_eq!(said("dns", 429, &[]).certainty, Certainty::NotExecuted);
        assert_eq!(said("dns", 400, &[81058]).certainty, Certainty::NotExecuted);
    }

    #[test]
    fn who_may_not_is_told_what_is_missing() {
        let denied = said("dns", 403, &[10000]);
        assert_eq!(denied.problem, Problem::Denied);
        assert!(denied.message.contains("needs the permission `Zone / DNS / Edit`"), "{denied}");
        let bad = said("dns", 400, &[6003]);
        assert!(bad.message.contains("CLOUDFLARE_API_TOKEN is none"), "{bad}");
    }
}
