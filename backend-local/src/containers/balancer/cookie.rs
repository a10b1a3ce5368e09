//! The cookies by which clients stay with their target and their group.

use std::time::{Duration, UNIX_EPOCH};

use blake2::{Blake2s256, Digest as _};
use hyper::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};

/// Names a target.
pub(super) const TARGET: &str = "AWSALB";
/// Names a group.
pub(super) const GROUP: &str = "AWSALBTG";

/// A name for a thing that does not say what it is, the same after a restart.
pub(super) fn token(parts: &[&str]) -> String {
    let mut hash = Blake2s256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

/// What a client says in a cookie.
pub(super) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let fields = headers.get_all(COOKIE).iter().filter_map(|field| field.to_str().ok());
    let mut pairs = fields.flat_map(|field| field.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Tells a client its cookie; and again for requests from other sites, as AWS does.
pub(super) fn tell(headers: &mut HeaderMap, name: &str, token: &str, ends: u64) {
    let ends = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(ends));
    let plain = format!("{name}={token}; Expires={ends}; Path=/");
    let cross = format!("{name}CORS={token}; Expires={ends}; Path=/; SameSite=None; Secure");
    for cookie in [plain, cross] {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::{COOKIE, HeaderMap, HeaderValue};

    use super::{GROUP, TARGET, read, tell, token};

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; AWSALBTG=x;AWSALB=y"));
        headers.append(COOKIE, HeaderValue::from_static("AWSALBCORS=z"));
        assert_eq!(read(&headers, TARGET), Some("y"));
        assert_eq!(read(&headers, GROUP), Some("x"));
        assert_eq!(read(&headers, "b"), None);
    }

    #[test]
    fn a_cookie_ends_when_it_should() {
        let mut headers = HeaderMap::new();
        tell(&mut headers, TARGET, "t", 0);
        let told: Vec<_> = headers.values().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(told[0], "AWSALB=t; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/");
        assert!(told[1].starts_with("AWSALBCORS=t; ") && told[1].ends_with("Secure"));
    }

    #[test]
    fn tokens_differ_where_their_parts_do() {
        assert_ne!(token(&["ab", "c"]), token(&["a", "bc"]));
        assert_eq!(token(&["a"]).len(), 32);
    }
}
