//! Where clients are told to go.

use super::{Asked, condition::without_port};
use crate::containers::balancer::config::Redirect;

/// The address that a client is told, for a request at a port of ours. Like AWS's it always names the
/// port.
pub(in super::super) fn location(
    redirect: &Redirect,
    asked: &Asked<'_>,
    secure: bool,
    port: u16,
) -> String {
    let uri = &asked.parts.uri;
    let query = uri.query().unwrap_or_default();
    let port = port.to_string();
    let values = [
        ("#{protocol}", if secure { "https" } else { "http" }),
        ("#{host}", without_port(asked.host)),
        ("#{port}", port.as_str()),
        ("#{path}", uri.path().trim_start_matches('/')),
        ("#{query}", query),
    ];
    let fill = |text: &str| fill(text, &values);
    let protocol = fill(&redirect.protocol).to_ascii_lowercase();
    let (host, port) = (fill(&redirect.host), fill(&redirect.port));
    let (path, query) = (fill(&redirect.path), fill(&redirect.query));
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{protocol}://{host}:{port}{path}{mark}{query}")
}

/// Puts values where they are named; once, so that nothing a client sends is taken for a name.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("#{") {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                filled.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                filled.push_str("#{");
                rest = &rest[2..];
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::{Asked, Redirect, location};

    #[track_caller]
    fn check(redirect: &Redirect, uri: &str, host: &str, wanted: &str) {
        let (parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let peer = "127.0.0.1:1".parse().unwrap();
        assert_eq!(location(redirect, &Asked { parts: &parts, host, peer }, false, 80), wanted);
    }

    #[test]
    fn placeholders_are_those_of_the_request() {
        let https = Redirect {
            protocol: "HTTPS".to_owned(),
            port: "443".to_owned(),
            ..Redirect::default()
        };
        check(&https, "/a/b?c=d", "x.org:80", "https://x.org:443/a/b?c=d");
        check(&https, "/", "x.org", "https://x.org:443/");
        let moved = Redirect {
            host: "new.#{host}".to_owned(),
            path: "/old/#{path}/#{other}".to_owned(),
            query: "from=#{path}&#{query}".to_owned(),
            ..Redirect::default()
        };
        check(&moved, "/p?q", "x", "http://new.x:80/old/p/#{other}?from=p&q");
    }

    #[test]
    fn what_clients_send_is_no_placeholder() {
        let moved = Redirect { path: "/m/#{path}".to_owned(), ..Redirect::default() };
        check(&moved, "/a?#{host}", "evil", "http://evil:80/m/a");
        check(&moved, "/a", "#{path}", "http://#{path}:80/m/a");
    }
}
