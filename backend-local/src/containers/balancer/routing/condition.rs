//! [`Conditions`]: what a request must be for a rule.

use hyper::{Method, header::HeaderName};
use ipnet::IpNet;

use super::{Asked, wildcard::Wildcard};
use crate::containers::balancer::{
    config::Condition,
    error::{ConfigError, Place},
};

/// All that a rule asks of a request.
pub(super) struct Conditions(Vec<Ready>);

enum Ready {
    Path(Vec<Wildcard>),
    Host(Vec<Wildcard>),
    Header(HeaderName, Vec<Wildcard>),
    Method(Vec<Method>),
    Query(Vec<(Option<Wildcard>, Wildcard)>),
    Source(Vec<IpNet>),
}

impl Conditions {
    pub(super) fn new(conditions: &[Condition], place: &Place) -> Result<Self, ConfigError> {
        let ready = conditions.iter().map(|condition| Ready::new(condition, place));
        ready.collect::<Result<_, _>>().map(Self)
    }

    /// Whether a request is all that.
    pub(super) fn met(&self, asked: &Asked<'_>) -> bool {
        self.0.iter().all(|condition| condition.met(asked))
    }
}

fn all(patterns: &[String], make: fn(&str) -> Wildcard) -> Vec<Wildcard> {
    patterns.iter().map(|pattern| make(pattern)).collect()
}

impl Ready {
    fn new(condition: &Condition, place: &Place) -> Result<Self, ConfigError> {
        Ok(match condition {
            Condition::PathPattern(patterns) => Self::Path(all(patterns, Wildcard::exact)),
            Condition::HostHeader(patterns) => Self::Host(all(patterns, Wildcard::folded)),
            Condition::HttpHeader { name, values } => {
                let known = HeaderName::from_bytes(name.as_bytes());
                let wrong = |_| place.error("http-header", name, "is no name", "write a name");
                Self::Header(known.map_err(wrong)?, all(values, Wildcard::folded))
            }
            Condition::HttpRequestMethod(methods) => {
                let known = methods.iter().map(|method| Method::from_bytes(method.as_bytes()));
                Self::Method(known.flatten().collect())
            }
            Condition::QueryString(pairs) => {
                let key = |key: &Option<String>| key.as_deref().map(Wildcard::escaped);
                let ready =
                    pairs.iter().map(|pair| (key(&pair.key), Wildcard::escaped(&pair.value)));
                Self::Query(ready.collect())
            }
            Condition::SourceIp(ranges) => {
                let read = |range: &String| {
                    let fix = "write it as CIDR, such as 10.0.0.0/8";
                    range.parse().map_err(|_| place.error("source-ip", range, "is no range", fix))
                };
                Self::Source(ranges.iter().map(read).collect::<Result<_, _>>()?)
            }
        })
    }

    fn met(&self, asked: &Asked<'_>) -> bool {
        let any = |patterns: &[Wildcard], text: &[u8]| {
            patterns.iter().any(|pattern| pattern.matches(text))
        };
        match self {
            Self::Path(patterns) => any(patterns, asked.parts.uri.path().as_bytes()),
            Self::Host(patterns) => any(patterns, without_port(asked.host).as_bytes()),
            Self::Header(name, patterns) => {
                let mut values = asked.parts.headers.get_all(name).iter();
                values.any(|value| any(patterns, value.as_bytes()))
            }
            Self::Method(methods) => methods.contains(&asked.parts.method),
            Self::Query(pairs) => {
                let query = asked.parts.uri.query().unwrap_or_default();
                pairs.iter().any(|(key, value)| in_query(query, key.as_ref(), value))
            }
            Self::Source(ranges) => {
                let address = asked.peer.ip().to_canonical();
                ranges.iter().any(|range| range.contains(&address))
            }
        }
    }
}

fn in_query(query: &str, key: Option<&Wildcard>, value: &Wildcard) -> bool {
    query.split('&').filter(|part| !part.is_empty()).any(|part| {
        let (found, text) = part.split_once('=').unwrap_or((part, ""));
        key.is_none_or(|key| key.matches(found.as_bytes())) && value.matches(text.as_bytes())
    })
}

/// A host without its port.
pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::{Asked, Condition, Conditions, Place};
    use crate::containers::balancer::config::QueryPattern;

    fn met(condition: Condition, request: hyper::http::request::Builder, host: &str) -> bool {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let conditions = Conditions::new(&[condition], &Place::listener("l")).unwrap();
        let peer = "10.1.2.3:4000".parse().unwrap();
        conditions.met(&Asked { parts: &parts, host, peer })
    }

    fn texts<const N: usize>(values: [&str; N]) -> Vec<String> {
        values.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_path_is_held_against_each_pattern() {
        let paths = || Condition::PathPattern(texts(["/api/*", "/v?"]));
        for (path, wanted) in [("/api/x?y=1", true), ("/v1", true), ("/v10", false), ("/", false)] {
            assert_eq!(met(paths(), Request::get(path), ""), wanted, "{path}");
        }
    }

    #[test]
    fn a_host_is_known_in_any_case_and_at_any_port() {
        let hosts = || Condition::HostHeader(texts(["*.example.com"]));
        for (host, wanted) in
            [("WWW.Example.com:8443", true), ("www.example.com", true), ("example.org", false)]
        {
            assert_eq!(met(hosts(), Request::get("/"), host), wanted, "{host}");
        }
    }

    #[test]
    fn header_fields_methods_and_sources_count() {
        let header = Condition::HttpHeader {
            name: "User-Agent".to_owned(),
            values: texts(["*chrome*", "*safari*"]),
        };
        let chrome = Request::get("/").header("user-agent", "Mozilla Chrome/1");
        assert!(met(header.clone(), chrome, ""));
        assert!(!met(header, Request::get("/"), ""));
        let method = Condition::HttpRequestMethod(texts(["GET", "HEAD"]));
        assert!(met(method.clone(), Request::head("/"), ""));
        assert!(!met(method, Request::post("/"), ""));
        assert!(met(Condition::SourceIp(texts(["10.1.0.0/16"])), Request::get("/"), ""));
        assert!(!met(Condition::SourceIp(texts(["10.2.0.0/16"])), Request::get("/"), ""));
    }

    #[test]
    fn a_query_is_held_against_pairs() {
        let pair = |key: Option<&str>, value: &str| {
            let (key, value) = (key.map(str::to_owned), value.to_owned());
            Condition::QueryString(vec![QueryPattern { key, value }])
        };
        for (condition, uri, wanted) in [
            (pair(Some("version"), "v1"), "/?a=b&Version=V1", true),
            (pair(Some("version"), "v1"), "/?version=v2", false),
            (pair(None, "*example*"), "/?x=an-example-", true),
            (pair(None, "*"), "/", false),
            (pair(Some("a"), r"\*"), "/?a=*", true),
            (pair(Some("a"), r"\*"), "/?a=b", false),
        ] {
            assert_eq!(met(condition, Request::get(uri), ""), wanted, "{uri}");
        }
    }

    #[test]
    fn a_range_that_is_none_is_named() {
        let wrong = Condition::SourceIp(texts(["10.0.0.0/99"]));
        let error = Conditions::new(&[wrong], &Place::listener("web").rule(7)).err().unwrap();
        let said = "listener `web`, rule 7: source-ip `10.0.0.0/99` is no range; \
                    write it as CIDR, such as 10.0.0.0/8";
        assert_eq!(error.to_string(), said);
    }
}
