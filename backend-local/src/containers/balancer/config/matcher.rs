//! [`Matcher`]: which codes are good answers to a health check.

/// Which codes are good: ranges of them, ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Matcher(Vec<(u16, u16)>);

impl Matcher {
    /// Reads `200`, `200,302` or `200-399`; `None` if it is neither.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let code = |text: &str| {
            let code: u16 = text.trim().parse().ok()?;
            (200..=499).contains(&code).then_some(code)
        };
        let range = |part: &str| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            let (low, high) = (code(low)?, code(high)?);
            (low <= high).then_some((low, high))
        };
        text.split(',').map(range).collect::<Option<_>>().map(Self)
    }

    /// Whether a code is good.
    pub(in super::super) fn matches(&self, code: u16) -> bool {
        self.0.iter().any(|(low, high)| (*low..=*high).contains(&code))
    }
}

#[cfg(test)]
mod tests {
    use super::Matcher;

    #[test]
    fn codes_and_ranges_are_read() {
        let matcher = Matcher::parse("200,302,400-404").unwrap();
        for (code, good) in
            [(200, true), (201, false), (302, true), (400, true), (404, true), (405, false)]
        {
            assert_eq!(matcher.matches(code), good, "{code}");
        }
    }

    #[test]
    fn what_is_no_range_of_codes_is_refused() {
        for text in ["", "abc", "100", "500", "300-200", "200-", "200,,201"] {
            assert_eq!(Matcher::parse(text), None, "{text}");
        }
    }
}
