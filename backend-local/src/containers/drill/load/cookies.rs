//! [`Cookies`]: what a browser keeps for one site.

use std::collections::BTreeMap;

/// The cookies of one site. Where they are sent to is not looked at: there is one site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::containers::drill) struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// Keeps what an answer sets (`Set-Cookie`), or forgets what it takes back.
    pub(in crate::containers::drill) fn keep(&mut self, header: &str) {
        let mut parts = header.split(';');
        let Some((name, value)) = parts.next().and_then(|it| it.trim().split_once('=')) else {
            return;
        };
        // Both name the past where a server takes a cookie back.
        let is_taken_back = parts.any(|part| {
            let part = part.trim().to_ascii_lowercase();
            matches!(part.split_once('='), Some(("max-age", age)) if age.parse::<i64>().is_ok_and(|age| age <= 0))
                || part.starts_with("expires=thu, 01-jan-1970")
                || part.starts_with("expires=thu, 01 jan 1970")
        });
        if is_taken_back {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// What a request sends (`Cookie`); nothing if there are none.
    pub(in crate::containers::drill) fn header(&self) -> Option<String> {
        let all: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    pub(in crate::containers::drill) fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_kept_until_it_is_taken_back() {
        let mut cookies = Cookies::default();
        assert_eq!(cookies.header(), None);
        cookies.keep("PHPSESSID=one; path=/; HttpOnly");
        cookies.keep("PHPSESSID=two; path=/; secure");
        cookies.keep("MOODLEID1_=a%3Db; Max-Age=100");
        cookies.keep("nothing");
        assert_eq!(cookies.header().as_deref(), Some("MOODLEID1_=a%3Db; PHPSESSID=two"));
        cookies.keep("MOODLEID1_=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0");
        cookies.keep("PHPSESSID=; expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(cookies.header(), None);
    }
}
