//! [`PlanOptions`]: what a run is limited to, and what it may lose.

use crate::urn::Urn;

/// A pattern for URNs: `*` stands for any text. The whole may be given, the part behind project
/// and stack, or the end: `main`, `Vpc/main`, `network/aws:ec2:Vpc/main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl PlanOptions {
    /// Whether a run is limited to a part of the stack.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        !self.targets.is_empty() || !self.excludes.is_empty()
    }
}

impl Pattern {
    /// A pattern.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text that was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a URN fits.
    #[must_use]
    pub fn matches(&self, urn: &Urn) -> bool {
        fits(&self.0, urn.as_str()) || fits(&self.0, urn.short()) || is_end(&self.0, urn)
    }
}

/// Whether a text is the end of a URN: its name, the type's name with it, and so on outwards.
fn is_end(text: &str, urn: &Urn) -> bool {
    match urn.as_str().strip_suffix(text) {
        Some(front) if text.contains('/') => front.ends_with(['/', ':']),
        // A name may hold a colon; its end is not the name.
        Some(front) => front.ends_with('/'),
        None => false,
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => match text.strip_prefix(head) {
            None => false,
            Some(tail) => (0..=tail.len())
                .filter(|place| tail.is_char_boundary(*place))
                .any(|place| fits(rest, &tail[place..])),
        },
    }
}

/// What a run is limited to, and what it may lose.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Only these, with what they need and what must be replaced because of them.
    pub targets: Vec<Pattern>,
    /// All but these.
    pub excludes: Vec<Pattern>,
    /// Replace these, whether they differ or not.
    pub replace: Vec<Pattern>,
    /// Read lookups anew.
    pub refresh_lookups: bool,
    /// The data that these hold may be lost.
    pub may_lose_data: Vec<Pattern>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, expected: bool) {
        let urn = Urn::parse("campus/prod/moodle/network/aws:ec2:Vpc/main").unwrap();
        assert_eq!(Pattern::new(pattern).matches(&urn), expected, "{pattern}");
    }

    #[test]
    fn patterns() {
        check("campus/prod/moodle/network/aws:ec2:Vpc/main", true);
        check("moodle/network/aws:ec2:Vpc/main", true);
        check("main", true);
        check("Vpc/main", true);
        check("ec2:Vpc/main", true);
        check("aws:ec2:Vpc/main", true);
        check("network/aws:ec2:Vpc/main", true);
        check("work/aws:ec2:Vpc/main", false);
        check("pc/main", false);
        check("mai", false);
        check("ain", false);
        check("*Vpc*", true);
        check("moodle/*", true);
        check("*/network/*/main", true);
        check("*/network/*/other", false);
        check("*", true);
    }
}
